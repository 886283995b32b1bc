import fc from "fast-check";
import { isAmbiguousNumber } from "../../protocol/value/ambiguous-number.js";
import { Double } from "../../protocol/value/double.js";
import { GeoJson } from "../../protocol/value/geojson.js";
import { Hll } from "../../protocol/value/hll.js";
import type { MapKey, Value } from "../../protocol/value/value.js";
import { anyText } from "./arbitrary-text.js";

// Values of every Aerospike type for property tests, and what they are once they went over the wire.

/** Where the width of a packed integer changes, and the ends of what numbers and int64 hold. */
export const INTEGER_EDGES: readonly bigint[] = [0, 5, 7, 8, 15, 16, 31, 32, 52, 53, 63]
  .flatMap((bits) => [2n ** BigInt(bits), -(2n ** BigInt(bits))])
  .flatMap((edge) => [edge - 1n, edge, edge + 1n])
  .filter((edge) => edge >= -(2n ** 63n) && edge < 2n ** 63n);

export const int64 = fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.constantFrom(...INTEGER_EDGES));
const safeInteger = fc.oneof(fc.integer({ min: -300, max: 70_000 }), fc.maxSafeInteger());
const text = fc.oneof(anyText(40), fc.string({ unit: "grapheme-ascii", maxLength: 300 }));
const blob = fc.uint8Array({ maxLength: 300 });

export const mapKey: fc.Arbitrary<MapKey> = fc.oneof(safeInteger, int64, text, blob);

const scalar: fc.Arbitrary<Value> = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  safeInteger,
  int64,
  fc.double().filter((number) => !isAmbiguousNumber(number)),
  fc.double().map((number) => new Double(number)),
  text,
  blob,
  text.map((json) => new GeoJson(json)),
  blob.map((bytes) => new Hll(bytes)),
);

/** The same key for Aerospike: a number and its bigint, two blobs of the same bytes. */
export function sameKey(key: MapKey): string {
  if (typeof key === "object") return `b${Buffer.from(key).toString("hex")}`;
  return typeof key === "string" ? `s${key}` : `i${key}`;
}

export const value: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    scalar,
    fc.array(tie("value"), { maxLength: 20 }),
    fc.dictionary(text, tie("value"), { maxKeys: 20 }),
    fc
      .uniqueArray(fc.tuple(mapKey, tie("value")), { maxLength: 20, selector: ([key]) => sameKey(key) })
      .map((entries) => new Map(entries)),
  ),
})).value;

/** What a value comes back as with the default options. */
export function onceStored(sent: Value | undefined): unknown {
  if (typeof sent === "bigint") return Number.isSafeInteger(Number(sent)) ? Number(sent) : sent;
  if (typeof sent === "number") return Object.is(sent, -0) ? 0 : sent;
  if (typeof sent !== "object" || sent === null || sent instanceof Uint8Array) return sent;
  if (sent instanceof Double) return sent.value;
  if (sent instanceof GeoJson || sent instanceof Hll) return sent;
  if (Array.isArray(sent)) return sent.map(onceStored);
  const entries: [unknown, unknown][] =
    sent instanceof Map
      ? [...sent].map(([key, member]) => [onceStored(key), onceStored(member)])
      : Object.entries(sent).map(([key, member]) => [key, onceStored(member)]);
  if (!entries.every(([key]) => typeof key === "string")) return new Map(entries);
  return Object.fromEntries(entries);
}
