import { utf8Length } from "../bytes/utf8.js";
import {
  MAX_BIN_NAME_BYTES,
  MAX_INDEX_NAME_BYTES,
  MAX_NAMESPACE_BYTES,
  MAX_SET_BYTES,
  MAX_UDF_NAME_BYTES,
} from "../limits.js";
import { describe } from "../value/invalid-value.js";

// All checks throw a TypeError for what is no name and a RangeError for one that is too long. Both name the argument,
// its value and what is allowed.

/** What would end a name early where names stand in info commands, with the NUL that servers take for an end. */
const SEPARATORS = /[;:\n\t\0]/;

function checkText(argument: string, name: unknown, maxBytes: number): asserts name is string {
  if (typeof name !== "string") throw new TypeError(`The ${argument} is ${describe(name)}: it must be a string`);
  if (name === "") throw new TypeError(`The ${argument} is empty: it takes 1 to ${maxBytes} bytes`);
  // Servers do not check what is UTF-8, and some fail for good on a name that is not.
  if (!name.isWellFormed()) {
    throw new TypeError(`The ${argument} ${describe(name)} holds half a surrogate pair, which UTF-8 can't carry`);
  }
  const bytes = utf8Length(name);
  if (bytes > maxBytes) {
    throw new RangeError(
      `The ${argument} ${describe(name)} takes ${bytes} bytes of UTF-8: at most ${maxBytes} are allowed`,
    );
  }
}

/** What a name must not hold to stand in an info command. */
export function checkInfoName(argument: string, name: string): void {
  if (!SEPARATORS.test(name)) return;
  throw new TypeError(
    `The ${argument} ${describe(name)} holds a semicolon, colon, line feed, tab or NUL, which is not allowed`,
  );
}

/** Programs use the same few names again and again, and each on its way is looked at more than once. */
let latestGood: string | undefined;

/**
 * A bin's name: up to 15 bytes of UTF-8, no NUL. The empty name is the bin of what was a namespace of single bins, and
 * for servers a name like any other, save that no index can be on it.
 */
export function checkBinName(name: unknown, argument = "bin name"): asserts name is string {
  if (name === latestGood || name === "") return;
  checkText(argument, name, MAX_BIN_NAME_BYTES);
  if (name.includes("\0")) throw new TypeError(`The ${argument} ${describe(name)} holds a NUL, which is not allowed`);
  latestGood = name;
}

/** The name of a bin that an index is on: 1 to 15 bytes of UTF-8, no NUL. */
export function checkIndexedBin(name: unknown, argument = "bin name"): asserts name is string {
  if (name === "") throw new TypeError(`The ${argument} is empty: no index can be on that bin`);
  checkBinName(name, argument);
}

/** A namespace: 1 to 31 bytes of UTF-8 without `;`, `:`, line feed, tab and NUL. */
export function checkNamespace(name: unknown, argument = "namespace"): asserts name is string {
  checkText(argument, name, MAX_NAMESPACE_BYTES);
  checkInfoName(argument, name);
}

/** A set: up to 63 bytes of UTF-8 without `;`, `:`, line feed, tab and NUL; empty for no set. */
export function checkSetName(name: unknown, argument = "set name"): asserts name is string {
  if (name === "") return;
  checkText(argument, name, MAX_SET_BYTES);
  checkInfoName(argument, name);
}

/** The name of a secondary index: 1 to 63 bytes of UTF-8 without `;`, `:`, line feed, tab and NUL. */
export function checkIndexName(name: unknown, argument = "index name"): asserts name is string {
  checkText(argument, name, MAX_INDEX_NAME_BYTES);
  checkInfoName(argument, name);
}

/** Libraries of Lua itself: whoever loads a module of that name gets the library. */
const LUA_LIBRARIES = ["_G", "coroutine", "debug", "io", "math", "os", "package", "string", "table", "utf8"];

/** Servers load a module with Lua's `require`, for which a dot separates folders; seen on 8.1.2: each call fails. */
function checkLoadable(what: string, packageName: string): void {
  if (packageName.includes(".")) {
    const better = packageName.replaceAll(".", "_");
    throw new TypeError(
      `The ${what} has a dot, which Lua takes for a folder: servers could never load the module. Use a name such as "${better}"`,
    );
  }
  if (LUA_LIBRARIES.includes(packageName)) {
    throw new TypeError(`The ${what} is the name of a library of Lua, which servers would load in its place`);
  }
}

/** The package of a UDF call: 1 to 127 bytes, the file's name without `.lua`; no dots, and no library of Lua. */
export function checkUdfPackage(name: unknown, argument = "package"): asserts name is string {
  checkText(argument, name, MAX_UDF_NAME_BYTES);
  checkInfoName(argument, name);
  if (name.endsWith(".lua")) {
    throw new TypeError(
      `The ${argument} ${describe(name)} ends in ".lua": a package is the name of its file without it, "${name.slice(0, -4)}"`,
    );
  }
  checkLoadable(`${argument} ${describe(name)}`, name);
}

/** The function of a UDF call: 1 to 127 bytes. */
export function checkUdfFunction(name: unknown, argument = "function"): asserts name is string {
  checkText(argument, name, MAX_UDF_NAME_BYTES);
  checkInfoName(argument, name);
}

/** Package and function of a UDF call at once. */
export function checkUdfName(packageName: unknown, functionName: unknown): void {
  checkUdfPackage(packageName);
  checkUdfFunction(functionName);
}

/**
 * The file name of a UDF module: 3 to 127 of the bytes `A-Z a-z 0-9 . _ - $`, with a dot that is neither first nor last.
 * A node aborts when it is asked for a file without a name, so nothing else gets through.
 */
export function checkUdfFileName(name: unknown, argument = "file name"): asserts name is string {
  checkText(argument, name, MAX_UDF_NAME_BYTES);
  if (/^[\w$-][\w.$-]*\.[\w.$-]*[\w$-]$/.test(name) && !name.includes("..")) return;
  throw new TypeError(
    `The ${argument} ${describe(name)} is not a UDF file name: expected letters, digits, "_", "-", "$" and a dot between them, such as "counters.lua"`,
  );
}

/**
 * The file name of a UDF module that is to be registered: one that calls can find. On top of
 * {@link checkUdfFileName} it ends in `.lua`, has no other dot, and is not named like a library of Lua.
 */
export function checkUdfModuleName(name: unknown, argument = "file name"): asserts name is string {
  checkUdfFileName(name, argument);
  if (!name.endsWith(".lua")) {
    throw new TypeError(
      `The ${argument} ${describe(name)} does not end in ".lua": servers could never load the module`,
    );
  }
  checkLoadable(`${argument} ${describe(name)}`, name.slice(0, -4));
}
