import { MapOrder, MapWriteFlags } from "../../../protocol/cdt/flags.js";
import * as map from "../../../protocol/cdt/map.js";
import { checkNumber } from "../../../protocol/cdt/param.js";
import { checkOptions } from "../../../protocol/check/check-options.js";
import type { Double } from "../../../protocol/value/double.js";
import type { MapKey, Value } from "../../../protocol/value/value.js";
import { ListWrites } from "./list-writes.js";
import type { MapItems, Place } from "./place.js";
import type { Selections } from "./selection.js";
import {
  checkMapCreate,
  type MapCreateOptions,
  type MapItemsOptions,
  type MapWriteOptions,
  mapItemsFlags,
  mapWriteFlags,
} from "./write-options.js";

/**
 * Writes to a list or a map: the bin itself or one inside of it. Putting entries and incrementing creates a bin that is
 * missing; removing from one does nothing. A bin of another type is an error (result code 12).
 */
export abstract class CollectionWrites<P, V, S extends Selections> extends ListWrites<P, V, S> {
  /**
   * Puts an entry, whether its key exists or not.
   * @throws TypeError when the key is no 64-bit integer, string or Uint8Array
   */
  mapPut(key: MapKey, value: Value, options: MapCreateOptions = {}): P {
    checkMapCreate("mapPut", options);
    return put(this.place, key, value, options, MapWriteFlags.DEFAULT);
  }

  /** Puts an entry whose key does not exist yet (else result code 24). */
  mapInsert(key: MapKey, value: Value, options: MapWriteOptions = {}): P {
    return put(this.place, key, value, options, MapWriteFlags.CREATE_ONLY | mapWriteFlags("mapInsert", options));
  }

  /** Puts an entry whose key exists (else result code 23). */
  mapUpdate(key: MapKey, value: Value, options: MapWriteOptions = {}): P {
    return put(this.place, key, value, options, MapWriteFlags.UPDATE_ONLY | mapWriteFlags("mapUpdate", options));
  }

  /**
   * Puts entries, whether their keys exist or not.
   * @example .bin("limits").mapUpsertItems({ daily: 10, weekly: 50 })
   */
  mapUpsertItems(items: MapItems, options: MapItemsOptions = {}): P {
    return putItems(this.place, items, options, MapWriteFlags.DEFAULT | mapItemsFlags("mapUpsertItems", options));
  }

  /** Puts entries whose keys do not exist yet (else result code 24, and nothing is written). */
  mapInsertItems(items: MapItems, options: MapItemsOptions = {}): P {
    return putItems(this.place, items, options, MapWriteFlags.CREATE_ONLY | mapItemsFlags("mapInsertItems", options));
  }

  /**
   * Puts entries whose keys exist (else result code 23, and nothing is written). With `noFail` and `partial`, a map that
   * is empty or missing takes all of them: so the server has it.
   */
  mapUpdateItems(items: MapItems, options: MapItemsOptions = {}): P {
    return putItems(this.place, items, options, MapWriteFlags.UPDATE_ONLY | mapItemsFlags("mapUpdateItems", options));
  }

  /** Adds to the number under a key, or puts it there. @param amount default 1 */
  mapIncrement(key: MapKey, amount: number | bigint | Double = 1, options: MapCreateOptions = {}): P {
    checkMapCreate("mapIncrement", options);
    this.place.refuseNestedIndex(options.persistIndex);
    return this.place.call(map.mapIncrement(this.place.key(key), checkNumber("amount", amount), options));
  }

  /** Subtracts from the number under a key, or puts it there, negated. @param amount default 1 */
  mapDecrement(key: MapKey, amount: number | bigint | Double = 1, options: MapCreateOptions = {}): P {
    checkMapCreate("mapDecrement", options);
    this.place.refuseNestedIndex(options.persistIndex);
    return this.place.call(map.mapDecrement(this.place.key(key), checkNumber("amount", amount), options));
  }

  /** Removes all entries; the map stays. */
  mapClear(): P {
    return this.place.call(map.mapClear());
  }

  /**
   * Creates an empty map where there is none, together with the list or map around it.
   * @throws TypeError inside of a place that has neither index nor key, or for `persistIndex` inside of a bin
   */
  mapCreate(order: MapOrder, options: Pick<MapCreateOptions, "persistIndex"> = {}): P {
    checkOptions("mapCreate", options, { persistIndex: true });
    this.place.refuseNestedIndex(options.persistIndex);
    return this.place.creating().call(map.mapSetOrder(order, options.persistIndex));
  }

  /** Changes the order of a map. Creates a bin that is missing. */
  mapSetPolicy(order: MapOrder): P {
    return this.place.call(map.mapSetOrder(order));
  }
}

function put<P>(place: Place<P>, key: MapKey, value: Value, options: MapWriteOptions, flags: number): P {
  place.refuseNestedIndex(options.persistIndex);
  const policy = policyOf(options, flags);
  return place.call(map.mapPut(place.key(key), place.value(value), policy));
}

function putItems<P>(place: Place<P>, items: MapItems, options: MapItemsOptions, flags: number): P {
  place.refuseNestedIndex(options.persistIndex);
  const policy = policyOf(options, flags);
  return place.call(map.mapPutItems(place.items(items), policy));
}

function policyOf(
  { order = MapOrder.UNORDERED, persistIndex = false }: MapCreateOptions,
  flags: number,
): map.MapPolicy {
  return { order, persistIndex, flags };
}
