import { readFile } from "node:fs/promises";
import { ripemd160 as oracle } from "@noble/hashes/legacy.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ripemd160 } from "../../../../protocol/key/ripemd160.js";
import { unrolled } from "../../../../scripts/unroll-ripemd160.js";
import { runs } from "../../../support/runs.js";
import { toHex } from "../../../support/vectors/entry.js";

describe("ripemd160", () => {
  it.each([
    ["", "9c1185a5c5e9fc54612808977ee8f548b2258d31"],
    ["abc", "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc"],
    ["message digest", "5d0689ef49d2fae572b881b123a85ffa21595f36"],
    ["abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "12a053384a9c0c88e405a06c27dcf49ada62eb2b"],
  ])("hashes %j as its specification says", (text, digest) => {
    expect(toHex(ripemd160(new TextEncoder().encode(text)))).toBe(digest);
  });

  it("agrees with another implementation for every length up to three blocks", () => {
    for (let length = 0; length <= 192; length++) {
      const message = Uint8Array.from({ length }, (_, i) => (i * 31 + length) & 0xff);
      expect(toHex(ripemd160(message))).toBe(toHex(oracle(message)));
    }
  });

  it("agrees with another implementation for any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1_000 }), (message) => {
        expect(toHex(ripemd160(message))).toBe(toHex(oracle(message)));
      }),
      { numRuns: runs(1_000) },
    );
  });

  it("hashes as many of the bytes as it is told to", () => {
    const bytes = new Uint8Array(200).fill(7);
    for (const length of [0, 20, 64, 150]) {
      expect(toHex(ripemd160(bytes, length))).toBe(toHex(oracle(bytes.subarray(0, length))));
    }
  });

  it("has its steps as the script writes them", async () => {
    const file = new URL("../../../../protocol/key/ripemd160-mix.ts", import.meta.url);
    expect(await readFile(file, "utf8")).toBe(unrolled());
  });

  it("gives each call a digest of its own", () => {
    const first = ripemd160(Uint8Array.of(1));
    const copy = first.slice();
    ripemd160(Uint8Array.of(2));
    expect(first).toEqual(copy);
  });
});
