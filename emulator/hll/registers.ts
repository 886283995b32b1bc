// The registers of a sketch: 6 bits of rank and up to 51 of minhash each, most significant first and without gaps. A register
// has at most 57 bits and starts at most 7 bits into a byte, so it is always within eight bytes: two words of 32 bits.

/** What comes before them. */
export const HEADER_SIZE = 11;
const RANK_BITS = 6;
const WORD = 32;

/** Bytes that the registers take. */
export function registerBytes(indexBits: number, minhashBits: number): number {
  return Math.ceil(((RANK_BITS + minhashBits) * 2 ** indexBits) / 8);
}

/** Bytes that there have to be behind the registers that are written. */
export const REGISTER_ROOM = 8;

/** Registers taken apart. */
export interface Registers {
  readonly minhashBits: number;
  readonly ranks: Uint8Array;
  readonly minhashes: Float64Array;
}

/** Reads all registers of a sketch's bytes, of which there must be enough. */
export function readRegisters({ minhashBits, ranks, minhashes }: Registers, sketch: Uint8Array): void {
  const bytes = new Uint8Array(sketch.length + REGISTER_ROOM);
  bytes.set(sketch);
  const view = new DataView(bytes.buffer);
  const width = RANK_BITS + minhashBits;
  for (let r = 0, at = HEADER_SIZE * 8; r < ranks.length; r++, at += width) {
    const high = view.getUint32(at >>> 3);
    const low = view.getUint32((at >>> 3) + 4);
    const skip = at & 7;
    ranks[r] = (high << skip) >>> (WORD - RANK_BITS);
    if (minhashBits === 0) continue;
    // What follows the rank, moved to the front: 6 to 13 bits are before it.
    const before = skip + RANK_BITS;
    const front = (high << before) | (low >>> (WORD - before));
    minhashes[r] =
      minhashBits <= WORD
        ? front >>> (WORD - minhashBits)
        : (front >>> 0) * 2 ** (minhashBits - WORD) + ((low << before) >>> (2 * WORD - minhashBits));
  }
}

/** Writes all registers that are not empty into bytes that are zero there, {@link REGISTER_ROOM} behind them included. */
export function writeRegisters({ minhashBits, ranks, minhashes }: Registers, bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const width = RANK_BITS + minhashBits;
  for (let r = 0, at = HEADER_SIZE * 8; r < ranks.length; r++, at += width) {
    const rank = ranks[r]!;
    const minhash = minhashes[r]!;
    // Most registers of most sketches are.
    if (rank === 0 && minhash === 0) continue;
    // The minhash at the front of two words, then everything moved to its place.
    const front =
      minhashBits <= WORD ? minhash * 2 ** (WORD - minhashBits) : Math.floor(minhash / 2 ** (minhashBits - WORD));
    const rest = minhashBits <= WORD ? 0 : (minhash % 2 ** (minhashBits - WORD)) * 2 ** (2 * WORD - minhashBits);
    const skip = at & 7;
    const before = skip + RANK_BITS;
    const byte = at >>> 3;
    const high = (rank << (WORD - before)) | (front >>> before);
    const low = (front << (WORD - before)) | (rest >>> before);
    view.setUint32(byte, view.getUint32(byte) | high);
    view.setUint32(byte + 4, view.getUint32(byte + 4) | low);
  }
}
