import type { Double } from "./double.js";
import type { GeoJson } from "./geojson.js";
import type { Hll } from "./hll.js";

/**
 * What a bin, a list element or a map value can hold.
 *
 * | JavaScript | Aerospike |
 * |---|---|
 * | safe-integer `number`, `bigint` in int64 | INTEGER |
 * | `number` with a fraction or from 2^63 in magnitude, {@link Double} | DOUBLE |
 * | `string`, `boolean`, `Uint8Array` | STRING, BOOL, BLOB |
 * | array | LIST |
 * | `Map`, plain object | MAP, sent in key order |
 * | {@link GeoJson}, {@link Hll} | GEOJSON, HLL |
 * | `null` | deletes the bin; nil inside a list or map |
 *
 * Whole numbers from 2^53 up to 2^63 in magnitude are refused: `BigInt(…)` makes them integers, `double(…)` doubles.
 * A property that is `undefined` counts as absent.
 */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | Double
  | GeoJson
  | Hll
  | readonly Value[]
  | ReadonlyMap<MapKey, Value>
  | { readonly [key: string]: Value | undefined };

/** Keys that every server accepts in a map: integers, strings, blobs. */
export type MapKey = number | bigint | string | Uint8Array;

/** How values come back. */
export interface DecodeOptions {
  /** `"auto"` (default): `number` when safe, else `bigint`. `"bigint"`: always `bigint`. */
  readonly int64?: "auto" | "bigint";
  /** `"auto"` (default): a plain object when every key is a string, else a `Map`. `"map"`: always a `Map`. */
  readonly maps?: "auto" | "map";
}
