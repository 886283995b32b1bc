import type { AnyInteger } from "../../../protocol/bytes/utf8.js";
import * as bit from "../../../protocol/cdt/bit.js";
import * as hll from "../../../protocol/cdt/hll.js";
import { ExpReadFlags, expressionReadOp } from "../../../protocol/exp/expression-op.js";
import type { PackedExpression } from "../../../protocol/exp/packed-expression.js";
import { OpCode } from "../../../protocol/message/op.js";
import type { Hll } from "../../../protocol/value/hll.js";
import type { Value } from "../../../protocol/value/value.js";
import { type ContentReads, contentReads } from "./element-reads.js";
import { compileWith, type ToExpression } from "./expression.js";
import type { Place } from "./place.js";

/** What a read by expression does when the expression can't be worked out. */
export interface SelectFromOptions {
  /** No result instead of an error (result code 26). Default: false. */
  readonly ignoreEvalFailure?: boolean;
}

/** The reads of one bin. Each adds one operation and answers the builder `P` that the bin belongs to. */
export interface BinReads<P> extends ContentReads<P> {
  /** The whole bin. */
  get(): P;
  /**
   * What an expression answers, under the name of this bin.
   * @example .bin("total").selectFrom("$.price * $.quantity")
   */
  selectFrom(expression: string | PackedExpression, options?: SelectFromOptions): P;
  /** About how many different values a sketch has seen. */
  hllGetCount(): P;
  /** `[indexBits, minhashBits]` of a sketch. */
  hllDescribe(): P;
  /** The union of the bin with sketches, as a sketch. */
  hllGetUnion(sketches: readonly Hll[]): P;
  /** About how many different values the bin and the sketches have together. */
  hllGetUnionCount(sketches: readonly Hll[]): P;
  /** About how many values the bin shares with all sketches; more than two of them need minhash bits. */
  hllGetIntersectCount(sketches: readonly Hll[]): P;
  /** Part of the union that is in the intersection, 0 to 1. */
  hllGetSimilarity(sketches: readonly Hll[]): P;
  /** 1 when all values may have been added, 0 when one was not. */
  hllMayContain(values: readonly Value[]): P;
  /** Bits as bytes, aligned to the left. */
  bitGet(bitOffset: AnyInteger, bitSize: AnyInteger): P;
  /** How many bits are 1. */
  bitCount(bitOffset: AnyInteger, bitSize: AnyInteger): P;
  /** Where the first bit of that value is, counted from `bitOffset`; −1 if there is none. */
  bitLscan(bitOffset: AnyInteger, bitSize: AnyInteger, value: boolean): P;
  /** Where the last bit of that value is, counted from `bitOffset`; −1 if there is none. */
  bitRscan(bitOffset: AnyInteger, bitSize: AnyInteger, value: boolean): P;
  /** The integer in 1 to 64 bits. @param signed default false */
  bitGetInt(bitOffset: AnyInteger, bitSize: AnyInteger, signed?: boolean): P;
}

export function binReads<P>(place: Place<P>, toExpression: ToExpression): BinReads<P> {
  return {
    ...contentReads(place),
    get: () => place.add({ code: OpCode.READ, bin: place.bin }),
    selectFrom: (expression, options = {}) => {
      const flags = options.ignoreEvalFailure ? ExpReadFlags.EVAL_NO_FAIL : ExpReadFlags.DEFAULT;
      return place.add(expressionReadOp(place.bin, compileWith(toExpression, expression, place.bin), flags));
    },
    hllGetCount: () => place.call(hll.hllGetCount()),
    hllDescribe: () => place.call(hll.hllDescribe()),
    hllGetUnion: (sketches) => place.call(hll.hllGetUnion(sketches)),
    hllGetUnionCount: (sketches) => place.call(hll.hllGetUnionCount(sketches)),
    hllGetIntersectCount: (sketches) => place.call(hll.hllGetIntersectCount(sketches)),
    hllGetSimilarity: (sketches) => place.call(hll.hllGetSimilarity(sketches)),
    hllMayContain: (values) => place.call(hll.hllMayContain(place.values(values))),
    bitGet: (bitOffset, bitSize) => place.call(bit.bitGet(bitOffset, bitSize)),
    bitCount: (bitOffset, bitSize) => place.call(bit.bitCount(bitOffset, bitSize)),
    bitLscan: (bitOffset, bitSize, value) => place.call(bit.bitLscan(bitOffset, bitSize, value)),
    bitRscan: (bitOffset, bitSize, value) => place.call(bit.bitRscan(bitOffset, bitSize, value)),
    bitGetInt: (bitOffset, bitSize, signed) => place.call(bit.bitGetInt(bitOffset, bitSize, signed)),
  };
}
