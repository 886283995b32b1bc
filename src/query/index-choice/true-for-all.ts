import type { IndexFilter } from "../../../protocol/command/index-range.js";
import type { ExpNode } from "../../../protocol/exp/node.js";
import { ExpOp } from "../../../protocol/exp/op-code.js";
import type { IndexInfo } from "../../../protocol/info/index-info.js";
import { compareBytes } from "../../../protocol/value/map-key.js";
import { exactValuesOf, isExactValue } from "./exact-values.js";
import { IndexSource } from "./index-source.js";
import { integersOf } from "./integers.js";
import { intersection, interval } from "./interval-set.js";
import { comparisons } from "./solve.js";

type IsIndexed = (node: ExpNode) => boolean;

/**
 * Whether a condition is true for every entry in a range, so that nobody has to look at the records again. Only of
 * conditions on nothing else than what is indexed, compared with constants: for others it says no.
 */
export function isTrueForAll(condition: ExpNode, index: IndexInfo, { bounds }: IndexFilter): boolean {
  if (index.collection !== "default") return false;
  const source = new IndexSource(index);
  const isIndexed: IsIndexed = (node) => source.is(node);
  switch (bounds.type) {
    case "integer": {
      if (!isPlain(condition, isIndexed, (value) => typeof value === "bigint" || Number.isSafeInteger(value)))
        return false;
      const untrue = integersOf(condition, false, isIndexed);
      return intersection(untrue, interval(BigInt(bounds.begin), BigInt(bounds.end))).length === 0;
    }
    case "string":
    case "blob":
      return isPlain(condition, isIndexed, isExactValue) && isOneValue(condition, isIndexed, bounds.value);
    default:
      return false;
  }
}

/** Whether the condition can be worked out from the indexed value alone, and never be unknown. */
function isPlain(node: ExpNode, isIndexed: IsIndexed, isValue: (value: unknown) => boolean): boolean {
  if (node.kind === "const") return typeof node.value === "boolean";
  if (node.kind !== "op") return false;
  if (node.code === ExpOp.AND || node.code === ExpOp.OR || node.code === ExpOp.NOT) {
    return node.args.every((arg) => isPlain(arg, isIndexed, isValue));
  }
  return comparisons(node, true).some(
    ({ left, right }) => isIndexed(left) && right.kind === "const" && isValue(right.value),
  );
}

/** Whether a condition, of equalities joined by AND and OR, is true for a value. */
function isOneValue(node: ExpNode, isIndexed: IsIndexed, value: string | Uint8Array): boolean {
  if (node.kind !== "op") return node.kind === "const" && node.value === true;
  switch (node.code) {
    case ExpOp.AND:
      return node.args.every((arg) => isOneValue(arg, isIndexed, value));
    case ExpOp.OR:
      return node.args.some((arg) => isOneValue(arg, isIndexed, value));
    case ExpOp.EQ:
      return exactValuesOf(node, true, isIndexed)?.some((point) => isSame(point, value)) === true;
    default:
      return false;
  }
}

function isSame(a: string | Uint8Array, b: string | Uint8Array): boolean {
  if (typeof a === "string" || typeof b === "string") return a === b;
  return compareBytes(a, b) === 0;
}
