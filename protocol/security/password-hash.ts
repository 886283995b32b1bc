import { encodeUtf8 } from "../bytes/utf8.js";
import { Blowfish } from "./blowfish.js";

// Servers know passwords by a bcrypt whose salt is the same for everybody, so that clients can compute it:
//   $2a$10$7EqJtq98hPqEX7fNZaFWoO + 31 letters of hash

const COST = 10;
const SALT = "7EqJtq98hPqEX7fNZaFWoO";
const ALPHABET = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const MAX_PASSWORD_BYTES = 72;
/** Rounds between two breaths: some 5 ms of work. */
const ROUNDS_AT_ONCE = 64;

/**
 * Hashes a password as servers expect it. That takes about a tenth of a second on purpose, in small portions.
 * @param breathe called between the portions, for everything else to run
 */
export async function hashPassword(password: string, breathe: () => Promise<void>): Promise<string> {
  const salt = toWords(decode(SALT));
  const key = keyWords(password);
  const state = new Blowfish();
  state.expand(key, salt);
  for (let round = 0; round < 2 ** COST; round++) {
    if (round % ROUNDS_AT_ONCE === 0) await breathe();
    state.expand(key);
    state.expand(salt);
  }
  const text = toWords(encodeUtf8("OrpheanBeholderScryDoubt"));
  for (let at = 0; at < text.length; at += 2) state.encrypt(text, at, 64);
  // By an accident that became the standard, the last byte is left out.
  return `$2a$${COST}$${SALT}${encode(toBytes(text).subarray(0, 23))}`;
}

/** The password and a NUL, again and again, in 18 words. */
function keyWords(password: string): Uint32Array {
  const bytes = encodeUtf8(password).subarray(0, MAX_PASSWORD_BYTES);
  const words = new Uint32Array(18);
  for (let i = 0; i < words.length * 4; i++) {
    const byte = bytes[i % (bytes.length + 1)] ?? 0;
    words[i >> 2] = (words[i >> 2]! << 8) | byte;
  }
  return words;
}

function toWords(bytes: Uint8Array): Uint32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Uint32Array.from({ length: bytes.length / 4 }, (_, i) => view.getUint32(i * 4));
}

function toBytes(words: Uint32Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(words.length * 4));
  for (const [i, word] of words.entries()) view.setUint32(i * 4, word);
  return new Uint8Array(view.buffer);
}

/** Base64 with bcrypt's own alphabet, without padding. */
function encode(bytes: Uint8Array): string {
  let text = "";
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    bits = (bits << 8) | byte;
    held += 8;
    while (held >= 6) {
      held -= 6;
      text += ALPHABET[(bits >> held) & 0x3f];
    }
    bits &= (1 << held) - 1;
  }
  return held > 0 ? text + ALPHABET[(bits << (6 - held)) & 0x3f] : text;
}

function decode(text: string): Uint8Array {
  const bytes = new Uint8Array((text.length * 6) >> 3);
  let bits = 0;
  let held = 0;
  let to = 0;
  for (const letter of text) {
    bits = ((bits << 6) | ALPHABET.indexOf(letter)) & 0xfff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes[to++] = (bits >> held) & 0xff;
  }
  return bytes;
}
