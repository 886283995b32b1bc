/**
 * What the source of a Lua module says about one function of it.
 * - `"defined"`: it is there, or may be: something in the source gives that name a value
 * - `"local"`: it is there as a `local function` alone, which servers do not find
 * - `"missing"`: nothing in the source can define it
 * - `"unknown"`: not found, but the source makes names at run time, or can't be read
 */
export type LuaFunctionFinding = "defined" | "local" | "missing" | "unknown";

/** Whatever makes, loads or renames globals without writing their names as such. */
const DYNAMIC: ReadonlySet<string> = new Set([
  ..."_G _ENV load loadstring loadfile dofile require module setfenv getfenv package".split(" "),
]);

/** The globals that a server's Lua has before a module is loaded: they can be called without being in the source. */
const PREDEFINED: ReadonlySet<string> = new Set([
  ..."assert collectgarbage error getmetatable ipairs next pairs pcall print rawequal rawget rawlen rawset".split(" "),
  ..."select setmetatable tonumber tostring type warn xpcall".split(" "),
  ..."apply_record apply_stream filter transform map reduce aggregate groupby stream list bytes info trace".split(" "),
]);

/** The source of a Lua module, as far as its global functions go. */
export class LuaSource {
  readonly #tokens: readonly string[];
  readonly #isReadable: boolean;

  constructor(source: string) {
    const tokens: string[] = [];
    this.#isReadable = scan(source, tokens);
    this.#tokens = tokens;
  }

  /** The names of the functions that it defines for everybody, in order. */
  get functions(): string[] {
    const names = this.#tokens.filter(
      (token, i) =>
        isName(token) && this.#tokens[i - 1] === "function" && this.#tokens[i - 2] !== "local" && this.#isWhole(i),
    );
    return [...new Set(names)];
  }

  /** Whether the name of a function or field occurs in it, outside of comments and texts. */
  mentions(name: string): boolean {
    return this.#tokens.includes(name);
  }

  find(name: string): LuaFunctionFinding {
    const tokens = this.#tokens;
    let isLocal = false;
    for (const [i, token] of tokens.entries()) {
      if (token !== name) continue;
      const before = tokens[i - 1];
      if (before === "." || before === ":") continue;
      if (before === "local" || (before === "function" && tokens[i - 2] === "local")) isLocal = true;
      // A call, or a field of something of that name, gives it no value. All else may.
      else if (before === "function" ? this.#isWhole(i) : !isUse(tokens[i + 1])) return "defined";
    }
    if (PREDEFINED.has(name)) return "defined";
    if (!this.#isReadable || tokens.some((token) => DYNAMIC.has(token))) return "unknown";
    return isLocal ? "local" : "missing";
  }

  /** Whether the name of a function stands alone: `function a.b()` defines no `a`. */
  #isWhole(at: number): boolean {
    return this.#tokens[at + 1] === "(";
  }
}

function isUse(after: string | undefined): boolean {
  return after === "(" || after === "." || after === ":" || after === "[";
}

function isName(token: string): boolean {
  return /^[A-Za-z_]/.test(token);
}

/** A name, or a character that is neither white nor the start of a text or comment. */
const NEXT = /[A-Za-z_][A-Za-z0-9_]*|[0-9][A-Za-z0-9_.]*|[^\s\w]/y;
const WHITE = /\s*/y;

/** Splits Lua into names and signs, without comments, texts and white space. False when it is no complete Lua text, or compiled. */
function scan(source: string, tokens: string[]): boolean {
  if (source.startsWith("\x1bLua")) return false;
  let at = 0;
  for (;;) {
    WHITE.lastIndex = at;
    WHITE.exec(source);
    at = WHITE.lastIndex;
    if (at >= source.length) return true;
    const isComment = source.startsWith("--", at);
    const long = longBracket(source, isComment ? at + 2 : at);
    if (long !== undefined) {
      const end = source.indexOf(long.close, long.start);
      if (end < 0) return false;
      at = end + long.close.length;
    } else if (isComment) {
      const end = source.indexOf("\n", at);
      at = end < 0 ? source.length : end;
    } else if (source[at] === '"' || source[at] === "'") {
      const end = endOfText(source, at);
      if (end === undefined) return false;
      // So that the text of a call without parentheses, f"x", is not taken for nothing.
      tokens.push('"');
      at = end;
    } else {
      NEXT.lastIndex = at;
      const token = NEXT.exec(source)?.[0];
      if (token === undefined) return false;
      tokens.push(token);
      at += token.length;
    }
  }
}

/** `[[` or `[==[`: where its text starts and what closes it. */
function longBracket(source: string, at: number): { readonly start: number; readonly close: string } | undefined {
  if (source[at] !== "[") return undefined;
  let end = at + 1;
  while (source[end] === "=") end++;
  if (source[end] !== "[") return undefined;
  return { start: end + 1, close: `]${"=".repeat(end - at - 1)}]` };
}

/** Behind the closing quote of a text; undefined when there is none. */
function endOfText(source: string, at: number): number | undefined {
  const quote = source[at];
  for (let i = at + 1; i < source.length; i++) {
    if (source[i] === "\\") i++;
    else if (source[i] === quote) return i + 1;
    else if (source[i] === "\n") return undefined;
  }
  return undefined;
}
