import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { holdsSpecials, packedEnd } from "../../../../emulator/packed/size.js";
import { Reader } from "../../../../protocol/bytes/reader.js";
import { Writer } from "../../../../protocol/bytes/writer.js";
import { ProtocolError } from "../../../../protocol/protocol-error.js";
import { packSearchValue, packValue, type SearchValue } from "../../../../protocol/value/pack.js";
import { INFINITY, WILDCARD } from "../../../../protocol/value/special.js";
import { unpackValue } from "../../../../protocol/value/unpack.js";
import { value } from "../../../support/arbitrary-value.js";
import { runs } from "../../../support/runs.js";

function packed(of: SearchValue): Uint8Array {
  const w = new Writer();
  packSearchValue(w, of);
  return w.copy();
}

function bytes(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, "hex"));
}

/** Bytes that often look like packed values. */
const likely = fc
  .array(fc.oneof(fc.nat(255), fc.constantFrom(0x80, 0x81, 0x92, 0xa1, 0xc0, 0xc4, 0xc7, 0xd4, 0xdc, 0xff)), {
    maxLength: 40,
  })
  .map((numbers) => Uint8Array.from(numbers));

describe("packedEnd", () => {
  it("is where packing stopped, whatever follows", () => {
    fc.assert(
      fc.property(value, fc.uint8Array({ maxLength: 5 }), (of, rest) => {
        const w = new Writer();
        packValue(w, of);
        const end = w.length;
        w.bytes(rest);
        expect(packedEnd(w.view(), 0, w.length)).toBe(end);
      }),
    );
  });

  it("finds every shorter stretch malformed", () => {
    fc.assert(
      fc.property(
        value.map((of) => packed(of)),
        (whole) => {
          const cut = Math.floor(whole.length / 2);
          expect(packedEnd(whole, 0, cut)).toBe(-1);
          expect(packedEnd(whole, 0, whole.length - 1)).toBe(-1);
        },
      ),
    );
  });

  it("agrees with unpacking on any bytes", () => {
    fc.assert(
      fc.property(likely, (any) => {
        const reader = new Reader(any);
        const end = packedEnd(any, 0, any.length);
        try {
          unpackValue(reader);
        } catch (error) {
          // Extensions have a size though they are no JavaScript value.
          expect(error).toBeInstanceOf(ProtocolError);
          return;
        }
        expect(end).toBe(reader.at);
      }),
      { numRuns: runs(600) },
    );
  });

  it("is not taken in by announced counts", () => {
    expect(packedEnd(bytes("ddffffffff"), 0, 5)).toBe(-1);
    expect(packedEnd(bytes("dfffffffff0102"), 0, 7)).toBe(-1);
    expect(packedEnd(bytes("dbffffffff"), 0, 5)).toBe(-1);
    expect(packedEnd(bytes("c9ffffffff01"), 0, 6)).toBe(-1);
  });

  it("takes no stack for nesting", () => {
    const deep = new Uint8Array(500_000).fill(0x91);
    expect(packedEnd(deep, 0, deep.length)).toBe(-1);
    deep[deep.length - 1] = 0xc0;
    expect(packedEnd(deep, 0, deep.length)).toBe(deep.length);
  });
});

describe("holdsSpecials", () => {
  it("finds wildcard and infinity at any depth, and nothing else", () => {
    expect(holdsSpecials(packed([1, { a: [WILDCARD] }]))).toBe(true);
    expect(holdsSpecials(packed(INFINITY))).toBe(true);
    expect(holdsSpecials(bytes("92c7000105"))).toBe(false);
    fc.assert(fc.property(value, (of) => !holdsSpecials(packed(of))));
  });
});
