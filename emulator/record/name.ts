import { encodeUtf8 } from "../../protocol/bytes/utf8.js";

// The server takes names of bins, sets and namespaces as bytes. Here they are strings: UTF-8 decoded, and a byte that is
// no part of UTF-8 becomes the lone surrogate U+DC00 + byte, so that every name comes back byte for byte.

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const ESCAPE = 0xdc00;

export function readName(bytes: Uint8Array, from = 0, to = bytes.length): string {
  let name = "";
  for (let i = from; i < to; i++) {
    const byte = bytes[i]!;
    if (byte > 0x7f) return readNonAscii(bytes.subarray(from, to));
    name += String.fromCharCode(byte);
  }
  return name;
}

export function writeName(name: string): Uint8Array {
  // Most are a few letters, and rows have several: a loop beats the call into the runtime.
  const ascii = new Uint8Array(name.length);
  let i = 0;
  for (; i < name.length; i++) {
    const unit = name.charCodeAt(i);
    if (unit > 0x7f) break;
    ascii[i] = unit;
  }
  if (i === name.length) return ascii;
  if (name.isWellFormed()) return encodeUtf8(name);
  const bytes: number[] = [];
  for (const character of name) {
    const unit = character.charCodeAt(0);
    if (character.length === 1 && unit >= ESCAPE && unit < ESCAPE + 0x100) bytes.push(unit - ESCAPE);
    else bytes.push(...encodeUtf8(character));
  }
  return Uint8Array.from(bytes);
}

function readNonAscii(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    let name = "";
    for (const byte of bytes) name += String.fromCharCode(byte > 0x7f ? ESCAPE + byte : byte);
    return name;
  }
}
