import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeUtf8, encodeUtf8, utf8Length, writeUtf8 } from "../../../../protocol/bytes/utf8.js";
import { anyText } from "../../../support/arbitrary-text.js";
import { runs } from "../../../support/runs.js";

/** Any UTF-16 units, halves of surrogate pairs included. */
const anyUnits = fc
  .array(fc.oneof(fc.nat(0x7f), fc.nat(0xffff), fc.integer({ min: 0xd7ff, max: 0xe000 })), { maxLength: 100 })
  .map((units) => String.fromCharCode(...units));

describe("UTF-8", () => {
  it("is as long as it is said to be, for broken text too", () => {
    fc.assert(
      fc.property(anyUnits, (text) => {
        const expected = Buffer.from(text);
        expect(utf8Length(text)).toBe(expected.length);
        expect(encodeUtf8(text)).toEqual(new Uint8Array(expected));
        const into = new Uint8Array(2 + text.length * 3);
        expect(writeUtf8(text, into, 2)).toBe(expected.length);
        expect(into.subarray(2, 2 + expected.length)).toEqual(new Uint8Array(expected));
      }),
      { numRuns: runs(100) },
    );
  });

  it("is read as it was written", () => {
    fc.assert(
      fc.property(anyText(120), fc.nat(5), (text, before) => {
        const bytes = Buffer.concat([Buffer.alloc(before, 0x80), Buffer.from(text), Buffer.alloc(3, 0x80)]);
        expect(decodeUtf8(bytes, before, bytes.length - 3)).toBe(text);
      }),
    );
  });

  it("shows what is not UTF-8 as U+FFFD", () => {
    expect(decodeUtf8(Uint8Array.of(0x61, 0xff, 0x62), 0, 3)).toBe("a\ufffdb");
  });
});
