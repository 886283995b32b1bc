import type { CTX } from "../../protocol/cdt/context.js";
import { packedContext } from "../../protocol/cdt/context-bytes.js";
import { checkIndexFilter } from "../../protocol/check/check-index-filter.js";
import { checkOptions } from "../../protocol/check/check-options.js";
import type { IndexBounds, IndexCollection, IndexFilter, IndexTarget } from "../../protocol/command/index-range.js";
import type { PackedExpression } from "../../protocol/exp/packed-expression.js";
import type { GeoJson } from "../../protocol/value/geojson.js";
import { describe } from "../../protocol/value/invalid-value.js";
import { isBytes } from "../../protocol/value/pack.js";
import { listOf } from "../data/list-of.js";
import { describeIndexFilter } from "./describe-index-filter.js";
import { aeroCircle, pointText, regionText } from "./geometry.js";

/**
 * Which secondary index: the bin that it is on, its name (server 8.1 and newer), or the expression that it was made
 * with (8.1 and newer; the very same expression, as the server compares bytes).
 */
export type FilterTarget = string | { readonly indexName: string } | PackedExpression;

/** What an index has entries for besides whole values: the elements of lists, the keys of maps, the values of maps. */
export type IndexedCollection = Exclude<IndexCollection, "default">;

/** Where points and regions can be besides in the bin itself. */
export type IndexedGeoCollection = Exclude<IndexedCollection, "mapKeys">;

const COLLECTIONS: readonly IndexCollection[] = ["list", "mapKeys", "mapValues"];
const GEO_COLLECTIONS: readonly IndexCollection[] = ["list", "mapValues"];

/**
 * A range of a secondary index: the records that a query or background task goes through. The index must exist; its
 * type, and where it has one its collection and context, must be those of the filter, or the server returns
 * INDEX_NOT_FOUND (201).
 *
 * A filter narrows the way to the records, a `where` decides about each one: both together are fine.
 *
 * Every factory throws a TypeError for an argument of the wrong kind and a RangeError for one out of range.
 *
 * @example Filter.range("age", 18, 65)
 * @example Filter.contains("tags", "new", "list")
 * @example Filter.equal({ indexName: "users_age" }, 30)
 * @example Filter.withinRadius("home", -122.1, 37.4, 1_000)
 */
export class Filter {
  /** What the wire needs. @internal */
  readonly index: IndexFilter;

  private constructor(index: IndexFilter) {
    checkIndexFilter(index);
    this.index = index;
  }

  /** A range that was taken apart before. @internal */
  static fromIndex(index: IndexFilter): Filter {
    return new Filter(index);
  }

  /**
   * Records whose bin has this value.
   * @param value an integer, a string of at most 2047 bytes, or at most 2047 bytes (these from server 7.0)
   */
  static equal(on: FilterTarget, value: number | bigint | string | Uint8Array): Filter {
    return new Filter({ target: targetOf(on), bounds: exactly(value) });
  }

  /** Records whose bin is an integer from `begin` to `end`, both included. */
  static range(on: FilterTarget, begin: number | bigint, end: number | bigint): Filter {
    return new Filter({ target: targetOf(on), bounds: { type: "integer", begin, end } });
  }

  /** Records whose list or map has this value among its elements, keys or values. */
  static contains(
    on: FilterTarget,
    value: number | bigint | string | Uint8Array,
    collection: IndexedCollection,
  ): Filter {
    checkCollection(collection, COLLECTIONS);
    return new Filter({ target: targetOf(on), bounds: exactly(value), collection });
  }

  /** Records whose list or map has an integer from `begin` to `end` among its elements, keys or values. */
  static containsRange(
    on: FilterTarget,
    begin: number | bigint,
    end: number | bigint,
    collection: IndexedCollection,
  ): Filter {
    checkCollection(collection, COLLECTIONS);
    return new Filter({ target: targetOf(on), bounds: { type: "integer", begin, end }, collection });
  }

  /**
   * Records with a point inside the region.
   * @param region a Polygon, MultiPolygon or AeroCircle: GeoJSON text, an object, or a GeoJson
   * @param collection where the points are elements of lists or values of maps
   */
  static withinRegion(on: FilterTarget, region: GeoJson | string | object, collection?: IndexedGeoCollection): Filter {
    return Filter.#geo(on, regionText(region), collection);
  }

  /**
   * Records with a point no further than `radius` from another.
   * @param longitude degrees, -180 to 180
   * @param latitude degrees, -90 to 90
   * @param radius meters, more than 0
   */
  static withinRadius(
    on: FilterTarget,
    longitude: number,
    latitude: number,
    radius: number,
    collection?: IndexedGeoCollection,
  ): Filter {
    return Filter.#geo(on, aeroCircle(longitude, latitude, radius), collection);
  }

  /**
   * Records with a region that contains the point.
   * @param point a Point: GeoJSON text, an object, or a GeoJson
   */
  static regionsContainingPoint(
    on: FilterTarget,
    point: GeoJson | string | object,
    collection?: IndexedGeoCollection,
  ): Filter {
    return Filter.#geo(on, pointText(point), collection);
  }

  static #geo(on: FilterTarget, value: string, collection: IndexedGeoCollection | undefined): Filter {
    const target = targetOf(on);
    if (collection === undefined) return new Filter({ target, bounds: { type: "geo", value } });
    checkCollection(collection, GEO_COLLECTIONS);
    return new Filter({ target, bounds: { type: "geo", value }, collection });
  }

  /**
   * The same range of an index on a place inside the bin. Server 6.1 and newer.
   * @param path the steps to that place, as they were given when the index was made
   * @throws TypeError with an index name or an expression, which say the place already
   */
  context(path: readonly CTX[]): Filter;
  context(...path: readonly CTX[]): Filter;
  context(...path: readonly (CTX | readonly CTX[])[]): Filter {
    const { target } = this.index;
    if (!("bin" in target)) {
      throw new TypeError("Filter.context: an index name or an expression leaves nothing to say about the place");
    }
    const context = packedContext(listOf<CTX>("Filter.context", path));
    return new Filter({ ...this.index, target: { bin: target.bin, context } });
  }

  /** The oldest server that can do it, such as `"6.0"` or `"8.1"`. */
  get minVersion(): string {
    const { target, bounds } = this.index;
    if (!("bin" in target)) return "8.1";
    if (bounds.type === "blob") return "7.0";
    return target.context === undefined ? "6.0" : "6.1";
  }

  /** In words, for logs and `explain()`. */
  toString(): string {
    return describeIndexFilter(this.index);
  }
}

function targetOf(on: FilterTarget): IndexTarget {
  if (typeof on === "string") return { bin: on };
  if (typeof on === "object" && on !== null) {
    if ("packed" in on && isBytes(on.packed)) return { expression: on.packed };
    if ("indexName" in on) {
      checkOptions("Filter", on, { indexName: true });
      return { indexName: on.indexName };
    }
  }
  throw new TypeError(`Filter: expected a bin name, { indexName } or an expression, got ${describe(on)}`);
}

function exactly(value: number | bigint | string | Uint8Array): IndexBounds {
  if (typeof value === "string") return { type: "string", value };
  if (typeof value !== "object") return { type: "integer", begin: value, end: value };
  if (value !== null && isBytes(value)) return { type: "blob", value: value.slice() };
  throw new TypeError(`Filter: expected an integer, a string or a Uint8Array as value, got ${describe(value)}`);
}

function checkCollection(collection: unknown, allowed: readonly IndexCollection[]): void {
  if (allowed.some((name) => name === collection)) return;
  const names = allowed.map((name) => `"${name}"`).join(", ");
  throw new TypeError(`Filter: expected one of ${names} as collection, got ${describe(collection)}`);
}
