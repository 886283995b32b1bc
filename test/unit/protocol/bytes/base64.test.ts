import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeBase64, encodeBase64, tryDecodeBase64 } from "../../../../protocol/bytes/base64.js";

describe("base64", () => {
  it("is what every other encoder makes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const text = Buffer.from(bytes).toString("base64");
        expect(encodeBase64(bytes)).toBe(text);
        expect(decodeBase64(text)).toEqual(bytes);
      }),
    );
  });

  it.each([
    "A",
    "AA",
    "AAA",
    "AAAAA",
    "AA==AAAA",
    "A===",
    "====",
    "AA=A",
    "AB==",
    "AAB=",
    "AA A",
    "AA\nA",
    "AA-_",
    "AAAé",
  ])("has one spelling alone: not %j", (text) => {
    expect(tryDecodeBase64(text)).toBeUndefined();
    expect(() => decodeBase64(text)).toThrow(TypeError);
  });

  it("takes nothing for nothing", () => {
    expect(encodeBase64(new Uint8Array(0))).toBe("");
    expect(decodeBase64("")).toEqual(new Uint8Array(0));
  });
});
