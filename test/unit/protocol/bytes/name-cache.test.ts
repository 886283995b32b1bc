import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NameCache } from "../../../../protocol/bytes/name-cache.js";
import { Reader } from "../../../../protocol/bytes/reader.js";
import { encodeUtf8 } from "../../../../protocol/bytes/utf8.js";
import { ProtocolError } from "../../../../protocol/protocol-error.js";
import { anyText } from "../../../support/arbitrary-text.js";
import { runs } from "../../../support/runs.js";

function read(cache: NameCache, bytes: Uint8Array): string {
  const r = new Reader(bytes);
  const text = cache.read(r, bytes.length);
  expect(r.left).toBe(0);
  return text;
}

describe("NameCache", () => {
  it("reads what the reader itself would, whatever came before", () => {
    const names = fc.array(fc.oneof(fc.string({ maxLength: 20 }), anyText(70)), {
      maxLength: 400,
    });
    fc.assert(
      fc.property(names, (texts) => {
        const cache = new NameCache();
        for (const text of [...texts, ...texts]) {
          const bytes = encodeUtf8(text);
          expect(read(cache, bytes)).toBe(new Reader(bytes).utf8(bytes.length));
        }
      }),
      { numRuns: runs(20) },
    );
  });

  it("tells names apart that fall on one place", () => {
    const cache = new NameCache();
    for (const text of ["abcde", "aXcYe", "abcde", "aZcZe"]) expect(read(cache, encodeUtf8(text))).toBe(text);
  });

  it("keeps no hold of the bytes that it read", () => {
    const cache = new NameCache();
    const bytes = Buffer.from("age");
    expect(read(cache, bytes)).toBe("age");
    bytes.write("agE");
    expect(read(cache, bytes)).toBe("agE");
    expect(read(cache, encodeUtf8("age"))).toBe("age");
  });

  it("reads names that objects know, bytes that are no text, and none at all", () => {
    const cache = new NameCache();
    for (const text of ["__proto__", "constructor", "0", ""]) {
      expect(read(cache, encodeUtf8(text))).toBe(text);
      expect(read(cache, encodeUtf8(text))).toBe(text);
    }
    expect(read(cache, Uint8Array.of(0xff, 0x61))).toBe("\ufffda");
  });

  it("reads no further than there are bytes", () => {
    expect(() => new NameCache().read(new Reader(Uint8Array.of(1, 2)), 3)).toThrow(ProtocolError);
  });
});
