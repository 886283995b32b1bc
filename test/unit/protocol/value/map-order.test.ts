import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Reader } from "../../../../protocol/bytes/reader.js";
import { Writer } from "../../../../protocol/bytes/writer.js";
import { compareMapKeys } from "../../../../protocol/value/map-key.js";
import { packValue } from "../../../../protocol/value/pack.js";
import { unpackValue } from "../../../../protocol/value/unpack.js";
import type { MapKey } from "../../../../protocol/value/value.js";
import { mapKey, sameKey } from "../../../support/arbitrary-value.js";

/** Integers, strings, blobs; each by value, text by its bytes. Written anew here on purpose. */
function expectedOrder(a: MapKey, b: MapKey): number {
  const rank = (key: MapKey) => (typeof key === "string" ? 1 : typeof key === "object" ? 2 : 0);
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  if (typeof a === "string" || typeof b === "string") return Buffer.compare(Buffer.from(`${a}`), Buffer.from(`${b}`));
  if (typeof a === "object" || typeof b === "object") return Buffer.compare(bytesOf(a), bytesOf(b));
  return a < b ? -1 : a > b ? 1 : 0;
}

function bytesOf(key: MapKey): Uint8Array {
  if (typeof key === "object") return key;
  throw new Error(`${key} is no blob`);
}

function keysOnTheWire(map: ReadonlyMap<MapKey, number>): unknown[] {
  const w = new Writer();
  packValue(w, map);
  const got = unpackValue(new Reader(w.copy()), { maps: "map", int64: "bigint" });
  return got instanceof Map ? [...got.keys()] : [];
}

const keys = fc.uniqueArray(mapKey, { maxLength: 60, selector: sameKey });

describe("maps", () => {
  it("travel in the server's order of keys, of all kinds at once", () => {
    fc.assert(
      fc.property(keys, (unsorted) => {
        const expected = [...unsorted].sort(expectedOrder).map((key) => (typeof key === "number" ? BigInt(key) : key));
        expect(keysOnTheWire(new Map(unsorted.map((key) => [key, 1])))).toEqual(expected);
      }),
    );
  });

  it("order text by its UTF-8, not by its UTF-16", () => {
    const texts = ["\u{10000}", "\uffff", "\ue000", "z", "\u{1f600}a", "\u{1f600}"];
    expect([...texts].sort(compareMapKeys)).toEqual(["z", "\ue000", "\uffff", "\u{10000}", "\u{1f600}", "\u{1f600}a"]);
  });

  it("have a marker that says so, empty ones too", () => {
    const w = new Writer();
    packValue(w, {});
    packValue(w, { b: 1, a: 2 });
    expect(Buffer.from(w.view()).toString("hex")).toBe(`81c70001c0${"83c70001c0a2036102a2036201"}`);
  });
});
