import type {
  AelNode,
  LiteralNode,
  MatchNode,
  MethodNode,
  NaryNode,
  Pin,
  Property,
  Span,
  Step,
} from "../../ael/ast.js";
import type { ParsedAel } from "../../ael/index.js";
import { MapReturnType } from "../../protocol/cdt/flags.js";
import { readText } from "./compile.js";

/** Longer lines are broken at "and" and "or". */
const WIDTH = 100;
const INDENT = "  ";

/** What binds how tightly, from loose to tight; see the grammar. */
const HOLD: Readonly<Record<string, number>> = {
  or: 1,
  and: 2,
  "|": 4,
  "^": 5,
  "&": 6,
  "<<": 7,
  ">>": 7,
  ">>>": 7,
  "+": 8,
  "-": 8,
  "*": 9,
  "/": 9,
  "%": 9,
  "**": 10,
};
const COMPARISON = 3;
const UNARY = 11;
const OPERAND = 12;

/**
 * The text in one way of writing it: blanks, line breaks and needless parentheses as in the documentation, old spellings
 * as server 8.2 writes them. It means the same. Comments are kept, each on a line of its own before the condition it
 * stood in.
 * @throws AelParseError
 * @example formatAel("$.a>1and($.b.get(type: STRING)==$.c)") // $.a > 1 and $.b:STRING == $.c
 */
export function formatAel(text: string): string {
  return new Formatter(readText(text)).whole();
}

class Formatter {
  readonly #text: string;
  readonly #tree: AelNode;
  readonly #comments: { readonly at: number; readonly text: string }[];
  /** What servers write in another way, by where it stands. */
  readonly #literals = new Map<string, string>();

  constructor({ text, tree, comments, notes }: ParsedAel) {
    this.#text = text;
    this.#tree = tree;
    this.#comments = comments.map(({ at, end }) => ({ at, text: comment(text.slice(at, end)) }));
    for (const { at, end, now } of notes) this.#literals.set(`${at}:${end}`, now);
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
    const hold = HOLD[node.op]!;
    const isWrapped = hold < least;
    const inner = isWrapped ? depth + 1 : depth;
    const lead = INDENT.repeat(inner);
    const parts = node.args.map((arg, i) => this.#commented(arg, hold + 1, inner, i === 0 ? "" : `${node.op} `));
    const joined = parts.join(`\n${lead}`);
    return isWrapped ? `(\n${lead}${joined}\n${indent})` : joined;
  }

  #print(node: AelNode, least = 0): string {
    const [text, hold] = this.#printed(node);
    return hold < least ? `(${text})` : text;
  }

  #printed(node: AelNode): readonly [text: string, hold: number] {
    switch (node.kind) {
      case "literal":
        return [this.#literal(node), OPERAND];
      case "special":
        return [node.word, OPERAND];
      case "list":
        return [`[${this.#all(node.items)}]${node.order === undefined ? "" : `:${node.order}`}`, OPERAND];
      case "map": {
        const entries = node.entries.map(([key, value]) => `${this.#print(key)}: ${this.#print(value)}`).join(", ");
        return [`{${entries}}${node.order === undefined ? "" : `:${node.order}`}`, OPERAND];
      }
      case "placeholder":
        return [`?${node.index}`, OPERAND];
      case "variable":
        return [`\${${node.name}}`, OPERAND];
      case "typeWord":
        return [node.of.toUpperCase(), OPERAND];
      case "metadata": {
        const modulus = node.name === "digestModulo" ? node.modulus : "";
        return [`$.${node.name}(${modulus})${postfix(node.pins)}`, OPERAND];
      }
      case "bin":
        return [this.#bin(node), OPERAND];
      case "loop":
        return [`@${node.part === "value" ? "" : node.part}${postfix(node.pins)}`, OPERAND];
      case "path":
        return [[this.#base(node.base), ...this.#steps(node.steps)].join("."), OPERAND];
      case "method":
        return [`${this.#receiver(node)}.${this.#call(node)}${postfix([], node.properties)}`, OPERAND];
      case "function":
        return [`${node.fn.name}(${this.#arguments(node.fn.slots, node.args, node.fn.name === "geoJson")})`, OPERAND];
      case "unary":
        if (node.op === "not") return [`not(${this.#print(node.operand)})`, OPERAND];
        return [this.#signed(node.op, node.operand), UNARY];
      case "nary":
        return this.#nary(node);
      case "compare": {
        const sides = [node.left, node.right].map((side) => this.#print(side, COMPARISON + 1));
        return [sides.join(` ${node.op} `), COMPARISON];
      }
      case "in":
        return [`${this.#print(node.left, COMPARISON + 1)} in ${this.#print(node.right, COMPARISON + 1)}`, COMPARISON];
      case "between": {
        const [subject, low, high] = [node.subject, node.low, node.high].map((part) =>
          this.#print(part, COMPARISON + 1),
        );
        return [`${subject} between ${low} and ${high}`, COMPARISON];
      }
      case "match": {
        const match = `${this.#print(node.subject, COMPARISON + 1)} =~ ${this.#pattern(node.pattern)}`;
        return node.negated ? [`not(${match})`, OPERAND] : [match, COMPARISON];
      }
      case "let": {
        const definitions = node.definitions.map(({ name, value }) => `${name} = ${this.#print(value)}`);
        return [`let (${definitions.join(", ")}) then (${this.#print(node.body)})`, OPERAND];
      }
      case "when": {
        const cases = node.cases.map(([when, then]) => `${this.#print(when)} => ${this.#print(then)}`);
        return [`when (${[...cases, `default => ${this.#print(node.otherwise)}`].join(", ")})`, OPERAND];
      }
      case "null":
        return ["null", OPERAND];
      case "unknown":
        return [this.#source(node), OPERAND];
    }
  }

  /** As it was written; what an old function stands for was not. */
  #literal(node: LiteralNode): string {
    const source = this.#literals.get(`${node.at}:${node.end}`) ?? this.#source(node);
    return node.of === "int" && !/^[-\d]/.test(source) ? String(node.value) : source;
  }

  /** Servers take a pattern between slashes alone, without line ends. */
  #pattern(pattern: MatchNode["pattern"]): string {
    if (!("kind" in pattern) || pattern.kind !== "literal") return this.#source(pattern);
    const text = String(pattern.value);
    return /[\n\r]|^$/.test(text) ? this.#source(pattern) : `/${text.replace(/(?<!\\)\//g, "\\/")}/`;
  }

  #source({ at, end }: Span): string {
    return this.#text.slice(at, end);
  }

  #all(nodes: readonly AelNode[]): string {
    return nodes.map((node) => this.#print(node)).join(", ");
  }

  /** A sign right before digits is the number's own, so it keeps its distance. */
  #signed(op: string, operand: AelNode): string {
    const text = this.#print(operand, UNARY);
    return op !== "~" && /^[\d+-]/.test(text) ? `${op}(${text})` : `${op}${text}`;
  }

  #nary({ op, args }: NaryNode): readonly [string, number] {
    const hold = HOLD[op];
    if (hold === undefined) return [`${op}(${this.#all(args)})`, OPERAND];
    const parts = args.map((arg, i) => {
      const isFirst = i === 0;
      return this.#print(
        arg,
        op === "**" ? (isFirst ? hold + 1 : hold) : isFirst && op !== "and" && op !== "or" ? hold : hold + 1,
      );
    });
    return [parts.join(` ${op} `), hold];
  }

  /** As it was written: quotes may be there for a reason. */
  #bin(node: AelNode & { readonly kind: "bin" }): string {
    const [, quote = ""] = /^\$\.\s*(?:\/\*[\s\S]*?\*\/\s*)*(["']?)/.exec(this.#source(node)) ?? [];
    const local = node.local ? ":LOCAL" : node.isNumber ? ":NUMBER" : "";
    return `$.${quote}${node.name}${quote}${local}${postfix(node.pins, node.properties)}`;
  }

  #base(node: AelNode): string {
    const text = this.#print(node);
    const isOpen = !node.grouped && (node.kind === "bin" || (node.kind === "loop" && node.pins.length === 0));
    return isOpen ? text : `(${text})`;
  }

  /** Parentheses make a value of a path, which matters to some functions; what is no path or call always needs them. */
  #receiver({ receiver }: MethodNode): string {
    const text = this.#print(receiver);
    switch (receiver.kind) {
      case "bin":
      case "path":
        return receiver.grouped ? `(${text})` : text;
      case "loop":
        return receiver.grouped || receiver.pins.length > 0 ? `(${text})` : text;
      case "method":
      case "function":
        return text;
      case "literal":
        return receiver.of === "blob" ? text : `(${text})`;
      default:
        return `(${text})`;
    }
  }

  #call(node: MethodNode): string {
    const { fn, args, regex, returns } = node;
    if (returns !== undefined) {
      const word = Object.entries(MapReturnType).find(([, code]) => code === returns.code)?.[0];
      const type = returns.type === undefined ? "" : `type: ${returns.type.toUpperCase()}, `;
      return `get(${type}return: ${word})`;
    }
    if (regex === undefined) return `${fn.name}(${this.#arguments(fn.slots, args, false)})`;
    return `${fn.name}(pattern: ${this.#source(regex)}, replace: ${this.#print(args[1]!)})`;
  }

  #arguments(slots: MethodNode["fn"]["slots"], args: readonly (AelNode | undefined)[], arePositional: boolean): string {
    const parts = args.map((arg, i) => {
      if (arg === undefined) return "";
      const slot = slots[i];
      return arePositional || slot === undefined || slot.positional
        ? this.#print(arg)
        : `${slot.name}: ${this.#print(arg)}`;
    });
    return parts.filter((part) => part !== "").join(", ");
  }

  #steps(steps: readonly Step[]): string[] {
    const parts = steps.map((step) => this.#step(step));
    // Two integers with a dot between would be a number.
    return parts.map((part, i) =>
      /^\d+/.test(part) && /^\w+$/.test(parts[i - 1] ?? "")
        ? `{@${/^\d+/.exec(part)![0]}}${part.replace(/^\d+/, "")}`
        : part,
    );
  }

  #step(step: Step): string {
    const also = step.also === undefined ? "" : `&[?(${this.#print(step.also)})]`;
    return `${this.#selector(step)}${also}${postfix(step.pins, step.properties)}`;
  }

  #selector(step: Step): string {
    const { kind, operands, begin, until } = step;
    const values = operands.map((operand) => this.#print(operand)).join(",");
    const range = `${this.#optional(begin)}:${this.#optional(until)}`;
    if (kind === "all") return "*";
    if (kind === "filter") return `*[?(${this.#print(step.filter!)})]`;
    if (kind === "key") return /^[?+-]/.test(values) ? `{@${values}}` : values;
    const [open, close] = step.on === "list" ? ["[", "]"] : ["{", "}"];
    const inside = (): string => {
      switch (kind) {
        case "rank":
          return `#${values}`;
        case "firstValue":
        case "value":
          return `=${values}`;
        case "keyList":
          return `@${values}${operands.length === 1 ? "," : ""}`;
        case "valueList":
          return `=${values}${operands.length === 1 ? "," : ""}`;
        case "rankRange":
          return `#${range}`;
        case "keyRange":
          return `@${range}`;
        case "valueRange":
          return `=${range}`;
        case "relativeIndexRange":
          return `${range}~${values}`;
        case "relativeRankRange":
          return `#${range}~${values}`;
        case "indexRange":
          return range;
        default:
          return values;
      }
    };
    return `${open}${step.inverted ? "!" : ""}${inside()}${close}`;
  }

  #optional(node: AelNode | undefined): string {
    return node === undefined ? "" : this.#print(node);
  }
}

function isBreakable(node: AelNode): node is NaryNode {
  return node.kind === "nary" && (node.op === "and" || node.op === "or");
}

function postfix(pins: readonly Pin[], properties: readonly Property[] = []): string {
  return [...pins.map(({ type }) => `:${type.toUpperCase()}`), ...properties.map(({ name }) => `:${name}`)].join("");
}

/** Servers know comments between slashes and stars alone. */
function comment(text: string): string {
  return text.startsWith("//") ? `/*${text.slice(2).trimEnd().replaceAll("*/", "* /")} */` : text.trimEnd();
}
