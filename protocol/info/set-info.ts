import { checkNamespace, checkSetName } from "../check/check-names.js";
import { pairFlag, pairNumber, pairText, parseEntries, parsePairs } from "./pairs.js";

// sets, sets/<ns>: ns=…:set=…:objects=…:…;…     sets/<ns>/<set>: the same without ns and set
// An unknown namespace answers ns_type=unknown, an unknown set nothing.

/** A set on one node, its replica copies included. */
export interface SetInfo {
  readonly namespace: string;
  readonly setName: string;
  readonly objects: number;
  readonly tombstones: number;
  readonly dataUsedBytes: number;
  /** How many secondary indexes on bins it has. */
  readonly secondaryIndexes: number;
  /** There is an index of which records the set has. */
  readonly setIndexEnabled: boolean;
  /** That index is being built. */
  readonly setIndexPopulating: boolean;
  /** Records of it are still being removed by a truncate. */
  readonly truncating: boolean;
  /** Seconds that its records live when a write does not say; 0 as the namespace is set, -1 for ever. */
  readonly defaultTtl: number;
  /** Records on a node from which the set takes no more; 0 for no limit. */
  readonly stopWritesCount: number;
  /** Bytes on a node from which the set takes no more; 0 for no limit. */
  readonly stopWritesSize: number;
  /** Its records are spared when others are evicted for want of room. */
  readonly evictionDisabled: boolean;
  /** All of what the server says, by its names. */
  readonly values: ReadonlyMap<string, string>;
}

/** Asks for all sets of a namespace. */
export function setsInfo(namespace: string): string {
  checkNamespace(namespace);
  return `sets/${namespace}`;
}

/** Asks for one set. */
export function setInfo(namespace: string, setName: string): string {
  checkNamespace(namespace);
  if (setName === "") throw new TypeError("The set name is empty: records without a set are in none");
  checkSetName(setName);
  return `sets/${namespace}/${setName}`;
}

/** Reads a list of sets; empty for an unknown namespace. */
export function parseSets(text: string): SetInfo[] {
  if (text === "ns_type=unknown") return [];
  return parseEntries(text).map((values) => setOf(pairText(values, "ns"), pairText(values, "set"), values));
}

/** Reads the answer to {@link setInfo}; undefined when the node does not know the set. */
export function parseSet(text: string, namespace: string, setName: string): SetInfo | undefined {
  const values = parseSetValues(text);
  return values && setOf(namespace, setName, values);
}

/** What a node says of a set, as text by name, whatever it is; undefined when it does not know the set. */
export function parseSetValues(text: string): Map<string, string> | undefined {
  if (text === "" || text === "ns_type=unknown") return undefined;
  return parsePairs(text.replace(/;$/, ""), ":");
}

function setOf(namespace: string, setName: string, values: ReadonlyMap<string, string>): SetInfo {
  return {
    namespace,
    setName,
    objects: pairNumber(values, "objects"),
    tombstones: pairNumber(values, "tombstones"),
    dataUsedBytes: pairNumber(values, "data_used_bytes", "device_data_bytes", "memory_data_bytes"),
    secondaryIndexes: pairNumber(values, "sindexes"),
    setIndexEnabled: pairFlag(values, "enable-index"),
    setIndexPopulating: pairFlag(values, "index_populating"),
    truncating: pairFlag(values, "truncating"),
    defaultTtl: orNever(pairNumber(values, "default-ttl")),
    stopWritesCount: pairNumber(values, "stop-writes-count"),
    stopWritesSize: pairNumber(values, "stop-writes-size"),
    evictionDisabled: pairFlag(values, "disable-eviction"),
    values,
  };
}

/** A set's "never" is shown as what -1 is in 32 bits. */
function orNever(seconds: number): number {
  return seconds === 0xffff_ffff ? -1 : seconds;
}
