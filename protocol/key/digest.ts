import { Writer } from "../bytes/writer.js";
import type { UserKey } from "./record-key.js";
import { ripemd160 } from "./ripemd160.js";
import { checkUserKey, writeUserKey } from "./user-key.js";

export const DIGEST_SIZE = 20;

/** Hashing is synchronous, so all calls share one buffer; a long key leaves it no larger than this. */
const KEPT_SIZE = 1024;
const input = new Writer(KEPT_SIZE);

/**
 * RIPEMD-160 over set name, key type and key: the record's identity in its namespace.
 * Throws TypeError or RangeError when the key is of no kind that can be one.
 * @example computeDigest("users", 1)
 */
export function computeDigest(setName: string, key: UserKey): Uint8Array {
  checkUserKey(key);
  input.rewind(0);
  input.utf8(setName);
  writeUserKey(input, key);
  // Not its view, which would be an object for every key.
  const digest = ripemd160(input.buffer, input.length);
  if (input.length > KEPT_SIZE) input.take(KEPT_SIZE);
  return digest;
}
