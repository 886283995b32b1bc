import type { Assertion } from "./node.js";

/** One element of a pattern, as POSIX with GNU's additions reads it. */
export type Token =
  | { readonly kind: "byte"; readonly byte: number }
  | { readonly kind: "assertion"; readonly assertion: Assertion }
  | { readonly kind: "word" | "space"; readonly negated: boolean }
  | { readonly kind: "reference"; readonly index: number }
  | { readonly kind: "any" | "bracket" | "star" | "plus" | "question" }
  | { readonly kind: "open bound" | "close bound" | "open" | "close" | "or" | "end" | "lone backslash" };

const BACKSLASH = 0x5c;

const assertionEscapes: Readonly<Record<string, Assertion>> = {
  "<": "word start",
  ">": "word end",
  b: "word edge",
  B: "no word edge",
  "`": "text start",
  "'": "text end",
};

/** What is an operator bare in an ERE and behind a backslash in a BRE. */
const operators: Readonly<Record<string, Token>> = {
  "|": { kind: "or" },
  "(": { kind: "open" },
  ")": { kind: "close" },
  "+": { kind: "plus" },
  "?": { kind: "question" },
  "{": { kind: "open bound" },
  "}": { kind: "close bound" },
};

/** Reads tokens; which bytes are special depends on the syntax and, in a BRE, on the neighbours. */
export class Lexer {
  /** The pattern as it is compared: upper-cased when case doesn't count. */
  readonly folded: Uint8Array;
  readonly #raw: Uint8Array;
  readonly #extended: boolean;
  at = 0;

  constructor(raw: Uint8Array, extended: boolean, ignoreCase: boolean) {
    this.#raw = raw;
    this.folded = ignoreCase ? raw.map(upperCase) : raw;
    this.#extended = extended;
  }

  get atEnd(): boolean {
    return this.at >= this.#raw.length;
  }

  /** A byte of the pattern as written, whatever the case rules; undefined past the end. */
  rawByte(offset: number): number | undefined {
    return this.#raw[this.at + offset];
  }

  /** Takes a token. `caret`: a `^` here is an anchor in a BRE too. */
  next(caret: boolean): Token {
    const byte = this.folded[this.at];
    if (byte === undefined) return { kind: "end" };
    if (byte === BACKSLASH) return this.#escape();
    this.at += 1;
    const character = String.fromCharCode(byte);
    switch (character) {
      case "*":
        return { kind: "star" };
      case ".":
        return { kind: "any" };
      case "[":
        return { kind: "bracket" };
      case "^":
        return this.#extended || caret || this.at === 1
          ? { kind: "assertion", assertion: "line start" }
          : { kind: "byte", byte };
      case "$":
        return this.#extended || this.#endsHere()
          ? { kind: "assertion", assertion: "line end" }
          : { kind: "byte", byte };
      default:
        return (this.#extended ? operators[character] : undefined) ?? { kind: "byte", byte };
    }
  }

  #escape(): Token {
    const byte = this.#raw[this.at + 1];
    this.at += 2;
    if (byte === undefined) {
      this.at = this.#raw.length;
      return { kind: "lone backslash" };
    }
    const character = String.fromCharCode(byte);
    const assertion = assertionEscapes[character];
    if (assertion !== undefined) return { kind: "assertion", assertion };
    if (byte >= 0x31 && byte <= 0x39) return { kind: "reference", index: byte - 0x30 };
    if (character === "w" || character === "W") return { kind: "word", negated: character === "W" };
    if (character === "s" || character === "S") return { kind: "space", negated: character === "S" };
    return (this.#extended ? undefined : operators[character]) ?? { kind: "byte", byte };
  }

  /** In a BRE a `$` is an anchor only at the end of the pattern, of a group or of an alternative. */
  #endsHere(): boolean {
    if (this.atEnd) return true;
    if (this.rawByte(0) !== BACKSLASH) return false;
    const after = this.rawByte(1);
    return after === 0x29 || after === 0x7c;
  }
}

export function upperCase(byte: number): number {
  return byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte;
}
