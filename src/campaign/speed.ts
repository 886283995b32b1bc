/** Slices that the speed of late is made of. */
const SLICES = 8;

interface Done {
  readonly width: number;
  readonly changed: number;
  readonly tookMs: number;
}

/** How fast a campaign is, from its last slices; waits between them count. */
export class Speed {
  #slices: Done[] = [];

  add(slice: Done): void {
    this.#slices = [...this.#slices, slice].slice(-SLICES);
  }

  /** Another phase goes at another speed. */
  reset(): void {
    this.#slices = [];
  }

  /** Records changed a second; null before there are any. */
  get perSecond(): number | null {
    const ms = this.#sum("tookMs");
    return ms === 0 ? null : Math.round((1000 * this.#sum("changed")) / ms);
  }

  /** Milliseconds for so many parts; null before there is a slice. */
  msFor(parts: number): number | null {
    const width = this.#sum("width");
    return width === 0 ? null : Math.round((this.#sum("tookMs") * parts) / width);
  }

  #sum(part: keyof Done): number {
    return this.#slices.reduce((sum, slice) => sum + slice[part], 0);
  }
}
