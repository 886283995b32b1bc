import { tryDecodeBase64 } from "../../protocol/bytes/base64.js";
import { AelParseError } from "./ael-parse-error.js";
import { readString } from "./string-literal.js";
import type { Token } from "./token.js";

/** Longer texts are refused before they are looked at. */
const MAX_TEXT = 1024 * 1024;

const DIGIT = 1;
const LETTER = 2;
const SPACE = 4;
const CLASSES = new Uint8Array(128);
for (const char of "0123456789") CLASSES[char.charCodeAt(0)] = DIGIT;
for (const char of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_") CLASSES[char.charCodeAt(0)] = LETTER;
for (const char of " \t\r\n") CLASSES[char.charCodeAt(0)] = SPACE;

const INTEGER = /^(\d+|0[xX][0-9A-Fa-f]+|0[bB][01]+)$/;

/** Operators of two and more characters by their first, longest first; and those of one. */
const OPERATORS: ReadonlyMap<string, readonly string[]> = new Map([
  [">", [">>>", ">>", ">="]],
  ["<", ["<=", "<<", "<>"]],
  ["=", ["==", "=>", "=~"]],
  ["!", ["!=", "!~"]],
  ["*", ["**"]],
  ["&", ["&&"]],
  ["|", ["||"]],
  ["$", ["$."]],
]);
const SINGLE = "()[]{},:+-*/%&|^~<>=!.#@?$;";
const NO_OPERATORS: readonly string[] = [];
/** Tokens after which a path may go on. */
const ENDS_PATH = new Set([")", "]", "}", "variable", "@"]);
/**
 * Cuts text into tokens, one at a time and on demand: after `.` a path reads its step in its own way, where `5.6` is
 * two map keys and not a number.
 */
export class Lexer {
  readonly text: string;
  /** Where the next token is looked for. */
  at = 0;
  /** The last token may end a path, so that a dot before digits is a step and no number. */
  endsPath = false;
  /** Where comments stood, as far as the text was read. */
  readonly comments: { readonly at: number; readonly end: number }[] = [];

  constructor(text: string) {
    if (text.length > MAX_TEXT) {
      throw new AelParseError(text.slice(0, 40), {
        problem: `The text has ${text.length} characters; allowed are ${MAX_TEXT}`,
        at: 0,
        end: 0,
      });
    }
    this.text = text;
  }

  /** The next token of an expression. */
  next(): Token {
    const at = this.#skipSpace();
    const code = this.text.charCodeAt(at);
    if (at >= this.text.length) return token("end", at, at, undefined);
    const what = code < 128 ? CLASSES[code]! : 0;
    if (what === LETTER) return this.#word(at);
    if (what === DIGIT) return this.#number(at);
    if (code === 0x22 || code === 0x27) return this.string(at);
    if (code === 0x3f && this.#isDigit(at + 1)) return this.#placeholder(at);
    if (code === 0x24 && this.text.charCodeAt(at + 1) === 0x7b) return this.#variable(at);
    if (code === 0x2e && this.#isDigit(at + 1) && !this.endsPath) return this.#number(at);
    return this.#operator(at);
  }

  /** The next token where a step of a path is expected: digits alone are an integer, whatever follows. */
  nextStep(): Token {
    const at = this.#skipSpace();
    const found = this.#isDigit(at) ? this.#digits(at, this.#wordEnd(at)) : this.next();
    this.endsPath = true;
    return found;
  }

  /** The next token where a bin name is expected: `@` counts as a letter. */
  nextBin(): Token {
    const at = this.#skipSpace();
    let end = at;
    while (end < this.text.length && (this.#isWord(end) || this.text[end] === "@")) end++;
    if (end === at) return this.nextStep();
    const found = this.#digits(at, end);
    this.endsPath = true;
    return found;
  }

  /** An integer when it is one as a whole, else a name: names may start with digits. */
  #digits(at: number, end: number): Token {
    const word = this.text.slice(at, end);
    return INTEGER.test(word) ? this.#integer(at, end) : this.#move(token("name", at, end, word));
  }

  /** The regular expression between slashes that starts here, and the letters after it. */
  regex(): Token | undefined {
    const at = this.#skipSpace();
    if (this.text[at] !== "/") return undefined;
    let pattern = "";
    let i = at + 1;
    for (; this.text[i] !== "/"; i++) {
      if (i >= this.text.length)
        this.fail(at, this.text.length, "The regular expression is not closed", undefined, '"/"');
      // Only the slash needs a backslash; all others belong to the pattern.
      if (this.text[i] === "\\" && this.text[i + 1] === "/") i++;
      else if (this.text[i] === "\\") pattern += this.text[i++];
      pattern += this.text[i] ?? "";
    }
    const end = this.#wordEnd(i + 1);
    return this.#move(token("regex", at, end, { pattern, letters: this.text.slice(i + 1, end) }));
  }

  /** True when this very text comes next, without a blank before it; it is then taken. */
  takeHere(text: string): boolean {
    if (!this.text.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  /** Throws the error of a mistake between two offsets. */
  fail(at: number, end: number, problem: string, found?: string, expected?: string, suggestion?: string): never {
    throw new AelParseError(this.text, { problem, at, end, found, expected, suggestion });
  }

  string(at: number): Token {
    const { value, end } = readString(this, at);
    return this.#move(token("string", at, end, value));
  }

  #move(found: Token): Token {
    this.at = found.end;
    this.endsPath = ENDS_PATH.has(found.kind);
    return found;
  }

  #skipSpace(): number {
    const { text } = this;
    let at = this.at;
    for (;;) {
      const code = text.charCodeAt(at);
      if (code < 128 && CLASSES[code] === SPACE) at++;
      else if (code === 0x2f) {
        const end = this.#commentEnd(at);
        if (end < 0) break;
        if ((this.comments.at(-1)?.at ?? -1) < at) this.comments.push({ at, end });
        at = end;
      } else break;
    }
    this.at = at;
    return at;
  }

  /** Where the comment that starts with this slash ends; −1 when none does. */
  #commentEnd(at: number): number {
    const next = this.text[at + 1];
    if (next === "/") {
      const line = this.text.indexOf("\n", at);
      return line < 0 ? this.text.length : line;
    }
    if (next !== "*") return -1;
    const close = this.text.indexOf("*/", at + 2);
    if (close < 0) this.fail(at, at + 2, "The comment is not closed", undefined, '"*/"');
    return close + 2;
  }

  #isDigit(at: number): boolean {
    const code = this.text.charCodeAt(at);
    return code >= 0x30 && code <= 0x39;
  }

  #isWord(at: number): boolean {
    const code = this.text.charCodeAt(at);
    return code < 128 && (CLASSES[code]! & (DIGIT | LETTER)) !== 0;
  }

  #wordEnd(at: number): number {
    let end = at;
    while (this.#isWord(end)) end++;
    return end;
  }

  #word(at: number): Token {
    const end = this.#wordEnd(at);
    const word = this.text.slice(at, end);
    const quote = this.text[end];
    if ((quote === "'" || quote === '"') && /^([xX]|[bB]64)$/.test(word)) return this.#blob(at, end, word);
    return this.#move(token("name", at, end, word));
  }

  #blob(at: number, quoteAt: number, prefix: string): Token {
    const close = this.text.indexOf(this.text[quoteAt]!, quoteAt + 1);
    if (close < 0) this.fail(at, this.text.length, "The blob literal is not closed", undefined, this.text[quoteAt]);
    const body = this.text.slice(quoteAt + 1, close);
    const bytes = prefix.length === 1 ? hexToBytes(body) : tryDecodeBase64(body);
    if (bytes === undefined) {
      const expected = prefix.length === 1 ? "an even number of hex digits" : "standard base64 with its padding";
      this.fail(
        at,
        close + 1,
        `Invalid ${prefix.length === 1 ? "hex digits" : "base64"} in a blob literal`,
        undefined,
        expected,
      );
    }
    return this.#move(token("blob", at, close + 1, bytes));
  }

  #number(at: number): Token {
    let end = at;
    while (this.#isDigit(end)) end++;
    const isFloat = this.text[end] === "." && this.#isDigit(end + 1);
    if (isFloat) {
      end++;
      while (this.#isDigit(end)) end++;
      if (this.#isWord(end)) this.#badNumber(at);
      return this.#move(token("float", at, end, Number(this.text.slice(at, end))));
    }
    const wordEnd = this.#wordEnd(at);
    const word = this.text.slice(at, wordEnd);
    if (INTEGER.test(word)) return this.#integer(at, wordEnd);
    this.#badNumber(at);
  }

  #integer(at: number, end: number): Token {
    const digits = this.text.slice(at, end);
    // Leading zeros are decimal, not octal.
    const small = end - at < 16 ? Number(digits) : undefined;
    return this.#move(token("int", at, end, small ?? BigInt(digits)));
  }

  #badNumber(at: number): never {
    const end = this.#wordEnd(at);
    const word = this.text.slice(at, end);
    const exponent = /^\d+[eE]\d*$/.test(word);
    const hint = exponent ? "Exponents are not part of the language: write the number out" : undefined;
    this.fail(at, end, "This is no number", JSON.stringify(word), "digits, 0x and hex digits, or 0b and bits", hint);
  }

  #placeholder(at: number): Token {
    let end = at + 1;
    while (this.#isDigit(end)) end++;
    if (end === at + 1 || end - at > 6) {
      this.fail(at, end, "A placeholder has the number of its parameter", undefined, "?0, ?1, …");
    }
    return this.#move(token("placeholder", at, end, Number(this.text.slice(at + 1, end))));
  }

  #variable(at: number): Token {
    const nameEnd = this.#wordEnd(at + 2);
    const name = this.text.slice(at + 2, nameEnd);
    if (this.text[nameEnd] !== "}" || !/^[A-Za-z_]/.test(name)) {
      this.fail(at, nameEnd + 1, "This is no variable", undefined, "a name of letters, digits and _, no digit first");
    }
    return this.#move(token("variable", at, nameEnd + 1, name));
  }

  #operator(at: number): Token {
    const char = this.text[at]!;
    for (const operator of OPERATORS.get(char) ?? NO_OPERATORS) {
      if (this.text.startsWith(operator, at)) return this.#move(token(operator, at, at + operator.length, undefined));
    }
    if (SINGLE.includes(char)) return this.#move(token(char, at, at + 1, undefined));
    const whole = String.fromCodePoint(this.text.codePointAt(at)!);
    const quotes = "‘’“”„«»".includes(whole);
    this.fail(
      at,
      at + whole.length,
      `The character ${JSON.stringify(whole)} has no meaning here`,
      undefined,
      undefined,
      quotes ? "Did you mean a plain quote, \" or '?" : undefined,
    );
  }
}

function token(kind: string, at: number, end: number, value: unknown): Token {
  return { kind, at, end, value };
}

function hexToBytes(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0 || !/^[0-9A-Fa-f]*$/.test(text)) return undefined;
  return Uint8Array.from({ length: text.length / 2 }, (_, i) => Number.parseInt(text.slice(i * 2, i * 2 + 2), 16));
}
