import { type ReplyReader, SingleCommand } from "../../protocol/command/record-command.js";
import type { RecordOperation } from "../../protocol/command/record-operation.js";
import type { RecordReply } from "../../protocol/command/record-reply.js";
import { ResultCode } from "../../protocol/result-code.js";
import { requireVersion, requireVersionOfOps } from "../cluster/require-version.js";
import type { Key } from "../data/key.js";
import { AbortError, AerospikeError } from "../errors/errors.js";
import type { CommandPolicy } from "../policy/command-policy.js";
import type { SessionContext } from "../policy/session-context.js";
import type { Deadline } from "../time/deadline.js";
import { failureOfRows, withCallerFrames } from "./failure-of-rows.js";
import { checkKeyCommandOptions, type KeyCommandOptions } from "./key-command-options.js";
import { recordOfReply } from "./record-of-reply.js";
import { RecordResult } from "./record-result.js";
import { RecordStream } from "./record-stream.js";
import { runKeys } from "./run-keys.js";
import { newSegment, type Segment } from "./segment.js";
import { hasResult, type KeyVerb } from "./verbs.js";

/** One key of a chain, and what is done to its record. */
interface Step<T> {
  readonly segment: Segment<T>;
  readonly key: Key<T>;
}

/** Makes the command for a key; everything but the key is shared by those of one segment and policy. */
interface Prepared<T, B> {
  readonly policy: CommandPolicy;
  readonly operation: RecordOperation;
  readonly readRow: ReplyReader<RecordResult<T, B>, Key<T>>;
}

/**
 * The segments that one chain of calls made, executed together. Rows are numbered through all of them.
 *
 * @typeParam T the bins of the data set
 * @typeParam B the bins of the rows
 */
export class Chain<T, B> {
  readonly #context: SessionContext;
  readonly #segments: Segment<T>[] = [];

  constructor(context: SessionContext) {
    this.#context = context;
  }

  /** Adds a segment to be filled by its builder. */
  add(verb: KeyVerb, keys: readonly Key<T>[]): Segment<T> {
    const segment = newSegment(verb, keys);
    this.#segments.push(segment);
    return segment;
  }

  /** See {@link KeyCommandBuilder.execute}. */
  async execute(options: KeyCommandOptions<T>): Promise<RecordStream<T, B>> {
    checkKeyCommandOptions(options);
    const steps = this.#segments.flatMap((segment) => segment.keys.map((key): Step<T> => ({ segment, key })));
    try {
      const rows = await runKeys(steps, this.#runner(steps.length, options));
      const found = rows.filter((row) => row !== undefined);
      const failure = options.onError === undefined ? failureOfRows(found, steps.length) : undefined;
      if (failure !== undefined) throw failure;
      return RecordStream.of(found);
    } catch (error) {
      throw withCallerFrames(error);
    }
  }

  #runner(
    keys: number,
    { signal, onError }: KeyCommandOptions<T>,
  ): (step: Step<T>, index: number) => Promise<RecordResult<T, B> | undefined> {
    const { cluster } = this.#context;
    const prepare = this.#preparer(keys === 1 ? "point" : "batch");
    let deadline: Deadline | undefined;
    return async ({ segment, key }, index) => {
      const { verb, respondAllKeys } = segment;
      const { policy, operation, readRow } = prepare(segment, key.namespace);
      // One for all keys, whatever namespaces they are in.
      deadline ??= cluster.deadline(policy.totalTimeoutMs, signal);
      try {
        const row = await cluster.execute(new SingleCommand(key, operation, readRow, index), policy, deadline);
        return row.isOk || verb.hasRowForEveryKey || respondAllKeys ? row : undefined;
      } catch (error) {
        if (!(error instanceof AerospikeError) || error instanceof AbortError) throw error;
        if (typeof onError !== "function") return RecordResult.failed(verb.name, key, index, error);
        onError(error, key, index);
        return undefined;
      }
    };
  }

  #preparer(shape: "point" | "batch"): (segment: Segment<T>, namespace: string) => Prepared<T, B> {
    let last:
      | { readonly segment: Segment<T>; readonly namespace: string; readonly prepared: Prepared<T, B> }
      | undefined;
    return (segment, namespace) => {
      if (last?.segment !== segment || last.namespace !== namespace) {
        last = { segment, namespace, prepared: this.#prepare(segment, shape, namespace) };
      }
      return last.prepared;
    };
  }

  /** @throws TypeError when the segment is not complete; AerospikeError when a server of the cluster is too old for it */
  #prepare(segment: Segment<T>, shape: "point" | "batch", namespace: string): Prepared<T, B> {
    const { cluster } = this.#context;
    const { verb, terms, ops } = segment;
    const policy = this.#context.policy(verb.kind, shape, namespace);
    if (terms.where !== undefined) {
      requireVersion(cluster.minVersion, terms.where.minVersion, "the expression of where()");
    }
    requireVersionOfOps(cluster.minVersion, ops);
    const operation = verb.operationOf(segment, { policy, filter: terms.where?.packed, accepts: acceptedBy(segment) });
    return { policy, operation, readRow: this.#rowReader(verb, operation) };
  }

  #rowReader({ name, hasRecord }: KeyVerb, { ops }: RecordOperation): ReplyReader<RecordResult<T, B>, Key<T>> {
    const { runtime } = this.#context.cluster;
    const hasResults = ops.some(hasResult);
    return (reply: RecordReply, key: Key<T>, index: number) => {
      if (reply.resultCode !== ResultCode.OK) return RecordResult.notOk(name, key, index, reply.resultCode);
      if (!hasRecord) return RecordResult.ok(name, key, index, null);
      const results = hasResults ? reply.results.map((result) => result.value) : ops.map(() => null);
      return RecordResult.ok(name, key, index, recordOfReply<T, B>(reply, key, runtime), results);
    };
  }
}

/** Result codes that are no failures. */
function acceptedBy({ verb, failOnFilteredOut }: Segment<unknown>): readonly number[] {
  const codes: number[] = [];
  if (!verb.needsRecord) codes.push(ResultCode.KEY_NOT_FOUND);
  if (!failOnFilteredOut) codes.push(ResultCode.FILTERED_OUT);
  return codes;
}
