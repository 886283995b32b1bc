/** Where buffers come from and go to. */
export interface Memory {
  /** At least so many bytes, with anything in them. */
  take(size: number): Uint8Array;
  /** Nobody reads or writes it any more. */
  give(bytes: Uint8Array): void;
}

export const FRESH_MEMORY: Memory = {
  take: (size) => new Uint8Array(size),
  give: () => undefined,
};

/** What is shorter is not worth keeping, … */
const SHORTEST = 32 * 1024;
/** … and so much is kept in all, while it is in use. */
const MOST_KEPT = 16 * 1024 * 1024;
const MIB = 1024 * 1024;

/**
 * Buffers that are used again. Memory that a process has not touched yet is handed to it page by page, which takes ten
 * times as long as copying a value into memory that it has.
 */
export class KeptMemory implements Memory {
  /** Those that were given back last are at the end. */
  readonly #free: Uint8Array[] = [];
  #kept = 0;
  /** So much was free all the time since the last {@link trim}. */
  #unused = 0;

  take(size: number): Uint8Array {
    if (size < SHORTEST) return new Uint8Array(size);
    const at = this.#smallestFor(size);
    if (at === undefined) return new Uint8Array(roundedUp(size));
    const [bytes] = this.#free.splice(at, 1);
    this.#kept -= bytes!.length;
    this.#unused = Math.min(this.#unused, this.#kept);
    return bytes!;
  }

  give(bytes: Uint8Array): void {
    if (bytes.length < SHORTEST || this.#kept + bytes.length > MOST_KEPT) return;
    this.#free.push(bytes);
    this.#kept += bytes.length;
  }

  /** Lets go of what nobody has needed since the last call. */
  trim(): void {
    while (this.#free.length > 0 && this.#unused >= this.#free[0]!.length) {
      const { length } = this.#free.shift()!;
      this.#kept -= length;
      this.#unused -= length;
    }
    this.#unused = this.#kept;
  }

  /** None that is far too large, which would be in use for ever and serve little. */
  #smallestFor(size: number): number | undefined {
    const most = 2 * roundedUp(size);
    let best: number | undefined;
    for (const [i, { length }] of this.#free.entries()) {
      if (length >= size && length <= most && (best === undefined || length < this.#free[best]!.length)) best = i;
    }
    return best;
  }
}

/** Few sizes, so that one that is free fits; large ones not much larger than they have to be. */
function roundedUp(size: number): number {
  if (size > MOST_KEPT) return size;
  return size > MIB ? MIB * Math.ceil(size / MIB) : 2 ** Math.ceil(Math.log2(size));
}
