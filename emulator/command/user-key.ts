import { ResultCode } from "../../protocol/result-code.js";
import { ParticleType } from "../../protocol/value/particle-type.js";
import type { BinValue } from "../record/bin-value.js";

/** The KEY field of a write: the user key to keep, or the result code that refuses it. */
export function userKeyOf(field: Uint8Array): BinValue | number {
  const type = field[0];
  if (type === undefined) return ResultCode.UNSUPPORTED_FEATURE;
  if (type === ParticleType.INTEGER && field.length !== 9) return ResultCode.UNSUPPORTED_FEATURE;
  return { type, bytes: field.slice(1) };
}

/** Whether a KEY field is the key that the record has kept. */
export function isSameKey(kept: BinValue, field: Uint8Array): boolean {
  if (field.length !== kept.bytes.length + 1 || field[0] !== kept.type) return false;
  for (let i = 0; i < kept.bytes.length; i++) if (field[i + 1] !== kept.bytes[i]) return false;
  return true;
}
