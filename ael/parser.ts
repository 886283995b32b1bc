import type { ExpType } from "../protocol/exp/exp-type.js";
import { INT64_MAX, INT64_MIN } from "../protocol/limits.js";
import type { AelNode, AelNote, LiteralNode, PlaceholderNode, RegexLiteral, Span } from "./ast.js";
import { parseListLiteral, parseMapLiteral } from "./literal-parser.js";
import { parseBin, parseLoop, parsePostfix } from "./path-parser.js";
import { TokenCursor } from "./token-cursor.js";
import { parseWord } from "./word-parser.js";

/** Levels of binary operators, from loose to tight. */
const LEVELS: ReadonlyMap<string, number> = new Map([
  ["or", 1],
  ["and", 2],
  ["==", 3],
  ["!=", 3],
  [">", 3],
  [">=", 3],
  ["<", 3],
  ["<=", 3],
  ["=~", 3],
  ["!~", 3],
  ["in", 3],
  ["between", 3],
  ["|", 4],
  ["^", 5],
  ["&", 6],
  ["<<", 7],
  [">>", 7],
  [">>>", 7],
  ["+", 8],
  ["-", 8],
  ["*", 9],
  ["/", 9],
  ["%", 9],
  ["**", 10],
]);
const COMPARISON = 3;
const POWER = 10;

/** Operators whose chains make one node. */
const CHAINS: ReadonlySet<string> = new Set(["or", "and", "|", "^", "&", "+", "-", "*", "/"]);

const MAX_VARIABLES = 1024;

/** Reads text into a tree: operators by their levels, all else by recursive descent with one token ahead. */
export class Parser extends TokenCursor {
  /** The numbers of the placeholders that were read. */
  readonly placeholders = new Set<number>();
  /** Whether the condition or change of a path is being read, where `@` has a meaning. */
  inElement = false;
  /** Names of variables that were defined so far. */
  readonly variables = new Set<string>();
  #variables = 0;

  /** The whole text as one expression. */
  whole(): AelNode {
    if (this.is("end")) this.fail("The expression is empty", "an expression, such as $.age > 30");
    const node = this.expression();
    if (!this.is("end")) this.unexpected("the end, or an operator");
    return node;
  }

  expression(): AelNode {
    this.enter();
    const node = this.#binary(1);
    this.leave();
    return node;
  }

  #binary(least: number): AelNode {
    let left = this.#unary();
    for (;;) {
      const op = this.#operator();
      const level = LEVELS.get(op);
      if (level === undefined || level < least) {
        this.refuseForeign();
        return left;
      }
      left = level === COMPARISON ? this.#comparison(left, op) : this.#calculation(left, op, level);
      if (level === COMPARISON && LEVELS.get(this.#operator()) === COMPARISON) {
        this.fail("Comparisons do not chain", undefined, 'Join two comparisons with "and"');
      }
    }
  }

  /** What the token at hand is as an operator; words in the one form that they have. */
  #operator(): string {
    const { kind, value } = this.lexer;
    if (kind !== "name") return kind;
    const word = String(value);
    return word.length === 2 && word !== "in" && word.toLowerCase() === "in" ? "in" : word;
  }

  #calculation(left: AelNode, op: string, level: number): AelNode {
    this.lexer.next();
    this.enter();
    // ** leans right, all others left.
    const right = this.#binary(op === "**" ? POWER : level + 1);
    this.leave();
    if (left.kind === "nary" && left.op === op && !left.grouped && CHAINS.has(op)) {
      const args = left.args as AelNode[];
      args.push(right);
      return { ...left, args, end: this.lexer.lastEnd, depth: Math.max(left.depth, this.over(right)) };
    }
    return {
      kind: "nary",
      at: startOf(this, left),
      end: this.lexer.lastEnd,
      depth: Math.max(this.over(left), this.over(right)),
      typed: undefined,
      grouped: false,
      op,
      args: [left, right],
    };
  }

  #comparison(left: AelNode, op: string): AelNode {
    const { lexer } = this;
    const at = startOf(this, left);
    if (op === "=~" || op === "!~") return this.#match(left, op === "!~");
    if (op === "in" && lexer.value !== "in") lexer.note(lexer.start, lexer.end, "in");
    lexer.next();
    if (op === "between") return this.#between(left, at);
    if (op === "in" && this.is("(")) this.#refuseParenthesizedList();
    const right = this.#binary(COMPARISON + 1);
    const depth = Math.max(this.over(left), this.over(right));
    const end = lexer.lastEnd;
    if (op === "in") return { kind: "in", at, end, depth, typed: undefined, grouped: false, left, right };
    if (left.kind === "null" || right.kind === "null") this.#noteNull(at, end, op, left, right);
    else if (isNil(left) || isNil(right)) this.#noteNil(at, end, op, isNil(left) ? right : left);
    return { kind: "compare", at, end, depth, typed: undefined, grouped: false, op, left, right };
  }

  #noteNull(at: number, end: number, op: string, left: AelNode, right: AelNode): void {
    const other = left.kind === "null" ? right : left;
    if (op !== "==" && op !== "!=") this.failAt({ at, end }, `Nothing is ${op} null`, "null stands beside == and !=");
    const exists = `${this.text.slice(other.at, other.end)}.exists()`;
    this.lexer.note(at, end, op === "==" ? `not(${exists})` : exists);
  }

  /** Servers take it, and no bin is ever of this type. */
  #noteNil(at: number, end: number, op: string, other: AelNode): void {
    const exists = `${this.text.slice(other.at, other.end)}.exists()`;
    if (other.kind === "bin" || other.kind === "path") {
      this.lexer.note(
        at,
        end,
        op === "!="
          ? `${exists}, as nothing is ever of the type NIL`
          : `not(${exists}), as nothing is ever of the type NIL`,
      );
    }
  }

  #between(subject: AelNode, at: number): AelNode {
    const low = this.#binary(COMPARISON + 1);
    if (!this.takeWord("and")) this.unexpected('"and" and the upper end');
    const high = this.#binary(COMPARISON + 1);
    const end = this.lexer.lastEnd;
    const of = (node: AelNode): string => this.text.slice(node.at, node.end);
    this.lexer.note(at, end, `(${of(subject)} >= ${of(low)} and ${of(subject)} <= ${of(high)})`);
    const depth = this.above([subject, low, high]) + 1;
    return { kind: "between", at, end, depth, typed: undefined, grouped: false, subject, low, high };
  }

  /** `in (1, 2)`, as SQL writes it. */
  #refuseParenthesizedList(): void {
    const { lexer } = this;
    const inside = /^\(\s*(?:[^()"'[\],]+|"[^"\n]*"|'[^'\n]*')(\s*,[^()]*)?\)/.exec(
      lexer.text.slice(lexer.start, lexer.start + 400),
    );
    if (inside === null || (inside[1] === undefined && /[$.]/.test(inside[0]))) return;
    const items = inside[0].slice(1, -1).trim();
    this.failAt(
      { at: lexer.start, end: lexer.start + inside[0].length },
      "A list stands in brackets",
      `Write [${items}]`,
    );
  }

  /** What follows `=~` or `!~`. */
  #match(subject: AelNode, negated: boolean): AelNode {
    const { lexer } = this;
    const at = startOf(this, subject);
    const opAt = lexer.start;
    const literal = lexer.regex();
    let pattern: RegexLiteral | AelNode | undefined = literal;
    lexer.next();
    if (pattern === undefined) {
      if (this.is("string")) pattern = this.literal("string");
      else if (this.is("placeholder")) pattern = this.placeholder();
      else this.unexpected("a pattern such as /^a.*z$/i, a string or a placeholder");
    }
    const end = lexer.lastEnd;
    const of = this.text.slice(subject.at, subject.end);
    if (negated) lexer.note(at, end, `not(${of} =~ ${this.text.slice(pattern.at, pattern.end)})`);
    else if ("kind" in pattern && pattern.kind === "literal") {
      lexer.note(opAt, end, `=~ /${String(pattern.value).replace(/(?<!\\)\//g, "\\/")}/`);
    }
    const depth = this.over(subject) + (negated ? 1 : 0);
    return { kind: "match", at, end, depth, typed: undefined, grouped: false, subject, pattern, negated };
  }

  #unary(): AelNode {
    const { lexer } = this;
    const { kind, start } = lexer;
    if (kind === "-" && lexer.isDigit(lexer.end)) {
      lexer.signedNumber();
      return this.#number();
    }
    if (kind === "-" || kind === "+" || kind === "~") {
      this.enter();
      lexer.next();
      const operand = this.#unary();
      this.leave();
      const depth = this.over(operand);
      return {
        kind: "unary",
        at: start,
        end: lexer.lastEnd,
        depth,
        typed: undefined,
        grouped: false,
        op: kind,
        operand,
      };
    }
    if (kind === "!") this.fail('"!" is no operator', undefined, 'Did you mean "not(…)"?');
    return this.#operand();
  }

  #operand(): AelNode {
    const { lexer } = this;
    switch (lexer.kind) {
      case "int":
      case "float":
        return this.#number();
      case "string":
        return parsePostfix(this, this.literal("string"), "bare");
      case "blob":
        return parsePostfix(this, this.literal("blob"), "call");
      case "placeholder":
        return parsePostfix(this, this.placeholder(), "bare");
      case "variable": {
        const name = String(lexer.value);
        const { at, end } = this.span;
        lexer.next();
        const node: AelNode = { kind: "variable", at, end, depth: 1, typed: undefined, grouped: false, name };
        return parsePostfix(this, node, "bare");
      }
      case "$":
        return parseBin(this);
      case "@":
        return parseLoop(this);
      case "(":
        return this.#parentheses();
      case "[":
        return parseListLiteral(this);
      case "{":
        return parseMapLiteral(this);
      case "name":
        return parseWord(this);
      case ".":
        if (lexer.isDigit(lexer.end)) {
          lexer.bareFraction();
          return this.#number();
        }
    }
    this.refuseForeign();
    this.unexpected("a value: a bin such as $.age, a literal, a function or (…)");
  }

  #number(): AelNode {
    const { lexer } = this;
    const node = this.literal(lexer.kind === "int" ? "int" : "float");
    this.checkInt64(node);
    if (this.is(".") && lexer.start === node.end) {
      if (!lexer.isWord(lexer.end)) {
        const where = { at: node.at, end: lexer.end };
        this.failAt(where, "A number does not end in a dot", "Digits follow the dot, or there is none");
      }
      return parsePostfix(this, node, "bare");
    }
    return node;
  }

  checkInt64(node: LiteralNode): void {
    const { value } = node;
    if (typeof value === "bigint" && (value > INT64_MAX || value < INT64_MIN)) {
      this.lexer.fail(node.at, node.end, "Integer literal out of range", undefined, `${INT64_MIN} to ${INT64_MAX}`);
    }
  }

  #parentheses(): AelNode {
    const open = this.lexer.start;
    this.lexer.next();
    const node = this.expression();
    if (this.is(",")) this.unexpected('")"', "A list stands in brackets: [1, 2]");
    this.close(")", open);
    node.grouped = true;
    return parsePostfix(this, node, "value", open);
  }

  /** The expression between the brackets of a condition or a change: `@` has a meaning there. */
  elementExpression(): AelNode {
    if (this.inElement) this.fail("A path's condition has no other conditions or changes inside");
    this.inElement = true;
    const node = this.expression();
    this.inElement = false;
    return node;
  }

  /** Counts a variable that is defined. */
  countVariable(where: Span): void {
    if (++this.#variables > MAX_VARIABLES) this.failAt(where, `More than ${MAX_VARIABLES} variables are defined`);
  }

  placeholder(): PlaceholderNode {
    const index = Number(this.lexer.value);
    const { at, end } = this.span;
    this.placeholders.add(index);
    this.lexer.next();
    return { kind: "placeholder", at, end, depth: 1, typed: undefined, grouped: false, index };
  }

  /** The token at hand as a literal. */
  literal(of: ExpType, value: unknown = this.lexer.value): LiteralNode {
    const { start, end } = this.lexer;
    this.lexer.next();
    return { kind: "literal", at: start, end, depth: 1, typed: undefined, grouped: false, of, value };
  }
}

/** Where an operand starts: at its parenthesis, if it has one. */
function startOf(parser: Parser, node: AelNode): number {
  if (!node.grouped) return node.at;
  let at = node.at;
  while (at > 0 && parser.text[at] !== "(") at--;
  return at;
}

function isNil(node: AelNode): boolean {
  return node.kind === "literal" && node.of === "nil";
}

/** What text says, before the types of its parts are known. */
export interface ParsedAel {
  readonly text: string;
  readonly tree: AelNode;
  /** The numbers of its placeholders. */
  readonly placeholders: ReadonlySet<number>;
  /** What servers 8.2 write in another way, in the order of the text. */
  readonly notes: readonly AelNote[];
  readonly comments: readonly Span[];
}

/** Text to tree. Throws AelMistakeError. */
export function parseText(text: string): ParsedAel {
  const parser = new Parser(text);
  const tree = parser.whole();
  const { notes, comments } = parser.lexer;
  if (notes.length > 1) notes.sort((a, b) => a.at - b.at);
  return { text, tree, placeholders: parser.placeholders, notes, comments };
}
