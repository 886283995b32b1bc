import { type ReplyReader, SingleCommand } from "../../protocol/command/record-command.js";
import type { RecordOperation } from "../../protocol/command/record-operation.js";
import { ResultCode } from "../../protocol/result-code.js";
import { requireVersion, requireVersionOfOps } from "../cluster/require-version.js";
import type { Key } from "../data/key.js";
import { AbortError, AerospikeError } from "../errors/errors.js";
import type { CommandPolicy } from "../policy/command-policy.js";
import type { SessionContext } from "../policy/session-context.js";
import type { Deadline } from "../time/deadline.js";
import { runBatch } from "./batch-run.js";
import { batchErrorOf } from "./failures.js";
import { checkKeyCommandOptions, type KeyCommandOptions } from "./key-command-options.js";
import { recordOfReply } from "./record-of-reply.js";
import { RecordResult } from "./record-result.js";
import { RecordStream } from "./record-stream.js";
import type { Segment } from "./segment.js";
import { hasResult, type KeyVerb } from "./verbs.js";

/**
 * The segments that one chain of calls made, executed together. Rows are numbered through all of them.
 *
 * @typeParam T the bins of the data set
 * @typeParam B the bins of the rows
 */
export class Chain<T, B> {
  readonly #context: SessionContext;
  readonly #segments: readonly Segment<T>[];

  /** @param first to be filled by its builder */
  constructor(context: SessionContext, first: Segment<T>) {
    this.#context = context;
    this.#segments = [first];
  }

  /** See {@link KeyCommandBuilder.execute}. */
  execute(options: KeyCommandOptions<T>): Promise<RecordStream<T, B>> {
    const [segment] = this.#segments;
    return this.#segments.length === 1 && segment?.keys.length === 1
      ? this.#executeOne(segment, segment.keys[0]!, options)
      : this.#executeMany(options);
  }

  async #executeOne(segment: Segment<T>, key: Key<T>, options: KeyCommandOptions<T>): Promise<RecordStream<T, B>> {
    checkKeyCommandOptions(options);
    const sender = new Sender<T, B>(this.#context, "point", options.signal);
    try {
      const row = await sender.send(segment, key, 0);
      return RecordStream.of(isShown(row, segment) ? [row] : []);
    } catch (error) {
      if (options.onError === undefined) throw error;
      const row = failedRow<T, B>(error, segment, key, 0, options);
      return RecordStream.of(row === undefined ? [] : [row]);
    }
  }

  async #executeMany(options: KeyCommandOptions<T>): Promise<RecordStream<T, B>> {
    checkKeyCommandOptions(options);
    const sender = new Sender<T, B>(this.#context, "batch", options.signal);
    const steps = this.#segments.flatMap((segment) => segment.keys.map((key) => ({ segment, key })));
    const answers = await sender.sendAll(steps);
    // The caller's handler runs when all is over: what it throws can't disturb what is under way.
    const rows = answers.map((answer, index) => {
      const { segment, key } = steps[index]!;
      if (answer instanceof AerospikeError) return failedRow<T, B>(answer, segment, key, index, options);
      return isShown(answer, segment) ? answer : undefined;
    });
    const shown = rows.filter((row) => row !== undefined);
    const failure = options.onError === undefined ? batchErrorOf(shown, steps.length) : undefined;
    if (failure !== undefined) throw failure;
    return RecordStream.of(shown);
  }
}

/** One key of a chain, and what is done to its record. */
interface Step<T> {
  readonly segment: Segment<T>;
  readonly key: Key<T>;
}

/** What the commands of one segment and namespace share. */
interface Prepared<T, B> {
  readonly segment: Segment<T>;
  readonly namespace: string;
  readonly policy: CommandPolicy;
  readonly operation: RecordOperation;
  readonly readRow: ReplyReader<RecordResult<T, B>, Key<T>>;
}

/** Sends the commands of one `execute`. */
class Sender<T, B> {
  readonly #context: SessionContext;
  readonly #shape: "point" | "batch";
  readonly #signal: AbortSignal | undefined;
  #deadline: Deadline | undefined = undefined;
  #latest: Prepared<T, B> | undefined = undefined;

  constructor(context: SessionContext, shape: "point" | "batch", signal: AbortSignal | undefined) {
    this.#context = context;
    this.#shape = shape;
    this.#signal = signal;
  }

  send(segment: Segment<T>, key: Key<T>, index: number): Promise<RecordResult<T, B>> {
    const { policy, operation, readRow } = this.#prepared(segment, key.namespace);
    const command = new SingleCommand(key, operation, readRow, index);
    return this.#context.cluster.execute(command, policy, this.#deadlineOf(policy));
  }

  /** Sends the commands of several keys in batches, each record's in the order of the steps. */
  async sendAll(steps: readonly Step<T>[]): Promise<(RecordResult<T, B> | AerospikeError)[]> {
    const prepared = steps.map(({ segment, key }) => this.#prepared(segment, key.namespace));
    const [first] = prepared;
    if (first === undefined) return [];
    const deadline = this.#deadlineOf(first.policy);
    const items = prepared.map(({ operation, policy }, i) => ({ key: steps[i]!.key, operation, policy }));
    const answers = new Array<RecordResult<T, B> | AerospikeError>(items.length);
    await runBatch(this.#context.cluster, items, deadline, (index, answer) => {
      answers[index] =
        answer instanceof AerospikeError ? answer : prepared[index]!.readRow(answer, steps[index]!.key, index);
    });
    return answers;
  }

  /** One for all keys, whatever namespaces they are in. */
  #deadlineOf(policy: CommandPolicy): Deadline {
    this.#deadline ??= this.#context.cluster.deadline(policy.totalTimeoutMs, this.#signal);
    return this.#deadline;
  }

  #prepared(segment: Segment<T>, namespace: string): Prepared<T, B> {
    const latest = this.#latest;
    if (latest?.segment === segment && latest.namespace === namespace) return latest;
    this.#latest = this.#prepare(segment, namespace);
    return this.#latest;
  }

  /** @throws TypeError when the segment is not complete; AerospikeError when a server of the cluster is too old for it */
  #prepare(segment: Segment<T>, namespace: string): Prepared<T, B> {
    const { cluster } = this.#context;
    const { verb, where, ops } = segment;
    if (where !== undefined) requireVersion(cluster.minVersion, where.minVersion, "the expression of where()");
    requireVersionOfOps(cluster.minVersion, ops);
    const policy = this.#context.policy(verb.kind, this.#shape, namespace);
    const operation = verb.operationOf(segment, { policy, filter: where?.packed, accepts: acceptedBy(segment) });
    return { segment, namespace, policy, operation, readRow: this.#rowReader(verb, operation) };
  }

  #rowReader({ name, hasRecord }: KeyVerb, { ops }: RecordOperation): ReplyReader<RecordResult<T, B>, Key<T>> {
    const { runtime } = this.#context.cluster;
    return (reply, key, index) => {
      if (reply.resultCode !== ResultCode.OK) return RecordResult.notOk(name, key, index, reply.resultCode);
      if (!hasRecord) return RecordResult.ok(name, key, index, null);
      const results = ops.some(hasResult) ? reply.results.map((result) => result.value) : ops.map(() => null);
      return RecordResult.ok(name, key, index, recordOfReply<T, B>(reply, key, runtime), results);
    };
  }
}

/** Whether the stream has the row. */
function isShown(row: RecordResult<unknown, unknown>, { verb, respondAllKeys }: Segment<unknown>): boolean {
  return row.isOk || verb.hasRowForEveryKey || respondAllKeys;
}

/**
 * The row of a key that failed; undefined when a handler took the error.
 * @throws what is no failure of the key alone
 */
function failedRow<T, B>(
  error: unknown,
  { verb }: Segment<T>,
  key: Key<T>,
  index: number,
  { onError }: KeyCommandOptions<T>,
): RecordResult<T, B> | undefined {
  if (!(error instanceof AerospikeError) || error instanceof AbortError) throw error;
  if (typeof onError !== "function") return RecordResult.failed(verb.name, key, index, error);
  onError(error, key, index);
  return undefined;
}

const NONE: readonly number[] = [];
const MISSING = [ResultCode.KEY_NOT_FOUND];
const LEFT_OUT = [ResultCode.FILTERED_OUT];
const MISSING_OR_LEFT_OUT = [...MISSING, ...LEFT_OUT];

/** Result codes that are no failures. */
function acceptedBy({ verb, failOnFilteredOut }: Segment<unknown>): readonly number[] {
  if (verb.needsRecord) return failOnFilteredOut ? NONE : LEFT_OUT;
  return failOnFilteredOut ? MISSING : MISSING_OR_LEFT_OUT;
}
