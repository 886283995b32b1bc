import { ExpOp } from "../../protocol/exp/op-code.js";
import { compile } from "../exp/index.js";
import { particleTypeOf } from "../exp/result-type.js";
import type { Release } from "../release.js";

/** What stays the same as long as the record does. */
const OF_RECORD: readonly number[] = [ExpOp.BIN, ExpOp.BIN_TYPE, ExpOp.BIN_EXISTS, ExpOp.DIGEST_MODULO];
const FIRST_METADATA = ExpOp.DEVICE_SIZE;
const LAST_METADATA = 79;

/**
 * The particle type that an expression yields, when an index can be on it: its value must change with the record's bins
 * or digest and with nothing else. Undefined for any other.
 */
export function indexableType(packed: Uint8Array, release: Release): number | undefined {
  const expression = compile(packed, release);
  if (expression === undefined) return undefined;
  const codes = [...expression.codes];
  if (codes.some((code) => code === ExpOp.KEY || (code >= FIRST_METADATA && code <= LAST_METADATA))) return undefined;
  return codes.some((code) => OF_RECORD.includes(code)) ? particleTypeOf(expression.type) : undefined;
}
