import { INT64_MAX, INT64_MIN } from "../protocol/limits.js";
import { ambiguousNumber, isAmbiguousNumber } from "../protocol/value/ambiguous-number.js";
import { Double } from "../protocol/value/double.js";
import { GeoJson } from "../protocol/value/geojson.js";
import { Hll } from "../protocol/value/hll.js";
import { describe } from "../protocol/value/invalid-value.js";
import { isBytes, isPlainObject } from "../protocol/value/pack.js";
import type { Value } from "../protocol/value/value.js";
import { BLOB, BOOL, FLOAT, GEO, HLL, INT, LIST, MAP, NIL, NUMBER, STRING } from "./type-set.js";

/**
 * A value for a placeholder: anything that a bin can hold. An integral `number` is what the place asks for, INT where it
 * asks for nothing; a `bigint` is INT, `double(5)` FLOAT.
 */
export type AelParam = Value;

const ALLOWED = "null, a boolean, number, bigint, string, Uint8Array, array, Map, plain object, GeoJson or Hll";
const DATE_HINT = "give the number that bins hold for it, such as date.getTime()";

/** The types that a parameter can have. Throws TypeError when it has none. */
export function paramSet(value: unknown, index: number): number {
  switch (typeof value) {
    case "number":
      if (isAmbiguousNumber(value)) throw new TypeError(`?${index}: ${ambiguousNumber(value)}`);
      return Number.isSafeInteger(value) ? NUMBER : FLOAT;
    case "bigint":
      if (value > INT64_MAX || value < INT64_MIN) {
        throw new TypeError(`?${index}: ${value}n does not fit a 64-bit signed integer`);
      }
      return INT;
    case "string":
      return STRING;
    case "boolean":
      return BOOL;
    case "object":
      return objectSet(value, index);
  }
  throw unsupported(value, index);
}

function objectSet(value: object | null, index: number): number {
  if (value === null) return NIL;
  if (Array.isArray(value)) return LIST;
  if (isBytes(value)) return BLOB;
  if (value instanceof Double) return FLOAT;
  if (value instanceof GeoJson) return GEO;
  if (value instanceof Hll) return HLL;
  if (value instanceof Map || isPlainObject(value)) return MAP;
  throw unsupported(value, index);
}

function unsupported(value: unknown, index: number): TypeError {
  const hint = value instanceof Date ? `; ${DATE_HINT}` : "";
  return new TypeError(`?${index}: expected ${ALLOWED}, got ${describe(value)}${hint}`);
}
