import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Reader } from "../../../../protocol/bytes/reader.js";
import { ProtocolError } from "../../../../protocol/protocol-error.js";

const EIGHT = Uint8Array.of(0xff, 0xfe, 0xfd, 0xfc, 0xfb, 0xfa, 0xf9, 0xf8);

describe("Reader", () => {
  it("reads big-endian fields of every width", () => {
    const r = () => new Reader(EIGHT);
    expect([r().u8(), r().peekU8(), r().u16(), r().u32(), r().u48()]).toEqual([
      0xff, 0xff, 0xfffe, 0xfffefdfc, 0xfffefdfcfbfa,
    ]);
    expect([r().i32(), r().u64(), r().i64()]).toEqual([-66_052, 0xfffefdfcfbfaf9f8n, 0xfffefdfcfbfaf9f8n - 2n ** 64n]);
    expect([r().u16le(), r().i64le()]).toEqual([0xfeff, 0xf8f9fafbfcfdfeffn - 2n ** 64n]);
  });

  it("reads floats", () => {
    const bytes = new Uint8Array(12);
    const view = new DataView(bytes.buffer);
    view.setFloat32(0, 1.5);
    view.setFloat64(4, -2.25);
    const r = new Reader(bytes);
    expect([r.f32(), r.f64(), r.left]).toEqual([1.5, -2.25, 0]);
  });

  it("reads integers as numbers where they are safe", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        const bytes = new Uint8Array(8);
        new DataView(bytes.buffer).setBigInt64(0, value);
        const expected = Number.isSafeInteger(Number(value)) ? Number(value) : value;
        expect(new Reader(bytes).integer()).toBe(expected);
      }),
    );
    for (const edge of [2n ** 52n, 2n ** 53n - 1n, -(2n ** 53n) + 1n, -(2n ** 52n) - 1n]) {
      const bytes = new Uint8Array(8);
      new DataView(bytes.buffer).setBigInt64(0, edge);
      expect(new Reader(bytes).integer()).toBe(Number(edge));
    }
  });

  it("works on a stretch of a larger buffer", () => {
    const r = new Reader(EIGHT.subarray(1, 7), 1, 5);
    expect([r.left, r.u32(), r.left]).toEqual([4, 0xfdfcfbfa, 0]);
    expect(() => r.u8()).toThrow(ProtocolError);
  });

  it("never reads past its end, and stays where it was when it can't", () => {
    const reads: ((r: Reader) => unknown)[] = [
      (r) => r.u16(),
      (r) => r.u32(),
      (r) => r.u48(),
      (r) => r.u64(),
      (r) => r.integer(),
      (r) => r.f64(),
      (r) => r.view(2),
      (r) => r.copy(2 ** 40),
      (r) => r.utf8(2),
      (r) => r.skip(2),
      (r) => r.skip(-1),
    ];
    for (const read of reads) {
      const r = new Reader(EIGHT, 0, 1);
      expect(() => read(r)).toThrow(ProtocolError);
      expect(r.left).toBe(1);
    }
    expect(() => new Reader(EIGHT, 8).peekU8()).toThrow("1 bytes were announced where 0 are left");
  });

  it("copies into bytes of their own, whatever class came in", () => {
    const source = Buffer.from(EIGHT);
    const copy = new Reader(source).copy(3);
    source[0] = 0;
    expect(copy).toEqual(Uint8Array.of(0xff, 0xfe, 0xfd));
    expect(Object.getPrototypeOf(copy)).toBe(Uint8Array.prototype);
    expect(copy.buffer.byteLength).toBe(3);
    expect(new Reader(source).view(1)[0]).toBe(0);
  });
});
