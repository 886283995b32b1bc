import { PackedHead, PackedType } from "../../protocol/value/packed-head.js";
import { isShortest } from "../packed/form.js";

const head = new PackedHead();

/** Whether packed bytes are one value, its integers and headers in their shortest form, with nothing behind it. */
export function isCompact(packed: Uint8Array): boolean {
  let at = 0;
  for (let left = 1; left > 0; left--) {
    if (isRefused(packed[at]) || !head.read(packed, at, packed.length) || !isShortest(head, packed, at)) return false;
    if (head.type === PackedType.LIST) left += head.count;
    if (head.type === PackedType.MAP) left += head.count * 2;
    at = head.next;
  }
  return at === packed.length;
}

/** Headers of the bin family, of long maps, and of all extensions but those of one byte. */
function isRefused(first: number | undefined): boolean {
  if (first === undefined) return true;
  return (first >= 0xc4 && first <= 0xc9) || (first >= 0xd5 && first <= 0xd8) || first === 0xde || first === 0xdf;
}
