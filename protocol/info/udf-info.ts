import { tryDecodeBase64 } from "../bytes/base64.js";
import { decodeUtf8 } from "../bytes/utf8.js";
import { ProtocolError } from "../protocol-error.js";
import { describe } from "../value/invalid-value.js";
import { type InfoError, parseInfoError } from "./info-error.js";
import { pairText, parsePairs } from "./pairs.js";
import { splitParts } from "./parts.js";

// The value of udf-list:   filename=<file>,hash=<40 hex digits>,type=LUA;…
// The value of udf-get:    type=LUA;content=<base64>;
// A refused udf-put:       error=compile_error;file=<file>;line=<line>;message=<base64>, from 8.2 after ERROR:<code>:

/** A module as a node lists it. */
export interface UdfModule {
  /** With its extension. */
  readonly fileName: string;
  /** Of what the server stores, not of the source. */
  readonly hash: string;
  readonly type: string;
}

/** Reads the modules of a node; empty text is an empty list. */
export function parseUdfList(text: string): UdfModule[] {
  return splitParts(text, ";").map((entry) => {
    const pairs = parsePairs(entry, ",");
    return { fileName: pairText(pairs, "filename"), hash: pairs.get("hash") ?? "", type: pairs.get("type") ?? "" };
  });
}

/** Reads a module's source. Throws ProtocolError when it is damaged. */
export function parseUdfSource(text: string): Uint8Array {
  const content = pairText(parsePairs(text), "content");
  const bytes = tryDecodeBase64(content);
  if (bytes === undefined) throw new ProtocolError(`the source ${describe(content)} of a UDF module is not base64`);
  return bytes;
}

/** A module that does not compile. */
export interface UdfCompileError {
  readonly fileName: string;
  readonly line: number;
  /** Lua's own words. */
  readonly message: string;
}

/** What is wrong with the source of a refused udf-put; undefined for other refusals and for values. */
export function parseUdfCompileError(value: string): UdfCompileError | undefined {
  const error: InfoError | undefined = parseInfoError(value);
  if (error === undefined || !error.message.includes("message=")) return undefined;
  const pairs = parsePairs(error.message);
  const text = pairs.get("message") ?? "";
  const bytes = tryDecodeBase64(text);
  return {
    fileName: pairs.get("file") ?? "",
    line: Number(pairs.get("line")) || 0,
    message: bytes === undefined ? text : decodeUtf8(bytes, 0, bytes.length),
  };
}
