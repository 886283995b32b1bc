import type { AelNode } from "./ast.js";
import { Lexer } from "./lexer.js";
import type { Token } from "./token.js";

/** Deeper trees are refused; a text of brackets alone must not exhaust the stack. */
const MAX_DEPTH = 200;

/** What people write in other languages, and what it is here. */
export const FOREIGN: Readonly<Record<string, string>> = {
  "&&": "and",
  "||": "or",
  "=": "==",
  "<>": "!=",
  "===": "==",
};

/** The token at hand, what may be asked about it, and the errors about it. */
export class TokenCursor {
  readonly lexer: Lexer;
  token: Token;
  /** Where the last token ended that was taken. */
  lastEnd = 0;
  #depth = 0;

  constructor(text: string) {
    this.lexer = new Lexer(text);
    this.token = this.lexer.next();
  }

  /** Depth of a node over these; throws when that is too deep. */
  above(children: readonly AelNode[]): number {
    let depth = 0;
    for (const child of children) if (child.depth > depth) depth = child.depth;
    if (depth >= MAX_DEPTH) this.#tooDeep();
    return depth + 1;
  }

  advance(): void {
    this.lastEnd = this.token.end;
    this.token = this.lexer.next();
  }

  /** Reads the next token as a step of a path, or as the name of a bin. */
  advanceInPath(as: "step" | "bin"): void {
    this.lastEnd = this.token.end;
    this.token = as === "step" ? this.lexer.nextStep() : this.lexer.nextBin();
  }

  is(kind: string): boolean {
    return this.token.kind === kind;
  }

  isWord(word: string): boolean {
    return this.token.kind === "name" && this.token.value === word;
  }

  takeWord(word: string): boolean {
    if (!this.isWord(word)) return false;
    this.advance();
    return true;
  }

  /** `in`, in any letter case. */
  isIn(): boolean {
    const { kind, value } = this.token;
    return (
      kind === "name" &&
      (value === "in" || (typeof value === "string" && value.length === 2 && value.toLowerCase() === "in"))
    );
  }

  takeIf(kind: string): boolean {
    if (this.token.kind !== kind) return false;
    this.advance();
    return true;
  }

  take(kind: string): Token {
    const { token } = this;
    if (token.kind !== kind) this.unexpected(`"${kind}"`);
    this.advance();
    return token;
  }

  /** Takes this very text, which follows the current token without a blank, as part of that token. */
  takeHere(text: string): boolean {
    if (!this.lexer.takeHere(text)) return false;
    this.token = { ...this.token, end: this.lexer.at };
    return true;
  }

  /** The bracket that closes `open`. */
  close(kind: string, open: Token): void {
    if (this.token.kind === kind) {
      this.advance();
      return;
    }
    if (this.token.kind !== "end") this.unexpected(`"${kind}"`);
    this.lexer.fail(
      open.at,
      open.end,
      `The ${JSON.stringify(open.kind)} is not closed`,
      "the end of the text",
      `"${kind}"`,
    );
  }

  fail(problem: string, expected?: string, suggestion?: string): never {
    this.lexer.fail(this.token.at, this.token.end, problem, undefined, expected, suggestion);
  }

  unexpected(expected: string, suggestion?: string): never {
    const { kind, at, end } = this.token;
    if (FOREIGN[kind] !== undefined) this.foreign(kind);
    const found = kind === "end" ? "the end of the text" : JSON.stringify(this.lexer.text.slice(at, end));
    let hint = suggestion;
    if (kind === "%" && /^%[sd]\b/.test(this.lexer.text.slice(at, at + 3))) hint = "Placeholders are ?0, ?1, …";
    if (hint === undefined && kind === "name") {
      const lower = String(this.token.value).toLowerCase();
      if (["and", "or", "between", "then", "default"].includes(lower) && lower !== this.token.value) {
        hint = `Did you mean "${lower}"? Keywords are lower case`;
      }
    }
    this.lexer.fail(at, end, "Syntax error", found, expected, hint);
  }

  /** An operator of other languages. */
  foreign(operator: string): never {
    const { at, end } = this.token;
    const here = FOREIGN[operator]!;
    this.lexer.fail(at, end, `"${operator}" is no operator`, undefined, undefined, `Did you mean "${here}"?`);
  }

  /** Before something nested is read; `leave` comes after. */
  enter(): void {
    if (++this.#depth > MAX_DEPTH) this.#tooDeep();
  }

  leave(): void {
    this.#depth--;
  }

  #tooDeep(): never {
    this.fail(`The expression nests deeper than ${MAX_DEPTH} levels`);
  }
}
