import type { SelectorKind } from "../protocol/cdt/operations.js";
import type { ExpType } from "../protocol/exp/exp-type.js";
import type { FunctionInfo } from "./functions.js";
import type { TypeVar } from "./type-var.js";

// The tree of a text. Every part knows where it stands, for errors and for formatting.

export interface Span {
  readonly at: number;
  readonly end: number;
}

/** What every node has: where it stands, how deep it nests, and, once types were inferred, the variable of its type. */
export interface NodeBase extends Span {
  readonly depth: number;
  typed: TypeVar | undefined;
  /** Stands in parentheses, which the span leaves out. */
  grouped: boolean;
}

/** `:INT` */
export interface Pin extends Span {
  readonly type: ExpType;
}

/** `:NO_FAIL` */
export interface Property extends Span {
  readonly name: string;
}

export interface LiteralNode extends NodeBase {
  readonly kind: "literal";
  readonly of: ExpType;
  /** number or bigint, string, boolean, bytes, null. */
  readonly value: unknown;
}

/** INF or `*`, inside of lists and of steps. */
export interface SpecialNode extends NodeBase {
  readonly kind: "special";
  readonly word: "INF" | "*";
}

export interface ListLiteralNode extends NodeBase {
  readonly kind: "list";
  readonly items: readonly AelNode[];
  readonly order: "SORTED" | "UNSORTED" | undefined;
}

export interface MapLiteralNode extends NodeBase {
  readonly kind: "map";
  readonly entries: readonly (readonly [AelNode, AelNode])[];
  readonly order: "UNORDERED" | undefined;
}

export interface PlaceholderNode extends NodeBase {
  readonly kind: "placeholder";
  readonly index: number;
}

export interface VariableNode extends NodeBase {
  readonly kind: "variable";
  readonly name: string;
}

/** INT as an operand: the number that `type()` gives. */
export interface TypeWordNode extends NodeBase {
  readonly kind: "typeWord";
  readonly of: ExpType;
}

/** `null` beside `==` or `!=`. */
export interface NullNode extends NodeBase {
  readonly kind: "null";
}

/** `$.ttl()` and its like; `modulus` belongs to digestModulo, pins to key. */
export interface MetadataNode extends NodeBase {
  readonly kind: "metadata";
  readonly name: string;
  readonly modulus: number;
  readonly pins: readonly Pin[];
}

export interface BinNode extends NodeBase {
  readonly kind: "bin";
  readonly name: string;
  /** `:LOCAL:T`: a type for this mention alone. */
  readonly local: boolean;
  /** `:NUMBER`: this mention is compared whether it holds INT or FLOAT. */
  readonly isNumber: boolean;
  readonly pins: readonly Pin[];
  readonly properties: readonly Property[];
}

/** `@`, `@key`, `@index`. */
export interface LoopNode extends NodeBase {
  readonly kind: "loop";
  readonly part: "value" | "key" | "index";
  readonly pins: readonly Pin[];
}

/** A bin, or a value worked out before, with the steps into it. */
export interface PathNode extends NodeBase {
  readonly kind: "path";
  readonly base: AelNode;
  readonly steps: readonly Step[];
}

/** How a step selects; those of {@link SelectorKind}, every element, and those that fulfil a condition. */
export type StepKind = SelectorKind | "all" | "filter";

export interface Step extends Span {
  readonly kind: StepKind;
  /** What it looks into: said by the bracket; a wildcard looks into either. */
  readonly on: "map" | "list" | "any";
  readonly inverted: boolean;
  /** Index, rank, key, value, pivot of a relative range; every value of a list. */
  readonly operands: readonly AelNode[];
  /** Ends of a range; an end that is left out is undefined. */
  readonly begin: AelNode | undefined;
  readonly until: AelNode | undefined;
  /** Of `*[?(…)]`. */
  readonly filter: AelNode | undefined;
  /** Of `&[?(…)]`. */
  readonly also: AelNode | undefined;
  readonly pins: readonly Pin[];
  readonly properties: readonly Property[];
}

/** `receiver.name(arguments)` */
export interface MethodNode extends NodeBase {
  readonly kind: "method";
  readonly receiver: AelNode;
  readonly fn: FunctionInfo;
  readonly name: Span;
  /** By slot of the function; undefined where one was left out. */
  readonly args: readonly (AelNode | undefined)[];
  /** Of regexReplace. */
  readonly regex: RegexLiteral | undefined;
  readonly properties: readonly Property[];
  /** `get(type: …, return: …)`, the old spelling: return type and type of what it gives. */
  readonly returns: { readonly code: number; readonly type: ExpType | undefined } | undefined;
}

/** `name(arguments)` */
export interface FunctionNode extends NodeBase {
  readonly kind: "function";
  readonly fn: FunctionInfo;
  readonly args: readonly AelNode[];
}

export interface UnaryNode extends NodeBase {
  readonly kind: "unary";
  readonly op: "-" | "+" | "~" | "not";
  readonly operand: AelNode;
}

/** Calculations on two and more, and what joins conditions. */
export interface NaryNode extends NodeBase {
  readonly kind: "nary";
  readonly op: string;
  readonly args: readonly AelNode[];
}

export interface CompareNode extends NodeBase {
  readonly kind: "compare";
  readonly op: string;
  readonly left: AelNode;
  readonly right: AelNode;
}

export interface InNode extends NodeBase {
  readonly kind: "in";
  readonly left: AelNode;
  readonly right: AelNode;
}

export interface BetweenNode extends NodeBase {
  readonly kind: "between";
  readonly subject: AelNode;
  readonly low: AelNode;
  readonly high: AelNode;
}

/** `/pattern/flags` */
export interface RegexLiteral extends Span {
  readonly pattern: string;
  /** 1 ignores case, 2 makes lines of the text, 4 lets a dot match line ends. */
  readonly flags: number;
}

export interface MatchNode extends NodeBase {
  readonly kind: "match";
  readonly subject: AelNode;
  /** A string or a parameter are patterns without flags. */
  readonly pattern: RegexLiteral | AelNode;
  readonly negated: boolean;
}

export interface LetNode extends NodeBase {
  readonly kind: "let";
  readonly definitions: readonly { readonly name: string; readonly at: number; readonly value: AelNode }[];
  readonly body: AelNode;
}

export interface WhenNode extends NodeBase {
  readonly kind: "when";
  readonly cases: readonly (readonly [AelNode, AelNode])[];
  readonly otherwise: AelNode;
}

/** `unknown`, `error`. */
export interface UnknownNode extends NodeBase {
  readonly kind: "unknown";
}

export type AelNode =
  | LiteralNode
  | SpecialNode
  | ListLiteralNode
  | MapLiteralNode
  | PlaceholderNode
  | VariableNode
  | TypeWordNode
  | NullNode
  | MetadataNode
  | BinNode
  | LoopNode
  | PathNode
  | MethodNode
  | FunctionNode
  | UnaryNode
  | NaryNode
  | CompareNode
  | InNode
  | BetweenNode
  | MatchNode
  | LetNode
  | WhenNode
  | UnknownNode;

/** Whether a step leads to one place at most. */
export function isSingleStep(step: Step): boolean {
  switch (step.kind) {
    case "index":
    case "rank":
    case "key":
    case "firstValue":
      return step.also === undefined;
    default:
      return false;
  }
}

/** Whether only a SELECT can follow the steps: wildcards, filters, several places before the last. */
export function needsSelect(steps: readonly Step[]): boolean {
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i]!;
    if (step.kind === "all" || step.kind === "filter" || step.also !== undefined) return true;
    if (i < steps.length - 1 && !isSingleStep(step)) return true;
  }
  return false;
}

/** A spelling that is taken, and that servers 8.2 would not take: what to write in its place. */
export interface AelNote extends Span {
  /** As it stands in the text. */
  readonly old: string;
  /** The same in the language of server 8.2; a hint in words where it has no spelling for it. */
  readonly now: string;
}
