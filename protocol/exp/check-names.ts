import { checkBinName } from "../check/check-names.js";
import { describe } from "../value/invalid-value.js";

/** The name of a bin as a node holds it. Throws as `checkBinName` does; `where` is what names the bin. */
export function binName(name: unknown, where: string): string {
  checkBinName(name, `bin name of ${where}`);
  return name;
}

/** A text that a server compiles. */
export function checkText(text: unknown): string {
  if (typeof text !== "string") throw new TypeError(`text is ${describe(text)}; expected a string`);
  if (text.trim() === "") throw new TypeError("text is empty; expected an expression, such as $.age > 30");
  return text;
}

/** A variable's name, by the server's rule. */
export function checkVariableName(name: unknown, where: string): string {
  if (typeof name === "string" && /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return name;
  throw new TypeError(
    `${where}: expected the name of a variable, of letters, digits and _, no digit first, got ${describe(name)}`,
  );
}
