import type { AnyInteger } from "../../../protocol/bytes/utf8.js";
import * as bit from "../../../protocol/cdt/bit.js";
import * as hll from "../../../protocol/cdt/hll.js";
import { checkOptions } from "../../../protocol/check/check-options.js";
import { ExpReadFlags, expressionReadOp } from "../../../protocol/exp/expression-op.js";
import type { PackedExpression } from "../../../protocol/exp/packed-expression.js";
import { OpCode } from "../../../protocol/message/op.js";
import type { Hll } from "../../../protocol/value/hll.js";
import type { Value } from "../../../protocol/value/value.js";
import { ContentReads } from "./element-reads.js";
import { expressionOf } from "./expression.js";

/** What a read by expression does when the expression can't be worked out. */
export interface SelectFromOptions {
  /** No result instead of an error (result code 26). Default: false. */
  readonly ignoreEvalFailure?: boolean;
}

/** The reads of one bin. Each adds one operation and returns the builder `P` that the bin belongs to. */
export abstract class BinReads<P> extends ContentReads<P> {
  /** The whole bin. */
  get(): P {
    return this.place.add({ code: OpCode.READ, bin: this.place.bin });
  }

  /**
   * What an expression returns, under the name of this bin.
   * @example .bin("total").selectFrom("$.price * $.quantity")
   */
  selectFrom(expression: string | PackedExpression, options: SelectFromOptions = {}): P {
    checkOptions("selectFrom", options, { ignoreEvalFailure: true });
    const { bin } = this.place;
    const flags = options.ignoreEvalFailure ? ExpReadFlags.EVAL_NO_FAIL : ExpReadFlags.DEFAULT;
    return this.place.add(expressionReadOp(bin, expressionOf(expression, bin), flags));
  }

  /** About how many different values a sketch has seen. */
  hllGetCount(): P {
    return this.place.call(hll.hllGetCount());
  }

  /** `[indexBits, minhashBits]` of a sketch. */
  hllDescribe(): P {
    return this.place.call(hll.hllDescribe());
  }

  /** The union of the bin with sketches, as a sketch. */
  hllGetUnion(sketches: readonly Hll[]): P {
    return this.place.call(hll.hllGetUnion(sketches));
  }

  /** About how many different values the bin and the sketches have together. */
  hllGetUnionCount(sketches: readonly Hll[]): P {
    return this.place.call(hll.hllGetUnionCount(sketches));
  }

  /** About how many values the bin shares with all sketches; more than two of them need minhash bits. */
  hllGetIntersectCount(sketches: readonly Hll[]): P {
    return this.place.call(hll.hllGetIntersectCount(sketches));
  }

  /** Part of the union that is in the intersection, 0 to 1. */
  hllGetSimilarity(sketches: readonly Hll[]): P {
    return this.place.call(hll.hllGetSimilarity(sketches));
  }

  /** 1 when all values may have been added, 0 when one was not. */
  hllMayContain(values: readonly Value[]): P {
    return this.place.call(hll.hllMayContain(this.place.values(values)));
  }

  /** Bits as bytes, aligned to the left. */
  bitGet(bitOffset: AnyInteger, bitSize: AnyInteger): P {
    return this.place.call(bit.bitGet(bitOffset, bitSize));
  }

  /** How many bits are 1. */
  bitCount(bitOffset: AnyInteger, bitSize: AnyInteger): P {
    return this.place.call(bit.bitCount(bitOffset, bitSize));
  }

  /** Where the first bit of that value is, counted from `bitOffset`; −1 if there is none. */
  bitLscan(bitOffset: AnyInteger, bitSize: AnyInteger, value: boolean): P {
    return this.place.call(bit.bitLscan(bitOffset, bitSize, value));
  }

  /** Where the last bit of that value is, counted from `bitOffset`; −1 if there is none. */
  bitRscan(bitOffset: AnyInteger, bitSize: AnyInteger, value: boolean): P {
    return this.place.call(bit.bitRscan(bitOffset, bitSize, value));
  }

  /** The integer in 1 to 64 bits. @param signed default false */
  bitGetInt(bitOffset: AnyInteger, bitSize: AnyInteger, signed?: boolean): P {
    return this.place.call(bit.bitGetInt(bitOffset, bitSize, signed));
  }
}
