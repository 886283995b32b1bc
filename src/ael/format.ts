import type { ExpType } from "../../protocol/exp/exp-type.js";
import { double } from "../../protocol/value/double.js";
import { printValue } from "../exp/print-constant.js";
import type { AelNode, LiteralNode, LogicNode, PathFunction, PathNode, Select, Step, StepValue } from "./ast.js";
import { Parser } from "./parser.js";

/** Longer lines are broken at "and" and "or", at arguments and at cases. */
const WIDTH = 100;
const INDENT = "  ";

/** What binds how tightly, from loose to tight; see the grammar. */
const HOLD: Readonly<Record<string, number>> = {
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
const COMPARISON = 3;
const UNARY = 9;
const OPERAND = 10;

/**
 * The text in one way of writing it: blanks, line breaks and needless parentheses as in the documentation. It means
 * the same. Comments are kept, each on a line of its own before the condition it stood in.
 * @throws AelParseError
 * @example formatAel("$.a>1and($.b==2)") // $.a > 1 and $.b == 2
 */
export function formatAel(text: string): string {
  return new Formatter(text).whole();
}

class Formatter {
  readonly #text: string;
  readonly #tree: AelNode;
  readonly #comments: { readonly at: number; readonly text: string }[];

  constructor(text: string) {
    const parser = new Parser(text);
    this.#text = text;
    this.#tree = parser.whole();
    this.#comments = parser.lexer.comments.map(({ at, end }) => ({ at, text: text.slice(at, end).trimEnd() }));
  }

  whole(): string {
    const body = this.#commented(this.#tree, 0, 0);
    const trailing = this.#commentsBefore(this.#text.length + 1, "");
    return trailing === "" ? body : `${body}\n${trailing.trimEnd()}`;
  }

  /** Comments before an offset that were not written yet, each on a line. */
  #commentsBefore(at: number, indent: string): string {
    let lines = "";
    while (this.#comments[0] !== undefined && this.#comments[0].at < at) {
      lines += `${this.#comments.shift()?.text}\n${indent}`;
    }
    return lines;
  }

  /** A condition after its comments; `joiner` is the word that joins it to the one before. */
  #commented(node: AelNode, least: number, depth: number, joiner?: string): string {
    // Comments inside of a condition that is broken into lines find their places there.
    const before = this.#commentsBefore(isBreakable(node) ? node.at : node.end, INDENT.repeat(depth));
    const isInner = joiner !== undefined && isBreakable(node);
    return `${before}${joiner ?? ""}${this.#clause(node, least, isInner ? depth + 1 : depth)}`;
  }

  /** A condition, broken into lines when it is too long for one or has comments inside. */
  #clause(node: AelNode, least: number, depth: number): string {
    const indent = INDENT.repeat(depth);
    const hasComments = (this.#comments[0]?.at ?? Number.POSITIVE_INFINITY) < node.end;
    const flat = this.#print(node, least);
    const fits = flat.length + indent.length <= WIDTH;
    if (!isBreakable(node) || (fits && !hasComments)) return flat;
    const hold = node.op === "and" ? 2 : 1;
    const isWrapped = hold < least;
    const inner = isWrapped ? depth + 1 : depth;
    const lead = INDENT.repeat(inner);
    const parts = node.args.map((arg, i) => this.#commented(arg, hold + 1, inner, i === 0 ? "" : `${node.op} `));
    const joined = parts.join(`\n${lead}`);
    return isWrapped ? `(\n${lead}${joined}\n${indent})` : joined;
  }

  #print(node: AelNode, least: number): string {
    const [text, hold] = this.#printed(node);
    return hold < least ? `(${text})` : text;
  }

  #printed(node: AelNode): readonly [text: string, hold: number] {
    switch (node.kind) {
      case "literal":
        return [this.#literal(node), this.#text[node.at] === "-" ? UNARY : OPERAND];
      case "list":
        return [`[${node.items.map((item) => this.#print(item, 0)).join(", ")}]`, OPERAND];
      case "map":
        return [
          `{${node.entries.map(([key, value]) => `${this.#print(key, 0)}: ${this.#print(value, 0)}`).join(", ")}}`,
          OPERAND,
        ];
      case "placeholder":
        return [`?${node.index}`, OPERAND];
      case "variable":
        return [`\${${node.name}}`, OPERAND];
      case "metadata":
        return [`$.${node.name}(${node.name === "digestModulo" ? node.modulus : ""})`, OPERAND];
      case "path":
        return [this.#path(node), OPERAND];
      case "unary":
        if (node.op === "not") return [`not(${this.#print(node.operand, 0)})`, OPERAND];
        return [`${node.op}${this.#print(node.operand, UNARY)}`, UNARY];
      case "binary":
        return this.#binary(node.op, node.left, node.right);
      case "logic": {
        if (node.op === "exclusive") return [`exclusive(${this.#all(node.args)})`, OPERAND];
        const hold = node.op === "and" ? 2 : 1;
        return [node.args.map((arg) => this.#print(arg, hold + 1)).join(` ${node.op} `), hold];
      }
      case "between": {
        const [subject, low, high] = [node.subject, node.low, node.high].map((part) =>
          this.#print(part, COMPARISON + 1),
        );
        return [`${subject} between ${low} and ${high}`, COMPARISON];
      }
      case "regex": {
        const pattern = this.#text.slice(node.patternAt, node.end);
        return [`${this.#print(node.subject, COMPARISON + 1)} ${node.negated ? "!~" : "=~"} ${pattern}`, COMPARISON];
      }
      case "function":
        return [`${node.name}(${this.#all(node.args)})`, OPERAND];
      case "let": {
        const definitions = node.definitions.map(({ name, value }) => `${name} = ${this.#print(value, 0)}`);
        return [`let (${definitions.join(", ")}) then (${this.#print(node.body, 0)})`, OPERAND];
      }
      case "when": {
        const cases = node.cases.map(([when, then]) => `${this.#print(when, 0)} => ${this.#print(then, 0)}`);
        return [`when (${[...cases, `default => ${this.#print(node.otherwise, 0)}`].join(", ")})`, OPERAND];
      }
      case "unknown":
        return ["unknown", OPERAND];
    }
  }

  /** As it was written, hex digits and quotes included; with several signs or parentheses as what it comes to. */
  #literal(node: LiteralNode): string {
    const source = this.#text.slice(node.at, node.end);
    if (!source.startsWith("-")) return source;
    const [, digits] = /^-\s*([\w.]+(?:\(\))?)$/.exec(source) ?? [];
    return digits === undefined
      ? (printValue(node.type === "float" ? double(Number(node.value)) : node.value) ?? source)
      : `-${digits}`;
  }

  #all(nodes: readonly AelNode[]): string {
    return nodes.map((node) => this.#print(node, 0)).join(", ");
  }

  #binary(op: string, left: AelNode, right: AelNode): readonly [string, number] {
    const hold = HOLD[op] ?? COMPARISON;
    const isComparison = hold === COMPARISON;
    const isPower = op === "**";
    const first = this.#print(left, isComparison || isPower ? hold + 1 : hold);
    const second = this.#print(right, isPower ? hold : hold + 1);
    return [`${first} ${op} ${second}`, hold];
  }

  #path(node: PathNode): string {
    const { base, steps, fn } = node;
    const start =
      base.from === "bin"
        ? `$.${this.#binName(node, base.name)}`
        : base.from === "element"
          ? `@${base.part === "value" ? "" : base.part}`
          : this.#base(base.node);
    const parts = [start, ...steps.map((step) => this.#step(step))];
    if (fn !== undefined) parts.push(this.#function(fn));
    return parts.join(".");
  }

  #base(node: AelNode): string {
    const isOperand = node.kind === "variable" || node.kind === "path" || node.kind === "metadata";
    // Without its parentheses the path inside would run into the one outside, and be another.
    const text = this.#print(node, 0);
    return isOperand && !(node.kind === "path" && node.fn === undefined) ? text : `(${text})`;
  }

  /** As it was written: quotes may be there for a reason. */
  #binName(node: PathNode, name: string): string {
    const quoted = /^\$\.\s*(["'])/.exec(this.#text.slice(node.at, node.end));
    return quoted === null ? name : `${quoted[1]}${name.replace(/[\\"']/g, "\\$&")}${quoted[1]}`;
  }

  #step(step: Step): string {
    if (step.on === "any") return "*";
    if (step.select.by === "key") return this.#value(step.select.key);
    const [open, close] = step.on === "list" ? ["[", "]"] : ["{", "}"];
    return `${open}${step.inverted ? "!" : ""}${this.#select(step.select)}${close}`;
  }

  #select(select: Exclude<Select, { by: "key" }>): string {
    switch (select.by) {
      case "self":
        return "";
      case "all":
        return "*";
      case "filter":
        return `?(${this.#print(select.condition, 0)})`;
      case "index":
        return this.#value(select.index);
      case "rank":
        return `#${this.#value(select.rank)}`;
      case "value":
        return `=${this.#value(select.value)}`;
      case "keyList":
        return select.list.map((one) => this.#value(one)).join(",");
      case "valueList":
        return `=${select.list.map((one) => this.#value(one)).join(",")}`;
      case "keyRange":
        return `${this.#value(select.begin)}-${this.#optional(select.until)}`;
      case "valueRange":
        return `=${this.#value(select.begin)}:${this.#optional(select.until)}`;
      case "indexRange":
      case "rankRange": {
        const mark = select.by === "rankRange" ? "#" : "";
        const from = select.relativeTo === undefined ? "" : `~${this.#value(select.relativeTo)}`;
        return `${mark}${this.#value(select.begin)}:${this.#optional(select.until)}${from}`;
      }
    }
  }

  #value(node: StepValue): string {
    return this.#print(node, 0);
  }

  #optional(node: StepValue | undefined): string {
    return node === undefined ? "" : this.#value(node);
  }

  #function({ name, args, type, returns }: PathFunction): string {
    const named = [
      ...(type === undefined ? [] : [`type: ${typeWord(type)}`]),
      ...(returns === undefined ? [] : [`return: ${returns}`]),
    ];
    return `${name}(${[...named, ...args.map((arg) => this.#print(arg, 0))].join(", ")})`;
  }
}

function isBreakable(node: AelNode): node is LogicNode {
  return node.kind === "logic" && node.op !== "exclusive";
}

function typeWord(type: ExpType): string {
  return type.toUpperCase();
}
