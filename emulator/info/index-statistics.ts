import type { Runtime } from "../../runtime/runtime.js";
import type { NodeNamespace } from "../node/node-namespace.js";
import { StoredRecordView } from "../record/views.js";
import { IndexSource } from "../sindex/index-definition.js";
import { keysOfValue } from "../sindex/index-range.js";
import { valueFinder } from "../sindex/indexed-values.js";
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
  const { entries, keys, records } = count(runtime, namespace, index);
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

function count(runtime: Runtime, namespace: NodeNamespace, index: SecondaryIndex) {
  const { definition } = index;
  const find = valueFinder(definition);
  const keys = new Set<bigint>();
  let entries = 0;
  let records = 0;
  for (const partition of namespace.held()) {
    for (const record of partition.records()) {
      if (definition.setName !== "" && record.setName !== definition.setName) continue;
      const view = new StoredRecordView(namespace.name, record, runtime.wallClock(), true);
      const own = new Set(find(view).flatMap((value) => keysOfValue(value, definition.valueType)));
      entries += own.size;
      if (own.size > 0) records++;
      for (const key of own) keys.add(key);
    }
  }
  return { entries, keys: keys.size, records };
}
