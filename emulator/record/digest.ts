/** Bytes of a digest. */
export const DIGEST_SIZE = 20;
const PARTITION_MASK = 0x0fff;

/** The partition that a digest belongs to, 0 to 4095. */
export function partitionOf(digest: Uint8Array): number {
  return (digest[0]! | (digest[1]! << 8)) & PARTITION_MASK;
}

/** A digest as a key of a Map; sorts as the bytes do. */
export function digestKey(d: Uint8Array): string {
  return (
    String.fromCharCode(d[0]!, d[1]!, d[2]!, d[3]!, d[4]!, d[5]!, d[6]!, d[7]!, d[8]!, d[9]!) +
    String.fromCharCode(d[10]!, d[11]!, d[12]!, d[13]!, d[14]!, d[15]!, d[16]!, d[17]!, d[18]!, d[19]!)
  );
}
