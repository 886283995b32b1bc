import { tryDecodeBase64 } from "../bytes/base64.js";
import { PARTITIONS } from "../limits.js";
import { ProtocolError } from "../protocol-error.js";
import { describe } from "../value/invalid-value.js";
import { splitParts } from "./parts.js";

// The value of `replicas`, what one node owns:
//   <namespace>:<regime>,<columns>,<bitmap>,<bitmap>…;<namespace>:…
//   bitmap: base64 of 512 bytes, partition p is bit 0x80 >> (p & 7) of byte p >> 3; one for each replica index

/** What a node owns of one namespace. */
export interface NamespaceReplicas {
  /** 0 for an available (AP) namespace; counts the reigns of a strongly consistent one. */
  readonly regime: number;
  /** One bitmap of 4096 bits for each replica index, master first. */
  readonly columns: readonly Uint8Array[];
}

const BITMAP_SIZE = PARTITIONS / 8;
/** More than 32 namespaces of 32 replicas: a report beyond it is not one to build tables on. */
const MAX_COLUMNS = 1024;
const MAX_REGIME = 0xffff_ffff;

/** Reads what a node owns, by namespace. Throws ProtocolError when the value is damaged. */
export function parseReplicas(text: string): Map<string, NamespaceReplicas> {
  const namespaces = new Map<string, NamespaceReplicas>();
  let columns = 0;
  for (const entry of splitParts(text, ";")) {
    const colon = entry.indexOf(":");
    if (colon < 1) throw new ProtocolError(`${describe(entry)} is no replica list of a namespace`);
    const replicas = parseColumns(entry.slice(colon + 1));
    columns += replicas.columns.length;
    if (columns > MAX_COLUMNS) throw new ProtocolError(`a replica list has more than ${MAX_COLUMNS} columns`);
    namespaces.set(entry.slice(0, colon), replicas);
  }
  return namespaces;
}

/** Whether a bitmap has the bit of a partition. */
export function hasPartition(bitmap: Uint8Array, partition: number): boolean {
  return (bitmap[partition >> 3]! & (0x80 >> (partition & 7))) !== 0;
}

function parseColumns(text: string): NamespaceReplicas {
  const [regime = "", count = "", ...bitmaps] = splitParts(text, ",");
  if (!/^\d{1,10}$/.test(regime) || Number(regime) > MAX_REGIME || count !== String(bitmaps.length)) {
    throw new ProtocolError(`${describe(text)} has no regime, or not as many bitmaps as it says`);
  }
  return { regime: Number(regime), columns: bitmaps.map(parseBitmap) };
}

function parseBitmap(text: string): Uint8Array {
  const bitmap = tryDecodeBase64(text);
  if (bitmap === undefined || bitmap.length !== BITMAP_SIZE) {
    throw new ProtocolError(`${describe(text)} is no bitmap of ${PARTITIONS} partitions`);
  }
  return bitmap;
}
