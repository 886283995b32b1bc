import type { AnyInteger } from "../../../protocol/bytes/utf8.js";
import { HLLWriteFlags } from "../../../protocol/cdt/flags.js";
import * as hll from "../../../protocol/cdt/hll.js";
import { checkOptions } from "../../../protocol/check/check-options.js";
import type { Hll } from "../../../protocol/value/hll.js";
import type { Value } from "../../../protocol/value/value.js";
import type { Did, Next } from "./next.js";
import type { Place } from "./place.js";

/** When a sketch is created. */
export interface HllAddOptions {
  /** Refuse a bin that exists (result code 6). Default: false. */
  readonly createOnly?: boolean;
  /** A refused operation is no error. Default: false. */
  readonly noFail?: boolean;
}

/** When a sketch is created or changed. */
export interface HllInitOptions extends HllAddOptions {
  /** Refuse a bin that is missing (result code 17). Not with `createOnly`. Default: false. */
  readonly updateOnly?: boolean;
}

/** How sketches are merged. */
export interface HllUnionOptions extends HllInitOptions {
  /** Let the union lower the index bits of the bin (else result code 26). Default: false. */
  readonly allowFold?: boolean;
}

/** Writes to a HyperLogLog bin. A bin of another type is an error (result code 12). */
export abstract class HllWrites<out C extends Next> {
  /** @internal */
  declare readonly place: Place<C>;

  /**
   * Creates an empty sketch, or empties the one that is there.
   * @param config its precision; must be given when it creates one (else result code 26)
   * @example .bin("visitors").hllInit({ indexBits: 12, minhashBits: 20 }, { createOnly: true, noFail: true })
   */
  hllInit(config: hll.HllBits = {}, options: HllInitOptions = {}): Did<C> {
    checkOptions<hll.HllBits>("hllInit", config, { indexBits: true, minhashBits: true });
    checkOptions<HllInitOptions>("hllInit", options, { createOnly: true, noFail: true, updateOnly: true });
    return this.place.does(hll.hllInit(config, flagsOf(options)));
  }

  /**
   * Adds values to a sketch. Returns 1 when its count may have changed, else 0.
   * @param values strings, numbers, booleans, blobs… but neither lists nor maps; at least one
   * @param options `config` is the precision when it creates the sketch, and must be given then (else result code 26)
   */
  hllAdd(values: readonly Value[], options: HllAddOptions & { readonly config?: hll.HllBits } = {}): Did<C, number> {
    checkOptions("hllAdd", options, { createOnly: true, noFail: true, config: true });
    checkOptions<hll.HllBits>("hllAdd", options.config, { indexBits: true, minhashBits: true });
    return this.place.counts(hll.hllAdd(this.place.values(values), options.config, flagsOf(options)));
  }

  /** Merges sketches into the bin, or creates it from them. */
  hllSetUnion(sketches: readonly Hll[], options: HllUnionOptions = {}): Did<C> {
    checkOptions<HllUnionOptions>("hllSetUnion", options, {
      createOnly: true,
      noFail: true,
      updateOnly: true,
      allowFold: true,
    });
    return this.place.does(hll.hllSetUnion(sketches, flagsOf(options)));
  }

  /** Lowers the index bits of a sketch without minhash bits. @param indexBits 4 to 16 */
  hllFold(indexBits: AnyInteger): Did<C> {
    return this.place.does(hll.hllFold(indexBits));
  }

  /** Counts, returns the count and keeps it in the sketch, so that the next count is quick. */
  hllRefreshCount(): Did<C, number> {
    return this.place.counts(hll.hllRefreshCount());
  }
}

function flagsOf(options: HllUnionOptions): number {
  return (
    (options.createOnly ? HLLWriteFlags.CREATE_ONLY : 0) |
    (options.updateOnly ? HLLWriteFlags.UPDATE_ONLY : 0) |
    (options.noFail ? HLLWriteFlags.NO_FAIL : 0) |
    (options.allowFold ? HLLWriteFlags.ALLOW_FOLD : 0)
  );
}
