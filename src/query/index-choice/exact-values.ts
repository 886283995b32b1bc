import type { ExpNode } from "../../../protocol/exp/node.js";
import { ExpOp } from "../../../protocol/exp/op-code.js";
import { compareBytes } from "../../../protocol/value/map-key.js";
import { isBytes } from "../../../protocol/value/pack.js";
import { membership } from "./integers.js";
import { comparisons, type Lattice, solve } from "./solve.js";

/** A string or blob that an index is asked for; those indexes know equality alone. */
export type ExactValue = string | Uint8Array;

/** A few values; undefined for any. */
export type ExactValues = readonly ExactValue[] | undefined;

export const EXACT_VALUES: Lattice<ExactValues> = {
  all: undefined,
  none: [],
  both: (a, b) =>
    a === undefined ? b : b === undefined ? a : a.filter((point) => b.some((other) => isSame(point, other))),
  either: (a, b) => {
    if (a === undefined || b === undefined) return undefined;
    return [...a, ...b.filter((point) => !a.some((other) => isSame(point, other)))];
  },
};

function isSame(a: ExactValue, b: ExactValue): boolean {
  if (typeof a === "string" || typeof b === "string") return a === b;
  return compareBytes(a, b) === 0;
}

/** The strings or blobs that something may be when a condition on it is `want`. */
export function exactValuesOf(condition: ExpNode, want: boolean, isIndexed: (node: ExpNode) => boolean): ExactValues {
  return solve(condition, want, EXACT_VALUES, (node, wanted) => {
    for (const { op, left, right } of comparisons(node, wanted)) {
      if (op === ExpOp.EQ && right.kind === "const" && isExactValue(right.value) && isIndexed(left))
        return [right.value];
    }
    const member = wanted ? membership(node) : undefined;
    return member !== undefined && isIndexed(member.value) ? member.list.filter(isExactValue) : undefined;
  });
}

export function isExactValue(value: unknown): value is ExactValue {
  return typeof value === "string" || (typeof value === "object" && value !== null && isBytes(value));
}
