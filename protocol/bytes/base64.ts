// Base64 (RFC 4648 §4) with padding, as servers read and write it.

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const PAD = 0x3d;
const CODES = new TextEncoder().encode(ALPHABET);
/** 64 marks what is no letter. */
const VALUES = new Uint8Array(256).fill(64);
for (let value = 0; value < CODES.length; value++) VALUES[CODES[value]!] = value;

const decoder = new TextDecoder();

export function encodeBase64(bytes: Uint8Array): string {
  const text = new Uint8Array(Math.ceil(bytes.length / 3) * 4);
  let to = 0;
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at;
    const group = (bytes[at]! << 16) | ((left > 1 ? bytes[at + 1]! : 0) << 8) | (left > 2 ? bytes[at + 2]! : 0);
    text[to++] = CODES[group >> 18]!;
    text[to++] = CODES[(group >> 12) & 63]!;
    text[to++] = left > 1 ? CODES[(group >> 6) & 63]! : PAD;
    text[to++] = left > 2 ? CODES[group & 63]! : PAD;
  }
  return decoder.decode(text);
}

/** The bytes of a base64 text. Throws TypeError for any but the one correct spelling: padded, no spaces, no stray bits. */
export function decodeBase64(text: string): Uint8Array {
  const bytes = tryDecodeBase64(text);
  if (bytes === undefined) throw new TypeError("The text is not base64");
  return bytes;
}

/** As {@link decodeBase64}; undefined where that throws. */
export function tryDecodeBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const letters = text.length - padding;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  let group = 0;
  let to = 0;
  for (let at = 0; at < letters; at++) {
    const unit = text.charCodeAt(at);
    const value = unit < 256 ? VALUES[unit]! : 64;
    if (value === 64) return undefined;
    group = (group << 6) | value;
    // Each letter after the first of four completes a byte.
    const spare = (6 * (at + 1)) % 8;
    if (at % 4 !== 0) bytes[to++] = (group >> spare) & 0xff;
  }
  const stray = padding === 2 ? group & 0x0f : padding === 1 ? group & 0x03 : 0;
  return stray === 0 ? bytes : undefined;
}
