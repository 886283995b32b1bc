import { INT64_MAX, INT64_MIN } from "../../protocol/limits.js";
import type { ExpType } from "../exp/exp-type.js";
import { RegexFlag } from "../exp/regex-flag.js";
import type {
  AelNode,
  ListLiteralNode,
  LiteralNode,
  MapLiteralNode,
  PathBase,
  PathNode,
  PlaceholderNode,
} from "./ast.js";
import { checkArity, isFunction, suggestFunction } from "./functions.js";
import { Lexer } from "./lexer.js";
import { parsePath } from "./path-parser.js";
import { isNumber } from "./slot.js";
import type { Token } from "./token.js";

/** Deeper trees are refused; a text of brackets alone must not exhaust the stack. */
const MAX_DEPTH = 200;

/** How tightly binary operators bind; comparisons do not chain. */
const PRECEDENCE: Readonly<Record<string, number>> = {
  "&": 4,
  "|": 4,
  "^": 4,
  "<<": 5,
  ">>": 5,
  ">>>": 5,
  "+": 6,
  "-": 6,
  "*": 7,
  "/": 7,
  "%": 7,
  "**": 8,
};
const { EXTENDED, ICASE, NEWLINE } = RegexFlag;
const BITS = 4;
const POWER = 8;

const COMPARISONS = new Set(["==", "!=", ">", ">=", "<", "<="]);

/** What people write in other languages, and what it is here. */
const FOREIGN: Readonly<Record<string, string>> = {
  "&&": "and",
  "||": "or",
  "=": "==",
  "<>": "!=",
  "===": "==",
};

/** Reads text into a tree by recursive descent: one method a rule, one token ahead. */
export class Parser {
  readonly lexer: Lexer;
  token: Token;
  #depth = 0;

  constructor(text: string) {
    this.lexer = new Lexer(text);
    this.token = this.lexer.next();
  }

  /** The whole text as one expression. */
  whole(): AelNode {
    if (this.token.kind === "end") this.fail("The expression is empty", "an expression, such as $.age > 30");
    const node = this.expression();
    if (this.token.kind !== "end") this.unexpected("the end, or an operator");
    return node;
  }

  expression(): AelNode {
    this.#enter();
    const node = this.#or();
    this.#depth--;
    return node;
  }

  #or(): AelNode {
    const first = this.#and();
    if (!this.isWord("or")) return first;
    const args = [first];
    while (this.takeWord("or")) args.push(this.#and());
    return {
      kind: "logic",
      op: "or",
      args,
      at: args[0]!.at,
      end: this.lastEnd,
      depth: this.above(args),
      slot: undefined,
    };
  }

  #and(): AelNode {
    const first = this.#comparison();
    if (!this.isWord("and")) return first;
    const args = [first];
    while (this.takeWord("and")) args.push(this.#comparison());
    return {
      kind: "logic",
      op: "and",
      args,
      at: args[0]!.at,
      end: this.lastEnd,
      depth: this.above(args),
      slot: undefined,
    };
  }

  #comparison(): AelNode {
    const left = this.#binary(BITS);
    const op = this.token;
    let node: AelNode;
    if (COMPARISONS.has(op.kind)) {
      this.advance();
      if (this.token.kind === "=") this.foreign("===");
      const right = this.#binary(BITS);
      node = {
        kind: "binary",
        op: op.kind,
        left,
        right,
        at: left.at,
        end: this.lastEnd,
        depth: this.above([left, right]),
        slot: undefined,
      };
    } else if (this.isIn()) {
      this.advance();
      const right = this.#binary(BITS);
      node = {
        kind: "binary",
        op: "in",
        left,
        right,
        at: left.at,
        end: this.lastEnd,
        depth: this.above([left, right]),
        slot: undefined,
      };
    } else if (this.takeWord("between")) {
      const low = this.#binary(BITS);
      if (!this.takeWord("and")) this.unexpected('"and" and the upper end');
      const high = this.#binary(BITS);
      node = {
        kind: "between",
        subject: left,
        low,
        high,
        at: left.at,
        end: this.lastEnd,
        depth: this.above([left, low, high]),
        slot: undefined,
      };
    } else if (op.kind === "=~" || op.kind === "!~") {
      node = this.#regex(left, op.kind === "!~");
    } else return left;
    if (COMPARISONS.has(this.token.kind) || this.isIn()) {
      this.fail("Comparisons do not chain", undefined, 'Join two comparisons with "and"');
    }
    return node;
  }

  #regex(subject: AelNode, negated: boolean): AelNode {
    // The token after the operator was not read yet.
    const literal = this.lexer.regex();
    let pattern: string | PlaceholderNode;
    let flags: number = EXTENDED;
    let patternAt: number;
    if (literal === undefined) {
      this.advance();
      patternAt = this.token.at;
      if (this.token.kind === "string") {
        pattern = String(this.token.value);
        this.advance();
      } else if (this.token.kind === "placeholder") pattern = this.placeholder();
      else this.unexpected("a pattern such as /^a.*z$/i, a string or a placeholder");
    } else {
      patternAt = literal.at;
      const { pattern: read, letters } = literal.value as { pattern: string; letters: string };
      pattern = read;
      flags = this.#regexFlags(literal, letters);
      this.token = literal;
      this.advance();
    }
    return {
      kind: "regex",
      subject,
      pattern,
      patternAt,
      flags,
      negated,
      at: subject.at,
      end: this.lastEnd,
      depth: this.above([subject]),
      slot: undefined,
    };
  }

  /** Extended syntax unless `b`; i ignores case, m makes lines of the text. */
  #regexFlags(literal: Token, letters: string): number {
    let flags: number = EXTENDED;
    for (const letter of letters) {
      if (letter === "i") flags |= ICASE;
      else if (letter === "m") flags |= NEWLINE;
      else if (letter === "b") flags &= ~EXTENDED;
      else {
        this.lexer.fail(
          literal.end - letters.length,
          literal.end,
          "Unknown letter after a regular expression",
          `"${letter}"`,
          "i (ignore case), m (lines), b (basic syntax)",
        );
      }
    }
    return flags;
  }

  #binary(least: number): AelNode {
    let left = this.#unary();
    for (;;) {
      const op = this.token.kind;
      const precedence = PRECEDENCE[op];
      if (precedence === undefined || precedence < least) {
        if (FOREIGN[op] !== undefined) this.foreign(op);
        return left;
      }
      this.advance();
      this.#enter();
      // ** leans right, all others left.
      const right = this.#binary(op === "**" ? POWER : precedence + 1);
      this.#depth--;
      left = {
        kind: "binary",
        op,
        left,
        right,
        at: left.at,
        end: this.lastEnd,
        depth: this.above([left, right]),
        slot: undefined,
      };
    }
  }

  #unary(): AelNode {
    const { token } = this;
    if (token.kind !== "-" && token.kind !== "+" && token.kind !== "~") {
      if (token.kind === "!") this.fail('"!" is no operator', undefined, 'Did you mean "not(…)"?');
      return this.#operand();
    }
    this.#enter();
    this.advance();
    const operand = this.#unary();
    this.#depth--;
    if (token.kind === "+") return operand;
    if (token.kind === "-" && operand.kind === "literal" && isNumber(operand.type)) {
      const value = negated(operand.value as number | bigint, operand.type);
      // The one integer whose negative does not fit stays a calculation, which wraps around.
      if (value !== undefined) return { ...operand, value, at: token.at, end: this.lastEnd };
    }
    return {
      kind: "unary",
      op: token.kind,
      operand,
      at: token.at,
      end: this.lastEnd,
      depth: this.above([operand]),
      slot: undefined,
    };
  }

  #operand(): AelNode {
    const { token } = this;
    switch (token.kind) {
      case "int":
      case "float":
        return this.#number();
      case "string":
        this.advance();
        return this.literal("string", token);
      case "blob":
        this.advance();
        return this.literal("blob", token);
      case "placeholder":
        return this.placeholder();
      case "variable": {
        this.advance();
        const node: AelNode = {
          kind: "variable",
          name: String(token.value),
          at: token.at,
          end: token.end,
          depth: 1,
          slot: undefined,
        };
        return this.#pathOn(node);
      }
      case "$.":
        return parsePath(this);
      case "@":
        return this.#element();
      case "(":
        return this.#parentheses();
      case "[":
        return this.listLiteral();
      case "{":
        return this.mapLiteral();
      case "name":
        return this.#word();
      case "$":
        this.fail('"$" stands before a dot', '"$." and the name of a bin', 'Did you mean "$."?');
    }
    if (FOREIGN[token.kind] !== undefined) this.foreign(token.kind);
    this.unexpected("a value: a bin such as $.age, a literal, a function or (…)");
  }

  #number(): AelNode {
    const { token } = this;
    const node = this.literal(token.kind === "int" ? "int" : "float", token);
    if (this.lexer.text[this.lexer.at] === ".") return this.#cast(node);
    this.advance();
    return node;
  }

  /** `5.asFloat()`, `5.9.asInt()`: worked out at once. */
  #cast(node: LiteralNode): AelNode {
    const value = node.value as number | bigint;
    let cast: Pick<LiteralNode, "type" | "value">;
    if (this.takeHere(".asFloat()")) cast = { type: "float", value: Number(value) };
    else if (this.takeHere(".asInt()"))
      cast = { type: "int", value: typeof value === "bigint" ? value : BigInt(Math.trunc(value)) };
    else {
      const due = "digits after the dot, .asInt() or .asFloat()";
      return this.lexer.fail(node.at, this.lexer.at + 1, "A number does not end in a dot", undefined, due);
    }
    this.advance();
    return { ...node, ...cast, end: this.lastEnd };
  }

  #parentheses(): AelNode {
    const open = this.token;
    this.advance();
    const node = this.expression();
    this.close(")", open);
    return this.#pathOn(node, open.at);
  }

  /** Steps and path functions after what is no path itself. */
  #pathOn(node: AelNode, at: number = node.at): AelNode {
    return this.token.kind === "." ? parsePath(this, { from: "node", node }, at) : node;
  }

  #element(): AelNode {
    const { token } = this;
    const { text } = this.lexer;
    const word = /^(key|index)\b/.exec(text.slice(token.end, token.end + 8))?.[0];
    if (word !== undefined) this.lexer.at = token.end + word.length;
    this.lexer.endsPath = true;
    this.advance();
    const part = word === "key" || word === "index" ? word : "value";
    return parsePath(this, { from: "element", part }, token.at);
  }

  #word(): AelNode {
    const { token } = this;
    const word = String(token.value);
    const isCall = this.lexer.text[this.lexer.at] === "(" || this.#peekOpen();
    switch (word) {
      case "true":
      case "false":
        this.advance();
        return {
          kind: "literal",
          type: "bool",
          value: word === "true",
          at: token.at,
          end: token.end,
          depth: 1,
          slot: undefined,
        };
      case "null":
        this.advance();
        return { kind: "literal", type: "nil", value: null, at: token.at, end: token.end, depth: 1, slot: undefined };
      case "unknown":
      case "error":
        this.advance();
        return { kind: "unknown", at: token.at, end: token.end, depth: 1, slot: undefined };
      case "not":
        return this.#not(isCall);
      case "exclusive":
        return this.#exclusive();
      case "let":
        return this.#pathOn(this.#let());
      case "when":
        return this.#pathOn(this.#when());
    }
    if (isCall) return this.#pathOn(this.#function());
    const lower = word.toLowerCase();
    let suggestion = `Did you mean the bin $.${word}, or the string "${word}"?`;
    if (["true", "false", "null", "not", "and", "or"].includes(lower))
      suggestion = `Did you mean "${lower}"? Keywords are lower case`;
    this.fail(`The word ${JSON.stringify(word)} has no meaning here`, "a value", suggestion);
  }

  #peekOpen(): boolean {
    const at = this.lexer.at;
    const isOpen = /^\s*\(/.test(this.lexer.text.slice(at, at + 64));
    return isOpen;
  }

  #not(isCall: boolean): AelNode {
    const { token } = this;
    if (!isCall) this.fail('"not" needs parentheses', undefined, "Write not(…)");
    this.advance();
    const open = this.token;
    this.advance();
    const operand = this.expression();
    this.close(")", open);
    return {
      kind: "unary",
      op: "not",
      operand,
      at: token.at,
      end: this.lastEnd,
      depth: this.above([operand]),
      slot: undefined,
    };
  }

  #exclusive(): AelNode {
    const { token } = this;
    this.advance();
    const args = this.arguments();
    if (args.length < 2)
      this.lexer.fail(token.at, token.end, `exclusive needs at least 2 arguments, got ${args.length}`);
    return {
      kind: "logic",
      op: "exclusive",
      args,
      at: token.at,
      end: this.lastEnd,
      depth: this.above(args),
      slot: undefined,
    };
  }

  #let(): AelNode {
    const { token } = this;
    this.advance();
    const open = this.take("(");
    const definitions: { name: string; at: number; value: AelNode }[] = [];
    do {
      const name = this.token;
      if (name.kind !== "name" || !/^[A-Za-z_]/.test(String(name.value))) {
        this.unexpected(
          "the name of a variable",
          name.kind === "$" || name.kind === "variable"
            ? "A definition is name = value, without $ and braces"
            : undefined,
        );
      }
      this.advance();
      this.take("=");
      definitions.push({ name: String(name.value), at: name.at, value: this.expression() });
    } while (this.takeIf(","));
    this.close(")", open);
    if (!this.takeWord("then")) this.unexpected('"then" and, in parentheses, what the variables are for');
    const bodyOpen = this.take("(");
    const body = this.expression();
    this.close(")", bodyOpen);
    return {
      kind: "let",
      definitions,
      body,
      at: token.at,
      end: this.lastEnd,
      depth: this.above([...definitions.map((one) => one.value), body]),
      slot: undefined,
    };
  }

  #when(): AelNode {
    const { token } = this;
    this.advance();
    const open = this.take("(");
    const cases: [AelNode, AelNode][] = [];
    while (!this.isWord("default")) {
      const condition = this.expression();
      if (this.token.kind === ")" || this.token.kind === "end")
        this.unexpected('"=>" and a value; last comes default => value');
      this.take("=>");
      cases.push([condition, this.expression()]);
      if (!this.takeIf(",")) this.unexpected('"," and the next case, or default => value');
    }
    if (cases.length === 0) this.unexpected("a condition before the default");
    this.advance();
    this.take("=>");
    const otherwise = this.expression();
    this.close(")", open);
    return {
      kind: "when",
      cases,
      otherwise,
      at: token.at,
      end: this.lastEnd,
      depth: this.above([...cases.flat(), otherwise]),
      slot: undefined,
    };
  }

  #function(): AelNode {
    const { token } = this;
    const name = String(token.value);
    if (!isFunction(name)) {
      this.lexer.fail(token.at, token.end, `Unknown function: ${name}`, undefined, undefined, suggestFunction(name));
    }
    this.advance();
    const args = this.arguments();
    const complaint = checkArity(name, args.length);
    if (complaint !== undefined) this.lexer.fail(token.at, this.lexer.at, complaint);
    return { kind: "function", name, args, at: token.at, end: this.lastEnd, depth: this.above(args), slot: undefined };
  }

  /** `( expression, … )`, perhaps none. */
  arguments(): AelNode[] {
    const open = this.take("(");
    const args: AelNode[] = [];
    if (this.token.kind !== ")") {
      do args.push(this.expression());
      while (this.takeIf(","));
    }
    this.close(")", open);
    return args;
  }

  listLiteral(): ListLiteralNode {
    const open = this.token;
    this.#enter();
    this.advance();
    const items: AelNode[] = [];
    if (this.token.kind !== "]") {
      do items.push(this.constant());
      while (this.takeIf(","));
    }
    this.close("]", open);
    this.#depth--;
    return { kind: "list", items, at: open.at, end: this.lastEnd, depth: this.above(items), slot: undefined };
  }

  mapLiteral(): MapLiteralNode {
    const open = this.token;
    this.#enter();
    this.advance();
    const entries: [LiteralNode | PlaceholderNode, AelNode][] = [];
    if (this.token.kind !== "}") {
      do {
        const key = this.constant();
        const isKey =
          key.kind === "placeholder" ||
          (key.kind === "literal" && (key.type === "int" || key.type === "string" || key.type === "blob"));
        if (!isKey) this.lexer.fail(key.at, key.end, "A map key is an integer, a string or a blob");
        this.take(":");
        entries.push([key, this.constant()]);
      } while (this.takeIf(","));
    }
    this.close("}", open);
    this.#depth--;
    return { kind: "map", entries, at: open.at, end: this.lastEnd, depth: this.above(entries.flat()), slot: undefined };
  }

  /** A constant: a literal with its sign, a list or map of constants, a placeholder. */
  constant(): AelNode {
    const { token } = this;
    const node = this.#unary();
    switch (node.kind) {
      case "literal":
        if (node.type === "int") this.checkInt64(node);
        return node;
      case "list":
      case "map":
      case "placeholder":
        return node;
      case "unary":
        if (node.op === "-")
          this.lexer.fail(node.at, node.end, "Unary minus in list/map constant requires a numeric value");
    }
    return this.lexer.fail(
      token.at,
      node.end,
      "List and map constants may only contain constants (numbers, strings, booleans, blobs, null, lists, maps, placeholders)",
    );
  }

  placeholder(): PlaceholderNode {
    const { token } = this;
    this.advance();
    return { kind: "placeholder", index: Number(token.value), at: token.at, end: token.end, depth: 1, slot: undefined };
  }

  literal(type: ExpType, token: Token): LiteralNode {
    return { kind: "literal", type, value: token.value, at: token.at, end: token.end, depth: 1, slot: undefined };
  }

  checkInt64(node: LiteralNode): void {
    const value = BigInt(node.value as number | bigint);
    if (value > INT64_MAX || value < INT64_MIN) {
      this.lexer.fail(node.at, node.end, "Integer literal out of range", undefined, `${INT64_MIN} to ${INT64_MAX}`);
    }
  }

  path(
    base: PathBase,
    at: number,
    steps: PathNode["steps"],
    fn: PathNode["fn"],
    children: readonly AelNode[],
  ): PathNode {
    return {
      kind: "path",
      base,
      steps,
      fn,
      value: undefined,
      at,
      end: this.lastEnd,
      depth: this.above(children),
      slot: undefined,
    };
  }

  /** Where the last token ended that was taken. */
  lastEnd = 0;

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

  #enter(): void {
    if (++this.#depth > MAX_DEPTH) this.#tooDeep();
  }

  #tooDeep(): never {
    this.fail(`The expression nests deeper than ${MAX_DEPTH} levels`);
  }
}

function negated(value: number | bigint, type: ExpType): number | bigint | undefined {
  if (typeof value === "bigint") return value === INT64_MIN ? undefined : -value;
  // 0 and not −0: integers have one zero.
  return value === 0 && type === "int" ? 0 : -value;
}

/** Text to tree. Throws AelParseError. */
export function parseText(text: string): AelNode {
  return new Parser(text).whole();
}
