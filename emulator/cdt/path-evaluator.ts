import type { Release } from "../release.js";

/**
 * What a path expression needs of the expression language, handed in so that collections do not depend on it.
 * Expressions here see the loop variables alone: bins, metadata and variables of an outer `let` are unknown to them.
 */
export interface PathEvaluator {
  /** The server that runs it. */
  readonly release: Release;
  /** Compiles one packed expression; undefined when it is not valid (result code 4). */
  compile(packed: Uint8Array): PathExpression | undefined;
}

export interface PathExpression {
  /** The verdict of a filter; undefined for unknown. Any result but true and unknown counts as false. */
  matches(variables: LoopVariables): boolean | undefined;
  /** What takes the element's place: a packed value, or REMOVE; undefined for unknown. */
  replace(variables: LoopVariables): Uint8Array | typeof REMOVE | undefined;
}

/** The element under the loop, packed. A list has an index and no key, a map the reverse: what is absent is unknown. */
export interface LoopVariables {
  readonly key?: Uint8Array;
  readonly index?: number;
  readonly value?: Uint8Array;
}

/** The result of `remove_result`: the element goes. */
export const REMOVE = Symbol("remove");
