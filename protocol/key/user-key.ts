import type { Writer } from "../bytes/writer.js";
import { INT64_MAX, INT64_MIN } from "../limits.js";
import { describe } from "../value/invalid-value.js";
import { isBytes } from "../value/pack.js";
import { ParticleType } from "../value/particle-type.js";
import type { UserKey } from "./record-key.js";

// A user key as it is sent and as it is hashed: u8 particle type · content
//   integer: i64 BE · string: UTF-8 · blob: its bytes

/**
 * Throws TypeError, or RangeError for a bigint beyond int64, when a value can't be a record's key.
 * @example checkUserKey("ada")
 */
export function checkUserKey(value: unknown): asserts value is UserKey {
  switch (typeof value) {
    case "string":
      if (value.isWellFormed()) return;
      throw new TypeError(`The key ${describe(value)} holds half a surrogate pair, which UTF-8 can't carry`);
    case "number":
      if (Number.isSafeInteger(value)) return;
      break;
    case "bigint":
      if (value >= INT64_MIN && value <= INT64_MAX) return;
      throw new RangeError(`The key ${value}n does not fit a 64-bit signed integer`);
    case "object":
      if (value !== null && isBytes(value)) return;
  }
  throw new TypeError(`The key: expected a safe integer, a bigint, a string or a Uint8Array, got ${describe(value)}`);
}

/** Writes type and content of a key that {@link checkUserKey} passed. */
export function writeUserKey(w: Writer, key: UserKey): void {
  switch (typeof key) {
    case "string":
      w.u8(ParticleType.STRING);
      w.utf8(key);
      return;
    case "object":
      w.u8(ParticleType.BLOB);
      w.bytes(key);
      return;
    default:
      w.u8(ParticleType.INTEGER);
      w.i64(key);
  }
}
