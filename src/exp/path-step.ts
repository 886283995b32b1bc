import type { ExpNode } from "./node.js";

/** One level on the way into a nested list or map, as it travels: type code and value, or type code and a filter. */
export interface PathStep {
  readonly code: number;
  /** Packed: an index, a rank, a key, a value, a list of keys; true for all children. */
  readonly value: Uint8Array;
  /** In place of a value: which children to follow. */
  readonly filter?: ExpNode;
}

export const NO_VALUE: Uint8Array = new Uint8Array(0);
