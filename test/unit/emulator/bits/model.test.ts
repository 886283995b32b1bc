import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyBits } from "../../../../emulator/bits/index.js";
import { integerOf } from "../../../../emulator/record/bin-value.js";
import type { OpOutcome } from "../../../../emulator/record/op-outcome.js";
import * as bit from "../../../../protocol/cdt/bit.js";
import { type CdtCall, encodePayload } from "../../../../protocol/cdt/call.js";
import { BitWriteFlags, BitwiseOverflowActions, BitwiseResizeFlags } from "../../../../protocol/cdt/flags.js";
import { ResultCode } from "../../../../protocol/result-code.js";
import { ParticleType } from "../../../../protocol/value/particle-type.js";

// Bits beside a model that writes them out as text, "00000101" for the blob 05.

const NOT_APPLICABLE = ResultCode.OP_NOT_APPLICABLE;
const BAD_PARAMETER = ResultCode.PARAMETER_ERROR;

function bitsOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(2).padStart(8, "0")).join("");
}

function bytesOf(bits: string): Uint8Array {
  const padded = bits.padEnd(Math.ceil(bits.length / 8) * 8, "0");
  return Uint8Array.from(padded.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2));
}

function run(blob: Uint8Array | undefined, call: CdtCall): OpOutcome {
  const bin = blob === undefined ? undefined : { type: ParticleType.BLOB, bytes: blob };
  return applyBits(bin, encodePayload(call), call.operation.modifies);
}

/** The blob after a change, or the result code that it was refused with. */
function changed(blob: Uint8Array | undefined, call: CdtCall): string | number {
  const { code, bin } = run(blob, call);
  if (code !== ResultCode.OK) return code;
  return bitsOf(bin?.bytes ?? blob ?? new Uint8Array(0));
}

function answered(blob: Uint8Array, call: CdtCall): bigint | number {
  const { code, result } = run(blob, call);
  if (code !== ResultCode.OK) return code;
  if (result === undefined || result === null) throw new Error("no answer");
  return integerOf(result);
}

const blob = fc.uint8Array({ minLength: 1, maxLength: 12 });
/** A blob and a region that lies in it, the offset from either end. */
const place = blob.chain((bytes) =>
  fc.nat(bytes.length * 8 - 1).chain((start) =>
    fc.record({
      bytes: fc.constant(bytes),
      start: fc.constant(start),
      offset: fc.constantFrom(start, start - bytes.length * 8),
      size: fc.integer({ min: 1, max: bytes.length * 8 - start }),
    }),
  ),
);
const integerPlace = place.map((all) => ({ ...all, size: Math.min(all.size, 64) }));
const operand = fc.uint8Array({ minLength: 12, maxLength: 12 });

function replaced(bits: string, start: number, region: string): string {
  return bits.slice(0, start) + region + bits.slice(start + region.length);
}

describe("bits beside a model", () => {
  it.each([
    ["set", bit.bitSet, (_: string, b: string) => b],
    ["or", bit.bitOr, (a: string, b: string) => (a === "1" || b === "1" ? "1" : "0")],
    ["xor", bit.bitXor, (a: string, b: string) => (a === b ? "0" : "1")],
    ["and", bit.bitAnd, (a: string, b: string) => (a === "1" && b === "1" ? "1" : "0")],
  ])("%s", (_, build, combine) => {
    fc.assert(
      fc.property(place, operand, ({ bytes, start, offset, size }, other) => {
        const bits = bitsOf(bytes);
        const region = Array.from(bits.slice(start, start + size), (each, i) => combine(each, bitsOf(other)[i]!));
        expect(changed(bytes, build(offset, size, other))).toBe(replaced(bits, start, region.join("")));
      }),
    );
  });

  it("not", () => {
    fc.assert(
      fc.property(place, ({ bytes, start, offset, size }) => {
        const region = Array.from(bitsOf(bytes).slice(start, start + size), (each) => (each === "1" ? "0" : "1"));
        expect(changed(bytes, bit.bitNot(offset, size))).toBe(replaced(bitsOf(bytes), start, region.join("")));
      }),
    );
  });

  it("shift", () => {
    fc.assert(
      fc.property(place, fc.nat(110), fc.boolean(), ({ bytes, start, offset, size }, by, left) => {
        const region = bitsOf(bytes).slice(start, start + size);
        const zeros = "0".repeat(Math.min(by, size));
        const shifted = left ? (region + zeros).slice(-size) : (zeros + region).slice(0, size);
        const call = left ? bit.bitLshift(offset, size, by) : bit.bitRshift(offset, size, by);
        expect(changed(bytes, call)).toBe(replaced(bitsOf(bytes), start, shifted));
      }),
    );
  });

  it("get, count and scan", () => {
    fc.assert(
      fc.property(place, fc.boolean(), ({ bytes, start, offset, size }, wanted) => {
        const region = bitsOf(bytes).slice(start, start + size);
        const got = run(bytes, bit.bitGet(offset, size)).result;
        expect(got).toEqual({ type: ParticleType.BLOB, bytes: bytesOf(region) });
        expect(answered(bytes, bit.bitCount(offset, size))).toBe(BigInt(region.replaceAll("0", "").length));
        const digit = wanted ? "1" : "0";
        expect(answered(bytes, bit.bitLscan(offset, size, wanted))).toBe(BigInt(region.indexOf(digit)));
        if (region.includes(digit)) {
          expect(answered(bytes, bit.bitRscan(offset, size, wanted))).toBe(BigInt(region.lastIndexOf(digit)));
        }
      }),
    );
  });

  it("integers", () => {
    const value = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    fc.assert(
      fc.property(integerPlace, value, ({ bytes, start, offset, size }, put) => {
        const bits = bitsOf(bytes);
        const there = BigInt(`0b${bits.slice(start, start + size)}`);
        expect(answered(bytes, bit.bitGetInt(offset, size))).toBe(BigInt.asIntN(64, there));
        expect(answered(bytes, bit.bitGetInt(offset, size, true))).toBe(BigInt.asIntN(size, there));
        const region = (integer: bigint): string =>
          replaced(bits, start, BigInt.asUintN(size, integer).toString(2).padStart(size, "0"));
        expect(changed(bytes, bit.bitSetInt(offset, size, put))).toBe(region(put));
        const wrap = { overflow: BitwiseOverflowActions.WRAP };
        expect(changed(bytes, bit.bitAdd(offset, size, put, wrap))).toBe(region(there + put));
        expect(changed(bytes, bit.bitSubtract(offset, size, put, wrap))).toBe(region(there - put));
      }),
    );
  });

  it("sums that overflow", () => {
    fc.assert(
      fc.property(integerPlace, fc.nat(300), fc.boolean(), fc.boolean(), (at, by, signed, negate) => {
        const { bytes, start, offset, size } = at;
        const bits = bitsOf(bytes);
        const raw = BigInt(`0b${bits.slice(start, start + size)}`);
        const least = signed ? -(2n ** BigInt(size - 1)) : 0n;
        const most = least + 2n ** BigInt(size) - 1n;
        const delta = signed ? BigInt.asIntN(size, BigInt(by)) : BigInt.asUintN(size, BigInt(by));
        const sum = (signed ? BigInt.asIntN(size, raw) : raw) + (negate ? -delta : delta);
        const region = (integer: bigint): string =>
          replaced(bits, start, BigInt.asUintN(size, integer).toString(2).padStart(size, "0"));
        const build = negate ? bit.bitSubtract : bit.bitAdd;
        const saturate = changed(bytes, build(offset, size, by, { signed, overflow: BitwiseOverflowActions.SATURATE }));
        const fail = changed(bytes, build(offset, size, by, { signed }));
        // Two of the least number, or the least one negated, are no overflow to the server.
        fc.pre(!signed || (delta !== least && sum !== 2n * least));
        const fits = sum >= least && sum <= most;
        expect(saturate).toBe(region(fits ? sum : sum < least ? least : most));
        expect(fail).toBe(fits ? region(sum) : NOT_APPLICABLE);
      }),
    );
  });

  it("two of the least number come to 0 without an overflow, as on a server", () => {
    expect(changed(Uint8Array.of(0x80), bit.bitAdd(0, 8, 0x80, { signed: true }))).toBe("00000000");
  });

  it("resize, insert and remove", () => {
    fc.assert(
      fc.property(blob, fc.nat(20), fc.boolean(), blob, (bytes, at, front, inserted) => {
        const bits = bitsOf(bytes);
        const grown = "0".repeat(Math.max(at - bytes.length, 0) * 8);
        const cut = front ? bits.slice(Math.max(bytes.length - at, 0) * 8) : bits.slice(0, at * 8);
        const resizeFlags = front ? BitwiseResizeFlags.FROM_FRONT : BitwiseResizeFlags.DEFAULT;
        expect(changed(bytes, bit.bitResize(at, { resizeFlags }))).toBe(front ? grown + cut : cut + grown);
        const padded = bits + grown;
        expect(changed(bytes, bit.bitInsert(at, inserted))).toBe(
          padded.slice(0, at * 8) + bitsOf(inserted) + padded.slice(at * 8),
        );
        const size = inserted.length;
        const removed = bits.slice(0, at * 8) + bits.slice((at + size) * 8);
        expect(changed(bytes, bit.bitRemove(at, size))).toBe(at + size > bytes.length ? BAD_PARAMETER : removed);
        if (at < bytes.length) expect(changed(bytes, bit.bitRemove(at, size, BitWriteFlags.PARTIAL))).toBe(removed);
      }),
    );
  });
});

describe("regions", () => {
  const bytes = Uint8Array.of(0xff, 0xff);

  it("that end beyond the blob are refused, or clipped if asked for", () => {
    for (const call of [bit.bitNot(8, 9), bit.bitGet(8, 9), bit.bitGet(16, 1), bit.bitSetInt(15, 2, 0)]) {
      expect(run(bytes, call)).toEqual({ code: NOT_APPLICABLE });
    }
    expect(changed(bytes, bit.bitNot(8, 9, BitWriteFlags.PARTIAL))).toBe("1111111100000000");
    expect(changed(bytes, bit.bitNot(16, 1, BitWriteFlags.PARTIAL))).toBe(NOT_APPLICABLE);
    expect(changed(bytes, bit.bitNot(16, 1, BitWriteFlags.NO_FAIL))).toBe("1111111111111111");
  });

  it("that start before the blob are refused whatever the flags", () => {
    const flags = BitWriteFlags.NO_FAIL | BitWriteFlags.PARTIAL;
    expect(changed(bytes, bit.bitNot(-17, 1, flags))).toBe(BAD_PARAMETER);
    expect(changed(bytes, bit.bitInsert(-3, bytes, BitWriteFlags.NO_FAIL))).toBe(BAD_PARAMETER);
    expect(run(bytes, bit.bitGet(-17, 1))).toEqual({ code: BAD_PARAMETER });
  });
});

describe("flags", () => {
  const bytes = Uint8Array.of(1, 2);

  it("say whether a bin may be made", () => {
    expect(changed(undefined, bit.bitResize(2))).toBe("0".repeat(16));
    expect(changed(undefined, bit.bitInsert(1, bytes))).toBe("000000000000000100000010");
    expect(run(undefined, bit.bitResize(2, { flags: BitWriteFlags.UPDATE_ONLY })).code).toBe(ResultCode.BIN_NOT_FOUND);
    expect(run(undefined, bit.bitNot(0, 1)).code).toBe(ResultCode.BIN_NOT_FOUND);
    expect(run(undefined, bit.bitNot(0, 1, BitWriteFlags.NO_FAIL))).toEqual({ code: ResultCode.OK });
    expect(run(bytes, bit.bitResize(2, { flags: BitWriteFlags.CREATE_ONLY })).code).toBe(ResultCode.BIN_EXISTS);
  });

  it("say which way a blob may be resized", () => {
    const { GROW_ONLY, SHRINK_ONLY } = BitwiseResizeFlags;
    expect(changed(bytes, bit.bitResize(1, { resizeFlags: GROW_ONLY }))).toBe(BAD_PARAMETER);
    expect(changed(bytes, bit.bitResize(3, { resizeFlags: SHRINK_ONLY }))).toBe(BAD_PARAMETER);
    const lenient = { resizeFlags: SHRINK_ONLY, flags: BitWriteFlags.NO_FAIL };
    expect(changed(bytes, bit.bitResize(3, lenient))).toBe(bitsOf(bytes));
  });
});

describe("blobs", () => {
  it("grow no greater than a record", () => {
    const most = 8 * 1024 * 1024;
    expect(run(undefined, bit.bitResize(most)).bin?.bytes.length).toBe(most);
    expect(run(undefined, bit.bitResize(most + 1))).toEqual({ code: ResultCode.RECORD_TOO_BIG });
    expect(run(undefined, bit.bitInsert(most, Uint8Array.of(1)))).toEqual({ code: ResultCode.RECORD_TOO_BIG });
  });

  it("are the one type with bits", () => {
    const text = { type: ParticleType.STRING, bytes: Uint8Array.of(0x61) };
    for (const call of [bit.bitNot(0, 1), bit.bitGet(0, 1)]) {
      expect(applyBits(text, encodePayload(call), call.operation.modifies)).toEqual({
        code: ResultCode.BIN_TYPE_ERROR,
      });
    }
  });
});
