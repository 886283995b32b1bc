import type { ExpType } from "../../protocol/exp/exp-type.js";
import { ambiguousNumber, isAmbiguousNumber } from "../../protocol/value/ambiguous-number.js";
import { Double } from "../../protocol/value/double.js";
import { GeoJson } from "../../protocol/value/geojson.js";
import { Hll } from "../../protocol/value/hll.js";
import { describe } from "../../protocol/value/invalid-value.js";
import { isBytes, isPlainObject } from "../../protocol/value/pack.js";
import type { Value } from "../../protocol/value/value.js";
import { isInt64 } from "../exp/constant.js";

/** A value for a placeholder: anything that a bin can hold. Integral numbers are INT; `double(5)` is FLOAT. */
export type AelParam = Value;

/** The type of a parameter. Throws TypeError when it has none. */
export function paramType(value: unknown, index: number): ExpType {
  switch (typeof value) {
    case "number":
      if (isAmbiguousNumber(value)) throw new TypeError(`?${index}: ${ambiguousNumber(value)}`);
      return Number.isSafeInteger(value) ? "int" : "float";
    case "bigint":
      if (!isInt64(value)) throw new TypeError(`?${index}: ${value}n does not fit a 64-bit signed integer`);
      return "int";
    case "string":
      return "string";
    case "boolean":
      return "bool";
    case "object":
      return objectType(value, index);
  }
  throw new TypeError(`Unsupported placeholder value type: ?${index} is ${describe(value)}`);
}

function objectType(value: object | null, index: number): ExpType {
  if (value === null) return "nil";
  if (Array.isArray(value)) return "list";
  if (isBytes(value)) return "blob";
  if (value instanceof Double) return "float";
  if (value instanceof GeoJson) return "geo";
  if (value instanceof Hll) return "hll";
  if (value instanceof Map || isPlainObject(value)) return "map";
  throw new TypeError(`Unsupported placeholder value type: ?${index} is ${describe(value)}`);
}
