import { utf8Length } from "../bytes/utf8.js";
import { MAX_BIN_NAME_BYTES } from "../limits.js";
import { describe } from "../value/invalid-value.js";

/** Throws a TypeError when the server would refuse the name. */
export function checkBinName(name: unknown, where: string): string {
  if (typeof name !== "string") throw new TypeError(`${where}: a bin name is a string, not ${describe(name)}`);
  if (name === "") throw new TypeError(`${where}: Bin name must not be empty`);
  const bytes = utf8Length(name);
  if (bytes > MAX_BIN_NAME_BYTES) {
    throw new TypeError(
      `${where}: the bin name ${describe(name)} has ${bytes} bytes; allowed are ${MAX_BIN_NAME_BYTES}`,
    );
  }
  if (name.includes("\0") || !name.isWellFormed()) {
    throw new TypeError(`${where}: the bin name ${describe(name)} holds a NUL or half a surrogate pair`);
  }
  return name;
}

/** A variable's name, by the server's rule. */
export function checkVariableName(name: unknown, where: string): string {
  if (typeof name === "string" && /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return name;
  throw new TypeError(
    `${where}: ${describe(name)} is no name of a variable; allowed are letters, digits and _, no digit first`,
  );
}
