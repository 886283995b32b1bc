/** As the servers before 8.2 take it, in POSIX's extended syntax; or why they can't. */
export type Portable = { readonly pattern: string; readonly flags: number } | { readonly why: string };

/** Flags as the servers' C library has them. */
const EXTENDED = 1;
const ICASE = 2;
const NEWLINE = 4;

/** Flags of the language. */
const IGNORE_CASE = 1;
const LINES = 2;
const DOT_ALL = 4;

/** What may be escaped and then means itself, to both. */
const ESCAPED = '\\^$.|?*+()[]{}-/"#%&,:;=@_!~ ';

/**
 * A pattern of server 8.2, which reads ICU's syntax, for servers that read POSIX's: both read the part of the syntax that
 * passes here alike.
 */
export function portableRegex(pattern: string, flags: number): Portable {
  if ((flags & LINES) !== 0 && (flags & DOT_ALL) !== 0) return { why: "the flags m and s together" };
  const scan = new Scan(pattern, (flags & IGNORE_CASE) !== 0);
  const why = scan.whole();
  if (why !== undefined) return { why };
  const icase = (flags & IGNORE_CASE) !== 0 ? ICASE : 0;
  const newline = (flags & LINES) !== 0 ? NEWLINE : 0;
  return { pattern: scan.posix, flags: EXTENDED | icase | newline };
}

class Scan {
  readonly #text: string;
  readonly #ignoresCase: boolean;
  posix = "";
  #at = 0;
  #groups = 0;
  /** Something stands before that a quantifier can follow. */
  #hasAtom = false;

  constructor(text: string, ignoresCase: boolean) {
    this.#text = text;
    this.#ignoresCase = ignoresCase;
  }

  /** Why it can't be; undefined when it can. */
  whole(): string | undefined {
    if (this.#text === "") return "an empty pattern";
    while (this.#at < this.#text.length) {
      const why = this.#next();
      if (why !== undefined) return why;
    }
    if (this.#groups > 0) return "a group is not closed";
    const last = this.#text.at(-1);
    return last === "|" && this.#text.at(-2) !== "\\" ? "an empty alternative" : undefined;
  }

  #next(): string | undefined {
    const char = this.#text[this.#at]!;
    switch (char) {
      case "\\":
        return this.#escape();
      case "[":
        return this.#set();
      case "(":
        return this.#open();
      case ")":
        if (this.#groups-- === 0) return "a ) without (";
        if (this.#before("(") || this.#before("|")) return "an empty group or alternative";
        this.#take(1, true);
        return undefined;
      case "|":
        if (!this.#hasAtom && !this.#before("^") && !this.#before("$")) return "an empty alternative";
        this.#take(1, false);
        return undefined;
      case "*":
      case "+":
      case "?":
        return this.#quantifier(1);
      case "{": {
        const counted = /^\{\d+(,\d*)?\}/.exec(this.#text.slice(this.#at));
        return counted === null ? "a { that counts nothing" : this.#quantifier(counted[0].length);
      }
      case "}":
      case "]":
        return `a ${char} without its counterpart; write \\${char}`;
      case "^":
      case "$":
        this.#take(1, false);
        return undefined;
      default:
        return this.#literal(char);
    }
  }

  #literal(char: string): string | undefined {
    const isAscii = char.charCodeAt(0) < 128;
    if (!isAscii && this.#ignoresCase) return "letters beyond ASCII while case is ignored";
    // Other servers count bytes: a quantifier would hold for the last byte alone.
    this.#take(1, isAscii);
    return !isAscii && /^[*+?{]/.test(this.#text.slice(this.#at))
      ? "a quantifier of a character beyond ASCII"
      : undefined;
  }

  #before(char: string): boolean {
    return this.#text[this.#at - 1] === char && this.#text[this.#at - 2] !== "\\";
  }

  #take(characters: number, isAtom: boolean): void {
    this.posix += this.#text.slice(this.#at, this.#at + characters);
    this.#at += characters;
    this.#hasAtom = isAtom;
  }

  #escape(): string | undefined {
    const escaped = this.#text[this.#at + 1];
    if (escaped === undefined) return "a backslash at the end";
    if (!ESCAPED.includes(escaped)) return `\\${escaped}`;
    this.posix += '/"#%&,:;=@_!~ -'.includes(escaped) ? escaped : `\\${escaped}`;
    this.#at += 2;
    this.#hasAtom = true;
    return undefined;
  }

  #open(): string | undefined {
    if (this.#text[this.#at + 1] === "?") return "a group (?…)";
    this.#groups++;
    this.#take(1, false);
    return undefined;
  }

  #quantifier(length: number): string | undefined {
    if (!this.#hasAtom) return "a quantifier with nothing before it";
    this.#take(length, false);
    const next = this.#text[this.#at];
    if (next === "?" || next === "+") return "lazy and possessive quantifiers";
    return next === "*" || next === "{" ? "a quantifier of a quantifier" : undefined;
  }

  /** `[…]`: characters and ranges, no classes, no escapes, no sets of sets. */
  #set(): string | undefined {
    const start = this.#at;
    let at = start + 1;
    if (this.#text[at] === "^") at++;
    if (this.#text[at] === "]") return "a ] first in a set";
    for (; this.#text[at] !== "]"; at++) {
      const char = this.#text[at];
      if (char === undefined) return "a set that is not closed";
      if (char === "[") return this.#text[at + 1] === ":" ? "a class [:…:] in a set" : "a set in a set";
      if (char === "\\") return "a backslash in a set";
      if (char.charCodeAt(0) >= 128) return "a character beyond ASCII in a set";
      if ((char === "&" || char === "-") && this.#text[at + 1] === char) return `${char}${char} in a set`;
      if (char === "{" || char === "}" || char === "$") return `a ${char} in a set`;
    }
    this.#take(at + 1 - start, true);
    return undefined;
  }
}
