/** Some bits of a blob, counted from the most significant bit of its first byte. */
export interface BitRegion {
  readonly start: number;
  readonly size: number;
}

/** The bits of a region, moved to the front; what is left of the last byte is 0. */
export function readBits(from: Uint8Array, { start, size }: BitRegion): Uint8Array {
  const bits = new Uint8Array(Math.ceil(size / 8));
  const first = start >> 3;
  const shift = start & 7;
  for (let i = 0; i < bits.length; i++) {
    const pair = (from[first + i]! << 8) | (from[first + i + 1] ?? 0);
    bits[i] = pair >> (8 - shift);
  }
  clearTail(bits, size);
  return bits;
}

/** A copy of the blob with a region filled from the front of `bits`. */
export function withBits(blob: Uint8Array, { start, size }: BitRegion, bits: Uint8Array): Uint8Array {
  const copy = blob.slice();
  const shift = start & 7;
  const end = start + size;
  for (let at = start >> 3, i = 0; at * 8 < end; at++, i++) {
    const pair = ((bits[i - 1] ?? 0) << 8) | (bits[i] ?? 0);
    const mask = maskOf(start - at * 8, end - at * 8);
    copy[at] = (blob[at]! & ~mask) | ((pair >> shift) & mask);
  }
  return copy;
}

/** The bits of a byte from one bit on and below another. */
function maskOf(from: number, to: number): number {
  const head = from <= 0 ? 0xff : 0xff >> from;
  const tail = to >= 8 ? 0xff : 0xff << (8 - to);
  return head & tail & 0xff;
}

function clearTail(bits: Uint8Array, size: number): void {
  if ((size & 7) !== 0) bits[bits.length - 1]! &= 0xff << (8 - (size & 7));
}

/** Left-aligned bits shifted left; zeros follow. */
export function shiftLeft(bits: Uint8Array, size: number, by: number): Uint8Array {
  const shifted = new Uint8Array(bits.length);
  if (by < size) shifted.set(readBits(bits, { start: by, size: size - by }));
  return shifted;
}

/** Left-aligned bits shifted right; zeros go before. */
export function shiftRight(bits: Uint8Array, size: number, by: number): Uint8Array {
  const shifted = new Uint8Array(bits.length);
  return by < size ? withBits(shifted, { start: by, size: size - by }, bits) : shifted;
}

/** A region of at most 64 bits as an unsigned integer. */
export function readInteger(from: Uint8Array, region: BitRegion): bigint {
  let value = 0n;
  for (const byte of readBits(from, region)) value = (value << 8n) | BigInt(byte);
  return value >> BigInt((8 - (region.size & 7)) & 7);
}

/** A copy of the blob with an unsigned integer in a region of at most 64 bits. */
export function withInteger(blob: Uint8Array, region: BitRegion, value: bigint): Uint8Array {
  const bits = new Uint8Array(Math.ceil(region.size / 8));
  let left = value << BigInt((8 - (region.size & 7)) & 7);
  for (let i = bits.length - 1; i >= 0; i--) {
    bits[i] = Number(left & 0xffn);
    left >>= 8n;
  }
  return withBits(blob, region, bits);
}

export function isSet(blob: Uint8Array, bit: number): boolean {
  return (blob[bit >> 3]! & (0x80 >> (bit & 7))) !== 0;
}
