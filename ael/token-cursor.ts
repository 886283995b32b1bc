import type { AelNode, Span } from "./ast.js";
import { Lexer } from "./lexer.js";

/** Deeper trees are refused, as servers do; a text of brackets alone must not exhaust the stack. */
const MAX_DEPTH = 512;

/** What people write in other languages, and what it is here. */
const FOREIGN: ReadonlyMap<string, string> = new Map([
  ["&&", "and"],
  ["||", "or"],
  ["=", "=="],
  ["<>", "!="],
  ["===", "=="],
  ["!==", "!="],
]);

/** Words of SQL and its like behind an operand, and what to write. */
const FOREIGN_WORDS: ReadonlyMap<string, string> = new Map([
  ["is", "For a bin that is missing write not($.a.exists()), or $.a == null"],
  ["like", "Write $.s =~ /pattern/, or $.s.contains(needle: 'x'), startsWith, endsWith"],
  ["ilike", "Write $.s =~ /pattern/i"],
  ["matches", "Write $.s =~ /pattern/"],
  ["contains", "Write $.s.contains(needle: 'x'), or 'x' in $.list"],
  ["not", "not(…) stands before it: not($.a in [1, 2])"],
  ["mod", "The remainder is %"],
  ["startswith", "Write $.s.startsWith('x')"],
  ["endswith", "Write $.s.endsWith('x')"],
  ["xor", "Write exclusive(a, b)"],
  ["eq", "Write =="],
  ["ne", "Write !="],
  ["gt", "Write >"],
  ["lt", "Write <"],
  ["ge", "Write >="],
  ["le", "Write <="],
]);

/** Signs of other languages, and what to write. */
const FOREIGN_SIGNS: ReadonlyMap<string, string> = new Map([
  ["~", "A pattern is looked for with =~ /pattern/"],
  [";", "A text is one expression; nothing ends it"],
  ["#", "Comments stand between /* and */"],
]);

/** The words that have a meaning, so that names of bins and keys are quoted when they are the same. */
export const KEYWORDS: ReadonlySet<string> = new Set(
  (
    "and or not let then when default in true false unknown error NIL INF LOCAL INT FLOAT STRING BOOL BLOB LIST MAP " +
    "GEO HLL VECTOR"
  ).split(" "),
);

/** The token at hand, what may be asked about it, and the errors about it. */
export class TokenCursor {
  readonly lexer: Lexer;
  #depth = 0;

  constructor(text: string) {
    this.lexer = new Lexer(text);
    this.lexer.next();
  }

  get text(): string {
    return this.lexer.text;
  }

  /** Depth of a node over these; throws when that is too deep. */
  above(children: readonly (AelNode | undefined)[]): number {
    let depth = 0;
    for (const child of children) if (child !== undefined && child.depth > depth) depth = child.depth;
    if (depth >= MAX_DEPTH) this.#tooDeep();
    return depth + 1;
  }

  over(child: AelNode): number {
    if (child.depth >= MAX_DEPTH) this.#tooDeep();
    return child.depth + 1;
  }

  is(kind: string): boolean {
    return this.lexer.kind === kind;
  }

  isWord(word: string): boolean {
    return this.lexer.kind === "name" && this.lexer.value === word;
  }

  takeWord(word: string): boolean {
    if (!this.isWord(word)) return false;
    this.lexer.next();
    return true;
  }

  takeIf(kind: string): boolean {
    if (this.lexer.kind !== kind) return false;
    this.lexer.next();
    return true;
  }

  take(kind: string): void {
    if (this.lexer.kind !== kind) this.unexpected(`"${kind}"`);
    this.lexer.next();
  }

  /** The span of the token at hand. */
  get span(): Span {
    return { at: this.lexer.start, end: this.lexer.end };
  }

  /** The bracket that closes the one at `open`. */
  close(kind: string, open: number): void {
    if (this.lexer.kind === kind) {
      this.lexer.next();
      return;
    }
    if (this.lexer.kind !== "end") this.unexpected(`"${kind}"`);
    const bracket = JSON.stringify(this.text[open]);
    this.lexer.fail(open, open + 1, `The ${bracket} is not closed`, "the end of the text", `"${kind}"`);
  }

  fail(problem: string, expected?: string, suggestion?: string): never {
    this.lexer.fail(this.lexer.start, this.lexer.end, problem, undefined, expected, suggestion);
  }

  failAt(where: Span, problem: string, suggestion?: string): never {
    this.lexer.fail(where.at, where.end, problem, undefined, undefined, suggestion);
  }

  unexpected(expected: string, suggestion?: string): never {
    const { kind, start, end, value } = this.lexer;
    this.refuseForeign();
    const found = kind === "end" ? "the end of the text" : JSON.stringify(this.text.slice(start, end));
    this.lexer.fail(start, end, "Syntax error", found, expected, suggestion ?? this.#hint(kind, value, expected));
  }

  #hint(kind: string, value: unknown, expected: string): string | undefined {
    const { start } = this.lexer;
    if (this.#isPlaceholder(expected.startsWith("a value"))) return "Placeholders are ?0, ?1, …";
    if (kind === "?") return this.#questionHint();
    if (kind === ".." || (kind === "." && this.text[start - 1] === "."))
      return "A path has one dot before each step, and names each; every element is .*";
    const sign = FOREIGN_SIGNS.get(kind);
    if (sign !== undefined && (kind !== "~" || expected.startsWith("the end"))) return sign;
    // it's: what comes at once behind a string, or a string behind a word.
    const isGlued = this.lexer.start === this.lexer.lastEnd && this.lexer.start > 0;
    if (isGlued && (kind === "string" || (kind === "name" && "'\"".includes(this.text[this.lexer.start - 1]!)))) {
      return "A quote inside of a string has a backslash before it";
    }
    if (kind === "float") return 'Integer keys one after the other are written {@1}.{@1}, or in quotes: "1"."1"';
    if (kind !== "name") return undefined;
    const word = String(value);
    const lower = word.toLowerCase();
    if (lower !== word && ["and", "or", "between", "then", "default", "in"].includes(lower)) {
      return `Did you mean "${lower}"? Keywords are lower case`;
    }
    const before = /\$\.(\w+) +$/.exec(this.text.slice(0, start))?.[1];
    const blank = before === undefined ? undefined : `For a bin with a blank in its name write $."${before} ${word}"`;
    if (before !== undefined && lower === "exists") return `Write $.${before}.exists()`;
    return FOREIGN_WORDS.get(lower) ?? blank;
  }

  /** `?`, `:name`, `%s` and `{{name}}` where a value is expected, or what follows it. */
  #isPlaceholder(isForValue: boolean): boolean {
    const { start } = this.lexer;
    const rest = this.text.slice(start, start + 40);
    if (isForValue && /^(?:\?(?![?.])|:\w|%[sd]\b)/.test(rest)) return true;
    return rest.startsWith("}") && /\{\{ *\w+ *$/.test(this.text.slice(0, start));
  }

  #questionHint(): string {
    const rest = this.text.slice(this.lexer.start, this.lexer.start + 2);
    if (rest === "?.") return "What is missing is unknown, never an error: the dot alone does";
    if (rest === "??") return "Write when ($.a.exists() => $.a:INT, default => 0)";
    return "Write when (condition => value, default => other)";
  }

  /** Throws for an operator of other languages. */
  refuseForeign(): void {
    const { kind, start, end } = this.lexer;
    const here = FOREIGN.get(kind);
    if (here === undefined) return;
    if (kind === "=" && /[-+*/:]$/.test(this.text.slice(0, start))) {
      this.fail(
        "A text assigns nothing",
        undefined,
        "A changed copy of a place in a list or map is $.m.a.setTo(1) or $.m.a.add(1)",
      );
    }
    this.lexer.fail(start, end, `"${kind}" is no operator`, undefined, undefined, `Did you mean "${here}"?`);
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
