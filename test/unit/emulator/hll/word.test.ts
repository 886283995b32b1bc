import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Word } from "../../../../emulator/hll/word.js";

const MASK = (1n << 64n) - 1n;
const words = fc.bigInt(0n, MASK);

function wordOf(value: bigint): Word {
  const word = new Word();
  word.set(...halvesOf(value));
  return word;
}

function halvesOf(value: bigint): [number, number] {
  return [Number(value >> 32n), Number(value & 0xffff_ffffn)];
}

function bigintOf({ high, low }: Word): bigint {
  return (BigInt(high) << 32n) | BigInt(low);
}

describe("a word of 64 bits", () => {
  it("is added, multiplied and mixed as bigints are, modulo 2^64", () => {
    fc.assert(
      fc.property(words, words, (a, b) => {
        const [sum, product, mixed] = [wordOf(a), wordOf(a), wordOf(a)];
        sum.add(...halvesOf(b));
        product.multiply(...halvesOf(b));
        mixed.xor(...halvesOf(b));
        expect([bigintOf(sum), bigintOf(product), bigintOf(mixed)]).toEqual([(a + b) & MASK, (a * b) & MASK, a ^ b]);
      }),
    );
  });

  it.each([1, 27, 31, 33, 63])("is rotated by %i", (by) => {
    fc.assert(
      fc.property(words, (value) => {
        const word = wordOf(value);
        word.rotateLeft(by);
        expect(bigintOf(word)).toBe(((value << BigInt(by)) | (value >> BigInt(64 - by))) & MASK);
      }),
    );
  });

  it("is read from bytes, the least first", () => {
    const word = new Word();
    word.load(new DataView(Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7, 0xf8).buffer), 1);
    expect(bigintOf(word)).toBe(0xf807060504030201n);
  });
});
