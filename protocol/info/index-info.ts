import { tryDecodeBase64 } from "../bytes/base64.js";
import type { IndexCollection } from "../command/index-range.js";
import { ProtocolError } from "../protocol-error.js";
import { describe } from "../value/invalid-value.js";
import type { IndexType } from "./index-commands.js";
import { pairNumber, pairOrNull, pairText, parseEntries, parsePairs } from "./pairs.js";

// The value of sindex-list with b64=true:
//   ns=…:indexname=…:set=<set>|null:bin=<bin>|null:type=…:indextype=…:context=<base64>|null:exp=<base64>|null:state=…;…
//   An index of whole sets: ns=…:indexname=…:set=…:indextype=set
// The value of sindex-stat:
//   entries=…;used_bytes=…;entries_per_bval=…;entries_per_rec=…;load_pct=…;load_time=…;stat_gc_recs=…

/** An index as a node lists it. */
export interface IndexInfo {
  readonly namespace: string;
  readonly indexName: string;
  /** Undefined for records of all sets. */
  readonly setName: string | undefined;
  /** Undefined for an index on an expression or on a whole set. */
  readonly bin: string | undefined;
  /** Undefined for an index on a whole set, and for types that this version does not know. */
  readonly type: IndexType | undefined;
  /** `"set"` for an index on a whole set. */
  readonly collection: IndexCollection | "set";
  readonly context: Uint8Array | undefined;
  readonly expression: Uint8Array | undefined;
  /** False while the index is being built. */
  readonly readable: boolean;
}

/** How far an index is and what is in it, on one node. */
export interface IndexStat {
  /** 0 to 100; 100 when it can be queried. */
  readonly loadPercent: number;
  readonly entries: number;
  readonly usedBytes: number;
  readonly entriesPerValue: number;
  readonly entriesPerRecord: number;
}

const TYPES: ReadonlyMap<string, IndexType> = new Map([
  ["numeric", "integer"],
  ["integer", "integer"],
  ["string", "string"],
  ["blob", "blob"],
  ["geo2dsphere", "geo"],
]);

const COLLECTIONS: ReadonlyMap<string, IndexInfo["collection"]> = new Map([
  ["default", "default"],
  ["none", "default"],
  ["list", "list"],
  ["mapkeys", "mapKeys"],
  ["mapvalues", "mapValues"],
  ["set", "set"],
]);

/** Reads a list of indexes; empty text is an empty list. */
export function parseIndexList(text: string): IndexInfo[] {
  return parseEntries(text).map(indexOf);
}

/** Reads how far an index is. Throws ProtocolError when the value has no `load_pct`. */
export function parseIndexStat(text: string): IndexStat {
  const pairs = parsePairs(text);
  pairText(pairs, "load_pct");
  return {
    loadPercent: pairNumber(pairs, "load_pct"),
    entries: pairNumber(pairs, "entries"),
    usedBytes: pairNumber(pairs, "used_bytes"),
    entriesPerValue: pairNumber(pairs, "entries_per_bval"),
    entriesPerRecord: pairNumber(pairs, "entries_per_rec"),
  };
}

function indexOf(pairs: ReadonlyMap<string, string>): IndexInfo {
  const collection = pairs.get("indextype") ?? "default";
  const known = COLLECTIONS.get(collection.toLowerCase());
  if (known === undefined) throw new ProtocolError(`an index has the unknown type ${describe(collection)}`);
  return {
    namespace: pairText(pairs, "ns"),
    indexName: pairText(pairs, "indexname"),
    setName: pairOrNull(pairs, "set"),
    bin: pairOrNull(pairs, "bin"),
    type: TYPES.get(pairs.get("type")?.toLowerCase() ?? ""),
    collection: known,
    context: bytesOf(pairs, "context"),
    expression: bytesOf(pairs, "exp"),
    // An index on a whole set has no state: it is listed once it is there.
    readable: (pairs.get("state") ?? "RW") === "RW",
  };
}

function bytesOf(pairs: ReadonlyMap<string, string>, key: string): Uint8Array | undefined {
  const text = pairOrNull(pairs, key);
  if (text === undefined) return undefined;
  const bytes = tryDecodeBase64(text);
  if (bytes === undefined) throw new ProtocolError(`an index has ${key}=${describe(text)}, which is not base64`);
  return bytes;
}
