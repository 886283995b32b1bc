import { type ReplyReader, SingleCommand } from "../../protocol/command/record-command.js";
import type { RecordOperation } from "../../protocol/command/record-operation.js";
import type { RecordReply } from "../../protocol/command/record-reply.js";
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
import type { CommandPolicy } from "../policy/command-policy.js";
import type { SessionContext } from "../policy/session-context.js";
import type { Deadline } from "../time/deadline.js";
import { RecordResult } from "./record-result.js";
import { RecordStream } from "./record-stream.js";
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

/** What an operation is made of besides what its builder was told. */
export interface OperationRequest {
  readonly policy: CommandPolicy;
  /** A packed filter expression. */
  readonly filter: Uint8Array | undefined;
  /** Result codes that are no failures. */
  readonly accepts: readonly number[];
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

  /** What is done to each record; throws when the builder is not complete. @internal */
  protected abstract operationFor(request: OperationRequest): RecordOperation;

  /** A row of a reply that is no failure. @internal */
  protected readRow(_reply: RecordReply, key: Key<T>, index: number): RecordResult<T, B> {
    return RecordResult.ok(this.verb.name, key, index, null);
  }

  #runner(options: KeyCommandOptions<T>): (key: Key<T>, index: number) => Promise<RecordResult<T, B> | undefined> {
    const { signal, onError = this.#keys.length === 1 ? "throw" : "inStream" } = options;
    const { cluster } = this.context;
    let deadline: Deadline | undefined;
    const shape = this.#keys.length === 1 ? "point" : "batch";
    const { name, kind, answersEveryKey } = this.verb;
    const filter = this.#filter();
    const accepts = this.#accepts();
    const operations = new Map<CommandPolicy, RecordOperation>();
    const operationOf = (policy: CommandPolicy): RecordOperation => {
      let operation = operations.get(policy);
      if (operation === undefined) {
        operation = this.operationFor({ policy, filter, accepts });
        operations.set(policy, operation);
      }
      return operation;
    };
    const readRow: ReplyReader<RecordResult<T, B>, Key<T>> = (reply, key, index) =>
      reply.resultCode === ResultCode.OK
        ? this.readRow(reply, key, index)
        : RecordResult.notOk(name, key, index, reply.resultCode);
    return async (key, index) => {
      const policy = this.context.policy(kind, shape, key.namespace);
      const command = new SingleCommand(key, operationOf(policy), readRow, index);
      try {
        // One for all keys, whatever namespaces they are in.
        deadline ??= cluster.deadline(policy.totalTimeoutMs, signal);
        const row = await cluster.execute(command, policy, deadline);
        return row.isOk || answersEveryKey || this.#respondAllKeys ? row : undefined;
      } catch (error) {
        if (!(error instanceof AerospikeError) || error instanceof AbortError || onError === "throw") throw error;
        if (onError === "inStream") return RecordResult.failed(name, key, index, error);
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

  /** Result codes that are no failures here. */
  #accepts(): readonly number[] {
    const codes: number[] = [];
    if (!this.verb.needsRecord) codes.push(ResultCode.KEY_NOT_FOUND);
    if (!this.#failOnFilteredOut) codes.push(ResultCode.FILTERED_OUT);
    return codes;
  }
}

function checkOnError(onError: unknown): void {
  if (onError === undefined || onError === "inStream" || typeof onError === "function") return;
  throw new TypeError(`execute: onError is ${describe(onError)}; allowed: "inStream" or a function`);
}
