import type { AnyInteger } from "../../../protocol/bytes/utf8.js";
import * as bit from "../../../protocol/cdt/bit.js";
import { toStringOp } from "../../../protocol/cdt/call.js";
import * as hll from "../../../protocol/cdt/hll.js";
import { checkOptions } from "../../../protocol/check/check-options.js";
import type { ExpKind } from "../../../protocol/exp/exp-type.js";
import { ExpReadFlags, expressionReadOp } from "../../../protocol/exp/expression-op.js";
import type { PackedExpression } from "../../../protocol/exp/packed-expression.js";
import { OpCode } from "../../../protocol/message/op.js";
import type { Hll } from "../../../protocol/value/hll.js";
import type { Value } from "../../../protocol/value/value.js";
import type { Exp } from "../../exp/exp.js";
import type { ExpValue } from "../../exp/exp-value.js";
import { expressionOf } from "./expression.js";
import type { Did, Found, Next } from "./next.js";
import type { Place } from "./place.js";
import type { Read } from "./place-types.js";

/** What a read by expression does when the expression can't be worked out. */
export interface SelectFromOptions {
  /** No result instead of an error (result code 26). Default: false. */
  readonly ignoreEvalFailure?: boolean;
}

/** Reads that bins of any type take. */
export abstract class AnyReads<out C extends Next, V> {
  /** @internal */
  declare readonly place: Place<C>;

  /** The whole bin. */
  get(): Did<C, Read<V>> {
    return this.place.add({ code: OpCode.READ, bin: this.place.bin });
  }

  /**
   * The value as text: that of a number, a boolean or a string, or bytes that are UTF-8. Another type is an error (result
   * code 12), and so are other bytes (29). Server 8.2 and newer.
   */
  readAsString(): Found<C, string> {
    return this.place.read(toStringOp(this.place.bin));
  }

  /**
   * What an expression returns, under the name of this bin. Its type is that of an expression built in code; of text only
   * the caller knows it.
   * @typeParam X what the text gives
   * @example .bin("total").selectFrom<number>("$.price * $.quantity")
   */
  selectFrom<K extends ExpKind>(
    expression: Exp<K>,
    options: SelectFromOptions & { readonly ignoreEvalFailure: true },
  ): Did<C, ExpValue<K> | null>;
  selectFrom<K extends ExpKind>(expression: Exp<K>, options?: SelectFromOptions): Did<C, ExpValue<K>>;
  selectFrom<X = Value>(
    expression: string | PackedExpression,
    options: SelectFromOptions & { readonly ignoreEvalFailure: true },
  ): Did<C, X | null>;
  selectFrom<X = Value>(expression: string | PackedExpression, options?: SelectFromOptions): Did<C, X>;
  selectFrom(expression: string | PackedExpression, options: SelectFromOptions = {}): Did<C, unknown> {
    checkOptions("selectFrom", options, { ignoreEvalFailure: true });
    const { bin } = this.place;
    const flags = options.ignoreEvalFailure ? ExpReadFlags.EVAL_NO_FAIL : ExpReadFlags.DEFAULT;
    return this.place.add(expressionReadOp(bin, expressionOf(expression, this.place), flags));
  }
}

/** Reads of a HyperLogLog sketch. */
export abstract class HllReads<out C extends Next> {
  /** @internal */
  declare readonly place: Place<C>;

  /** About how many different values a sketch has seen. */
  hllGetCount(): Found<C, number> {
    return this.place.findsCounts(hll.hllGetCount());
  }

  /** `[indexBits, minhashBits]` of a sketch. */
  hllDescribe(): Found<C, readonly [indexBits: number, minhashBits: number]> {
    return this.place.findsCounts(hll.hllDescribe());
  }

  /** The union of the bin with sketches, as a sketch. */
  hllGetUnion(sketches: readonly Hll[]): Found<C, Hll> {
    return this.place.finds(hll.hllGetUnion(sketches));
  }

  /** About how many different values the bin and the sketches have together. */
  hllGetUnionCount(sketches: readonly Hll[]): Found<C, number> {
    return this.place.findsCounts(hll.hllGetUnionCount(sketches));
  }

  /** About how many values the bin shares with all sketches; more than two of them need minhash bits. */
  hllGetIntersectCount(sketches: readonly Hll[]): Found<C, number> {
    return this.place.findsCounts(hll.hllGetIntersectCount(sketches));
  }

  /** Part of the union that is in the intersection, 0 to 1. */
  hllGetSimilarity(sketches: readonly Hll[]): Found<C, number> {
    return this.place.finds(hll.hllGetSimilarity(sketches));
  }

  /** 1 when all values may have been added, 0 when one was not. */
  hllMayContain(values: readonly Value[]): Found<C, number> {
    return this.place.findsCounts(hll.hllMayContain(this.place.values(values)));
  }
}

/** Reads of the bits of a blob. Bit 0 is the highest of byte 0; negative offsets count from the end. */
export abstract class BitReads<out C extends Next> {
  /** @internal */
  declare readonly place: Place<C>;

  /** Bits as bytes, aligned to the left. */
  bitGet(bitOffset: AnyInteger, bitSize: AnyInteger): Found<C, Uint8Array> {
    return this.place.finds(bit.bitGet(bitOffset, bitSize));
  }

  /** How many bits are 1. */
  bitCount(bitOffset: AnyInteger, bitSize: AnyInteger): Found<C, number> {
    return this.place.findsCounts(bit.bitCount(bitOffset, bitSize));
  }

  /** Where the first bit of that value is, counted from `bitOffset`; −1 if there is none. */
  bitLscan(bitOffset: AnyInteger, bitSize: AnyInteger, value: boolean): Found<C, number> {
    return this.place.findsCounts(bit.bitLscan(bitOffset, bitSize, value));
  }

  /** Where the last bit of that value is, counted from `bitOffset`; −1 if there is none. */
  bitRscan(bitOffset: AnyInteger, bitSize: AnyInteger, value: boolean): Found<C, number> {
    return this.place.findsCounts(bit.bitRscan(bitOffset, bitSize, value));
  }

  /** The integer in 1 to 64 bits. @param signed default false */
  bitGetInt(bitOffset: AnyInteger, bitSize: AnyInteger, signed?: boolean): Found<C, number | bigint> {
    return this.place.finds(bit.bitGetInt(bitOffset, bitSize, signed));
  }

  /**
   * The bytes as text in base64, or a stretch of them: `byteSize` bytes from `byteOffset` on, or with `invertSize` up to
   * `byteSize` bytes before the end. Server 8.2 and newer.
   */
  bitB64Encode(): Found<C, string>;
  bitB64Encode(byteOffset: AnyInteger, byteSize: AnyInteger, invertSize?: boolean): Found<C, string>;
  bitB64Encode(byteOffset?: AnyInteger, byteSize?: AnyInteger, invertSize = false): Found<C, string> {
    return this.place.finds(bit.bitB64Encode(byteOffset, byteSize, invertSize));
  }
}
