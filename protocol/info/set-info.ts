import { checkNamespace, checkSetName } from "../check/check-names.js";
import { pairNumber, pairText, parseEntries, parsePairs } from "./pairs.js";

// sets, sets/<ns>: ns=…:set=…:objects=…:…;…     sets/<ns>/<set>: the same without ns and set
// An unknown namespace answers ns_type=unknown, an unknown set nothing.

/** A set on one node, its replica copies included. */
export interface SetInfo {
  readonly namespace: string;
  readonly setName: string;
  readonly objects: number;
  readonly tombstones: number;
  readonly dataUsedBytes: number;
  /** Records of it are still being removed by a truncate. */
  readonly truncating: boolean;
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
  if (text === "" || text === "ns_type=unknown") return undefined;
  return setOf(namespace, setName, parsePairs(text.replace(/;$/, ""), ":"));
}

function setOf(namespace: string, setName: string, values: ReadonlyMap<string, string>): SetInfo {
  return {
    namespace,
    setName,
    objects: pairNumber(values, "objects"),
    tombstones: pairNumber(values, "tombstones"),
    dataUsedBytes: pairNumber(values, "data_used_bytes"),
    truncating: values.get("truncating") === "true",
    values,
  };
}
