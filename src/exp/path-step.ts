import type { ExpNode } from "./node.js";

/** One level on the way into a nested list or map, as it travels: type code and value, or type code and a filter. */
export interface PathStep {
  readonly code: number;
  /** Index, rank, key, value, list of keys; `true` for all children. */
  readonly value?: unknown;
  /** Which children to follow, for steps that look at each. */
  readonly filter?: ExpNode;
}
