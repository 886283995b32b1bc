/** Room for rows that may turn out to be among the first: more of it means sorting less often. */
const SLACK = 1_024;

/**
 * Keeps the first of many rows in an order, and no more than twice as many: what has come is sorted and cut from time to
 * time, and what stands behind the last one that is kept is not taken.
 */
export class TopRows<Row> {
  readonly #count: number;
  readonly #compare: (a: Row, b: Row) => number;
  readonly #sizeOf: (row: Row) => number;
  #rows: Row[] = [];
  #size = 0;
  /** The last of the rows that were kept at the last cut. */
  #last: Row | undefined;

  /**
   * @param count how many are wanted; Infinity for all
   * @param sizeOf how much a row counts for {@link size}
   */
  constructor(count: number, compare: (a: Row, b: Row) => number, sizeOf: (row: Row) => number) {
    this.#count = count;
    this.#compare = compare;
    this.#sizeOf = sizeOf;
  }

  /** Rows that are held. */
  get length(): number {
    return this.#rows.length;
  }

  /** The size of all rows that are held. */
  get size(): number {
    return this.#size;
  }

  add(row: Row): void {
    if (this.#last !== undefined && this.#compare(row, this.#last) >= 0) return;
    this.#rows.push(row);
    this.#size += this.#sizeOf(row);
    if (this.#rows.length >= this.#count + Math.max(this.#count, SLACK)) this.cut();
  }

  /** Drops what is not among the first. */
  cut(): void {
    if (this.#rows.length <= this.#count) return;
    this.#rows.sort(this.#compare);
    for (const row of this.#rows.splice(this.#count)) this.#size -= this.#sizeOf(row);
    this.#last = this.#rows.at(-1);
  }

  /** The rows, in order. */
  take(): Row[] {
    this.cut();
    return this.#rows.sort(this.#compare);
  }
}
