export type AnyInteger = number | bigint;

const encoder = new TextEncoder();
// A byte order mark at the start of a string is data.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
/** Below this a loop beats the call into the runtime. */
const SHORT = 48;

/** Writes the UTF-8 of `text` at `at`; the caller has made sure of three bytes for each UTF-16 unit. */
export function writeUtf8(text: string, into: Uint8Array, at: number): number {
  const length = text.length;
  if (length <= SHORT) {
    let i = 0;
    for (; i < length; i++) {
      const unit = text.charCodeAt(i);
      if (unit > 0x7f) break;
      into[at + i] = unit;
    }
    if (i === length) return length;
  }
  return encoder.encodeInto(text, into.subarray(at)).written;
}

/** Bytes that `text` takes in UTF-8. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit <= 0x7f) continue;
    if (unit <= 0x7ff) bytes += 1;
    else {
      bytes += 2;
      // A pair is four bytes for its two units; half a pair becomes U+FFFD, three bytes for one.
      if (unit >= 0xd800 && unit <= 0xdbff && isLowSurrogate(text.charCodeAt(i + 1))) i++;
    }
  }
  return bytes;
}

/** False also for the NaN behind the end of a string. */
function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}

export function encodeUtf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** The text of UTF-8 bytes; what is not UTF-8 becomes U+FFFD, as the server does not check strings. */
export function decodeUtf8(bytes: Uint8Array, from: number, to: number): string {
  if (to - from <= SHORT) {
    let text = "";
    let i = from;
    for (; i < to; i++) {
      const byte = bytes[i]!;
      if (byte > 0x7f) break;
      text += String.fromCharCode(byte);
    }
    if (i === to) return text;
  }
  return decoder.decode(bytes.subarray(from, to));
}
