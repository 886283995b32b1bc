import { DIGEST_SIZE } from "../../protocol/key/digest.js";

const WORDS = DIGEST_SIZE / 4;
const SMALLEST = 64;

/**
 * Digests of records of one namespace, for telling which came before. Takes 27 to 53 bytes for each, an eighth of what a Set of strings
 * would: there may be millions.
 */
export class DigestSet {
  /** Open addressing: {@link WORDS} words a slot; a slot of zeros is free. Its slots are a power of two. */
  #words = new Uint32Array(SMALLEST * WORDS);
  #slots = SMALLEST;
  #size = 0;
  /** A digest of zeros can't stand in a slot. */
  #hasZero = false;
  readonly #digest = new Uint8Array(DIGEST_SIZE);
  readonly #key = new Uint32Array(this.#digest.buffer);

  get size(): number {
    return this.#size;
  }

  /** Adds a digest of 20 bytes; false when it was in already. */
  add(digest: Uint8Array): boolean {
    this.#digest.set(digest);
    const key = this.#key;
    if (isFree(key, 0)) {
      if (this.#hasZero) return false;
      this.#hasZero = true;
      this.#size++;
      return true;
    }
    const at = find(this.#words, this.#slots, key, 0);
    if (!isFree(this.#words, at)) return false;
    this.#words.set(key, at);
    this.#size++;
    if (this.#size > 0.75 * this.#slots) this.#grow();
    return true;
  }

  has(digest: Uint8Array): boolean {
    this.#digest.set(digest);
    const key = this.#key;
    if (isFree(key, 0)) return this.#hasZero;
    return !isFree(this.#words, find(this.#words, this.#slots, key, 0));
  }

  #grow(): void {
    const slots = 2 * this.#slots;
    const words = new Uint32Array(slots * WORDS);
    for (let at = 0; at < this.#words.length; at += WORDS) {
      if (isFree(this.#words, at)) continue;
      words.set(this.#words.subarray(at, at + WORDS), find(words, slots, this.#words, at));
    }
    this.#words = words;
    this.#slots = slots;
  }
}

/** Where in `words` the digest at `from` of `key` stands, or would. */
function find(words: Uint32Array, slots: number, key: Uint32Array, from: number): number {
  // Digests are a hash already. Their first word begins with the partition, so another one spreads them.
  let slot = key[from + 1]! & (slots - 1);
  for (;;) {
    const at = slot * WORDS;
    if (isFree(words, at) || isSame(words, at, key, from)) return at;
    slot = (slot + 1) & (slots - 1);
  }
}

function isFree(words: Uint32Array, at: number): boolean {
  return (words[at]! | words[at + 1]! | words[at + 2]! | words[at + 3]! | words[at + 4]!) === 0;
}

function isSame(words: Uint32Array, at: number, key: Uint32Array, from: number): boolean {
  for (let i = 0; i < WORDS; i++) if (words[at + i] !== key[from + i]) return false;
  return true;
}
