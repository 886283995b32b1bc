import { checkOptions } from "../../protocol/check/check-options.js";
import { describe } from "../../protocol/value/invalid-value.js";
import type { SessionContext } from "../policy/session-context.js";
import { checkAttempts, checkSleep } from "../policy/transaction-settings.js";
import { checkSignal } from "../time/check-signal.js";
import { commit } from "./commit.js";
import { leave, pauseBefore, repetitionAfter } from "./repetition.js";
import { checkTransactionOptions, type TransactionOptions, type Txn } from "./txn.js";

/** Options of `doInTransaction`. */
export interface DoInTransactionOptions extends TransactionOptions {
  /** How often it is tried in all: 1 to 1,000,000. Default: as `connect` was told, 10. */
  readonly maxAttempts?: number | undefined;
  /** About how long to wait before it is tried again, 0 to 60,000 ms. Default: as `connect` was told, 20. */
  readonly sleepBetweenRetries?: number | undefined;
  /** Gives up between and during attempts, with AbortError. What `work` awaits has to be told by itself. */
  readonly signal?: AbortSignal | undefined;
}

/** What an attempt works with: a session in the transaction, as a rule. */
export interface Attempt {
  readonly txn: Txn;
}

/**
 * Runs `work` in a transaction and commits it, and again in a new one as long as others are in the way. See
 * `session.doInTransaction`.
 * @param begin begins a transaction
 */
export async function attempt<A extends Attempt, T>(
  context: SessionContext,
  begin: (options: TransactionOptions) => A,
  work: (transaction: A) => Promise<T>,
  options: DoInTransactionOptions = {},
): Promise<T> {
  const { maxAttempts, sleepMs } = checkAttemptOptions(context, work, options);
  const { timeout, signal } = options;
  const deadline = context.cluster.deadline(0, signal);
  for (let attempts = 1; ; attempts++) {
    deadline.throwIfAborted("transaction");
    const transaction = begin({ timeout });
    const { txn } = transaction;
    try {
      const result = await work(transaction);
      if (txn.state !== "aborted" && txn.state !== "committed") await commit(txn, { signal });
      return result;
    } catch (error) {
      const repetition = attempts < maxAttempts ? repetitionAfter(error) : undefined;
      await leave(txn, error, repetition);
      if (repetition === undefined) throw error;
      await pauseBefore(repetition, context, sleepMs, deadline);
    }
  }
}

function checkAttemptOptions(
  { transactions }: SessionContext,
  work: unknown,
  options: DoInTransactionOptions,
): { readonly maxAttempts: number; readonly sleepMs: number } {
  const method = "doInTransaction";
  if (typeof work !== "function") throw new TypeError(`${method}: expected a function, got ${describe(work)}`);
  checkOptions<DoInTransactionOptions>(method, options, {
    timeout: true,
    maxAttempts: true,
    sleepBetweenRetries: true,
    signal: true,
  });
  checkSignal(method, options.signal);
  checkTransactionOptions(method, { timeout: options.timeout });
  const { maxAttempts = transactions.attempts, sleepBetweenRetries = transactions.sleepBetweenAttempts } = options;
  return {
    maxAttempts: checkAttempts(method, "maxAttempts", maxAttempts),
    sleepMs: checkSleep(method, "sleepBetweenRetries", sleepBetweenRetries),
  };
}
