import type { RecordOperation } from "../../protocol/command/record-operation.js";
import type { RecordReply } from "../../protocol/command/record-reply.js";
import { runBatch } from "../batch/batch-run.js";
import type { Key } from "../data/key.js";
import { AerospikeError } from "../errors/errors.js";
import type { BatchItem, CommandCarrier, OnItem } from "../policy/command-carrier.js";
import type { CommandPolicy } from "../policy/command-policy.js";
import { contextOfCall, type SessionContext, type TransactionScope } from "../policy/session-context.js";
import type { Deadline } from "../time/deadline.js";
import { Turns } from "../time/turns.js";
import { carryImplicitly, isImplicit } from "../transactions/implicit.js";
import { batchErrorOf } from "./failures.js";
import { checkKeyCommandOptions, type KeyCommandOptions } from "./key-command-options.js";
import { longestOf, Preparation, type Prepared } from "./preparation.js";
import { RecordResult } from "./record-result.js";
import type { Results } from "./row-types.js";
import { decoded, failedRow, isShown, type RowOrNone, transactionOf } from "./run-one.js";
import type { Segment } from "./segment.js";

/** One key of a segment, ready to be sent. */
export class Step<T, B, R extends Results> implements BatchItem {
  readonly key: Key<T>;
  readonly prepared: Prepared<T, B, R>;

  constructor(key: Key<T>, prepared: Prepared<T, B, R>) {
    this.key = key;
    this.prepared = prepared;
  }

  get segment(): Segment<T> {
    return this.prepared.segment;
  }

  get operation(): RecordOperation {
    return this.prepared.operation;
  }

  get policy(): CommandPolicy {
    return this.prepared.policy;
  }
}

/**
 * Sends the commands of several keys in batches, each record's in the order of the segments, and returns the rows. Failures
 * reject with a BatchError, unless the caller said otherwise.
 */
export async function runSegments<T, B, R extends Results>(
  context: SessionContext,
  segments: readonly Segment<T>[],
  options: KeyCommandOptions<T>,
): Promise<RecordResult<T, B, R>[]> {
  checkKeyCommandOptions("execute", options);
  const turns = new Turns(context.cluster.runtime);
  const plan = await prepareSteps<T, B, R>(context, "batch", segments, options, turns);
  const { steps } = plan;
  const answers = new Array<Answer<T, B, R>>(steps.length);
  const deadline = context.cluster.deadline(plan.totalTimeoutMs, options.signal);
  await sendSteps(plan, deadline, (index, answer) => {
    answers[index] = answer;
  });
  // The caller's handler runs when all is over: what it throws can't disturb what is under way.
  const shown: RecordResult<T, B, R>[] = [];
  for (const [index, answer] of answers.entries()) {
    const turn = turns.take(1);
    if (turn !== undefined) await turn;
    const row = rowOf(steps[index]!, index, answer, options);
    if (row instanceof RecordResult) shown.push(row);
    else await row;
  }
  const failure = options.onError === undefined ? batchErrorOf(shown, steps.length) : undefined;
  if (failure !== undefined) throw failure;
  return shown;
}

/** What came of one command. */
export type Answer<T, B, R extends Results> = RecordResult<T, B, R> | AerospikeError;

/** Commands that are ready to be sent together. */
interface StepsPlan<T, B, R extends Results> {
  readonly context: SessionContext;
  readonly transaction: TransactionScope | undefined;
  /** Whether they are to stay out of any transaction. */
  readonly isAlone: boolean;
  readonly steps: readonly Step<T, B, R>[];
  readonly totalTimeoutMs: number;
}

/**
 * Makes the commands of segments, in their order, before any of them is sent.
 * @throws TypeError when a segment is not complete; AerospikeError when a server of the cluster is too old for it;
 *   AbortError when the signal fires meanwhile
 */
export async function prepareSteps<T, B, R extends Results>(
  context: SessionContext,
  shape: "point" | "batch",
  segments: readonly Segment<T>[],
  options: KeyCommandOptions<T>,
  turns: Turns,
): Promise<StepsPlan<T, B, R>> {
  const [chain] = segments;
  const transaction = chain && transactionOf(context, chain);
  const preparation = new Preparation<T, B, R>(contextOfCall(context, options), shape, transaction);
  const steps: Step<T, B, R>[] = [];
  for (const segment of segments) {
    for (const key of segment.keys) {
      const turn = turns.take(1);
      if (turn !== undefined) {
        await turn;
        context.cluster.deadline(0, options.signal).throwIfAborted("chain");
      }
      steps.push(new Step(key, preparation.of(segment, key.namespace)));
    }
  }
  const isAlone = chain?.defaults?.txn === null;
  return { context, transaction, isAlone, steps, totalTimeoutMs: longestOf(steps) };
}

/** What a reply says of a step. */
function answerOf<T, B, R extends Results>(
  { prepared, key }: Step<T, B, R>,
  reply: RecordReply | AerospikeError,
  index: number,
): Answer<T, B, R> {
  return reply instanceof AerospikeError ? reply : prepared.readRow(reply, key, index);
}

/** Sends commands, and hands out what came of each: once, and where they are a transaction of their own when it is over. */
export async function sendSteps<T, B, R extends Results>(
  { context, transaction, isAlone, steps }: StepsPlan<T, B, R>,
  deadline: Deadline,
  onAnswer: (index: number, answer: Answer<T, B, R>) => void,
): Promise<void> {
  if (transaction === undefined && !isAlone && isImplicit(context, steps)) {
    const carry = async (carrier: CommandCarrier): Promise<Answer<T, B, R>[]> => {
      const answers = new Array<Answer<T, B, R>>(steps.length);
      await carrier.runBatch(steps, deadline, (index, reply) => {
        answers[index] = answerOf(steps[index]!, reply, index);
      });
      return answers;
    };
    for (const [index, answer] of (await carryImplicitly(context, carry, deadline)).entries()) onAnswer(index, answer);
    return;
  }
  const onItem: OnItem = (index, reply) => onAnswer(index, answerOf(steps[index]!, reply, index));
  if (transaction !== undefined) await transaction.runBatch(steps, deadline, onItem);
  else await runBatch(context.cluster, steps, deadline, onItem);
}

/**
 * The row of a key; none when it has none, or a handler took its error.
 * @throws what is no failure of the key alone, and what the handler throws
 */
export function rowOf<T, B, R extends Results>(
  { segment, key }: Step<T, B, R>,
  index: number,
  answer: Answer<T, B, R>,
  options: KeyCommandOptions<T>,
): RowOrNone<T, B, R> {
  if (answer instanceof AerospikeError) return failedRow<T, B, R>(answer, segment, key, index, options);
  if (!isShown(answer, segment)) return undefined;
  if (key.codec === undefined) return answer;
  try {
    return decoded(answer, segment);
  } catch (error) {
    return failedRow<T, B, R>(error, segment, key, index, options);
  }
}
