import { Double } from "./double.js";
import { compareBytes, compareCodePoints } from "./map-key.js";

/** A list literal that says of itself that it is sorted, and is. */
export class OrderedList extends Array<unknown> {}

/** Whether the elements of a list that claims to be sorted are: servers of 8.1.2 go down over others. */
export function inOrder(values: readonly unknown[]): boolean {
  return values.every((value, i) => (i === 0 ? isScalar(value) : compare(values[i - 1], value) <= 0));
}

function isScalar(value: unknown): boolean {
  return !Number.isNaN(compare(value, value));
}

/** NaN for what can't be compared here: other types, lists, maps. */
function compare(a: unknown, b: unknown): number {
  if (a instanceof Double && b instanceof Double) return Math.sign(a.value - b.value);
  if (typeof a === "string" && typeof b === "string") return compareCodePoints(a, b);
  if (typeof a === "boolean" && typeof b === "boolean") return Number(a) - Number(b);
  if (a instanceof Uint8Array && b instanceof Uint8Array) return compareBytes(a, b);
  const isInt = (value: unknown): value is number | bigint => typeof value === "bigint" || Number.isSafeInteger(value);
  return isInt(a) && isInt(b) ? (a < b ? -1 : a > b ? 1 : 0) : Number.NaN;
}
