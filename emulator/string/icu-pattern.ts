// ICU's regular expressions as JavaScript's with the flags u and, where asked for, i, m and s. What is translated: \A \z \Z,
// \Q…\E, \h \H \R, \x{…}, \a \e, escaped signs, and \d \w \s \b, which ICU reads over all of Unicode. What JavaScript has no
// words for is refused: inline flags, possessive quantifiers, atomic groups, comments, \G and \X, classes in classes,
// classes like [:alpha:], intersections. What differs without being refused: letters without regard to case by JavaScript's simple
// folding, and the end of a line, which is not U+0085 here.

const WORD = "\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\u200c\\u200d";
const SPACE = "\\t\\n\\f\\r\\p{Z}";
const BLANK = "\\t\\p{Zs}";
/** What ICU's classes hold, for the inside of brackets. */
const CLASSES: Readonly<Record<string, string>> = { d: "\\p{Nd}", w: WORD, s: SPACE, h: BLANK };
const WORD_BOUNDARY = `(?:(?<=[${WORD}])(?![${WORD}])|(?<![${WORD}])(?=[${WORD}]))`;
const NO_WORD_BOUNDARY = `(?:(?<=[${WORD}])(?=[${WORD}])|(?<![${WORD}])(?![${WORD}]))`;

/** Escapes outside of brackets. */
const ESCAPES: Readonly<Record<string, string>> = {
  A: "(?<![\\s\\S])",
  z: "(?![\\s\\S])",
  Z: "(?=(?:\\r\\n|[\\n\\r\\u0085\\u2028\\u2029])?(?![\\s\\S]))",
  R: "(?:\\r\\n|[\\n\\v\\f\\r\\u0085\\u2028\\u2029])",
  a: "\\x07",
  e: "\\x1b",
  b: WORD_BOUNDARY,
  B: NO_WORD_BOUNDARY,
};

/** What JavaScript reads as ICU does. */
const SHARED = /^[tnrfvpPuxkc0-9]$/;
const SYNTAX = /[\^$\\.*+?()[\]{}|/]/;

/** Throws SyntaxError for what is no pattern, or none that can be said in JavaScript. */
export function javaScriptPattern(
  pattern: string,
  options: { readonly unixLines: boolean; readonly dotAll: boolean },
): string {
  return new Translator(pattern, options.unixLines && !options.dotAll).translate();
}

class Translator {
  readonly #pattern: string;
  readonly #unixLines: boolean;
  #at = 0;

  constructor(pattern: string, unixLines: boolean) {
    this.#pattern = pattern;
    this.#unixLines = unixLines;
  }

  translate(): string {
    let out = "";
    while (this.#at < this.#pattern.length) out += this.#next();
    return out;
  }

  #next(): string {
    const sign = this.#pattern[this.#at++]!;
    switch (sign) {
      case "\\":
        return this.#escape();
      case "[":
        return this.#brackets();
      case "(":
        return this.#group();
      case ".":
        return this.#unixLines ? "[^\\n]" : ".";
      case "*":
      case "+":
      case "?":
      case "}":
        if (this.#pattern[this.#at] === "+") throw new SyntaxError("possessive quantifiers");
        return sign;
      default:
        return sign;
    }
  }

  #group(): string {
    const rest = this.#pattern.slice(this.#at);
    if (rest.startsWith("?>")) throw new SyntaxError("atomic groups");
    if (rest.startsWith("?#")) throw new SyntaxError("comments");
    if (/^\?[a-z-]*[):]/.test(rest) && !rest.startsWith("?:")) throw new SyntaxError("inline flags");
    return "(";
  }

  #escape(): string {
    const sign = this.#takeEscaped();
    if (sign === "Q") return this.#quoted();
    const translated = ESCAPES[sign];
    if (translated !== undefined) return translated;
    const lower = sign.toLowerCase();
    const held = CLASSES[lower];
    if (held !== undefined) return sign === lower ? `[${held}]` : `[^${held}]`;
    return this.#character(sign);
  }

  #takeEscaped(): string {
    const point = this.#pattern.codePointAt(this.#at);
    if (point === undefined) throw new SyntaxError("a backslash at the end");
    const sign = String.fromCodePoint(point);
    this.#at += sign.length;
    return sign;
  }

  /** An escape that is one character, or that JavaScript knows. */
  #character(sign: string): string {
    if (sign === "x" && this.#pattern[this.#at] === "{") return "\\u";
    if (SHARED.test(sign)) return `\\${sign}`;
    if (/^[A-Za-z]$/.test(sign)) throw new SyntaxError(`\\${sign}`);
    return SYNTAX.test(sign) || sign === "-" ? literal(sign) : sign;
  }

  #quoted(): string {
    const end = this.#pattern.indexOf("\\E", this.#at);
    const text = this.#pattern.slice(this.#at, end < 0 ? undefined : end);
    this.#at = end < 0 ? this.#pattern.length : end + 2;
    return Array.from(text, literal).join("");
  }

  #brackets(): string {
    let out = "[";
    if (this.#pattern[this.#at] === "^") {
      out += "^";
      this.#at++;
    }
    for (let isFirst = true; ; isFirst = false) {
      const sign = this.#pattern[this.#at++];
      if (sign === undefined) throw new SyntaxError("[ without ]");
      if (sign === "]" && !isFirst) return `${out}]`;
      if (sign === "[") throw new SyntaxError("classes in classes");
      if ((sign === "&" || sign === "-") && this.#pattern[this.#at] === sign)
        throw new SyntaxError("operations on classes");
      if (sign === "\\") out += this.#inBrackets();
      else out += sign === "]" ? "\\]" : sign;
    }
  }

  #inBrackets(): string {
    const sign = this.#takeEscaped();
    const held = CLASSES[sign];
    if (held !== undefined) return held;
    if (sign === "D") return "\\P{Nd}";
    if (CLASSES[sign.toLowerCase()] !== undefined) throw new SyntaxError(`\\${sign} in a class`);
    if (sign === "a") return "\\x07";
    if (sign === "e") return "\\x1b";
    return sign === "b" ? "\\x08" : this.#character(sign);
  }
}

function literal(sign: string): string {
  return `\\u{${sign.codePointAt(0)?.toString(16)}}`;
}
