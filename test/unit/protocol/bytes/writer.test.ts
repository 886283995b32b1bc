import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Writer } from "../../../../protocol/bytes/writer.js";

function hex(w: Writer): string {
  return Buffer.from(w.view()).toString("hex");
}

describe("Writer", () => {
  it("writes big-endian fields of every width, growing as it must", () => {
    const w = new Writer(1);
    w.u8(0x1ff);
    w.u16(0x0102);
    w.u16le(0x0102);
    w.u32(-2);
    w.u64(2n ** 64n - 2n);
    w.u64le(1n);
    w.f64(1);
    w.bytes(Uint8Array.of(7, 8));
    expect(w.utf8("é")).toBe(2);
    expect(hex(w)).toBe("ff01020201fffffffefffffffffffffffe01000000000000003ff00000000000000708c3a9");
    expect(w.length).toBe(37);
  });

  it("writes safe numbers as int64", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        const number = new Writer();
        number.i64(value);
        const bigint = new Writer();
        bigint.i64(BigInt(value));
        expect(hex(number)).toBe(hex(bigint));
      }),
    );
  });

  it("patches what it left open", () => {
    const w = new Writer();
    w.u8(9);
    const at = w.gap(8);
    w.patchU8(at, 1);
    w.patchU16(at, 0x0203);
    w.patchU48(at + 2, 0x0a0b_0c0d_0e0f);
    expect(hex(w)).toBe("0902030a0b0c0d0e0f");
    w.patchU32(at, 0xffff_ffff);
    expect(hex(w)).toBe("09ffffffff0c0d0e0f");
  });

  it("leaves zeros in a gap, also where other bytes were", () => {
    const w = new Writer(4);
    w.u32(0xffff_ffff);
    w.rewind(1);
    w.gap(3);
    expect(hex(w)).toBe("ff000000");
  });

  it("makes room in what is written", () => {
    const w = new Writer(2);
    w.u16(0x0a0b);
    w.insert(1, 2);
    w.patchU16(1, 0x0102);
    expect(hex(w)).toBe("0a01020b");
  });

  it("hands its bytes out for good, or a copy", () => {
    const w = new Writer();
    w.u8(1);
    const copy = w.copy();
    const taken = w.take();
    w.u8(2);
    expect([[...copy], [...taken], [...w.view()]]).toEqual([[1], [1], [2]]);
    expect([...w.copy(1)]).toEqual([]);
  });
});
