import type { AnyInteger } from "../../../protocol/bytes/utf8.js";
import { ListOrderType, ListWriteFlags, type MapOrder, MapWriteFlags } from "../../../protocol/cdt/flags.js";
import { listIncrement, listSet } from "../../../protocol/cdt/list.js";
import { type MapPolicy, mapIncrement, mapPut } from "../../../protocol/cdt/map.js";
import { checkNumber } from "../../../protocol/cdt/param.js";
import type { MapKey } from "../../../protocol/value/value.js";
import type { OnListIndexOptions } from "./navigation.js";
import type { Did, Next } from "./next.js";
import type { Place } from "./place.js";

/** A place that can be set, for it has a key or an index. */
export interface Target<out C extends Next> {
  set(value: unknown): Did<C, unknown>;
  increment(amount: unknown): Did<C, unknown>;
}

/** What a map has under a key. */
export class EntryTarget<out C extends Next> implements Target<C> {
  readonly #map: Place<C>;
  readonly #key: MapKey;
  readonly #policy: MapPolicy;

  constructor(map: Place<C>, key: MapKey, createType: MapOrder | undefined) {
    this.#map = map;
    this.#key = key;
    this.#policy = createType === undefined ? {} : { order: createType };
  }

  set(value: unknown): Did<C, number> {
    return this.#put(value, MapWriteFlags.DEFAULT);
  }

  /** Puts a value where there is none. */
  insert(value: unknown, flags: number): Did<C, number> {
    return this.#put(value, MapWriteFlags.CREATE_ONLY | flags);
  }

  /** Puts a value where there is one. */
  update(value: unknown, flags: number): Did<C, number> {
    return this.#put(value, MapWriteFlags.UPDATE_ONLY | flags);
  }

  increment(amount: unknown): Did<C, unknown> {
    return this.#map.does(mapIncrement(this.#key, checkNumber("amount", amount), this.#policy));
  }

  #put(value: unknown, flags: number): Did<C, number> {
    return this.#map.counts(mapPut(this.#key, this.#map.value(value), { ...this.#policy, flags }));
  }
}

/** What a list has at an index. */
export class ElementTarget<out C extends Next> implements Target<C> {
  readonly #list: Place<C>;
  readonly #index: AnyInteger;
  readonly #order: ListOrderType;
  readonly #flags: number;

  constructor(list: Place<C>, index: AnyInteger, { order = ListOrderType.UNORDERED, pad }: OnListIndexOptions) {
    this.#list = list;
    this.#index = index;
    this.#order = order;
    this.#flags = pad ? ListWriteFlags.DEFAULT : ListWriteFlags.INSERT_BOUNDED;
  }

  set(value: unknown): Did<C> {
    if (this.#order === ListOrderType.ORDERED) {
      throw new TypeError(`bin "${this.#list.bin}": an ordered list puts values at their sorted place; use listAdd()`);
    }
    return this.#list.does(listSet(this.#index, this.#list.value(value), this.#flags));
  }

  increment(amount: unknown): Did<C, unknown> {
    const policy = { order: this.#order, flags: this.#flags };
    return this.#list.does(listIncrement(this.#index, checkNumber("amount", amount), policy));
  }
}
