import type { CdtSystem } from "../cdt/operations.js";
import type { ExpKind, ExpType } from "./exp-type.js";

// An expression as plain data. Packer, printer, AEL and index choice all work on this tree; nothing in it changes once
// it is built. `type` is undefined where it hangs on a variable that is defined further out.

/**
 * A constant. Its value by type: number or bigint (int), number (float), string, boolean, Uint8Array (blob), GeoJson,
 * Hll, null; a list or map is kept as its packed bytes.
 */
export interface ConstNode {
  readonly kind: "const";
  readonly type: ExpType;
  readonly value: unknown;
  /** A list or map that holds WILDCARD or INFINITY: good to compare with, not to store. */
  readonly specials?: boolean;
}

/** WILDCARD or INFINITY alone, as an argument of a collection call. */
export interface SpecialNode {
  readonly kind: "special";
  readonly type: "special";
  readonly value: symbol;
}

/** Where a prepared expression's parameter goes. */
export interface ParamNode {
  readonly kind: "param";
  readonly type: ExpType;
  readonly index: number;
}

/** A bin's value: unknown when the bin is missing or of another type. */
export interface BinNode {
  readonly kind: "bin";
  readonly type: ExpType;
  readonly name: string;
}

/** The particle type of a bin as an integer, 0 when it is missing. */
export interface BinTypeNode {
  readonly kind: "binType";
  readonly type: "int";
  readonly name: string;
}

/**
 * Whether the record has a bin, as an operation of its own. Servers before 8.2 take a bin's type that is not 0 for it.
 */
export interface BinExistsNode {
  readonly kind: "binExists";
  readonly type: "bool";
  readonly name: string;
}

/** A text in the expression language that the server compiles; never part of another expression. Server 8.2 and newer. */
export interface TextNode {
  readonly kind: "text";
  /** What whoever wrote it says it gives; undefined where nobody did. */
  readonly type: ExpType | undefined;
  readonly text: string;
}

/** The stored user key. */
export interface KeyNode {
  readonly kind: "key";
  readonly type: ExpType;
}

/** Every operation that takes expressions and nothing else, see ops.ts. */
export interface OpNode {
  readonly kind: "op";
  readonly type: ExpKind | undefined;
  readonly code: number;
  readonly args: readonly ExpNode[];
}

export interface DigestModuloNode {
  readonly kind: "digestModulo";
  readonly type: "int";
  readonly modulus: number;
}

export interface RegexNode {
  readonly kind: "regex";
  readonly type: "bool";
  readonly flags: number;
  /** A param when a prepared expression leaves the pattern open. */
  readonly pattern: string | ParamNode;
  readonly subject: ExpNode;
}

/** Condition, value, condition, value, …, default. */
export interface CondNode {
  readonly kind: "cond";
  readonly type: ExpKind | undefined;
  readonly parts: readonly ExpNode[];
}

export interface VarNode {
  readonly kind: "var";
  readonly type: ExpKind | undefined;
  readonly name: string;
}

export interface Definition {
  readonly name: string;
  readonly value: ExpNode;
}

export interface LetNode {
  readonly kind: "let";
  readonly type: ExpKind | undefined;
  readonly definitions: readonly Definition[];
  readonly body: ExpNode;
}

export type LoopPart = "key" | "value" | "index";

/** The key, value or index of the element that a path expression looks at. */
export interface LoopVarNode {
  readonly kind: "loopVar";
  readonly type: ExpType;
  readonly part: LoopPart;
}

/** A list, map, bit, HLL or string operation on the value of `target`; a modifying one gives a changed copy. */
export interface CallNode {
  readonly kind: "call";
  /** A modifying call gives what it was given. */
  readonly type: ExpType | undefined;
  readonly system: CdtSystem;
  readonly modify: boolean;
  readonly code: number;
  readonly params: readonly ExpNode[];
  readonly path: readonly PathStep[];
  /** A place that is missing on the way changes nothing, instead of being an error. Only with a path; server 8.2 and newer. */
  readonly noFailPath?: boolean;
  /** What of it needs a newer server, in words, where the operation alone does not say it. */
  readonly why?: string;
  readonly target: ExpNode;
}

/** Elements selected by a path, or a copy in which they are changed by `apply`. */
export interface SelectNode {
  readonly kind: "select";
  readonly type: ExpType;
  readonly path: readonly PathStep[];
  readonly flags: number;
  readonly apply: ExpNode | undefined;
  readonly target: ExpNode;
}

/** One level on the way into a nested list or map, as it travels: type code and value, or type code and a filter. */
export interface PathStep {
  readonly code: number;
  /** Packed: an index, a rank, a key, a value, a list of them or a range; true for all children. */
  readonly value: Uint8Array;
  /** In place of a value: which children to follow. */
  readonly filter?: ExpNode;
}

/** Stands for the value of a step that has a filter. */
export const NO_VALUE: Uint8Array = new Uint8Array(0);

export type ExpNode =
  | ConstNode
  | SpecialNode
  | ParamNode
  | BinNode
  | BinTypeNode
  | BinExistsNode
  | TextNode
  | KeyNode
  | OpNode
  | DigestModuloNode
  | RegexNode
  | CondNode
  | VarNode
  | LetNode
  | LoopVarNode
  | CallNode
  | SelectNode;

/** Parts of a node that are expressions themselves. */
export function childrenOf(node: ExpNode): readonly ExpNode[] {
  switch (node.kind) {
    case "op":
      return node.args;
    case "cond":
      return node.parts;
    case "regex":
      return [node.subject];
    case "let":
      return [...node.definitions.map((definition) => definition.value), node.body];
    case "call":
      return [...node.params, ...filtersOf(node.path), node.target];
    case "select":
      return [...filtersOf(node.path), ...(node.apply === undefined ? [] : [node.apply]), node.target];
    default:
      return [];
  }
}

function filtersOf(path: readonly PathStep[]): readonly ExpNode[] {
  return path.flatMap((step) => (step.filter === undefined ? [] : [step.filter]));
}

/** The same node over other parts. */
export function mapChildren(node: ExpNode, map: (child: ExpNode) => ExpNode): ExpNode {
  switch (node.kind) {
    case "op":
      return { ...node, args: node.args.map(map) };
    case "cond":
      return { ...node, parts: node.parts.map(map) };
    case "regex":
      return { ...node, subject: map(node.subject) };
    case "let":
      return {
        ...node,
        definitions: node.definitions.map(({ name, value }) => ({ name, value: map(value) })),
        body: map(node.body),
      };
    case "call":
      return { ...node, params: node.params.map(map), path: mapPath(node.path, map), target: map(node.target) };
    case "select":
      return { ...node, path: mapPath(node.path, map), apply: node.apply && map(node.apply), target: map(node.target) };
    default:
      return node;
  }
}

function mapPath(path: readonly PathStep[], map: (child: ExpNode) => ExpNode): readonly PathStep[] {
  return path.map((step) => (step.filter === undefined ? step : { ...step, filter: map(step.filter) }));
}
