import { describe, expect, it } from "vitest";
import { computeDigest } from "../../../../protocol/key/digest.js";
import { DigestSet } from "../../../../src/data/digest-set.js";

describe("DigestSet", () => {
  it("tells what came before, of thousands", () => {
    const set = new DigestSet();
    const digests = Array.from({ length: 5_000 }, (_, i) => computeDigest("users", i));
    for (const digest of digests) expect(set.add(digest)).toBe(true);
    expect(set.size).toBe(5_000);
    for (const digest of digests) expect(set.add(digest.slice())).toBe(false);
    expect(set.size).toBe(5_000);
  });

  it("tells digests apart that differ in any one byte, or want the same slot", () => {
    const set = new DigestSet();
    const zero = new Uint8Array(20);
    expect(set.add(zero)).toBe(true);
    for (let i = 0; i < 20; i++) {
      for (const byte of [1, 255]) {
        const digest = zero.slice();
        digest[i] = byte;
        expect(set.add(digest)).toBe(true);
        expect(set.add(digest)).toBe(false);
      }
    }
    expect(set.add(zero)).toBe(false);
    expect(set.size).toBe(41);
  });

  it("says whether one is in without adding it", () => {
    const set = new DigestSet();
    const [zero, one, other] = [new Uint8Array(20), computeDigest("users", 1), computeDigest("users", 2)];
    for (const digest of [zero, one]) expect(set.has(digest)).toBe(false);
    set.add(zero);
    set.add(one);
    expect([zero, one, other].map((digest) => set.has(digest))).toEqual([true, true, false]);
    expect(set.size).toBe(2);
  });

  it("keeps its own copy", () => {
    const set = new DigestSet();
    const digest = computeDigest("users", 1);
    const other = computeDigest("users", 2);
    const buffer = digest.slice();
    set.add(buffer);
    buffer.set(other);
    expect(set.add(digest)).toBe(false);
    expect(set.add(other)).toBe(true);
  });
});
