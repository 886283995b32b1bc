import { encodeBase64 } from "../../protocol/bytes/base64.js";
import { isBytes } from "../../protocol/value/pack.js";

/** What JSON has, and what turns itself into it. */
export type JsonValue = null | boolean | number | string | object;

/**
 * A value as `JSON.stringify` can take it, without loss of digits: a bigint beyond the safe integers is its digits in a
 * string, bytes are base64, a Map is an object, or pairs of key and value when some key is no string. Objects with a
 * `toJSON` of their own, such as GeoJson, are left to it.
 */
export function jsonValue(value: unknown): JsonValue | undefined {
  switch (typeof value) {
    case "bigint":
      return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
    case "object":
      return value === null ? null : jsonObject(value);
    case "boolean":
    case "number":
    case "string":
      return value;
    default:
      return undefined;
  }
}

function jsonObject(value: object): JsonValue {
  if (Array.isArray(value)) return value.map(jsonValue);
  if (isBytes(value)) return encodeBase64(value);
  if (value instanceof Map) return jsonMap(value);
  if ("toJSON" in value) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, jsonValue(member)]));
}

function jsonMap(map: ReadonlyMap<unknown, unknown>): JsonValue {
  const pairs = [...map].map(([key, member]) => [jsonValue(key), jsonValue(member)] as const);
  return [...map.keys()].every((key) => typeof key === "string") ? Object.fromEntries(pairs) : pairs;
}
