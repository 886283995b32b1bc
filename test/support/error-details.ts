import { Writer } from "../../protocol/bytes/writer.js";

/** A value of the field in which servers from 8.2 explain errors: texts are those of MessagePack, without a type byte. */
export type Detail = number | string | readonly Detail[] | { readonly [key: number]: Detail };

/** The bytes of the field. */
export function packDetails(details: { readonly [key: number]: Detail }): Uint8Array {
  const w = new Writer();
  pack(w, details);
  return w.copy();
}

function pack(w: Writer, value: Detail): void {
  if (typeof value === "number") {
    w.u8(0xd2);
    w.u32(value);
  } else if (typeof value === "string") {
    w.u8(0xda);
    const at = w.gap(2);
    w.patchU16(at, w.utf8(value));
  } else if (Array.isArray(value)) {
    w.u8(0xdc);
    w.u16(value.length);
    for (const element of value) pack(w, element);
  } else {
    const pairs = Object.entries(value);
    w.u8(0xde);
    w.u16(pairs.length);
    for (const [key, content] of pairs) {
      pack(w, Number(key));
      pack(w, content);
    }
  }
}
