import { ResultCode } from "../../protocol/result-code.js";
import { AerospikeError } from "../errors/errors.js";
import { commit } from "./commit.js";
import { CommitError, type CommitErrorReason, type CommitOutcome, type TxnFailure } from "./commit-error.js";
import type { Txn } from "./txn.js";
import { TxnEnding } from "./txn-ending.js";
import type { TxnMonitor } from "./txn-monitor.js";
import type { TxnStatus } from "./txn-status.js";

/** What {@link abort} sends. */
export async function takeBack(txn: Txn, signal: AbortSignal | undefined): Promise<TxnStatus> {
  const rolledBack = await rollBack(txn, new TxnEnding(txn.context, signal));
  switch (rolledBack) {
    case "done":
      return "aborted";
    case "closeAbandoned":
      return "rollBackCloseAbandoned";
    default:
      return "rollBackAbandoned";
  }
}

type RolledBack = "done" | "closeAbandoned" | "abandoned";

/** What it can't do the server does, when the time of the transaction is over. */
async function rollBack(txn: Txn, ending: TxnEnding): Promise<RolledBack> {
  try {
    const failures = await ending.roll("back", txn.id, txn.records.writes);
    if (failures.length > 0) return "abandoned";
  } catch (error) {
    return gaveUp(error, "abandoned");
  }
  return (await close(txn, ending)) ? "done" : "closeAbandoned";
}

/**
 * Removes the monitor, unless a write that got no reply may still come and lock its record: then the server needs it.
 * Returns whether nothing is left to do.
 */
async function close({ monitor, records }: Txn, ending: TxnEnding): Promise<boolean> {
  if (monitor?.exists !== true || records.hasDoubt) return true;
  try {
    await ending.close(monitor.key);
    return true;
  } catch (error) {
    return gaveUp(error, false);
  }
}

/** For a step that the server will see to. @throws what is no failure of the step */
function gaveUp<T>(error: unknown, result: T): T {
  if (!(error instanceof AerospikeError)) throw error;
  return result;
}

const UNVERIFIED = "The transaction is aborted, for what it has read could not be verified";

const TEXTS: { readonly [R in CommitErrorReason]: string } = {
  verifyFailed: UNVERIFIED,
  verifyFailedAbortAbandoned: `${UNVERIFIED}. Some records stay locked until its time is over`,
  verifyFailedCloseAbandoned: UNVERIFIED,
  markAbandoned: "The server could not be told that the transaction is committed",
  rollForwardAbandoned:
    "The transaction is committed, but some of its records show it only when the server has seen to them",
};

export class Commit {
  readonly #txn: Txn;
  readonly #ending: TxnEnding;

  constructor(txn: Txn, signal: AbortSignal | undefined) {
    this.#txn = txn;
    this.#ending = new TxnEnding(txn.context, signal);
  }

  async run(): Promise<TxnStatus> {
    const txn = this.#txn;
    if (txn.state === "open") await this.#verify();
    if (txn.state !== "committed") await this.#mark(txn.monitor);
    await this.#roll();
    return (await close(txn, this.#ending)) ? "committed" : "rollForwardCloseAbandoned";
  }

  async #verify(): Promise<void> {
    const txn = this.#txn;
    const failures = await this.#ending.verify(txn.records.reads);
    const [first] = failures;
    if (first === undefined) {
      txn.settle("verified");
      return;
    }
    txn.settle("aborted");
    const rolledBack = await rollBack(txn, this.#ending);
    const reasons = {
      done: "verifyFailed",
      closeAbandoned: "verifyFailedCloseAbandoned",
      abandoned: "verifyFailedAbortAbandoned",
    } as const;
    throw this.#error(reasons[rolledBack], "aborted", first.error, failures);
  }

  async #mark(monitor: TxnMonitor | undefined): Promise<void> {
    const txn = this.#txn;
    // Without a monitor nothing was written: that the reads were verified is all there is to it.
    if (monitor?.exists === true) {
      try {
        await this.#ending.mark(monitor.key);
      } catch (error) {
        if (!(error instanceof AerospikeError)) throw error;
        throw this.#afterMark(error);
      }
    }
    txn.settle("committed");
  }

  #afterMark(error: AerospikeError): CommitError {
    const txn = this.#txn;
    if (error.resultCode === ResultCode.MRT_ABORTED || error.resultCode === ResultCode.MRT_EXPIRED) {
      txn.settle("aborted");
      return this.#error("markAbandoned", "aborted", error);
    }
    // Once in doubt, a refusal says nothing of the mark that got no reply.
    if (error.inDoubt || txn.state === "inDoubt") {
      txn.settle("inDoubt");
      return this.#error("markAbandoned", "inDoubt", error);
    }
    return this.#error("markAbandoned", "open", error);
  }

  async #roll(): Promise<void> {
    const txn = this.#txn;
    txn.isUnrolled = true;
    let failures: TxnFailure[] = [];
    try {
      failures = await this.#ending.roll("forward", txn.id, txn.records.writes);
    } catch (error) {
      if (!(error instanceof AerospikeError)) throw error;
      throw this.#error("rollForwardAbandoned", "committed", error);
    }
    const [first] = failures;
    if (first !== undefined) throw this.#error("rollForwardAbandoned", "committed", first.error, failures);
    txn.isUnrolled = false;
  }

  #error(
    reason: CommitErrorReason,
    outcome: CommitOutcome,
    cause: AerospikeError,
    failures: readonly TxnFailure[] = [],
  ): CommitError {
    const { node, attempts } = cause;
    const also = outcome === "inDoubt" ? ": whether it is, commitAgain() finds out" : "";
    return new CommitError(`${TEXTS[reason]}${also}: ${cause.message}`, {
      cause,
      node,
      attempts,
      reason,
      outcome,
      failures,
      // As of every error: whether something may have happened that must not be done again.
      inDoubt: outcome === "inDoubt" || outcome === "committed",
      commitAgain: () => commit(this.#txn),
    });
  }
}
