import { ResultCode } from "../../protocol/result-code.js";
import { describe } from "../../protocol/value/invalid-value.js";
import { toFilter } from "../ael/filter.js";
import type { AelParam } from "../ael/params.js";
import type { PreparedAel } from "../ael/prepared.js";
import { requireVersion } from "../cluster/require-version.js";
import type { AnyBins } from "../data/bin-types.js";
import type { Key } from "../data/key.js";
import { AbortError, AerospikeError } from "../errors/errors.js";
import type { Exp } from "../exp/exp.js";
import type { SessionContext } from "../policy/session-context.js";
import type { Deadline } from "../time/deadline.js";
import { RecordResult } from "./record-result.js";
import { RecordStream } from "./record-stream.js";
import type { CommandMaker, CommandRequest } from "./row-command.js";
import { runKeys } from "./run-keys.js";

/** Takes what went wrong with one key. */
export type KeyErrorHandler<T> = (error: AerospikeError, key: Key<T>, index: number) => void;

/** Options of `execute()` of commands on keys. */
export interface KeyCommandOptions<T = AnyBins> {
  /** Gives up, with AbortError. Writes that were sent may have happened. */
  readonly signal?: AbortSignal;
  /**
   * What becomes of an error of one key.
   * - absent: thrown when there is one key; a row of the stream when there are several
   * - `"inStream"`: a row of the stream, also for one key
   * - a function: called with the error; the stream has no row for that key
   */
  readonly onError?: "inStream" | KeyErrorHandler<T>;
}

/** One verb on one or several keys. */
export interface KeyVerb {
  /** Name of the method of the session. */
  readonly name: string;
  readonly kind: "read" | "writeNonRetryable";
  /** Whether a record that does not exist is an error. */
  readonly needsRecord: boolean;
  /** Whether every key has a row, whatever the answer. */
  readonly answersEveryKey: boolean;
}

/**
 * What commands on keys share. Methods answer the builder itself; nothing is sent before `execute`.
 *
 * @typeParam T the bins of the data set
 * @typeParam B the bins of the rows
 */
export abstract class KeyCommandBuilder<T, B> {
  /** @internal */
  protected readonly context: SessionContext;
  /** @internal */
  protected readonly verb: KeyVerb;
  readonly #keys: readonly Key<T>[];
  #where: Exp<"bool"> | undefined;
  #respondAllKeys = false;
  #failOnFilteredOut = false;

  /** @internal */
  protected constructor(context: SessionContext, verb: KeyVerb, keys: readonly Key<T>[]) {
    this.context = context;
    this.verb = verb;
    this.#keys = keys;
  }

  /**
   * Only when the record passes the expression: one for which it is false, or can't be decided, is left alone. The last
   * call wins. A record that does not exist yet is not asked. Values for `?0`, `?1`… travel as values, never as text.
   * @throws AelParseError with line, column and a caret when the text is wrong
   * @example .where("$.active == true and $.age > ?0", 30)
   */
  where(ael: string, ...params: readonly AelParam[]): this;
  /** Only when the record passes the expression. The last call wins. */
  where(expression: Exp<"bool">): this;
  /** Only when the record passes the prepared expression with these values. The last call wins. */
  where(prepared: PreparedAel, ...params: readonly AelParam[]): this;
  where(filter: string | Exp<"bool"> | PreparedAel, ...params: readonly AelParam[]): this {
    this.#where = toFilter(filter, params);
    return this;
  }

  /** Gives a row to keys whose record is missing, or left out by `where`, too: with result code 2 or 27. */
  respondAllKeys(): this {
    this.#respondAllKeys = true;
    return this;
  }

  /** Makes it an error (FilteredError) when `where` leaves a record out. */
  failOnFilteredOut(): this {
    this.#failOnFilteredOut = true;
    return this;
  }

  /**
   * Sends the commands and resolves once every key has its answer. Rows come in the order of the keys.
   *
   * With one key an error is thrown; with several it is a row of the stream. See `onError`.
   * @throws AerospikeError for a single key; AbortError when the signal fires; TypeError when there is nothing to do
   */
  async execute(options: KeyCommandOptions<T> = {}): Promise<RecordStream<T, B>> {
    checkOnError(options.onError);
    const rows = await runKeys(this.#keys, this.#runner(options));
    return RecordStream.of(rows.filter((row) => row !== undefined));
  }

  /** Prepares the commands for the keys of one namespace; throws when the builder is not complete. @internal */
  protected abstract commandsFor(request: CommandRequest): CommandMaker<T, B>;

  #runner(options: KeyCommandOptions<T>): (key: Key<T>, index: number) => Promise<RecordResult<T, B> | undefined> {
    const { signal, onError = this.#keys.length === 1 ? "throw" : "inStream" } = options;
    const { cluster } = this.context;
    let deadline: Deadline | undefined;
    const shape = this.#keys.length === 1 ? "point" : "batch";
    const answers = this.#answers();
    const filter = this.#filter();
    const makers = new Map<string, CommandMaker<T, B>>();
    const makerOf = (namespace: string): CommandMaker<T, B> => {
      let maker = makers.get(namespace);
      if (maker === undefined) {
        maker = this.commandsFor({ namespace, shape, filter, answers });
        makers.set(namespace, maker);
      }
      return maker;
    };
    return async (key, index) => {
      const command = makerOf(key.namespace)(key, index);
      try {
        const settings = this.context.policy(this.verb.kind, shape, key.namespace);
        // One for all keys, whatever namespaces they are in.
        deadline ??= cluster.deadline(settings.totalTimeoutMs, signal);
        const row = await cluster.execute(command, settings, deadline);
        return row.isOk || this.verb.answersEveryKey || this.#respondAllKeys ? row : undefined;
      } catch (error) {
        if (!(error instanceof AerospikeError) || error instanceof AbortError || onError === "throw") throw error;
        if (onError === "inStream") return RecordResult.failed(this.verb.name, key, index, error);
        onError(error, key, index);
        return undefined;
      }
    };
  }

  #filter(): Uint8Array | undefined {
    if (this.#where === undefined) return undefined;
    requireVersion(this.context.cluster.minVersion, this.#where.minVersion, "the expression of where()");
    return this.#where.packed;
  }

  #answers(): ReadonlySet<number> {
    const answers = new Set<number>();
    if (!this.verb.needsRecord) answers.add(ResultCode.KEY_NOT_FOUND);
    if (!this.#failOnFilteredOut) answers.add(ResultCode.FILTERED_OUT);
    return answers;
  }
}

function checkOnError(onError: unknown): void {
  if (onError === undefined || onError === "inStream" || typeof onError === "function") return;
  throw new TypeError(`execute: onError is ${describe(onError)}; allowed: "inStream" or a function`);
}
