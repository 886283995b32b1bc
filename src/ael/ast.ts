import type { ExpType } from "../../protocol/exp/exp-type.js";
import type { TypeVariable } from "./type-variable.js";

/** What every node has: where it stands, how deep it nests, and, once types were inferred, the variable of its type. */
export interface NodeBase {
  readonly at: number;
  readonly end: number;
  readonly depth: number;
  typeVariable: TypeVariable | undefined;
}

export interface LiteralNode extends NodeBase {
  readonly kind: "literal";
  readonly type: ExpType;
  /** bigint or number, string, boolean, bytes, null. */
  readonly value: unknown;
}

export interface ListLiteralNode extends NodeBase {
  readonly kind: "list";
  readonly items: readonly AelNode[];
}

export interface MapLiteralNode extends NodeBase {
  readonly kind: "map";
  readonly entries: readonly (readonly [LiteralNode | PlaceholderNode, AelNode])[];
}

export interface PlaceholderNode extends NodeBase {
  readonly kind: "placeholder";
  readonly index: number;
}

export interface VariableNode extends NodeBase {
  readonly kind: "variable";
  readonly name: string;
}

/** `$.ttl()` and its like; `modulus` belongs to digestModulo alone. */
export interface MetadataNode extends NodeBase {
  readonly kind: "metadata";
  readonly name: string;
  readonly modulus: number;
}

/** A bin, or a value worked out before, with the steps into it and what is done with the value found there. */
export interface PathNode extends NodeBase {
  readonly kind: "path";
  readonly base: PathBase;
  readonly steps: readonly Step[];
  readonly fn: PathFunction | undefined;
  /** TypeVariable of the value that `fn` works on. */
  value: TypeVariable | undefined;
}

export type PathBase =
  | { readonly from: "bin"; readonly name: string }
  /** The element that a path's filter looks at: `@`, `@key`, `@index`. */
  | { readonly from: "element"; readonly part: "value" | "key" | "index" }
  | { readonly from: "node"; readonly node: AelNode };

export interface PathFunction {
  readonly name: string;
  readonly at: number;
  readonly end: number;
  readonly args: readonly AelNode[];
  /** `type:` and `return:` of get, `type:` of is. */
  readonly type: ExpType | undefined;
  readonly returns: string | undefined;
}

/** A constant inside a step: literal or placeholder. */
export type StepValue = AelNode;

export interface Step {
  readonly at: number;
  readonly end: number;
  readonly on: "map" | "list" | "any";
  readonly inverted: boolean;
  readonly select: Select;
}

export type Select =
  | { readonly by: "self" }
  | { readonly by: "key"; readonly key: StepValue }
  | { readonly by: "index"; readonly index: StepValue }
  | { readonly by: "rank"; readonly rank: StepValue }
  | { readonly by: "value"; readonly value: StepValue }
  | { readonly by: "keyList"; readonly list: readonly StepValue[] }
  | { readonly by: "valueList"; readonly list: readonly StepValue[] }
  | { readonly by: "keyRange" | "valueRange"; readonly begin: StepValue; readonly until: StepValue | undefined }
  | {
      readonly by: "indexRange" | "rankRange";
      readonly begin: StepValue;
      readonly until: StepValue | undefined;
      /** Counted from where this key (index range) or value (rank range) stands or would stand. */
      readonly relativeTo: StepValue | undefined;
    }
  | { readonly by: "all" }
  | { readonly by: "filter"; readonly condition: AelNode };

export interface UnaryNode extends NodeBase {
  readonly kind: "unary";
  readonly op: "-" | "~" | "not";
  readonly operand: AelNode;
}

/** Arithmetic, bits and comparisons, by their operator. */
export interface BinaryNode extends NodeBase {
  readonly kind: "binary";
  readonly op: string;
  readonly left: AelNode;
  readonly right: AelNode;
}

export interface LogicNode extends NodeBase {
  readonly kind: "logic";
  readonly op: "and" | "or" | "exclusive";
  readonly args: readonly AelNode[];
}

export interface BetweenNode extends NodeBase {
  readonly kind: "between";
  readonly subject: AelNode;
  readonly low: AelNode;
  readonly high: AelNode;
}

export interface RegexMatchNode extends NodeBase {
  readonly kind: "regex";
  readonly subject: AelNode;
  readonly pattern: string | PlaceholderNode;
  readonly patternAt: number;
  readonly flags: number;
  readonly negated: boolean;
}

export interface FunctionNode extends NodeBase {
  readonly kind: "function";
  readonly name: string;
  readonly args: readonly AelNode[];
}

export interface LetAelNode extends NodeBase {
  readonly kind: "let";
  readonly definitions: readonly { readonly name: string; readonly at: number; readonly value: AelNode }[];
  readonly body: AelNode;
}

export interface WhenNode extends NodeBase {
  readonly kind: "when";
  readonly cases: readonly (readonly [AelNode, AelNode])[];
  readonly otherwise: AelNode;
}

export interface UnknownNode extends NodeBase {
  readonly kind: "unknown";
}

export type AelNode =
  | LiteralNode
  | ListLiteralNode
  | MapLiteralNode
  | PlaceholderNode
  | VariableNode
  | MetadataNode
  | PathNode
  | UnaryNode
  | BinaryNode
  | LogicNode
  | BetweenNode
  | RegexMatchNode
  | FunctionNode
  | LetAelNode
  | WhenNode
  | UnknownNode;
