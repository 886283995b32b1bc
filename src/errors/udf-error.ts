import { AerospikeError, type ErrorDetails, type LuaFailure, mark } from "./errors.js";

/** A Lua function is unknown or failed; the message has Lua's words, whole, and the parts say where it was. */
export class UdfError extends AerospikeError {
  static {
    mark(UdfError, "UdfError");
  }

  /** Name of the module's file, such as `"scores.lua"`; undefined where Lua does not say. */
  readonly fileName: string | undefined;
  /** Line in the file, from 1; undefined where Lua does not say. */
  readonly line: number | undefined;
  /** Lua's own words, with what they have of colons and line breaks; undefined where it was not Lua that refused. */
  readonly luaMessage: string | undefined;

  constructor(message: string, details: ErrorDetails = {}) {
    super(message, details);
    const { lua } = details;
    this.fileName = lua?.fileName;
    this.line = lua?.line;
    this.luaMessage = lua?.message;
  }

  /** @internal */
  protected override ownDetails(): ErrorDetails {
    const { fileName, line, luaMessage } = this;
    const lua = luaMessage === undefined ? undefined : { fileName, line, message: luaMessage };
    return { ...super.ownDetails(), lua };
  }
}

// How Lua says where it was: a file's path, of which a long one lacks its beginning, or the name of a text.
const PLACE = /^(?:\[string "([^"\n]*)"\]|([^\n:]*\.lua)):(\d+): ([\s\S]*)$/;

/** Takes `/path/of/file.lua:7: text` apart. */
export function parseLuaFailure(text: string): LuaFailure {
  const [, chunk, path, line, message] = PLACE.exec(text) ?? [];
  const name = chunk ?? path;
  if (name === undefined || message === undefined) return { fileName: undefined, line: undefined, message: text };
  return { fileName: name.slice(name.lastIndexOf("/") + 1), line: Number(line), message };
}
