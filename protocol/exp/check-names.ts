import { checkBinName } from "../check/check-names.js";
import { describe } from "../value/invalid-value.js";

/** The name of a bin as a node holds it. Throws as `checkBinName` does; `where` is what names the bin. */
export function binName(name: unknown, where: string): string {
  checkBinName(name, `bin name of ${where}`);
  return name;
}

/** A variable's name, by the server's rule. */
export function checkVariableName(name: unknown, where: string): string {
  if (typeof name === "string" && /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return name;
  throw new TypeError(
    `${where}: ${describe(name)} is no name of a variable; allowed are letters, digits and _, no digit first`,
  );
}
