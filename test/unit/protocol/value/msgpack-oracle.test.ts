import { decode, encode } from "@msgpack/msgpack";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Reader } from "../../../../protocol/bytes/reader.js";
import { Writer } from "../../../../protocol/bytes/writer.js";
import { packValue } from "../../../../protocol/value/pack.js";
import { unpackValue } from "../../../../protocol/value/unpack.js";
import type { Value } from "../../../../protocol/value/value.js";

// Lists of numbers, booleans and nil are plain MessagePack: an independent library must agree on them. Strings carry a
// type byte more, maps an order marker; those the recorded exchanges check.

const plain: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger(),
    fc.double({ noInteger: true }),
    fc.array(tie("value"), { maxLength: 30 }),
  ),
})).value;

function packed(value: Value): Uint8Array {
  const w = new Writer();
  packValue(w, value);
  return w.copy();
}

describe("plain lists", () => {
  it("are the bytes that the library makes", () => {
    fc.assert(
      fc.property(plain, (value) => {
        expect(packed(value)).toEqual(new Uint8Array(encode(value)));
      }),
    );
  });

  it("are read by the library as they were meant", () => {
    fc.assert(
      fc.property(plain, (value) => {
        expect(decode(packed(value))).toEqual(value);
      }),
    );
  });

  it("are read from the library's bytes", () => {
    fc.assert(
      fc.property(plain, (value) => {
        expect(unpackValue(new Reader(new Uint8Array(encode(value))))).toEqual(value);
      }),
    );
  });

  it("agree on integers of 64 bits", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        expect(decode(packed(value), { useBigInt64: true })).toSatisfy(
          (read) => typeof read !== "boolean" && BigInt(read) === value,
        );
      }),
    );
  });
});
