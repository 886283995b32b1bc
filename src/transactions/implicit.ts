import { MAX_TXN_WRITES } from "../../protocol/command/txn-steps.js";
import { allSupport } from "../cluster/features.js";
import { AerospikeError, TransactionError } from "../errors/errors.js";
import type { BatchItem, CommandCarrier } from "../policy/command-carrier.js";
import type { SessionContext } from "../policy/session-context.js";
import type { Deadline } from "../time/deadline.js";
import { commit } from "./commit.js";
import { CommitError } from "./commit-error.js";
import { leave, pauseBefore, repetitionOf } from "./repetition.js";
import { Txn } from "./txn.js";

/** Sends items by means of a carrier, and resolves to what came of each. */
type Carry<R> = (carrier: CommandCarrier) => Promise<readonly (R | AerospikeError)[]>;

/**
 * Whether what is sent together becomes a transaction by itself: writes to several places of one strong-consistency
 * namespace, as many as a transaction can have. Asked anew each time, for nodes of a cluster are upgraded one by one.
 */
export function isImplicit({ transactions, cluster }: SessionContext, items: readonly BatchItem[]): boolean {
  const namespace = items[0]?.key.namespace;
  if (namespace === undefined || !transactions.implicitBatchWrites) return false;
  if (!cluster.isStrongConsistency(namespace) || !allSupport(cluster.nodes, "transactions")) return false;
  let writes = 0;
  for (const { key, operation } of items) {
    if (key.namespace !== namespace) return false;
    if (operation.isWrite) writes++;
  }
  return writes > 1 && writes <= MAX_TXN_WRITES;
}

/**
 * Carries items out in a transaction of their own, again as long as others are in the way: all of them happen or none.
 * Where one failed, those that went well answer that they were taken back.
 * @throws CommitError when the transaction could not be committed
 */
export async function carryImplicitly<R>(
  context: SessionContext,
  carry: Carry<R>,
  deadline: Deadline,
): Promise<readonly (R | AerospikeError)[]> {
  const { attempts, sleepBetweenAttempts } = context.transactions;
  for (let count = 1; ; count++) {
    const txn = new Txn(context);
    const answers = await tryOnce(txn, carry, deadline);
    if (answers instanceof CommitError || answers.some(isError)) {
      const mayRepeat = count < attempts && deadline.hasTime();
      const failures = answers instanceof CommitError ? [answers] : answers.filter(isError);
      const repetition = mayRepeat ? repetitionOf(failures) : undefined;
      await leave(txn, failures[0], repetition);
      if (repetition === undefined) return takenBack(answers, failures);
      await pauseBefore(repetition, context, sleepBetweenAttempts, deadline);
    } else {
      return answers;
    }
  }
}

/** @throws what ends the whole, such as the caller's signal; nothing stays locked then */
async function tryOnce<R>(
  txn: Txn,
  carry: Carry<R>,
  { signal }: Deadline,
): Promise<readonly (R | AerospikeError)[] | CommitError> {
  try {
    const answers = await carry(txn);
    if (!answers.some(isError)) await commit(txn, { signal });
    return answers;
  } catch (error) {
    if (error instanceof CommitError) return error;
    await leave(txn, error, undefined);
    throw error;
  }
}

function isError(answer: unknown): answer is AerospikeError {
  return answer instanceof AerospikeError;
}

/** The answers of a transaction that is not committed. @throws CommitError when that is what failed */
function takenBack<R>(
  answers: readonly (R | AerospikeError)[] | CommitError,
  failures: readonly AerospikeError[],
): readonly (R | AerospikeError)[] {
  if (answers instanceof CommitError) throw answers;
  const [cause] = failures;
  const message = "Taken back, as another key of the same transaction failed; notInAnyTransaction() keeps keys apart";
  const error = new TransactionError(`${message}: ${cause?.message}`, { cause });
  return answers.map((answer) => (isError(answer) ? answer : error));
}
