import { parse, stringify } from "lossless-json";
import { Double, double, GeoJson, Hll, type MapKey, type Value } from "../../src/index.js";

/**
 * JSON that keeps the types of Aerospike. A number with a point or an exponent is a double, any other one an integer of
 * 64 bits. What JSON has no form for is an object with one property: `{"$bytes": "<base64>"}`, `{"$double": "NaN"}`,
 * `{"$geojson": "<text>"}`, `{"$hll": "<base64>"}`, and `{"$map": [[key, value], …]}` for maps with a key that is no text
 * or begins with `$`.
 *
 * Values come from a connection with `int64: "bigint"` and `maps: "map"`: there a number is always a double.
 */
export function stringifyTyped(value: unknown, space?: number): string {
  return stringify(plain(value), undefined, space, NUMBERS) ?? "null";
}

/** @throws SyntaxError for text that is no JSON; TypeError for what no bin can hold */
export function parseTyped(text: string): unknown {
  return typed(parse(text, undefined, { parseNumber: numberOf }));
}

/** A value of a bin from its JSON. @throws SyntaxError and TypeError */
export function parseTypedValue(text: string): Value {
  return parseTyped(text) as Value;
}

/** Keeps a double a double, whatever its value. */
class DoubleText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

const NUMBERS = [
  {
    test: (value: unknown) => value instanceof DoubleText,
    stringify: (value: unknown) => (value as DoubleText).text,
  },
];

/** `1.0`, `-0.0`, `1.5`, `1e+300` */
export function doubleText(value: number): string {
  if (Object.is(value, -0)) return "-0.0";
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

function plain(value: unknown): unknown {
  switch (typeof value) {
    case "number":
      return Number.isFinite(value) ? new DoubleText(doubleText(value)) : { $double: String(value) };
    case "object":
      return value === null ? null : plainObject(value);
    default:
      return value;
  }
}

function plainObject(value: object): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Double) return plain(value.value);
  if (value instanceof Uint8Array) return { $bytes: base64(value) };
  if (value instanceof GeoJson) return { $geojson: value.text };
  if (value instanceof Hll) return { $hll: base64(value.bytes) };
  if (value instanceof Map) return plainMap(value);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plain(member)]));
}

function plainMap(map: ReadonlyMap<unknown, unknown>): unknown {
  const keys = [...map.keys()];
  // "__proto__" would be lost as the key of an object.
  const isPlain = keys.every((key) => typeof key === "string" && !key.startsWith("$") && key !== "__proto__");
  if (!isPlain) return { $map: [...map].map(([key, member]) => [plain(key), plain(member)]) };
  return Object.fromEntries([...map].map(([key, member]) => [key, plain(member)]));
}

function numberOf(text: string): Double | number | bigint {
  if (/[.eE]/.test(text)) return double(Number(text));
  const value = BigInt(text);
  if (value < -(2n ** 63n) || value >= 2n ** 63n) {
    throw new TypeError(`${text} is no integer of 64 bits; write ${text}.0 for a double`);
  }
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

/** What stands for a value that JSON has no form for. */
const TAGS: Readonly<Record<string, (content: unknown) => Value>> = {
  $bytes: (content) => fromBase64("$bytes", content),
  $double: (content) => {
    const value = Number(text("$double", content));
    if (Number.isNaN(value) && content !== "NaN") throw new TypeError(`$double: "${content}" is no number`);
    return double(value);
  },
  $geojson: (content) => new GeoJson(text("$geojson", content)),
  $hll: (content) => new Hll(fromBase64("$hll", content)),
  $map: (content) => {
    if (!Array.isArray(content) || !content.every((pair) => Array.isArray(pair) && pair.length === 2)) {
      throw new TypeError("$map: expected a list of pairs of key and value");
    }
    return new Map(content.map(([key, member]) => [typed(key) as MapKey, typed(member) as Value]));
  },
};

function typed(value: unknown): unknown {
  if (typeof value !== "object" || value === null || value instanceof Double) return value;
  if (Array.isArray(value)) return value.map(typed);
  const entries = Object.entries(value);
  const marked = entries.find(([key]) => key.startsWith("$"));
  if (marked !== undefined) {
    const [name, content] = marked;
    const tag = Object.hasOwn(TAGS, name) ? TAGS[name] : undefined;
    if (tag === undefined || entries.length > 1) {
      const known = Object.keys(TAGS).join(", ");
      throw new TypeError(
        `{"${name}": …}: expected an object with one of ${known} alone; other keys with $ go into a $map`,
      );
    }
    return tag(content);
  }
  return Object.fromEntries(entries.map(([key, member]) => [key, typed(member)]));
}

function text(tag: string, content: unknown): string {
  if (typeof content === "string") return content;
  throw new TypeError(`${tag}: expected text`);
}

function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

function fromBase64(tag: string, content: unknown): Uint8Array {
  const encoded = text(tag, content);
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(encoded) || encoded.length % 4 !== 0)
    throw new TypeError(`${tag}: expected base64`);
  return Uint8Array.from(atob(encoded), (char) => char.charCodeAt(0));
}
