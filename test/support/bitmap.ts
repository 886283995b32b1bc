import { encodeBase64 } from "../../protocol/bytes/base64.js";

/** The bitmap of a node that owns the given partitions. */
export function bitmapOf(partitions: Iterable<number>): Uint8Array {
  const bitmap = new Uint8Array(512);
  for (const partition of partitions) bitmap[partition >> 3]! |= 0x80 >> (partition & 7);
  return bitmap;
}

/** One namespace of the value of `replicas`. */
export function replicasText(namespace: string, regime: number, columns: readonly Uint8Array[]): string {
  return `${namespace}:${regime},${columns.length},${columns.map(encodeBase64).join(",")}`;
}
