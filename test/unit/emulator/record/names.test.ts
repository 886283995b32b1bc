import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readName, writeName } from "../../../../emulator/record/name.js";

describe("names", () => {
  it("come back byte for byte, whether they are UTF-8 or not", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 15 }), (bytes) => {
        expect(writeName(readName(bytes))).toEqual(bytes);
      }),
    );
  });

  it("are read as UTF-8 where they are", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (name) => {
        expect(readName(new TextEncoder().encode(name))).toBe(name);
      }),
    );
  });

  it("of other bytes are told apart", () => {
    expect(readName(Uint8Array.of(0x61, 0xff))).not.toBe(readName(Uint8Array.of(0x61, 0xfe)));
  });
});
