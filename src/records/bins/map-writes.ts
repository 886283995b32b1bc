import { MapOrder, MapWriteFlags } from "../../../protocol/cdt/flags.js";
import * as map from "../../../protocol/cdt/map.js";
import { checkNumber } from "../../../protocol/cdt/param.js";
import { checkOptions } from "../../../protocol/check/check-options.js";
import type { Double } from "../../../protocol/value/double.js";
import type { Did, Next } from "./next.js";
import type { Place } from "./place.js";
import type { EntryOf, ItemsOf, KeyOf, NumberIn, NumberKeyOf, Stored } from "./place-types.js";
import {
  checkMapCreate,
  type MapCreateOptions,
  type MapItemsOptions,
  type MapWriteOptions,
  mapItemsFlags,
  mapWriteFlags,
} from "./write-options.js";

/**
 * Writes to a map: the bin itself or one inside of it. Putting entries and incrementing creates a bin that is missing.
 * A bin of another type is an error (result code 12). What puts entries returns how many the map has then.
 *
 * @typeParam M the maps, as objects or Maps
 */
export abstract class MapWrites<out C extends Next, M> {
  /** @internal */
  declare readonly place: Place<C>;

  /**
   * Puts an entry, whether its key exists or not.
   * @throws TypeError when the key is no 64-bit integer, string or Uint8Array
   */
  mapPut<K extends KeyOf<M>>(key: K, value: Stored<EntryOf<M, K>>, options: MapCreateOptions = {}): Did<C, number> {
    checkMapCreate("mapPut", options);
    return put(this.place, key, value, options, MapWriteFlags.DEFAULT);
  }

  /** Puts an entry whose key does not exist yet (else result code 24). */
  mapInsert<K extends KeyOf<M>>(key: K, value: Stored<EntryOf<M, K>>, options: MapWriteOptions = {}): Did<C, number> {
    return put(this.place, key, value, options, MapWriteFlags.CREATE_ONLY | mapWriteFlags("mapInsert", options));
  }

  /** Puts an entry whose key exists (else result code 23). */
  mapUpdate<K extends KeyOf<M>>(key: K, value: Stored<EntryOf<M, K>>, options: MapWriteOptions = {}): Did<C, number> {
    return put(this.place, key, value, options, MapWriteFlags.UPDATE_ONLY | mapWriteFlags("mapUpdate", options));
  }

  /**
   * Puts entries, whether their keys exist or not.
   * @example .bin("limits").mapUpsertItems({ daily: 10, weekly: 50 })
   */
  mapUpsertItems(items: ItemsOf<M>, options: MapItemsOptions = {}): Did<C, number> {
    return putItems(this.place, items, options, MapWriteFlags.DEFAULT | mapItemsFlags("mapUpsertItems", options));
  }

  /** Puts entries whose keys do not exist yet (else result code 24, and nothing is written). */
  mapInsertItems(items: ItemsOf<M>, options: MapItemsOptions = {}): Did<C, number> {
    return putItems(this.place, items, options, MapWriteFlags.CREATE_ONLY | mapItemsFlags("mapInsertItems", options));
  }

  /**
   * Puts entries whose keys exist (else result code 23, and nothing is written). With `noFail` and `partial`, a map that
   * is empty or missing takes all of them: so the server has it.
   */
  mapUpdateItems(items: ItemsOf<M>, options: MapItemsOptions = {}): Did<C, number> {
    return putItems(this.place, items, options, MapWriteFlags.UPDATE_ONLY | mapItemsFlags("mapUpdateItems", options));
  }

  /** Adds to the number under a key, or puts it there. @param amount default 1 */
  mapIncrement<K extends NumberKeyOf<M>>(
    key: K,
    amount: number | bigint | Double = 1,
    options: MapCreateOptions = {},
  ): Did<C, NumberIn<EntryOf<M, K>>> {
    checkMapCreate("mapIncrement", options);
    this.place.refuseNestedIndex(options.persistIndex);
    return this.place.does(map.mapIncrement(this.place.key(key), checkNumber("amount", amount), options));
  }

  /** Subtracts from the number under a key, or puts it there, negated. @param amount default 1 */
  mapDecrement<K extends NumberKeyOf<M>>(
    key: K,
    amount: number | bigint | Double = 1,
    options: MapCreateOptions = {},
  ): Did<C, NumberIn<EntryOf<M, K>>> {
    checkMapCreate("mapDecrement", options);
    this.place.refuseNestedIndex(options.persistIndex);
    return this.place.does(map.mapDecrement(this.place.key(key), checkNumber("amount", amount), options));
  }

  /** Removes all entries; the map stays. */
  mapClear(): Did<C> {
    return this.place.does(map.mapClear());
  }

  /**
   * Creates an empty map where there is none, together with the list or map around it.
   * @throws TypeError inside of a place that has neither index nor key, or for `persistIndex` inside of a bin
   */
  mapCreate(order: MapOrder, options: Pick<MapCreateOptions, "persistIndex"> = {}): Did<C> {
    checkOptions("mapCreate", options, { persistIndex: true });
    this.place.refuseNestedIndex(options.persistIndex);
    return this.place.creating().does(map.mapSetOrder(order, options.persistIndex));
  }

  /** Changes the order of a map. Creates a bin that is missing. */
  mapSetPolicy(order: MapOrder): Did<C> {
    return this.place.does(map.mapSetOrder(order));
  }
}

function put<C extends Next>(
  place: Place<C>,
  key: unknown,
  value: unknown,
  options: MapWriteOptions,
  flags: number,
): Did<C, number> {
  place.refuseNestedIndex(options.persistIndex);
  return place.counts(map.mapPut(place.key(key), place.value(value), policyOf(options, flags)));
}

function putItems<C extends Next>(
  place: Place<C>,
  items: unknown,
  options: MapItemsOptions,
  flags: number,
): Did<C, number> {
  place.refuseNestedIndex(options.persistIndex);
  return place.counts(map.mapPutItems(place.items(items), policyOf(options, flags)));
}

function policyOf(
  { order = MapOrder.UNORDERED, persistIndex = false }: MapCreateOptions,
  flags: number,
): map.MapPolicy {
  return { order, persistIndex, flags };
}
