const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

export function bytesToBase64(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const second = bytes[i + 1];
    const third = bytes[i + 2];
    const bits = (bytes[i]! << 16) | ((second ?? 0) << 8) | (third ?? 0);
    text += ALPHABET[bits >> 18]! + ALPHABET[(bits >> 12) & 63]!;
    text += second === undefined ? "=" : ALPHABET[(bits >> 6) & 63]!;
    text += third === undefined ? "=" : ALPHABET[bits & 63]!;
  }
  return text;
}

/** The bytes of standard base64 with its padding; undefined when the text is anything else. */
export function base64ToBytes(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  let at = 0;
  let bits = 0;
  for (let i = 0; i < text.length; i++) {
    const isPadding = i >= text.length - padding;
    const value = isPadding ? 0 : ALPHABET.indexOf(text[i]!);
    if (value < 0) return undefined;
    bits = (bits << 6) | value;
    if (i % 4 !== 3) continue;
    for (let shift = 16; shift >= 0 && at < bytes.length; shift -= 8) bytes[at++] = (bits >> shift) & 0xff;
    bits = 0;
  }
  return bytes;
}
