/** A set of bytes. */
export class ByteSet {
  readonly #has = new Uint8Array(256);

  static of(...bytes: readonly number[]): ByteSet {
    const set = new ByteSet();
    for (const byte of bytes) set.add(byte);
    return set;
  }

  has(byte: number): boolean {
    return this.#has[byte] === 1;
  }

  add(byte: number): void {
    this.#has[byte] = 1;
  }

  addRange(first: number, last: number): void {
    this.#has.fill(1, first, last + 1);
  }

  addAll(other: ByteSet): void {
    for (let byte = 0; byte < 256; byte++) if (other.has(byte)) this.add(byte);
  }

  remove(byte: number): void {
    this.#has[byte] = 0;
  }

  inverted(): ByteSet {
    const set = new ByteSet();
    for (let byte = 0; byte < 256; byte++) if (!this.has(byte)) set.add(byte);
    return set;
  }
}

function ranges(text: string): ByteSet {
  const set = new ByteSet();
  for (let i = 0; i < text.length; i += 2) set.addRange(text.charCodeAt(i), text.charCodeAt(i + 1));
  return set;
}

const ALNUM = ranges("AZaz09");

/** The character classes of the C locale, in which the server runs: ASCII alone. */
export const characterClasses: ReadonlyMap<string, ByteSet> = new Map([
  ["alnum", ALNUM],
  ["alpha", ranges("AZaz")],
  ["blank", ranges("\t\t  ")],
  ["cntrl", ranges("\0\x1f\x7f\x7f")],
  ["digit", ranges("09")],
  ["graph", ranges("!~")],
  ["lower", ranges("az")],
  ["print", ranges(" ~")],
  ["punct", ranges("!/:@[`{~")],
  ["space", ranges("\t\r  ")],
  ["upper", ranges("AZ")],
  ["xdigit", ranges("09AFaf")],
]);

export const WORD = ranges("AZaz09__");
export const SPACE = ranges("\t\r  ");
