import { BatchError } from "../errors/batch-error.js";
import { AerospikeError } from "../errors/errors.js";
import type { SessionContext } from "../policy/session-context.js";
import type { Deadline } from "../time/deadline.js";
import { abort } from "./commit.js";
import { CommitError } from "./commit-error.js";
import type { Txn } from "./txn.js";

/** When to run a transaction again that others were in the way of: `"afterPause"` where they may still be. */
export type Repetition = "atOnce" | "afterPause";

/** Whether a transaction may do better when it is run again; undefined when that would not help, or not be safe. */
export function repetitionAfter(error: unknown): Repetition | undefined {
  if (error instanceof CommitError) {
    if (error.outcome === "inDoubt" || error.outcome === "committed") return undefined;
    return error.failures.length > 0 ? (repetitionOf(errorsOf(error.failures)) ?? "afterPause") : "afterPause";
  }
  if (error instanceof BatchError)
    return error.failures.length > 0 ? repetitionOf(errorsOf(error.failures)) : undefined;
  if (!(error instanceof AerospikeError)) return undefined;
  if (error.code === "MRT_VERSION_MISMATCH") return "atOnce";
  return error.code === "MRT_BLOCKED" ? "afterPause" : undefined;
}

/** As {@link repetitionAfter}, for failures that came together, of which there is one at least. */
export function repetitionOf(failures: readonly unknown[]): Repetition | undefined {
  const each = failures.map(repetitionAfter);
  if (each.includes(undefined)) return undefined;
  return each.includes("afterPause") ? "afterPause" : "atOnce";
}

function errorsOf(failures: readonly { readonly error: AerospikeError | null }[]): readonly unknown[] {
  return failures.map(({ error }) => error);
}

/**
 * Takes back what is open of an attempt that failed. What can still be committed is left as it is where the error goes to
 * somebody who may do that.
 */
export async function leave(txn: Txn, error: unknown, repetition: Repetition | undefined): Promise<void> {
  if (txn.state !== "open" && txn.state !== "verified") return;
  if (repetition === undefined && error instanceof CommitError) return;
  await abort(txn);
}

/** Waits, half as long or half as long again at random: who was in each other's way must not meet again. */
export async function pauseBefore(
  repetition: Repetition,
  { cluster }: SessionContext,
  ms: number,
  deadline: Deadline,
): Promise<void> {
  if (repetition === "atOnce" || ms === 0) deadline.throwIfAborted("transaction");
  else await deadline.sleep(ms * (0.5 + cluster.runtime.random()));
}
