/** An unsigned number of 64 bits that is changed in place: a hash of many elements has no time for bigints. */
export class Word {
  /** Both halves are unsigned. */
  high = 0;
  low = 0;

  set(high: number, low: number): void {
    this.high = high >>> 0;
    this.low = low >>> 0;
  }

  /** Little-endian, from eight bytes of a view. */
  load(view: DataView, at: number): void {
    this.low = view.getUint32(at, true);
    this.high = view.getUint32(at + 4, true);
  }

  xor(high: number, low: number): void {
    this.set(this.high ^ high, this.low ^ low);
  }

  add(high: number, low: number): void {
    const sum = this.low + low;
    this.set(this.high + high + (sum > 0xffff_ffff ? 1 : 0), sum);
  }

  /** Modulo 2^64. */
  multiply(high: number, low: number): void {
    // The upper half of the product of the lower halves, from products of 16 bits.
    const a0 = this.low & 0xffff;
    const a1 = this.low >>> 16;
    const b0 = low & 0xffff;
    const b1 = low >>> 16;
    const middle = a1 * b0 + ((a0 * b0) >>> 16);
    const carry = (a0 * b1 + (middle & 0xffff)) >>> 16;
    const upper = a1 * b1 + (middle >>> 16) + carry;
    this.set(upper + Math.imul(this.high, low) + Math.imul(this.low, high), Math.imul(this.low, low));
  }

  /** @param by 1 to 31, or 33 to 63 */
  rotateLeft(by: number): void {
    const high = by < 32 ? this.high : this.low;
    const low = by < 32 ? this.low : this.high;
    const bits = by & 31;
    this.set((high << bits) | (low >>> (32 - bits)), (low << bits) | (high >>> (32 - bits)));
  }
}
