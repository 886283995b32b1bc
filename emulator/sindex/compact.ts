import { Reader } from "../../protocol/bytes/reader.js";
import { ProtocolError } from "../../protocol/protocol-error.js";

/** Whether packed bytes are one value, its integers and headers in their shortest form, with nothing behind it. */
export function isCompact(packed: Uint8Array): boolean {
  const r = new Reader(packed);
  try {
    for (let left = 1; left > 0; left--) {
      const inner = takeHead(r);
      if (inner === undefined) return false;
      left += inner;
    }
    return r.left === 0;
  } catch (error) {
    if (error instanceof ProtocolError) return false;
    throw error;
  }
}

/** Takes one head with the content of what is no container; the count of values inside, undefined when it could be shorter. */
function takeHead(r: Reader): number | undefined {
  const head = r.u8();
  if (head < 0x80 || head >= 0xe0) return 0;
  if (head < 0x90) return 2 * (head & 0x0f);
  if (head < 0xa0) return head & 0x0f;
  if (head < 0xc0) return content(r, head & 0x1f);
  switch (head) {
    case 0xc0:
    case 0xc2:
    case 0xc3:
      return 0;
    case 0xcc:
      return r.u8() < 0x80 ? undefined : 0;
    case 0xcd:
      return r.u16() < 0x100 ? undefined : 0;
    case 0xce:
      return r.u32() < 0x1_0000 ? undefined : 0;
    case 0xcf:
      return r.u64() < 0x1_0000_0000n ? undefined : 0;
    case 0xd0:
      return within(BigInt.asIntN(8, BigInt(r.u8())), -0x20n);
    case 0xd1:
      return within(BigInt.asIntN(16, BigInt(r.u16())), -0x80n);
    case 0xd2:
      return within(BigInt(r.i32()), -0x8000n);
    case 0xd3:
      return within(r.i64(), -0x8000_0000n);
    case 0xca:
      return content(r, 4);
    case 0xcb:
      return content(r, 8);
    case 0xd9:
      return longer(r, r.u8(), 0x20);
    case 0xda:
      return longer(r, r.u16(), 0x100);
    case 0xdb:
      return longer(r, r.u32(), 0x1_0000);
    case 0xdc:
      return atLeast(r.u16(), 0x10);
    case 0xdd:
      return atLeast(r.u32(), 0x1_0000);
    case 0xd4:
      return content(r, 2);
    default:
      return undefined;
  }
}

/** A negative integer needs this form only when it is below what the next shorter one holds. */
function within(value: bigint, shorter: bigint): number | undefined {
  return value < shorter ? 0 : undefined;
}

function longer(r: Reader, size: number, least: number): number | undefined {
  return size < least ? undefined : content(r, size);
}

function atLeast(count: number, least: number): number | undefined {
  return count < least ? undefined : count;
}

function content(r: Reader, size: number): 0 {
  r.skip(size);
  return 0;
}
