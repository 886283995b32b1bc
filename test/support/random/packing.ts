import { Writer } from "../../../protocol/bytes/writer.js";
import {
  packBigint,
  packBytes,
  packDouble,
  packListHeader,
  packRawString,
  packString,
} from "../../../protocol/value/pack.js";
import { ParticleType } from "../../../protocol/value/particle-type.js";

// Packed expressions put together by hand, so that they don't depend on the builder they may be used to test.

function packed(write: (w: Writer) => void): Uint8Array {
  const w = new Writer(32);
  write(w);
  return w.take();
}

export const int = (value: bigint | number) => packed((w) => packBigint(w, BigInt(value)));
export const double = (value: number) => packed((w) => packDouble(w, value));
export const text = (value: string) => packed((w) => packString(w, value));
/** A name or a pattern: text without type prefix. */
export const raw = (value: string) => packed((w) => packRawString(w, value));
export const bool = (value: boolean) => Uint8Array.of(value ? 0xc3 : 0xc2);
export const nil = Uint8Array.of(0xc0);
export const blob = (value: Uint8Array) => packed((w) => packBytes(w, value, ParticleType.BLOB));
export const sketch = (value: Uint8Array) => packed((w) => packBytes(w, value, ParticleType.HLL));
export const geo = (json: string) => packed((w) => packBytes(w, new TextEncoder().encode(json), ParticleType.GEOJSON));

/** A list of parts that are packed already. */
export function list(...parts: readonly Uint8Array[]): Uint8Array {
  return packed((w) => {
    packListHeader(w, parts.length);
    for (const part of parts) w.bytes(part);
  });
}

/** An expression: op code and operands. */
export function op(code: number, ...operands: readonly Uint8Array[]): Uint8Array {
  return list(int(code), ...operands);
}

export const quote = (elements: Uint8Array) => op(126, elements);
