import fc from "fast-check";
import { Packr, Unpackr } from "msgpackr";
import { describe, expect, it } from "vitest";
import { Reader } from "../../../../protocol/bytes/reader.js";
import { Writer } from "../../../../protocol/bytes/writer.js";
import { packValue } from "../../../../protocol/value/pack.js";
import { unpackValue } from "../../../../protocol/value/unpack.js";
import type { Value } from "../../../../protocol/value/value.js";

// Lists of numbers, booleans and nil are plain MessagePack: an independent library must agree on them. Strings carry a
// type byte more, maps an order marker; those the recorded exchanges check.

/** Integers up to 32 bits: msgpackr packs larger ones as doubles. */
const plain: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.integer({ min: -(2 ** 31), max: 2 ** 32 - 1 }),
    fc.double({ noInteger: true }),
    fc.array(tie("value"), { maxLength: 30 }),
  ),
})).value;

const packr = new Packr({ useRecords: false, variableMapSize: true });
const unpackr = new Unpackr({ useRecords: false, int64AsType: "bigint" });

function packed(value: Value): Buffer {
  const w = new Writer();
  packValue(w, value);
  return Buffer.from(w.copy());
}

describe("plain lists", () => {
  it("are the bytes that msgpackr makes", () => {
    fc.assert(
      fc.property(plain, (value) => {
        expect(packed(value)).toEqual(Buffer.from(packr.pack(value)));
      }),
    );
  });

  it("are read by msgpackr as they were meant", () => {
    fc.assert(
      fc.property(plain, (value) => {
        expect(unpackr.unpack(packed(value))).toEqual(value);
      }),
    );
  });

  it("are read from msgpackr's bytes", () => {
    fc.assert(
      fc.property(plain, (value) => {
        const bytes: Uint8Array = packr.pack(value);
        expect(unpackValue(new Reader(new Uint8Array(bytes)))).toEqual(value);
      }),
    );
  });

  it("agree on integers of 64 bits", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        expect(BigInt(unpackr.unpack(packed(value)))).toBe(value);
      }),
    );
  });
});
