import { checkOptions } from "../../protocol/check/check-options.js";
import { TransactionError } from "../errors/errors.js";
import { checkSignal } from "../time/check-signal.js";
import { endedError, type Txn } from "./txn.js";
import type { TxnStatus } from "./txn-status.js";

/** Options of `commit` and `abort`. */
export interface EndOptions {
  /**
   * Gives up. Before a commit is decided, with AbortError, and the transaction stays open; later with a CommitError that
   * says how far it got.
   */
  readonly signal?: AbortSignal | undefined;
}

function checkEndOptions(method: string, options: EndOptions): void {
  checkOptions<EndOptions>(method, options, { signal: true });
  checkSignal(method, options.signal);
}

/** Makes what the transaction wrote the state of its records, or goes on with that. See `TransactionalSession.commit`. */
export async function commit(txn: Txn, options: EndOptions = {}): Promise<TxnStatus> {
  checkEndOptions("commit", options);
  if (txn.isEnding) throw new TransactionError("The transaction is being ended already");
  if (txn.state === "aborted") throw endedError("aborted");
  if (txn.state === "committed" && !txn.isUnrolled) return "alreadyCommitted";
  return txn.end(async () => {
    const { Commit } = await import("./commit-run.js");
    return new Commit(txn, options.signal).run();
  });
}

/** Takes back what the transaction wrote. See `TransactionalSession.abort`. */
export async function abort(txn: Txn, options: EndOptions = {}): Promise<TxnStatus> {
  checkEndOptions("abort", options);
  if (txn.state === "committed") throw endedError("committed");
  if (txn.state === "aborted") return "alreadyAborted";
  if (txn.isEnding) throw new TransactionError("The transaction is being committed: it can't be aborted any more");
  if (txn.state === "inDoubt") {
    const message = "The transaction may be committed, so it can't be aborted: commit() finds out";
    throw new TransactionError(message, { inDoubt: true });
  }
  txn.settle("aborted");
  return txn.end(async () => {
    const { takeBack } = await import("./commit-run.js");
    return takeBack(txn, options.signal);
  });
}
