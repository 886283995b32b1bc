// Blowfish (B. Schneier, 1993) as far as bcrypt needs it: the key schedule and the encryption of a block of two words.

const ROUNDS = 16;
const P_WORDS = ROUNDS + 2;
const S_WORDS = 4 * 256;

/** The first fractional bits of pi: what an unkeyed state consists of. Computed once instead of carried as a table. */
let pi: Uint32Array | undefined;

function piWords(): Uint32Array {
  pi ??= computePi(P_WORDS + S_WORDS);
  return pi;
}

/** By Machin's formula, π = 16·atan(1/5) − 4·atan(1/239), in fixed point. */
function computePi(words: number): Uint32Array {
  const bits = BigInt(words * 32);
  // The last bits of each of the few thousand terms are rounded off.
  const guard = 64n;
  const one = 1n << (bits + guard);
  const scaled = 16n * inverseTangent(5n, one) - 4n * inverseTangent(239n, one);
  const fraction = (scaled - 3n * one) >> guard;
  const hex = fraction.toString(16).padStart(words * 8, "0");
  return Uint32Array.from({ length: words }, (_, i) => Number.parseInt(hex.slice(i * 8, i * 8 + 8), 16));
}

/** atan(1/x) times `one`. */
function inverseTangent(x: bigint, one: bigint): bigint {
  const square = x * x;
  let power = one / x;
  let sum = power;
  for (let n = 3n, sign = -1n; power > 0n; n += 2n, sign = -sign) {
    power /= square;
    sum += (sign * power) / n;
  }
  return sum;
}

/** The state of a key schedule: 18 subkeys and four boxes of 256 words. */
export class Blowfish {
  readonly #p: Uint32Array;
  readonly #s: Uint32Array;
  #left = 0;
  #right = 0;

  constructor() {
    this.#p = piWords().slice(0, P_WORDS);
    this.#s = piWords().slice(P_WORDS);
  }

  /** Mixes in a key; with a salt (4 words) it is mixed into each block too. */
  expand(key: Uint32Array, salt?: Uint32Array): void {
    const p = this.#p;
    for (let i = 0; i < P_WORDS; i++) p[i]! ^= key[i % key.length]!;
    this.#left = 0;
    this.#right = 0;
    this.#refill(p, salt, 0);
    this.#refill(this.#s, salt, P_WORDS);
  }

  /** Encrypts two words in place, `times` times. */
  encrypt(block: Uint32Array, at: number, times: number): void {
    this.#left = block[at]!;
    this.#right = block[at + 1]!;
    for (let i = 0; i < times; i++) this.#step();
    block[at] = this.#left;
    block[at + 1] = this.#right;
  }

  /** Replaces words by the encryption of the block before. `offset`: words replaced earlier, which the salt counts on. */
  #refill(words: Uint32Array, salt: Uint32Array | undefined, offset: number): void {
    for (let i = 0; i < words.length; i += 2) {
      if (salt !== undefined) {
        this.#left ^= salt[(offset + i) % 4]!;
        this.#right ^= salt[(offset + i + 1) % 4]!;
      }
      this.#step();
      words[i] = this.#left;
      words[i + 1] = this.#right;
    }
  }

  #step(): void {
    const p = this.#p;
    const s = this.#s;
    let left = this.#left;
    let right = this.#right;
    for (let round = 0; round < ROUNDS; round += 2) {
      left ^= p[round]!;
      right ^= mix(s, left);
      right ^= p[round + 1]!;
      left ^= mix(s, right);
    }
    this.#left = (right ^ p[ROUNDS + 1]!) >>> 0;
    this.#right = (left ^ p[ROUNDS]!) >>> 0;
  }
}

function mix(s: Uint32Array, x: number): number {
  const sum = ((s[x >>> 24]! + s[256 + ((x >>> 16) & 0xff)]!) ^ s[512 + ((x >>> 8) & 0xff)]!) + s[768 + (x & 0xff)]!;
  return sum | 0;
}
