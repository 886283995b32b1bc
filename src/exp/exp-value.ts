import type { ExpKind } from "../../protocol/exp/exp-type.js";
import type { GeoJson } from "../../protocol/value/geojson.js";
import type { Hll } from "../../protocol/value/hll.js";
import type { Value } from "../../protocol/value/value.js";

interface Values {
  readonly nil: null;
  readonly bool: boolean;
  readonly int: number;
  readonly float: number;
  readonly string: string;
  readonly blob: Uint8Array;
  readonly list: Value[];
  readonly map: { [key: string]: Value } | Map<unknown, Value>;
  readonly geo: GeoJson;
  readonly hll: Hll;
}

/**
 * What an expression of a type gives where it is read: as bins, integers are numbers while they are safe, and lists and maps
 * may hold anything.
 */
export type ExpValue<K extends ExpKind> = K extends keyof Values ? Values[K] : Value;
