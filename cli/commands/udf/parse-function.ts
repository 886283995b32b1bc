import { usage } from "../../failure.js";

/** `module.function` */
export function parseFunction(text: string): readonly [module: string, functionName: string] {
  const at = text.lastIndexOf(".");
  if (at > 0 && at < text.length - 1) return [text.slice(0, at), text.slice(at + 1)];
  throw usage(`expected module.function, got "${text}"`);
}
