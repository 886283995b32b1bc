import { checkBinName } from "../../protocol/check/check-names.js";
import { type Op, OpCode } from "../../protocol/message/op.js";
import { checkValue } from "../../protocol/value/check-value.js";
import { describe, within } from "../../protocol/value/invalid-value.js";

/**
 * An operation for each bin of an object; a property that is undefined counts as absent, `null` removes the bin.
 * @throws TypeError or RangeError naming bin and path of what can't be stored
 */
export function writtenBins(method: string, bins: object): Op[] {
  if (typeof bins !== "object" || bins === null || Array.isArray(bins)) {
    throw new TypeError(`${method}(bins): ${describe(bins)} is no object of bin names and values`);
  }
  const ops: Op[] = [];
  for (const [bin, value] of Object.entries(bins)) {
    if (value === undefined) continue;
    checkBinName(bin);
    ops.push({ code: OpCode.WRITE, bin, value: checked(bin, value) });
  }
  return ops;
}

function checked(bin: string, value: unknown) {
  try {
    checkValue(value);
    return value;
  } catch (error) {
    throw within(`bin "${bin}"`, error);
  }
}
