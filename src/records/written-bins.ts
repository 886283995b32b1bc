import { checkBinName } from "../../protocol/check/check-names.js";
import type { BinsToWrite } from "../../protocol/command/record-operation.js";
import { type Op, OpCode } from "../../protocol/message/op.js";
import { checkValue } from "../../protocol/value/check-value.js";
import { describe, within } from "../../protocol/value/invalid-value.js";
import type { Key } from "../data/key.js";
import type { RecordCodec } from "../data/record-codec.js";

/**
 * An object of bins. Names and values are not looked at: {@link writtenBins} or the command that takes them does that.
 * @throws TypeError for anything that is no object
 */
export function binsOf(method: string, bins: unknown): BinsToWrite {
  if (isBins(bins)) return bins;
  throw new TypeError(`${method}(bins): expected an object of bin names and values, got ${describe(bins)}`);
}

/** For which record bins are written, as far as it is one, and how the message of an error begins. */
export interface WrittenFor {
  readonly codec: RecordCodec | undefined;
  readonly key?: Key<unknown> | undefined;
  readonly place?: string;
}

/**
 * The bins of what the caller gave for a whole record, as they are stored.
 * @throws TypeError for anything that is no object; SchemaError for what the data set does not allow
 */
export function storedBins(method: string, record: unknown, { codec, key, place = "" }: WrittenFor): BinsToWrite {
  if (codec === undefined) return binsOf(method, record);
  const bins = binsOf(method, codec.binsOf(record, place, key));
  return binsOf(method, codec.encodeRecord(bins, place, key));
}

/**
 * An operation for each bin of an object; a property that is undefined counts as absent, `null` removes the bin.
 * @param bins as they are stored
 * @throws TypeError or RangeError naming bin and path of what can't be stored
 */
export function writtenBins(bins: BinsToWrite): Op[] {
  const ops: Op[] = [];
  for (const [bin, value] of Object.entries(bins)) {
    if (value === undefined) continue;
    checkBinName(bin);
    try {
      checkValue(value);
    } catch (error) {
      throw within(`bin "${bin}"`, error);
    }
    ops.push({ code: OpCode.WRITE, bin, value });
  }
  return ops;
}

/** Lists, maps, bytes and the like have properties, too, but nobody means these as bins. */
function isBins(bins: unknown): bins is BinsToWrite {
  return typeof bins === "object" && bins !== null && !(Symbol.iterator in bins) && !(bins instanceof Date);
}
