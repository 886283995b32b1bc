import { join } from "../join.js";
import type { Random } from "../random/random.js";

/** Values of a byte at which something begins or ends: heads of MessagePack, signs, separators of info values. */
const BYTES = [
  0, 1, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc6, 0xc7, 0xcb, 0xcf, 0xd3, 0xd9, 0xdc, 0xdd, 0xdf,
  0xff,
];
const SEPARATORS = [...";:=,[]\n\t|-0"].map((sign) => sign.charCodeAt(0));
/** Numbers that tempt a reader to believe them. */
const LIES = [0, 1, 0x7fff, 0xffff, 0x10000, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];
const MOST_CHANGES = 4;

/** Other bytes made of some, of whatever format: the beginnings of fuzzing, as everywhere. */
export function tweak(bytes: Uint8Array, random: Random, others: readonly Uint8Array[]): Uint8Array {
  let tweaked = bytes;
  for (let changes = 1 + random.below(MOST_CHANGES); changes > 0; changes--) {
    const at = random.below(tweaked.length + 1);
    switch (random.below(9)) {
      case 0:
        tweaked = with1(tweaked, at, (tweaked[at] ?? 0) ^ (1 << random.below(8)));
        break;
      case 1:
        tweaked = with1(tweaked, at, random.pick(BYTES));
        break;
      case 2:
        tweaked = with1(tweaked, at, random.pick(SEPARATORS));
        break;
      case 3:
        tweaked = with1(tweaked, at, (tweaked[at] ?? 0) + random.below(9) - 4);
        break;
      case 4:
        tweaked = join(tweaked.subarray(0, at), tweaked.subarray(at + 1 + random.below(8)));
        break;
      case 5:
        tweaked = join(
          tweaked.subarray(0, at),
          Uint8Array.from({ length: 1 + random.below(6) }, () => random.below(256)),
          tweaked.subarray(at),
        );
        break;
      case 6: {
        // A part of it once more: nesting, and names that come twice.
        const from = random.below(tweaked.length + 1);
        tweaked = join(
          tweaked.subarray(0, at),
          tweaked.subarray(from, from + 1 + random.below(40)),
          tweaked.subarray(at),
        );
        break;
      }
      case 7: {
        const other = random.pick(others);
        tweaked = join(tweaked.subarray(0, at), other.subarray(random.below(other.length + 1)));
        break;
      }
      default:
        tweaked = withLie(tweaked, at, random);
    }
  }
  return tweaked.length > 4_096 ? tweaked.subarray(0, 4_096) : tweaked;
}

function with1(bytes: Uint8Array, at: number, byte: number): Uint8Array {
  const changed = bytes.slice();
  if (at < changed.length) changed[at] = byte;
  return changed;
}

function withLie(bytes: Uint8Array, at: number, random: Random): Uint8Array {
  const changed = bytes.slice();
  const lie = random.pick(LIES);
  const view = new DataView(changed.buffer);
  if (random.oneIn(2) && at + 4 <= changed.length) view.setUint32(at, lie);
  else if (at + 2 <= changed.length) view.setUint16(at, lie);
  return changed;
}
