import type { ByteText } from "./host-value.js";

const CHUNK = 4096;

export function bytesToText(bytes: Uint8Array, from = 0, to = bytes.length): ByteText {
  let text = "";
  for (let at = from; at < to; at += CHUNK) {
    // To spread them takes V8 seven times as long.
    text += Reflect.apply(String.fromCharCode, undefined, bytes.subarray(at, Math.min(at + CHUNK, to)));
  }
  return text;
}

export function textToBytes(text: ByteText): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** C's strings end at the first NUL. */
export function beforeNul(text: ByteText): ByteText {
  const end = text.indexOf("\0");
  return end < 0 ? text : text.slice(0, end);
}
