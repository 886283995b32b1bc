import { tryDecodeBase64 } from "../protocol/bytes/base64.js";
import type { AelNote, RegexLiteral, Span } from "./ast.js";
import { AelMistakeError } from "./mistake.js";
import { readString } from "./string-literal.js";

/** Longer texts are refused before they are looked at. */
const MAX_TEXT = 1024 * 1024;

const DIGIT = 1;
const LETTER = 2;
const SPACE = 4;
const CLASSES = new Uint8Array(128);
for (const char of "0123456789") CLASSES[char.charCodeAt(0)] = DIGIT;
for (const char of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_") CLASSES[char.charCodeAt(0)] = LETTER;
for (const char of " \t\r\n") CLASSES[char.charCodeAt(0)] = SPACE;

/** Operators of two and more characters by their first, longest first. Some are known only to be refused. */
const OPERATORS: ReadonlyMap<string, readonly string[]> = new Map([
  [">", [">>>", ">>", ">="]],
  ["<", ["<=", "<<", "<>"]],
  ["=", ["===", "==", "=>", "=~"]],
  ["!", ["!==", "!=", "!~"]],
  ["*", ["**"]],
  ["&", ["&&"]],
  ["|", ["||"]],
  [".", [".."]],
]);
const SINGLE = "()[]{},:+-*/%&|^~<>=!.#@?$;";
const NO_OPERATORS: readonly string[] = [];

/**
 * Cuts text into tokens, one at a time: `kind`, `start`, `end` and `value` are those of the one at hand. Names and
 * literals have kinds of their own; punctuation and operators are their own kind.
 */
export class Lexer {
  readonly text: string;
  /** "end", "int", "float", "string", "blob", "name", "placeholder", "variable", or the punctuation itself. */
  kind = "end";
  start = 0;
  end = 0;
  /** What a literal means: number or bigint, string, bytes; the word of a name. */
  value: unknown = undefined;
  /** Where the token before ended. */
  lastEnd = 0;
  /** Where comments stood. */
  readonly comments: Span[] = [];
  readonly notes: AelNote[] = [];

  constructor(text: string) {
    if (text.length > MAX_TEXT) {
      throw new AelMistakeError(text.slice(0, 40), {
        problem: `The text has ${text.length} characters; allowed are ${MAX_TEXT}`,
        at: 0,
        end: 0,
      });
    }
    this.text = text;
  }

  /** Goes on to the next token. */
  next(): void {
    const { text } = this;
    this.lastEnd = this.end;
    const at = this.#skipSpace(this.end);
    const code = text.charCodeAt(at);
    const what = code < 128 ? CLASSES[code]! : 0;
    if (at >= text.length) this.#set("end", at, at, undefined);
    else if (what === LETTER) this.#word(at);
    else if (what === DIGIT) this.#number(at);
    else if (code === 0x22 || code === 0x27) this.#string(at);
    else if (code === 0x3f && this.isDigit(at + 1)) this.#placeholder(at);
    else if (code === 0x24 && text.charCodeAt(at + 1) === 0x7b) this.#variable(at);
    else this.#operator(at);
  }

  /** The number whose sign is the token at hand; digits follow it at once. */
  signedNumber(): void {
    const { start } = this;
    const isNegative = this.kind === "-";
    const { lastEnd } = this;
    this.#number(this.end);
    this.start = start;
    this.lastEnd = lastEnd;
    if (!isNegative) return;
    const value = this.value as number | bigint;
    this.value = this.kind === "int" ? (value === 0 ? 0 : -value) : -value;
  }

  /** The float of which the dot at hand is the start. */
  bareFraction(): void {
    const { start, lastEnd } = this;
    let end = this.end;
    while (this.isDigit(end)) end++;
    this.#set("float", start, end, Number(this.text.slice(start, end)));
    this.lastEnd = lastEnd;
    this.note(start, end, `0${this.text.slice(start, end)}`);
  }

  /** Whether the token at hand ends where the next begins. */
  get touches(): boolean {
    const code = this.text.charCodeAt(this.end);
    return this.end < this.text.length && !(code < 128 && CLASSES[code] === SPACE);
  }

  /** What the character right behind the token at hand is. */
  get behind(): string {
    return this.text[this.end] ?? "";
  }

  isDigit(at: number): boolean {
    const code = this.text.charCodeAt(at);
    return code >= 0x30 && code <= 0x39;
  }

  isWord(at: number): boolean {
    const code = this.text.charCodeAt(at);
    return code < 128 && (CLASSES[code]! & (DIGIT | LETTER)) !== 0;
  }

  wordEnd(at: number): number {
    let end = at;
    while (this.isWord(end)) end++;
    return end;
  }

  /** Takes characters right behind the token at hand as part of it. */
  extend(characters: number): void {
    this.end += characters;
  }

  /** Goes on to a name in quotes, in which a backslash is a character like others; false when none comes next. */
  rawName(): boolean {
    const { text } = this;
    const at = this.#skipSpace(this.end);
    const quote = text[at];
    if (quote !== '"' && quote !== "'") return false;
    let end = at + 1;
    while (text[end] !== quote) {
      if (end >= text.length) this.fail(at, text.length, "The name is not closed", undefined, `a ${quote}`);
      end += text[end] === "\\" && end + 1 < text.length ? 2 : 1;
    }
    this.lastEnd = this.end;
    this.#set("string", at, end + 1, text.slice(at + 1, end));
    return true;
  }

  /** Whether this character is the next one that is no blank. */
  isFollowedBy(char: string): boolean {
    let at = this.end;
    for (;;) {
      const code = this.text.charCodeAt(at);
      if (code >= 128 || Number.isNaN(code) || CLASSES[code] !== SPACE) break;
      at++;
    }
    return this.text[at] === char;
  }

  /** The regular expression between slashes that follows the token at hand; it is not the token then, `next` goes on behind it. */
  regex(): RegexLiteral | undefined {
    const { text } = this;
    const at = this.#skipSpace(this.end);
    if (text[at] !== "/") return undefined;
    let i = at + 1;
    for (; text[i] !== "/"; i++) {
      if (i >= text.length || text[i] === "\n") {
        this.fail(at, i, "The regular expression is not closed", undefined, '"/"');
      }
      if (text[i] === "\\" && i + 1 < text.length && text[i + 1] !== "\n") i++;
    }
    const end = this.wordEnd(i + 1);
    const pattern = text.slice(at + 1, i);
    if (!pattern.isWellFormed()) {
      this.fail(at, end, "The pattern holds half a surrogate pair, which UTF-8 can't carry");
    }
    let flags = 0;
    for (const letter of text.slice(i + 1, end)) {
      const flag = letter === "i" ? 1 : letter === "m" ? 2 : letter === "s" ? 4 : 0;
      if (flag === 0) {
        this.fail(
          i + 1,
          end,
          "Unknown letter after a regular expression",
          `"${letter}"`,
          "i (ignore case), m (lines), s (a dot matches line ends, too)",
        );
      }
      flags |= flag;
    }
    this.#set("regex", at, end, undefined);
    return { pattern, flags, at, end };
  }

  /** Throws the error of a mistake between two offsets. */
  fail(at: number, end: number, problem: string, found?: string, expected?: string, suggestion?: string): never {
    throw new AelMistakeError(this.text, { problem, at, end, found, expected, suggestion });
  }

  /** Takes down that a spelling is none of server 8.2. */
  note(at: number, end: number, now: string): void {
    this.notes.push({ at, end, old: this.text.slice(at, end), now });
  }

  #set(kind: string, start: number, end: number, value: unknown): void {
    this.kind = kind;
    this.start = start;
    this.end = end;
    this.value = value;
  }

  #skipSpace(from: number): number {
    const { text } = this;
    let at = from;
    for (;;) {
      const code = text.charCodeAt(at);
      if (code < 128 && CLASSES[code] === SPACE) at++;
      else if (code === 0x2f) {
        const end = this.#commentEnd(at);
        if (end < 0) return at;
        if ((this.comments.at(-1)?.at ?? -1) < at) {
          this.comments.push({ at, end });
          if (text[at + 1] === "/") this.note(at, end, `/*${text.slice(at + 2, end).replaceAll("*/", "* /")} */`);
        }
        at = end;
      } else return at;
    }
  }

  /** Where the comment that starts with this slash ends; −1 when none does. */
  #commentEnd(at: number): number {
    const { text } = this;
    if (text[at + 1] === "/") {
      const line = text.indexOf("\n", at);
      return line < 0 ? text.length : line;
    }
    if (text[at + 1] !== "*") return -1;
    const close = text.indexOf("*/", at + 2);
    if (close < 0) this.fail(at, at + 2, "The comment is not closed", undefined, '"*/"');
    return close + 2;
  }

  #word(at: number): void {
    const end = this.wordEnd(at);
    const quote = this.text.charCodeAt(end);
    if (quote === 0x27 || quote === 0x22) {
      const word = this.text.slice(at, end);
      if (word === "x" || word === "X" || word === "b64" || word === "B64") {
        this.#blob(at, end, word.length === 1);
        return;
      }
    }
    this.#set("name", at, end, this.text.slice(at, end));
  }

  #blob(at: number, quoteAt: number, isHex: boolean): void {
    const close = this.text.indexOf(this.text[quoteAt]!, quoteAt + 1);
    if (close < 0) this.fail(at, this.text.length, "The blob literal is not closed", undefined, this.text[quoteAt]);
    const body = this.text.slice(quoteAt + 1, close);
    const bytes = isHex ? hexToBytes(body) : tryDecodeBase64(body);
    if (bytes === undefined) {
      const expected = isHex ? "an even number of hex digits" : "standard base64 with its padding";
      this.fail(at, close + 1, `Invalid ${isHex ? "hex digits" : "base64"} in a blob literal`, undefined, expected);
    }
    if (this.text[quoteAt] === '"') this.note(at, close + 1, `${this.text.slice(at, quoteAt)}'${body}'`);
    this.#set("blob", at, close + 1, bytes);
  }

  #string(at: number): void {
    const { value, end, notes } = readString(this, at);
    this.#set("string", at, end, value);
    if (notes !== undefined) this.note(at, end, notes);
  }

  #number(at: number): void {
    const { text } = this;
    let end = at;
    while (this.isDigit(end)) end++;
    if (text.charCodeAt(end) === 0x2e && this.isDigit(end + 1)) {
      end++;
      while (this.isDigit(end)) end++;
      if (this.isWord(end)) this.#badNumber(at, this.wordEnd(end));
      this.#set("float", at, end, Number(text.slice(at, end)));
      return;
    }
    if (this.isWord(end)) {
      end = this.wordEnd(end);
      if (!/^0(?:x[0-9A-Fa-f]+|b[01]+)$/.test(text.slice(at, end))) this.#badNumber(at, end);
    }
    const digits = text.slice(at, end);
    // Leading zeros are decimal, not octal.
    this.#set("int", at, end, end - at < 16 ? Number(digits) : small(BigInt(digits)));
  }

  #badNumber(at: number, end: number): never {
    const word = this.text.slice(at, end);
    const hint = /^[\d.]+[eE][+-]?\d*$/.test(word)
      ? "Exponents are not part of the language: write the number out"
      : /^0[XB]/.test(word)
        ? `Did you mean ${word.slice(0, 2).toLowerCase()}${word.slice(2)}?`
        : /^\d[\d_]*$/.test(word)
          ? `Write ${word.replaceAll("_", "")}`
          : undefined;
    const expected = "digits, 0x and hex digits, or 0b and bits";
    this.fail(at, end, "This is no number", JSON.stringify(word), expected, hint);
  }

  #placeholder(at: number): void {
    let end = at + 1;
    while (this.isDigit(end)) end++;
    if (end - at > 6) this.fail(at, end, "A placeholder has the number of its parameter", undefined, "?0, ?1, …");
    this.#set("placeholder", at, end, Number(this.text.slice(at + 1, end)));
  }

  #variable(at: number): void {
    const nameEnd = this.wordEnd(at + 2);
    const name = this.text.slice(at + 2, nameEnd);
    if (this.text[nameEnd] !== "}" || !/^[A-Za-z_]/.test(name)) {
      const expected = "a name of letters, digits and _, no digit first, between braces without blanks";
      this.fail(at, Math.min(nameEnd + 1, this.text.length), "This is no variable", undefined, expected);
    }
    if (name.length > 255) this.fail(at, nameEnd + 1, "The name of a variable has at most 255 letters");
    this.#set("variable", at, nameEnd + 1, name);
  }

  #operator(at: number): void {
    const { text } = this;
    const char = text[at]!;
    for (const operator of OPERATORS.get(char) ?? NO_OPERATORS) {
      if (text.startsWith(operator, at)) {
        this.#set(operator, at, at + operator.length, undefined);
        return;
      }
    }
    if (SINGLE.includes(char)) {
      this.#set(char, at, at + 1, undefined);
      return;
    }
    const whole = String.fromCodePoint(text.codePointAt(at)!);
    const quotes = "‘’“”„«»`".includes(whole);
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

function small(value: bigint): number | bigint {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}

function hexToBytes(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0 || !/^[0-9A-Fa-f]*$/.test(text)) return undefined;
  return Uint8Array.from({ length: text.length / 2 }, (_, i) => Number.parseInt(text.slice(i * 2, i * 2 + 2), 16));
}
