import { Double } from "../../../protocol/value/double.js";
import { GeoJson } from "../../../protocol/value/geojson.js";
import { Hll } from "../../../protocol/value/hll.js";
import { INFINITY, WILDCARD } from "../../../protocol/value/special.js";
import type { MapKey, Value } from "../../../protocol/value/value.js";
import { fromHex } from "./entry.js";

/** A value of the recordings, in JSON. */
export interface Typed {
  readonly int?: string;
  readonly double?: string;
  readonly bits?: string;
  readonly float32?: boolean;
  readonly string?: string;
  readonly stringHex?: string;
  readonly stringRepeat?: readonly [string, number];
  readonly blob?: string;
  readonly blobRepeat?: readonly [string, number];
  readonly blobType?: string;
  readonly bool?: boolean;
  readonly nil?: true;
  readonly list?: readonly Typed[];
  readonly listRepeat?: readonly [Typed, number];
  readonly map?: readonly (readonly [Typed, Typed])[];
  readonly order?: string;
  readonly orderFlags?: number;
  readonly geojson?: string;
  readonly hll?: string;
  readonly wildcard?: true;
  readonly infinity?: true;
  readonly particle?: number;
  readonly raw?: string;
}

/** The value to give to a command; undefined for what this client never writes that way. */
export function toValue(typed: Typed): Value | undefined {
  if (typed.int !== undefined) return integer(typed.int);
  if (typed.double !== undefined) return typed.bits === undefined ? new Double(Number(typed.double)) : undefined;
  if (typed.string !== undefined) return typed.string;
  if (typed.stringRepeat !== undefined) return typed.stringRepeat[0].repeat(typed.stringRepeat[1]);
  if (typed.blob !== undefined) return typed.blobType === undefined ? fromHex(typed.blob) : undefined;
  if (typed.blobRepeat !== undefined) return fromHex(typed.blobRepeat[0].repeat(typed.blobRepeat[1]));
  if (typed.bool !== undefined) return typed.bool;
  if (typed.nil) return null;
  if (typed.geojson !== undefined) return new GeoJson(typed.geojson);
  if (typed.hll !== undefined) return new Hll(fromHex(typed.hll));
  if (typed.list !== undefined) return typed.order === undefined ? allOf(typed.list) : undefined;
  if (typed.listRepeat !== undefined) return allOf(new Array<Typed>(typed.listRepeat[1]).fill(typed.listRepeat[0]));
  // Maps always travel in key order, with the marker that says so.
  if (typed.map !== undefined) return typed.order === "key" ? mapOf(typed.map) : undefined;
  return undefined;
}

/** What decoding is to give, with the default options. */
export function toDecoded(typed: Typed): unknown {
  if (typed.int !== undefined) return integer(typed.int);
  if (typed.double !== undefined) return typed.float32 ? Math.fround(Number(typed.double)) : Number(typed.double);
  if (typed.stringHex !== undefined)
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(fromHex(typed.stringHex));
  if (typed.list !== undefined) return typed.list.map(toDecoded);
  if (typed.listRepeat !== undefined) {
    return new Array<unknown>(typed.listRepeat[1]).fill(toDecoded(typed.listRepeat[0]));
  }
  if (typed.map !== undefined) return decodedMap(typed.map);
  if (typed.wildcard) return WILDCARD;
  if (typed.infinity) return INFINITY;
  if (typed.blob !== undefined) return fromHex(typed.blob);
  const value = toValue(typed);
  if (value === undefined) throw new Error(`the recording has the value ${JSON.stringify(typed)}`);
  return value;
}

function integer(text: string): number | bigint {
  const exact = BigInt(text);
  const near = Number(exact);
  return Number.isSafeInteger(near) ? near : exact;
}

function allOf(list: readonly Typed[]): Value | undefined {
  const values: Value[] = [];
  for (const item of list) {
    const value = toValue(item);
    if (value === undefined) return undefined;
    values.push(value);
  }
  return values;
}

function mapOf(pairs: readonly (readonly [Typed, Typed])[]): Value | undefined {
  const map = new Map<MapKey, Value>();
  for (const [typedKey, typedValue] of pairs) {
    const key = toValue(typedKey);
    const value = toValue(typedValue);
    if (value === undefined || !isMapKey(key)) return undefined;
    map.set(key, value);
  }
  return map;
}

function isMapKey(value: Value | undefined): value is MapKey {
  return ["number", "bigint", "string"].includes(typeof value) || value instanceof Uint8Array;
}

function decodedMap(pairs: readonly (readonly [Typed, Typed])[]): unknown {
  const entries = pairs.map(([key, value]): [unknown, unknown] => [toDecoded(key), toDecoded(value)]);
  if (!entries.every(([key]) => typeof key === "string")) return new Map(entries);
  return Object.fromEntries(entries.map(([key, value]) => [String(key), value]));
}
