import type { AnyInteger } from "../bytes/utf8.js";
import { checkOptions } from "../check/check-options.js";
import type { Double } from "../value/double.js";
import { describe } from "../value/invalid-value.js";
import { isPlainObject } from "../value/pack.js";
import type { MapKey, Value } from "../value/value.js";
import { type CdtCall, cdtCall } from "./call.js";
import { checkFlags, checkOneOf, refuseCreateAndUpdateOnly } from "./check.js";
import { MapOrder, MapWriteFlags } from "./flags.js";
import { PERSIST_INDEX } from "./list.js";
import { MapOp } from "./operations.js";
import { type Arg, Computed, delta, mapKey, type Param, stored } from "./param.js";

/** Entries to put: a Map, or an object with string keys. */
export type MapItems = ReadonlyMap<MapKey, Value> | { readonly [key: string]: Value | undefined };

export interface MapPolicy {
  /** Order of the map if the operation creates it. Default: unordered. */
  readonly order?: MapOrder;
  /** The server keeps an index of the map in storage, if the operation creates it. Whole bins only. */
  readonly persistIndex?: boolean;
  /** A sum of {@link MapWriteFlags}. Default: 0. */
  readonly flags?: number;
}

/** Creates a map, or changes the order of one. */
export function mapSetOrder(order: MapOrder, persistIndex = false): CdtCall {
  return cdtCall(MapOp.SET_TYPE, [stored("order", orderByte({ order, persistIndex }))]);
}

/** Puts an entry. */
export function mapPut(key: Arg<MapKey>, value: Arg<Value>, policy: MapPolicy = {}): CdtCall {
  return cdtCall(MapOp.PUT, [mapKey("key", key), stored("value", value), ...policyParams(policy)]);
}

/** Puts entries. */
export function mapPutItems(items: Arg<MapItems>, policy: MapPolicy = {}): CdtCall {
  return cdtCall(MapOp.PUT_ITEMS, [stored("items", checkItems(items)), ...policyParams(policy)]);
}

/** Adds to the number under a key, or creates it. */
export function mapIncrement(key: Arg<MapKey>, by: Arg<AnyInteger | Double> = 1, policy: MapPolicy = {}): CdtCall {
  return cdtCall(MapOp.INCREMENT, [mapKey("key", key), delta(by), stored("order", orderByte(policy))]);
}

/** Subtracts from the number under a key, or creates it. */
export function mapDecrement(key: Arg<MapKey>, by: Arg<AnyInteger | Double> = 1, policy: MapPolicy = {}): CdtCall {
  return cdtCall(MapOp.DECREMENT, [mapKey("key", key), delta(by), stored("order", orderByte(policy))]);
}

export function mapClear(): CdtCall {
  return cdtCall(MapOp.CLEAR, []);
}

export function mapSize(): CdtCall {
  return cdtCall(MapOp.SIZE, []);
}

function checkItems(items: Arg<MapItems>): Arg<MapItems> {
  if (items instanceof Computed || items instanceof Map) return items;
  if (typeof items === "object" && items !== null && isPlainObject(items)) return items;
  throw new TypeError(`items is ${describe(items)}; expected a Map or a plain object`);
}

function policyParams(policy: MapPolicy): readonly Param[] {
  const order = stored("order", orderByte(policy));
  const flags = checkFlags("flags", policy.flags ?? MapWriteFlags.DEFAULT, MapWriteFlags);
  refuseCreateAndUpdateOnly("flags", flags);
  return flags === 0 ? [order] : [order, stored("flags", flags)];
}

function orderByte(policy: MapPolicy): number {
  checkOptions("policy", policy, { order: true, persistIndex: true, flags: true });
  const order = checkOneOf("order", policy.order ?? MapOrder.UNORDERED, MapOrder);
  return policy.persistIndex === true ? order | PERSIST_INDEX : order;
}
