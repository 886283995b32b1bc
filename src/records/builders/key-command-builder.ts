import type { Key } from "../../data/key.js";
import type { SessionContext } from "../../policy/session-context.js";
import { Chain } from "../chain.js";
import type { KeyCommandOptions } from "../key-command-options.js";
import type { RecordStream } from "../record-stream.js";
import { newSegment, type Segment } from "../segment.js";
import type { KeyVerb } from "../verbs.js";
import { SegmentBuilder } from "./segment-builder.js";

/**
 * What commands on keys share. Methods return the builder itself; nothing is sent before `execute`.
 *
 * @typeParam T the bins of the data set
 * @typeParam B the bins of the rows
 */
export abstract class KeyCommandBuilder<T, B> extends SegmentBuilder {
  readonly #chain: Chain<T, B>;
  /** What this builder fills: the newest segment of the chain. @internal */
  protected readonly segment: Segment<T>;

  /** @internal */
  protected constructor(context: SessionContext, verb: KeyVerb, keys: readonly Key<T>[]) {
    const segment = newSegment(verb, keys);
    super(context, segment, verb.call);
    this.#chain = new Chain<T, B>(context, segment);
    this.segment = segment;
  }

  /** Gives a row to keys whose record is missing, or left out by `where`, too: with result code 2 or 27. */
  respondAllKeys(): this {
    this.segment.respondAllKeys = true;
    return this;
  }

  /** Makes it a failure (FilteredError) when `where` leaves a record out. */
  failOnFilteredOut(): this {
    this.segment.failOnFilteredOut = true;
    return this;
  }

  /**
   * Sends the commands and resolves once every key has its reply. Rows come in the order of the keys.
   *
   * Rejects when a key failed: with its error when it is the only key, else with a BatchError that carries every row.
   * See `onError` for failures as rows. A missing record is no failure of `delete`, `touch` and `exists`, and neither is
   * one that `where` leaves out.
   * @throws AerospikeError; BatchError for several keys; AbortError when the signal fires; TypeError when there is nothing
   *   to do or an option does not exist
   */
  execute(options: KeyCommandOptions<T> = {}): Promise<RecordStream<T, B>> {
    return this.#chain.execute(options);
  }
}
