import type { SessionContext } from "../policy/session-context.js";
import type { KeyCommandOptions } from "./key-command-options.js";
import { RecordStream } from "./record-stream.js";
import type { Segment } from "./segment.js";
import { runOne, runSteps } from "./segment-run.js";

/** Where the next verb begins: at a session, or behind the segments that there are. */
export interface ChainSoFar<T, B> {
  readonly context: SessionContext;
  /** Undefined at a session. */
  readonly previous: Chain<T, B> | undefined;
}

/**
 * The segments that one chain of calls made, up to one of them, executed together. Rows are numbered through all.
 *
 * @typeParam T the bins of the data sets
 * @typeParam B the bins of the rows
 */
export class Chain<T, B> implements ChainSoFar<T, B> {
  readonly context: SessionContext;
  readonly #segment: Segment<T>;
  readonly #previous: Chain<T, B> | undefined;
  /** The method that went on from here. */
  #continuedBy: string | undefined = undefined;

  /** @param segment to be filled by its builder */
  constructor({ context, previous }: ChainSoFar<T, B>, segment: Segment<T>) {
    this.context = context;
    this.#segment = segment;
    this.#previous = previous;
  }

  get previous(): this {
    return this;
  }

  /** What its segments share. */
  get defaults(): Segment<T>["defaults"] {
    return this.#segment.defaults;
  }

  /**
   * Leaves this builder behind: another one has the whole chain from now on, and the types of all its rows.
   * @throws TypeError when that has happened before
   */
  continueWith(method: string): this {
    this.#checkIsLast();
    this.#continuedBy = method;
    return this;
  }

  /** See {@link KeyCommandBuilder.execute}. */
  execute(options: KeyCommandOptions<T>): Promise<RecordStream<T, B>> {
    const segment = this.#segment;
    const isOne = this.#previous === undefined && this.#continuedBy === undefined && segment.keys.length === 1;
    return isOne ? runOne<T, B>(this.context, segment, segment.keys[0]!, options) : this.#executeMany(options);
  }

  async #executeMany(options: KeyCommandOptions<T>): Promise<RecordStream<T, B>> {
    this.#checkIsLast();
    const steps = this.#segments().flatMap((segment) => segment.keys.map((key) => ({ segment, key })));
    return RecordStream.of(await runSteps<T, B>(this.context, steps, options));
  }

  #segments(): Segment<T>[] {
    const segments: Segment<T>[] = [];
    for (let link: Chain<T, B> | undefined = this; link !== undefined; link = link.#previous) {
      segments.push(link.#segment);
    }
    return segments.reverse();
  }

  /** A builder that was left behind would send less than the chain, or have rows of other types. */
  #checkIsLast(): void {
    if (this.#continuedBy === undefined) return;
    throw new TypeError(
      `${this.#segment.verb.call}(…): the chain went on with ${this.#continuedBy}(); use the builder that it returned`,
    );
  }
}
