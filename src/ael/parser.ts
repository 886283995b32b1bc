import type { ExpType } from "../../protocol/exp/exp-type.js";
import { INT64_MIN } from "../../protocol/limits.js";
import type { AelNode, LiteralNode, PlaceholderNode } from "./ast.js";
import { parseListLiteral, parseMapLiteral } from "./constant-parser.js";
import { parsePath } from "./path-parser.js";
import { parseRegex } from "./regex-parser.js";
import type { Token } from "./token.js";
import { FOREIGN, TokenCursor } from "./token-cursor.js";
import { isNumber } from "./type-variable.js";
import { parseWord } from "./word-parser.js";

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
const BITS = 4;
const POWER = 8;

const COMPARISONS = new Set(["==", "!=", ">", ">=", "<", "<="]);

/** Reads text into a tree by recursive descent: one method a rule, one token ahead. */
export class Parser extends TokenCursor {
  /** The numbers of the placeholders that were read. */
  readonly placeholders = new Set<number>();

  /** The whole text as one expression. */
  whole(): AelNode {
    if (this.token.kind === "end") this.fail("The expression is empty", "an expression, such as $.age > 30");
    const node = this.expression();
    if (this.token.kind !== "end") this.unexpected("the end, or an operator");
    return node;
  }

  expression(): AelNode {
    this.enter();
    const node = this.#or();
    this.leave();
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
      typeVariable: undefined,
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
      typeVariable: undefined,
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
        typeVariable: undefined,
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
        typeVariable: undefined,
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
        typeVariable: undefined,
      };
    } else if (op.kind === "=~" || op.kind === "!~") {
      node = parseRegex(this, left, op.kind === "!~");
    } else return left;
    if (COMPARISONS.has(this.token.kind) || this.isIn()) {
      this.fail("Comparisons do not chain", undefined, 'Join two comparisons with "and"');
    }
    return node;
  }

  #binary(least: number): AelNode {
    let left = this.unary();
    for (;;) {
      const op = this.token.kind;
      const precedence = PRECEDENCE[op];
      if (precedence === undefined || precedence < least) {
        if (FOREIGN[op] !== undefined) this.foreign(op);
        return left;
      }
      this.advance();
      this.enter();
      // ** leans right, all others left.
      const right = this.#binary(op === "**" ? POWER : precedence + 1);
      this.leave();
      left = {
        kind: "binary",
        op,
        left,
        right,
        at: left.at,
        end: this.lastEnd,
        depth: this.above([left, right]),
        typeVariable: undefined,
      };
    }
  }

  unary(): AelNode {
    const { token } = this;
    if (token.kind !== "-" && token.kind !== "+" && token.kind !== "~") {
      if (token.kind === "!") this.fail('"!" is no operator', undefined, 'Did you mean "not(…)"?');
      return this.#operand();
    }
    this.enter();
    this.advance();
    const operand = this.unary();
    this.leave();
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
      typeVariable: undefined,
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
          typeVariable: undefined,
        };
        return this.pathOn(node);
      }
      case "$.":
        return parsePath(this);
      case "@":
        return this.#element();
      case "(":
        return this.#parentheses();
      case "[":
        return parseListLiteral(this);
      case "{":
        return parseMapLiteral(this);
      case "name":
        return parseWord(this);
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
      const expected = "digits after the dot, .asInt() or .asFloat()";
      return this.lexer.fail(node.at, this.lexer.at + 1, "A number does not end in a dot", undefined, expected);
    }
    this.advance();
    return { ...node, ...cast, end: this.lastEnd };
  }

  #parentheses(): AelNode {
    const open = this.token;
    this.advance();
    const node = this.expression();
    this.close(")", open);
    return this.pathOn(node, open.at);
  }

  /** Steps and path functions after what is no path itself. */
  pathOn(node: AelNode, at: number = node.at): AelNode {
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

  placeholder(): PlaceholderNode {
    const { token } = this;
    const index = Number(token.value);
    this.placeholders.add(index);
    this.advance();
    return { kind: "placeholder", index, at: token.at, end: token.end, depth: 1, typeVariable: undefined };
  }

  literal(type: ExpType, token: Token): LiteralNode {
    return {
      kind: "literal",
      type,
      value: token.value,
      at: token.at,
      end: token.end,
      depth: 1,
      typeVariable: undefined,
    };
  }
}

function negated(value: number | bigint, type: ExpType): number | bigint | undefined {
  if (typeof value === "bigint") return value === INT64_MIN ? undefined : -value;
  // 0 and not −0: integers have one zero.
  return value === 0 && type === "int" ? 0 : -value;
}

/** What text says, before the types of its parts are known. */
export interface ParsedAel {
  readonly text: string;
  readonly tree: AelNode;
  /** The numbers of its placeholders. */
  readonly placeholders: ReadonlySet<number>;
}

/** Text to tree. Throws AelParseError. */
export function parseText(text: string): ParsedAel {
  const parser = new Parser(text);
  return { text, tree: parser.whole(), placeholders: parser.placeholders };
}
