import { type ReplyReader, SingleCommand } from "../../protocol/command/record-command.js";
import type { RecordOperation } from "../../protocol/command/record-operation.js";
import { returnedValue } from "../../protocol/command/record-reply.js";
import { ResultCode } from "../../protocol/result-code.js";
import { runBatch } from "../batch/batch-run.js";
import { requireVersion, requireVersionOfOps } from "../cluster/require-version.js";
import type { Key } from "../data/key.js";
import { AbortError, AerospikeError } from "../errors/errors.js";
import type { CommandCarrier } from "../policy/command-carrier.js";
import type { CommandPolicy } from "../policy/command-policy.js";
import { contextOfCall, type SessionContext, type TransactionScope } from "../policy/session-context.js";
import { carryImplicitly, isImplicit } from "../transactions/implicit.js";
import { durableDeleteOf } from "./builders/durable-delete.js";
import { batchErrorOf } from "./failures.js";
import { checkKeyCommandOptions, type KeyCommandOptions } from "./key-command-options.js";
import { recordOfReply } from "./record-of-reply.js";
import { RecordResult } from "./record-result.js";
import { RecordStream } from "./record-stream.js";
import type { Results } from "./row-types.js";
import { resultsOfCalls, type Segment } from "./segment.js";
import { hasResult } from "./verbs.js";

/** One key of a segment. */
export interface Step<T> {
  readonly segment: Segment<T>;
  readonly key: Key<T>;
}

/** Sends one command; its row is there where it has one. Its failure rejects, unless the caller said otherwise. */
export async function runOne<T, B, R extends Results>(
  context: SessionContext,
  segment: Segment<T>,
  key: Key<T>,
  options: KeyCommandOptions<T>,
): Promise<RecordStream<T, B, R>> {
  checkKeyCommandOptions(options);
  try {
    const transaction = transactionOf(context, segment);
    const { policy, operation, readRow } = new Preparation<T, B, R>(
      contextOfCall(context, options),
      "point",
      transaction,
    ).of(segment, key.namespace);
    const command = new SingleCommand(key, operation, readRow, 0);
    const deadline = context.cluster.deadline(policy.totalTimeoutMs, options.signal);
    const row =
      transaction === undefined
        ? await context.cluster.execute(command, policy, deadline)
        : await transaction.execute(command, policy, deadline);
    return RecordStream.of(isShown(row, segment) ? [row] : []);
  } catch (error) {
    if (options.onError === undefined) throw error;
    const row = failedRow<T, B, R>(error, segment, key, 0, options);
    return RecordStream.of(row === undefined ? [] : [row]);
  }
}

/**
 * Sends the commands of several keys in batches, each record's in the order of the steps, and returns the rows. Failures
 * reject with a BatchError, unless the caller said otherwise.
 */
export async function runSteps<T, B, R extends Results>(
  context: SessionContext,
  steps: readonly Step<T>[],
  options: KeyCommandOptions<T>,
): Promise<RecordResult<T, B, R>[]> {
  checkKeyCommandOptions(options);
  const [first] = steps;
  if (first === undefined) return [];
  const { cluster } = context;
  const transaction = transactionOf(context, first.segment);
  const preparation = new Preparation<T, B, R>(contextOfCall(context, options), "batch", transaction);
  const prepared = steps.map(({ segment, key }) => preparation.of(segment, key.namespace));
  const deadline = cluster.deadline(longestOf(prepared), options.signal);
  const items = prepared.map(({ operation, policy }, i) => ({ key: steps[i]!.key, operation, policy }));
  const carry = async (
    carrier: Pick<CommandCarrier, "runBatch">,
  ): Promise<(RecordResult<T, B, R> | AerospikeError)[]> => {
    const answers = new Array<RecordResult<T, B, R> | AerospikeError>(steps.length);
    await carrier.runBatch(items, deadline, (index, answer) => {
      answers[index] =
        answer instanceof AerospikeError ? answer : prepared[index]!.readRow(answer, steps[index]!.key, index);
    });
    return answers;
  };
  const answers =
    transaction === undefined && first.segment.defaults?.txn !== null && isImplicit(context, items)
      ? await carryImplicitly(context, carry, deadline)
      : await carry(transaction ?? { runBatch: (...batch) => runBatch(cluster, ...batch) });
  // The caller's handler runs when all is over: what it throws can't disturb what is under way.
  const rows = answers.map((answer, index) => {
    const { segment, key } = steps[index]!;
    if (answer instanceof AerospikeError) return failedRow<T, B, R>(answer, segment, key, index, options);
    return isShown(answer, segment) ? answer : undefined;
  });
  const shown = rows.filter((row) => row !== undefined);
  const failure = options.onError === undefined ? batchErrorOf(shown, steps.length) : undefined;
  if (failure !== undefined) throw failure;
  return shown;
}

/** The transaction that commands are part of: the chain's own, unless it is to have none, else the session's. */
function transactionOf({ transaction }: SessionContext, { defaults }: Segment<unknown>): TransactionScope | undefined {
  const own = defaults?.txn;
  return own === undefined ? transaction : (own ?? undefined);
}

/** What the commands of one segment and namespace share. */
interface Prepared<T, B, R extends Results> {
  readonly segment: Segment<T>;
  readonly namespace: string;
  readonly policy: CommandPolicy;
  readonly operation: RecordOperation;
  readonly readRow: ReplyReader<RecordResult<T, B, R>, Key<T>>;
}

/** The longest time that one of them may take, 0 when one has no limit. */
function longestOf(prepared: readonly { readonly policy: CommandPolicy }[]): number {
  let longest = prepared[0]?.policy.totalTimeoutMs ?? 0;
  for (const { policy } of prepared) {
    if (policy.totalTimeoutMs === 0) return 0;
    longest = Math.max(longest, policy.totalTimeoutMs);
  }
  return longest;
}

/** Makes commands of segments; neighbors share theirs. */
class Preparation<T, B, R extends Results> {
  readonly #context: SessionContext;
  readonly #shape: "point" | "batch";
  readonly #transaction: TransactionScope | undefined;
  #latest: Prepared<T, B, R> | undefined = undefined;

  constructor(context: SessionContext, shape: "point" | "batch", transaction: TransactionScope | undefined) {
    this.#context = context;
    this.#shape = shape;
    this.#transaction = transaction;
  }

  of(segment: Segment<T>, namespace: string): Prepared<T, B, R> {
    const latest = this.#latest;
    if (latest?.segment === segment && latest.namespace === namespace) return latest;
    this.#latest = this.#prepare(segment, namespace);
    return this.#latest;
  }

  /** @throws TypeError when the segment is not complete; AerospikeError when a server of the cluster is too old for it */
  #prepare(segment: Segment<T>, namespace: string): Prepared<T, B, R> {
    const { cluster } = this.#context;
    const { verb, ops } = segment;
    // Without one the deletion could not be taken back.
    if (durableDeleteOf(segment) === false) this.#transaction?.refuse("A deletion that leaves no tombstone");
    const where = segment.where ?? segment.defaults?.where;
    if (where !== undefined) requireVersion(cluster.minVersion, where.minVersion, "the expression of where()");
    requireVersionOfOps(cluster.minVersion, ops);
    const policy = this.#context.policy(verb.kind, this.#shape, namespace);
    const operation = verb.operationOf(segment, { policy, filter: where?.packed, accepts: acceptedBy(segment) });
    return { segment, namespace, policy, operation, readRow: this.#rowReader(segment, operation) };
  }

  #rowReader({ verb, puts }: Segment<T>, { ops, udf }: RecordOperation): ReplyReader<RecordResult<T, B, R>, Key<T>> {
    const { runtime } = this.#context.cluster;
    const { name, hasRecord } = verb;
    // The one place where results get the types that the calls of the chain gave them.
    return (reply, key, index) => {
      if (reply.resultCode !== ResultCode.OK) return RecordResult.notOk(name, key, index, reply);
      if (udf !== undefined) return RecordResult.ok(name, key, index, null, [returnedValue(reply)] as Results as R);
      if (!hasRecord) return RecordResult.ok(name, key, index, null);
      const values = ops.some(hasResult) ? reply.results.map((result) => result.value) : ops.map(() => null);
      const results = resultsOfCalls(values, puts) as R;
      return RecordResult.ok(name, key, index, recordOfReply<T, B>(reply, key, runtime), results);
    };
  }
}

/** Whether the stream has the row. */
function isShown(row: RecordResult<unknown, unknown>, { verb, includeMissingKeys }: Segment<unknown>): boolean {
  return row.isOk || verb.hasRowForEveryKey || includeMissingKeys;
}

/**
 * The row of a key that failed; undefined when a handler took the error.
 * @throws what is no failure of the key alone
 */
function failedRow<T, B, R extends Results>(
  error: unknown,
  { verb }: Segment<T>,
  key: Key<T>,
  index: number,
  { onError }: KeyCommandOptions<T>,
): RecordResult<T, B, R> | undefined {
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
