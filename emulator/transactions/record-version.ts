import type { StoredRecord } from "../record/stored-record.js";

const GENERATION_BITS = 16n;

/**
 * What tells whether a record was changed: 56 bits that no other state of it has, 0 while there is none. A server makes
 * them of the time of the last write and the generation; records made in the same millisecond must not be alike here, so
 * their number takes the place of the time.
 */
export function versionOf(record: StoredRecord | undefined): bigint {
  return record === undefined ? 0n : (BigInt(record.serial) << GENERATION_BITS) | BigInt(record.generation);
}
