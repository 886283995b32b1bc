import { encodeBase64 } from "../bytes/base64.js";
import { encodeUtf8 } from "../bytes/utf8.js";
import { checkUdfFileName, checkUdfModuleName } from "../check/check-names.js";
import { MAX_UDF_SOURCE_BYTES } from "../limits.js";
import { describe } from "../value/invalid-value.js";

// UDF modules. One node tells the others; a module is everywhere once every node's udf-list has it.
//   udf-put:filename=<file>;content=<base64>;content-len=<length of the base64 text>;udf-type=LUA;
//   udf-get:filename=<file>     udf-remove:filename=<file>;     udf-list
// Refusals come as error=<word>, see info-error.ts and udf-info.ts.

/**
 * Registers a module. Throws TypeError or RangeError when no call could find a module of that name, or the source
 * is empty or longer than 1,048,575 bytes.
 * @param fileName with its extension, as in "counters.lua"; a call names the module without it
 */
export function udfPut(fileName: string, source: string | Uint8Array): string {
  checkUdfModuleName(fileName);
  const bytes = typeof source === "string" ? encodeUtf8(source) : source;
  if (!(bytes instanceof Uint8Array)) {
    throw new TypeError(`The UDF source is ${describe(source)}: it must be text or its bytes`);
  }
  if (bytes.length < 1 || bytes.length > MAX_UDF_SOURCE_BYTES) {
    throw new RangeError(`The UDF source has ${bytes.length} bytes: 1 to ${MAX_UDF_SOURCE_BYTES} are allowed`);
  }
  const content = encodeBase64(bytes);
  return `udf-put:filename=${fileName};content=${content};content-len=${content.length};udf-type=LUA;`;
}

/** Asks for a module's source; see parseUdfSource. */
export function udfGet(fileName: string): string {
  checkUdfFileName(fileName);
  return `udf-get:filename=${fileName}`;
}

/** Removes a module; a node answers `ok` also when there is none. */
export function udfRemove(fileName: string): string {
  checkUdfFileName(fileName);
  return `udf-remove:filename=${fileName};`;
}

/** Asks for the modules that a node has; see parseUdfList. */
export function udfList(): string {
  return "udf-list";
}
