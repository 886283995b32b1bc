import type { Runtime } from "../../runtime/runtime.js";
import type { NodeNamespace } from "../node/node-namespace.js";
import { countEntries } from "../sindex/entry-count.js";
import { IndexSource } from "../sindex/index-definition.js";
import { loadPercent, type SecondaryIndex } from "../sindex/secondary-indexes.js";
import { SINDEX_ARENA_BYTES, setIndexBytes } from "./namespace-statistics.js";

/** What a node's part of an index holds, as `sindex-stat` shows it. */
export function indexStatistics(runtime: Runtime, namespace: NodeNamespace, index: SecondaryIndex): string {
  const loaded = loadPercent(index, runtime.now());
  const { definition } = index;
  if (definition.source === IndexSource.SET) {
    const entries = namespace.objectsInSet(definition.setName);
    return `entries=${entries};used_bytes=${setIndexBytes(namespace)};load_pct=${loaded}`;
  }
  const { entries, keys, records } = countEntries(namespace, definition, runtime.wallClock());
  return [
    `entries=${entries}`,
    `used_bytes=${SINDEX_ARENA_BYTES}`,
    `entries_per_bval=${keys === 0 ? 0 : Math.round(entries / keys)}`,
    `entries_per_rec=${records === 0 ? 0 : Math.round(entries / records)}`,
    `load_pct=${loaded}`,
    `load_time=${Math.ceil(index.builtAt - index.startedAt)}`,
    "stat_gc_recs=0",
  ].join(";");
}
