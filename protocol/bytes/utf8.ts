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
  return (to - from <= SHORT ? decodeAscii(bytes, from, to) : undefined) ?? decoder.decode(bytes.subarray(from, to));
}

/** Undefined when it is not ASCII. Eight at a time: each piece of a text is one more thing to make and to collect. */
function decodeAscii(bytes: Uint8Array, from: number, to: number): string | undefined {
  let text = "";
  let at = from;
  for (; at + 8 <= to; at += 8) {
    const a = bytes[at]!;
    const b = bytes[at + 1]!;
    const c = bytes[at + 2]!;
    const d = bytes[at + 3]!;
    const e = bytes[at + 4]!;
    const f = bytes[at + 5]!;
    const g = bytes[at + 6]!;
    const h = bytes[at + 7]!;
    if ((a | b | c | d | e | f | g | h) > 0x7f) return undefined;
    text += String.fromCharCode(a, b, c, d, e, f, g, h);
  }
  if (at + 4 <= to) {
    const a = bytes[at]!;
    const b = bytes[at + 1]!;
    const c = bytes[at + 2]!;
    const d = bytes[at + 3]!;
    if ((a | b | c | d) > 0x7f) return undefined;
    text += String.fromCharCode(a, b, c, d);
    at += 4;
  }
  for (; at < to; at++) {
    const byte = bytes[at]!;
    if (byte > 0x7f) return undefined;
    text += String.fromCharCode(byte);
  }
  return text;
}
