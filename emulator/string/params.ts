import { ParticleType } from "../../protocol/value/particle-type.js";
import type { PayloadReader } from "../cdt/payload-reader.js";
import { strictText } from "../record/utf8.js";
import { badParams, badParamText, type StringFailure } from "./failure.js";

const MAX_POSITION = 2n ** 27n;

/** The parameters of one operation on a string, taken in order. The first that is wrong is the failure of the whole. */
export class StringParams {
  readonly #reader: PayloadReader;
  #left: number;
  failure: StringFailure | undefined;

  constructor(reader: PayloadReader, given: number) {
    this.#reader = reader;
    this.#left = given;
  }

  get hasNext(): boolean {
    return this.failure === undefined && this.#left > 0;
  }

  integer(least: bigint = -MAX_POSITION): number {
    const value = this.#take(() => this.#reader.integer(), "an integer");
    if (value === undefined) return 0;
    if (value < least || value > MAX_POSITION) this.#fail(`${value} is out of range`);
    return Number(value);
  }

  optionalInteger(): number | undefined {
    return this.hasNext ? this.integer() : undefined;
  }

  /** Flags among those that are known; 0 when there are none. */
  flags(known: number): number {
    if (!this.hasNext) return 0;
    const flags = this.#take(() => this.#reader.unsigned(), "flags");
    if (flags !== undefined && (flags & ~BigInt(known)) !== 0n) this.#fail(`flags ${flags}`);
    return Number((flags ?? 0n) & BigInt(known));
  }

  text(): string {
    return this.#text(this.#take(() => this.#reader.content(), "a string"));
  }

  optionalText(): string | undefined {
    return this.hasNext ? this.text() : undefined;
  }

  /** A list of texts, of as many as are expected if that is said. */
  texts(expected?: number): readonly string[] {
    const count = this.#take(() => this.#reader.list(), "a list");
    if (count === undefined) return [];
    if (expected !== undefined && count !== expected) this.#fail(`a list of ${count} strings, not ${expected}`);
    const found: string[] = [];
    for (let i = 0; i < count && this.failure === undefined; i++) {
      const content = this.#reader.content();
      if (content === undefined) this.#fail("a list holds something else than strings");
      else found.push(this.#text(content));
    }
    return found;
  }

  /** To be called when all were taken. */
  end(): void {
    if (this.#left > 0) this.#fail(`${this.#left} parameters too many`);
  }

  demand(isGood: boolean, message: string): void {
    if (!isGood) this.#fail(message);
  }

  #text(content: Uint8Array | undefined): string {
    if (content === undefined) return "";
    if (content[0] !== ParticleType.STRING) {
      this.#fail("a parameter is no string");
      return "";
    }
    const text = strictText(content.subarray(1));
    if (text === undefined) this.failure ??= badParamText();
    return text ?? "";
  }

  #take<T>(read: () => T | undefined, what: string): T | undefined {
    if (this.failure !== undefined) return undefined;
    const taken = this.#left > 0 ? read() : undefined;
    this.#left--;
    if (taken === undefined) this.#fail(`${what} is missing`);
    return taken;
  }

  #fail(message: string): void {
    this.failure ??= badParams(message);
  }
}
