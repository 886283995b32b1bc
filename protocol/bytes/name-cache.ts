import type { Reader } from "./reader.js";

/** Longest name that is kept; those of sets have 63 bytes at most. */
const MAX_BYTES = 63;
/** Names that are kept: a power of two. */
const PLACES = 256;

/** A name as it came, and as text. */
interface Known {
  readonly bytes: Uint8Array;
  readonly text: string;
}

/**
 * Texts of names that come again and again, as those of bins do in each record: found by their bytes, so that a name is
 * decoded once and its text made once. It holds a few hundred; a name that falls on the place of another takes it over.
 */
export class NameCache {
  readonly #places: (Known | undefined)[] = new Array<Known | undefined>(PLACES).fill(undefined);

  /** Reads a name of `size` bytes of UTF-8. */
  read(r: Reader, size: number): string {
    if (size === 0 || size > MAX_BYTES) return r.utf8(size);
    const { at, bytes } = r;
    r.skip(size);
    const place = (bytes[at]! * 31 + bytes[at + size - 1]! * 7 + bytes[at + (size >> 1)]! + size) & (PLACES - 1);
    const known = this.#places[place];
    if (known !== undefined && isSame(known.bytes, bytes, at, size)) return known.text;
    r.at = at;
    // The name of a property is the text that the runtime knows it by: any other is looked up anew at each use.
    const [text = ""] = Object.keys({ [r.utf8(size)]: true });
    this.#places[place] = { bytes: new Uint8Array(bytes.subarray(at, at + size)), text };
    return text;
  }
}

function isSame(known: Uint8Array, bytes: Uint8Array, at: number, size: number): boolean {
  if (known.length !== size) return false;
  for (let i = 0; i < size; i++) if (known[i] !== bytes[at + i]) return false;
  return true;
}
