import { decodeBase64, encodeBase64 } from "../../protocol/bytes/base64.js";
import { checkValue } from "../../protocol/value/check-value.js";
import { Double, double } from "../../protocol/value/double.js";
import { GeoJson } from "../../protocol/value/geojson.js";
import { Hll } from "../../protocol/value/hll.js";
import { isBytes } from "../../protocol/value/pack.js";
import type { MapKey, Value } from "../../protocol/value/value.js";
import type { JsonValue } from "../data/json.js";
import type { JsonReader } from "./json-reader.js";

// A value as JSON that comes back as it was, where that matters to a server: what JSON has stands for itself, the rest is an
// object with one member.
//   {"$int":"9223372036854775807"} {"$double":"2"} {"$bytes":"…"} {"$geo":"…"} {"$hll":"…"} {"$map":[[key,value],…]}

/** The value, which has been checked, as JSON. */
export function valueToJson(value: Value): JsonValue {
  switch (typeof value) {
    case "bigint":
      return { $int: String(value) };
    case "number":
      return isPlain(value) ? value : { $double: String(value) };
    case "string":
    case "boolean":
      return value;
    default:
      return value === null ? null : objectToJson(value);
  }
}

/** Whether JSON writes the number, and a server gets the same of what is read back. */
function isPlain(value: number): boolean {
  return Number.isSafeInteger(value) || (Number.isFinite(value) && !Number.isInteger(value));
}

function objectToJson(value: Exclude<Value, null | boolean | number | bigint | string>): JsonValue {
  if (value instanceof Double) return { $double: Object.is(value.value, -0) ? "-0" : String(value.value) };
  if (value instanceof GeoJson) return { $geo: value.text };
  if (value instanceof Hll) return { $hll: encodeBase64(value.bytes) };
  if (isBytes(value)) return { $bytes: encodeBase64(value) };
  if (Array.isArray(value)) return value.map((element: Value) => valueToJson(element));
  const entries: [MapKey, Value | undefined][] = value instanceof Map ? [...value] : Object.entries(value);
  return {
    $map: entries.flatMap(([key, member]) => (member === undefined ? [] : [[valueToJson(key), valueToJson(member)]])),
  };
}

/** Reads it back. @throws TypeError naming the place of what is no value */
export function valueFromJson(reader: JsonReader): Value {
  const value = readValue(reader, 0);
  return reader.within(() => {
    checkValue(value);
    return value;
  });
}

/** Far beyond what servers take. */
const MOST_DEPTH = 256;

function readValue(reader: JsonReader, depth: number): Value {
  if (depth > MOST_DEPTH) throw reader.misfit(`at most ${MOST_DEPTH} lists and maps inside each other`);
  const raw = reader.raw();
  switch (typeof raw) {
    case "string":
    case "boolean":
    case "number":
      return raw;
    default:
  }
  if (raw === null) return null;
  if (Array.isArray(raw)) return reader.list((element) => readValue(element, depth + 1), Number.MAX_SAFE_INTEGER);
  const [tag, ...others] = Object.keys(reader.object());
  if (tag === undefined || others.length > 0) throw reader.misfit("an object with one member");
  const member = reader.get(tag);
  switch (tag) {
    case "$int":
      return member.within(() => BigInt(integerText(member)));
    case "$double":
      return double(Number(member.string(40)));
    case "$bytes":
      return member.within(() => decodeBase64(member.string()));
    case "$hll":
      return member.within(() => new Hll(decodeBase64(member.string())));
    case "$geo":
      return member.within(() => new GeoJson(member.string()));
    case "$map":
      return new Map(member.list((entry) => readEntry(entry, depth), Number.MAX_SAFE_INTEGER));
    default:
      throw reader.misfit('one of "$int", "$double", "$bytes", "$hll", "$geo", "$map"');
  }
}

function readEntry(reader: JsonReader, depth: number): [MapKey, Value] {
  const [key, value, ...rest] = reader.list((part) => readValue(part, depth + 1));
  if (value === undefined || rest.length > 0) throw reader.misfit("a key and a value");
  if (typeof key !== "string" && typeof key !== "number" && typeof key !== "bigint" && !isKeyBytes(key)) {
    throw reader.misfit("an integer, a string or bytes as key");
  }
  return [key, value];
}

function isKeyBytes(value: unknown): value is Uint8Array {
  return typeof value === "object" && value !== null && isBytes(value);
}

function integerText(reader: JsonReader): string {
  const text = reader.string(20);
  if (!/^-?\d{1,19}$/.test(text)) throw reader.misfit("an integer in decimal digits");
  return text;
}
