import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Writer } from "../../../../protocol/bytes/writer.js";
import { double } from "../../../../protocol/value/double.js";
import { GeoJson } from "../../../../protocol/value/geojson.js";
import { Hll } from "../../../../protocol/value/hll.js";
import { writeParticle } from "../../../../protocol/value/particle.js";
import type { Value } from "../../../../protocol/value/value.js";
import { JsonReader } from "../../../../src/campaign/json-reader.js";
import { valueFromJson, valueToJson } from "../../../../src/campaign/value-json.js";
import { value as anyValue } from "../../../support/arbitrary-value.js";

function bytesOf(value: Value): string {
  const w = new Writer();
  const type = writeParticle(w, value);
  return `${type}:${Buffer.from(w.copy()).toString("hex")}`;
}

function throughJson(value: Value): Value {
  return valueFromJson(new JsonReader(JSON.parse(JSON.stringify(valueToJson(value))), "checkpoint"));
}

describe("values in a checkpoint", () => {
  it("come to the same bytes on the wire", () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        expect(bytesOf(throughJson(value))).toBe(bytesOf(value));
      }),
    );
  });

  it.each<[string, Value]>([
    ["a double that is whole", double(2)],
    ["a negative zero", double(-0)],
    ["no number", double(Number.NaN)],
    ["the largest integer", 2n ** 63n - 1n],
    ["a large double", 1e300],
    ["GeoJSON", new GeoJson({ type: "Point", coordinates: [1, 2] })],
    ["a sketch", new Hll(new Uint8Array([0, 8, 0, 0]))],
    ["bytes in a map in a list", [new Map([["a", new Uint8Array([1, 2])]])]],
    ["an object with a name of the format", { $int: "x" }],
    ["an object with a property that is undefined", { a: 1, b: undefined }],
    ["an object named like a prototype", new Map([["__proto__", 1]])],
  ])("keep %s", (_, value) => {
    expect(bytesOf(throughJson(value))).toBe(bytesOf(value));
  });

  it.each<[unknown, RegExp]>([
    [{ $int: "1e9" }, /checkpoint\.\$int: .*decimal digits/],
    [{ $int: "9223372036854775808" }, /64-bit|int64|fit/],
    [{ $bytes: "not base64!" }, /checkpoint\.\$bytes: /],
    [{ $geo: "{}", $int: "1" }, /checkpoint: expected an object with one member/],
    [{ $map: [[1]] }, /a key and a value/],
    [{ $map: [[[1], 2]] }, /as key/],
    [{ $other: 1 }, /one of "\$int"/],
    [{}, /one member/],
    [undefined, /checkpoint/],
  ])("refuse %j", (json, message) => {
    expect(() => valueFromJson(new JsonReader(json, "checkpoint"))).toThrow(message);
  });

  it("refuse what is nested without end", () => {
    let json: unknown = 1;
    for (let i = 0; i < 1_000; i++) json = [json];
    expect(() => valueFromJson(new JsonReader(json, "checkpoint"))).toThrow(TypeError);
  });
});
