import type { AnyInteger } from "../../../protocol/bytes/utf8.js";
import { listGet, listGetRange, listJoin, listSize } from "../../../protocol/cdt/list.js";
import { mapSize } from "../../../protocol/cdt/map.js";
import type { Found, Next } from "./next.js";
import type { Place } from "./place.js";

/** Reads of a list: the bin itself or one inside of it. */
export abstract class ListReads<out C extends Next, E> {
  /** @internal */
  declare readonly place: Place<C>;

  /** How many elements the list has. */
  listSize(): Found<C, number> {
    return this.place.findsCounts(listSize());
  }

  /** The element at an index; result code 26 when there is none. */
  listGet(index: AnyInteger): Found<C, E> {
    return this.place.finds(listGet(index));
  }

  /** `count` elements from an index on, or all that follow. */
  listGetRange(index: AnyInteger, count?: AnyInteger): Found<C, E[]> {
    return this.place.finds(listGetRange(index, count));
  }

  /**
   * The strings of the list as one; result code 26 when it holds anything else. Server 8.2 and newer.
   * @param separator what stands between them; default nothing
   */
  listJoin(separator?: string): Found<C, string> {
    return this.place.finds(listJoin(separator));
  }
}

/** Reads of a map: the bin itself or one inside of it. */
export abstract class MapReads<out C extends Next> {
  /** @internal */
  declare readonly place: Place<C>;

  /** How many entries the map has. */
  mapSize(): Found<C, number> {
    return this.place.findsCounts(mapSize());
  }
}
