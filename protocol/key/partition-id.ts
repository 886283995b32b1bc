import { PARTITIONS } from "../limits.js";

/** The partition that a record belongs to, 0 to 4095: the low 12 bits of the digest, read little-endian. */
export function partitionId(digest: Uint8Array): number {
  return (digest[0]! | (digest[1]! << 8)) & (PARTITIONS - 1);
}
