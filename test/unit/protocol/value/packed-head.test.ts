import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Reader } from "../../../../protocol/bytes/reader.js";
import { Writer } from "../../../../protocol/bytes/writer.js";
import { ProtocolError } from "../../../../protocol/protocol-error.js";
import { packBigint, packDouble } from "../../../../protocol/value/pack.js";
import {
  doubleOf,
  integerOf,
  isInteger,
  numberOf,
  PackedHead,
  PackedType,
  takeHead,
} from "../../../../protocol/value/packed-head.js";
import { int64 } from "../../../support/arbitrary-value.js";

const head = new PackedHead();
const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"));

function packed(write: (w: Writer) => void): Uint8Array {
  const w = new Writer();
  write(w);
  return w.copy();
}

describe("a packed head", () => {
  it("reads integers exactly, as numbers where these are safe", () => {
    fc.assert(
      fc.property(int64, (integer) => {
        const of = packed((w) => packBigint(w, integer));
        expect(head.read(of, 0, of.length) && isInteger(head.type) && integerOf(head)).toBe(integer);
        expect(numberOf(head)).toBe(Number.isSafeInteger(Number(integer)) ? Number(integer) : integer);
      }),
    );
  });

  it.each([
    ["cf7fffffffffffffff", 2n ** 63n - 1n],
    ["d38000000000000000", -(2n ** 63n)],
    ["cfffffffffffffffff", -1],
    ["cf001fffffffffffff", Number.MAX_SAFE_INTEGER],
    ["cf0020000000000000", 2n ** 53n],
    ["d3ffe0000000000001", Number.MIN_SAFE_INTEGER],
    ["d3ffe0000000000000", -(2n ** 53n)],
    ["d37fffffffffffffff", 2n ** 63n - 1n],
  ])("%s is %s", (hex, integer) => {
    const of = bytes(hex);
    expect(head.read(of, 0, of.length)).toBe(true);
    expect(numberOf(head)).toBe(integer);
  });

  it("reads doubles of four and of eight bytes", () => {
    fc.assert(
      fc.property(fc.double(), (double) => {
        const of = packed((w) => packDouble(w, double));
        expect(head.read(of, 0, of.length)).toBe(true);
        expect(doubleOf(head, of)).toBe(double);
      }),
    );
    const single = bytes("ca3fc00000");
    expect(head.read(single, 0, 5)).toBe(true);
    expect([head.type, doubleOf(head, single)]).toEqual([PackedType.DOUBLE, 1.5]);
  });

  it("steps behind all of a scalar, and behind the header of a container", () => {
    const r = new Reader(bytes("a3034142" + "920102" + "d4ff00"));
    takeHead(r, head);
    expect([head.type, head.content, head.length, r.at]).toEqual([PackedType.STRING, 1, 3, 4]);
    takeHead(r, head);
    expect([head.type, head.count, r.at]).toEqual([PackedType.LIST, 2, 5]);
    r.skip(2);
    takeHead(r, head);
    expect([head.type, r.left]).toEqual([PackedType.WILDCARD, 0]);
  });

  it.each(["", "c1", "cd01", "a201", "c4", "ce000000", "cb00000000000000", "d9", "c70500", "dd000000"])(
    "takes nothing from %s",
    (hex) => {
      const r = new Reader(bytes(hex));
      expect(() => takeHead(r, head)).toThrow(ProtocolError);
      expect(r.at).toBe(0);
    },
  );
});
