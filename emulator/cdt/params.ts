import type { PayloadReader } from "./payload-reader.js";
import { ALL } from "./span.js";

const NO_VALUE = Uint8Array.of(0xc0);
const NO_CONTENT = new Uint8Array(1);

/**
 * The parameters of one operation, taken in order. A wrong number of them or one of a wrong type makes the whole refused
 * (result code 4), which is asked once at the end: until then stand-ins are handed out.
 */
export class Params {
  readonly #reader: PayloadReader;
  #left: number;
  #bad: boolean;

  /** `given` parameters, of which at least `required` and at most `most` are expected. */
  constructor(reader: PayloadReader, given: number, required: number, most: number) {
    this.#reader = reader;
    this.#left = given;
    this.#bad = given < required || given > most;
  }

  get areBad(): boolean {
    return this.#bad;
  }

  /** An index or a rank. */
  integer(): bigint {
    return this.#take(() => this.#reader.integer()) ?? 0n;
  }

  /** Flags or a return type; none when absent, and negative ones wrap. */
  flags(): bigint {
    return this.#take(() => this.#reader.unsigned()) ?? 0n;
  }

  /** How many elements; all that there are when absent. */
  count(): bigint {
    return this.#take(() => this.#reader.unsigned()) ?? ALL;
  }

  /** A value to compare with. */
  value(): Uint8Array {
    return this.optionalValue() ?? NO_VALUE;
  }

  optionalValue(): Uint8Array | undefined {
    return this.#take(() => this.#reader.value());
  }

  /** A value to be kept: without wildcard and infinity. */
  stored(): Uint8Array {
    const value = this.value();
    this.demand(!this.#reader.sawSpecials);
    return value;
  }

  /** The content of a string or blob, the particle type byte in front. */
  content(): Uint8Array {
    return this.#take(() => this.#reader.content()) ?? NO_CONTENT;
  }

  bool(): boolean {
    return this.#take(() => this.#reader.bool()) ?? false;
  }

  /** True when there is one more parameter. */
  get hasNext(): boolean {
    return !this.#bad && this.#left > 0;
  }

  /** Makes the whole refused unless what was read is as it should be. */
  demand(isGood: boolean): void {
    if (!isGood) this.#bad = true;
  }

  #take<T>(read: () => T | undefined): T | undefined {
    if (this.#bad || this.#left === 0) return undefined;
    this.#left--;
    const taken = read();
    if (taken === undefined) this.#bad = true;
    return taken;
  }
}
