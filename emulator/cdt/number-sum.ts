import { Writer } from "../../protocol/bytes/writer.js";
import { INT64_MIN } from "../../protocol/limits.js";
import { packBigint, packDouble } from "../../protocol/value/pack.js";
import { doubleOf, integerOf, isInteger, PackedHead, PackedType } from "../../protocol/value/packed-head.js";
import { type BinValue, doubleValue, integerValue } from "../record/bin-value.js";

export interface Sum {
  readonly packed: Uint8Array;
  readonly value: BinValue;
}

/**
 * An element plus (or minus) a delta: undefined when either is no number. Without an element it counts from 0; without a
 * delta, or with nil, it is 1. The element's type stays: to an integer a double is added without its fraction.
 */
export function addDelta(
  element: Uint8Array | undefined,
  delta: Uint8Array | undefined,
  negate: boolean,
): Sum | undefined {
  const change = delta === undefined ? 1n : numberOf(delta);
  if (change === undefined) return undefined;
  const by = change ?? 1n;
  const signed = negate ? -by : by;
  // 0 and -0.0 are 0.0.
  if (element === undefined) return typeof signed === "bigint" ? integerSum(signed) : doubleSum(0 + signed);
  const current = numberOf(element);
  if (typeof current === "bigint")
    return integerSum(current + (typeof signed === "bigint" ? signed : truncate(signed)));
  return typeof current === "number" ? doubleSum(current + Number(signed)) : undefined;
}

/** null for nil, undefined for anything else that is no number. */
function numberOf(packed: Uint8Array): bigint | number | null | undefined {
  const head = new PackedHead();
  if (!head.read(packed, 0, packed.length)) return undefined;
  if (isInteger(head.type)) return integerOf(head);
  if (head.type === PackedType.DOUBLE) return doubleOf(head, packed);
  return head.type === PackedType.NIL ? null : undefined;
}

/** As the processor does it: what has no 64-bit integer becomes the least one. */
function truncate(double: number): bigint {
  const whole = Math.trunc(double);
  return whole >= -(2 ** 63) && whole < 2 ** 63 ? BigInt(whole) : INT64_MIN;
}

function integerSum(sum: bigint): Sum {
  const wrapped = BigInt.asIntN(64, sum);
  const w = new Writer(9);
  packBigint(w, wrapped);
  return { packed: w.take(0), value: integerValue(wrapped) };
}

function doubleSum(sum: number): Sum {
  const w = new Writer(9);
  packDouble(w, sum);
  return { packed: w.take(0), value: doubleValue(sum) };
}
