import type { NodeNamespace } from "../node/node-namespace.js";
import { StoredRecordView } from "../record/views.js";
import type { IndexDefinition } from "./index-definition.js";
import { keysOfValue } from "./index-range.js";
import { valueFinder } from "./indexed-values.js";

/** What a node's part of an index holds: entries, different values among them, records that have any. */
export interface EntryCount {
  readonly entries: number;
  readonly keys: number;
  readonly records: number;
}

/** @param wallClock milliseconds since 1970 */
export function countEntries(namespace: NodeNamespace, definition: IndexDefinition, wallClock: number): EntryCount {
  const find = valueFinder(definition);
  const keys = new Set<bigint>();
  let entries = 0;
  let records = 0;
  for (const partition of namespace.held()) {
    for (const record of partition.records()) {
      if (definition.setName !== "" && record.setName !== definition.setName) continue;
      const view = new StoredRecordView(namespace.name, record, wallClock, true);
      const own = new Set(find(view).flatMap((value) => keysOfValue(value, definition.valueType)));
      entries += own.size;
      if (own.size > 0) records++;
      for (const key of own) keys.add(key);
    }
  }
  return { entries, keys: keys.size, records };
}
