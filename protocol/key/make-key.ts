import { describe } from "../value/invalid-value.js";
import { isBytes } from "../value/pack.js";
import { computeDigest, DIGEST_SIZE } from "./digest.js";
import { partitionId } from "./partition-id.js";
import type { RecordKey, UserKey } from "./record-key.js";

/**
 * The key of a record, digest and partition included. Namespace and set must have been checked.
 * Throws TypeError or RangeError when `userKey` can't be a key.
 * @example makeKey("test", "users", 1)
 */
export function makeKey(namespace: string, setName: string, userKey: UserKey): RecordKey {
  const digest = computeDigest(setName, userKey);
  // The caller may go on using its bytes; the key must stay what the digest was made of.
  const own = typeof userKey === "object" ? new Uint8Array(userKey) : userKey;
  return { namespace, setName, digest, partition: partitionId(digest), userKey: own };
}

/**
 * The key of a record of which only the digest is known.
 * @param digest its 20 bytes, which are copied
 */
export function makeKeyFromDigest(namespace: string, setName: string, digest: Uint8Array): RecordKey {
  if (typeof digest !== "object" || digest === null || !isBytes(digest)) {
    throw new TypeError(`The digest is ${describe(digest)}: a digest is a Uint8Array of ${DIGEST_SIZE} bytes`);
  }
  if (digest.length !== DIGEST_SIZE) {
    throw new RangeError(`The digest has ${digest.length} bytes: a digest has ${DIGEST_SIZE}`);
  }
  return { namespace, setName, digest: new Uint8Array(digest), partition: partitionId(digest), userKey: undefined };
}
