import { MapWriteFlags } from "../../protocol/cdt/flags.js";
import { MapOp } from "../../protocol/cdt/operations.js";
import { ResultCode } from "../../protocol/result-code.js";
import { integerValue } from "../record/bin-value.js";
import { MapCollection } from "./collection.js";
import { type Change, type Modification, type ModifyOp, nothing, REFUSED, refusal } from "./modification.js";
import { addDelta } from "./number-sum.js";
import { MAP_FLAGS, orderFlags } from "./order-marker.js";
import { type MapEntry, mapOf, type PackedMap, readMap } from "./packed-map.js";
import type { Params } from "./params.js";
import { isMapKey, rewriteValue } from "./rewrite.js";
import { probe, type Sequence } from "./search.js";
import { positionOfKey } from "./select-key.js";

type MapModification = Modification<PackedMap>;
type Outcome = Change<PackedMap> | number;

const ADD = MapWriteFlags.CREATE_ONLY;
const REPLACE = MapWriteFlags.UPDATE_ONLY;

/** The operations that change a map by other means than selecting entries. */
export const MAP_MODIFY_OPS: ReadonlyMap<number, ModifyOp<PackedMap>> = new Map<number, ModifyOp<PackedMap>>([
  [MapOp.SET_TYPE.code, { required: 1, most: 1, read: readSetType }],
  [MapOp.ADD.code, { required: 2, most: 3, read: (params) => readPut(params, ADD) }],
  [MapOp.ADD_ITEMS.code, { required: 1, most: 2, read: (params) => readPutItems(params, ADD) }],
  [MapOp.PUT.code, { required: 2, most: 4, read: (params) => readPut(params) }],
  [MapOp.PUT_ITEMS.code, { required: 1, most: 3, read: (params) => readPutItems(params) }],
  [MapOp.REPLACE.code, { required: 2, most: 2, read: (params) => readPut(params, REPLACE) }],
  [
    MapOp.REPLACE_ITEMS.code,
    {
      required: 1,
      most: 1,
      read: (params) => readPutItems(params, REPLACE),
      onMissing: () => ResultCode.ELEMENT_NOT_FOUND,
    },
  ],
  [MapOp.INCREMENT.code, { required: 1, most: 3, read: (params) => readIncrement(params, false) }],
  [MapOp.DECREMENT.code, { required: 1, most: 3, read: (params) => readIncrement(params, true) }],
  [MapOp.CLEAR.code, { required: 0, most: Number.POSITIVE_INFINITY, read: () => clear, onMissing: nothing }],
]);

function emptyMap(flags = 0n): PackedMap {
  return mapOf(orderFlags(flags, MAP_FLAGS) ?? 0, []);
}

function readSetType(params: Params): MapModification {
  const flags = orderFlags(params.flags(), MAP_FLAGS);
  return (target) => {
    const { entries } = target.open(emptyMap());
    return flags === undefined ? REFUSED : { container: mapOf(flags, entries) };
  };
}

/** The flags of a write: fixed by the operation, else its last parameter. */
function writeFlags(params: Params, fixed: number | undefined): number {
  return fixed ?? Number(params.flags() & 0xffn);
}

function readPut(params: Params, fixed?: number): MapModification {
  const packedKey = params.stored();
  const packedValue = params.stored();
  const createFlags = params.flags();
  const flags = writeFlags(params, fixed);
  return (target) => {
    const map = target.open(emptyMap(createFlags));
    const key = rewriteValue(packedKey);
    const value = rewriteValue(packedValue);
    if (key === undefined || value === undefined || !isMapKey(key)) return ResultCode.PARAMETER_ERROR;
    return put(map, { key, value }, flags);
  };
}

function put(map: PackedMap, entry: MapEntry, flags: number): Outcome {
  const { at, found } = probe(keysOf(map.entries), entry.key);
  const code = refusalCode(found, flags);
  if (code !== undefined) return refusal(code, (flags & MapWriteFlags.NO_FAIL) !== 0, map.entries.length);
  const entries = map.entries.toSpliced(at, found ? 1 : 0, entry);
  return { container: mapOf(map.flags, entries), value: integerValue(entries.length) };
}

/** Why the flags do not let an entry be written, if so. */
function refusalCode(found: boolean, flags: number): number | undefined {
  if (found) return (flags & MapWriteFlags.CREATE_ONLY) === 0 ? undefined : ResultCode.ELEMENT_EXISTS;
  return (flags & MapWriteFlags.UPDATE_ONLY) === 0 ? undefined : ResultCode.ELEMENT_NOT_FOUND;
}

function readPutItems(params: Params, fixed?: number): MapModification {
  const packed = params.stored();
  const createFlags = params.flags();
  const flags = writeFlags(params, fixed);
  return (target) => {
    const map = target.open(emptyMap(createFlags));
    const rewritten = rewriteValue(packed);
    const items = rewritten === undefined ? undefined : readMap(rewritten);
    if (items === undefined) return ResultCode.PARAMETER_ERROR;
    return map.entries.length === 0 ? fill(map, items.entries, flags) : merge(map, items.entries, flags);
  };
}

/** An empty map takes all the items or none: DO_PARTIAL lets them all pass. */
function fill(map: PackedMap, items: readonly MapEntry[], flags: number): Outcome {
  const noFail = (flags & MapWriteFlags.NO_FAIL) !== 0;
  const partial = noFail && (flags & MapWriteFlags.PARTIAL) !== 0;
  if (items.length === 0) return { container: map, value: integerValue(0) };
  const code = partial ? undefined : refusalCode(false, flags);
  if (code !== undefined) return refusal(code, noFail, 0);
  return { container: mapOf(map.flags, items), value: integerValue(items.length) };
}

function merge(map: PackedMap, items: readonly MapEntry[], flags: number): Outcome {
  const noFail = (flags & MapWriteFlags.NO_FAIL) !== 0;
  const partial = noFail && (flags & MapWriteFlags.PARTIAL) !== 0;
  const { entries } = map;
  if (items.length === 0) return { container: map, value: integerValue(entries.length) };
  const keys = keysOf(entries);
  const merged: MapEntry[] = [];
  let next = 0;
  for (const item of items) {
    const { at, found } = probe(keys, item.key);
    const code = refusalCode(found, flags);
    if (code !== undefined) {
      if (partial) continue;
      return refusal(code, noFail, entries.length);
    }
    while (next < at) merged.push(entries[next++]!);
    merged.push(item);
    if (found) next++;
  }
  while (next < entries.length) merged.push(entries[next++]!);
  return { container: mapOf(map.flags, merged), value: integerValue(merged.length) };
}

function readIncrement(params: Params, negate: boolean): MapModification {
  const packedKey = params.value();
  const delta = params.optionalValue();
  const createFlags = params.flags();
  return (target) => {
    const map = target.open(emptyMap(createFlags));
    const key = rewriteValue(packedKey);
    if (key === undefined || !isMapKey(key)) return ResultCode.PARAMETER_ERROR;
    const position = positionOfKey(new MapCollection(map), key);
    const current = position === undefined ? undefined : map.entries[position]!.value;
    const sum = addDelta(current, delta, negate);
    if (sum === undefined) return ResultCode.PARAMETER_ERROR;
    const change = put(map, { key, value: sum.packed }, 0);
    return typeof change === "number" ? change : { ...change, value: sum.value };
  };
}

function keysOf(entries: readonly MapEntry[]): Sequence {
  return { size: entries.length, at: (position) => entries[position]!.key };
}

function clear(target: { readonly existing: PackedMap | undefined }): Outcome {
  const { existing } = target;
  return existing === undefined ? {} : { container: mapOf(existing.flags, []) };
}
