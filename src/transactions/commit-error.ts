import type { RecordKey } from "../../protocol/key/record-key.js";
import { ResultCode } from "../../protocol/result-code.js";
import type { ErrorCode } from "../errors/error-code.js";
import { type AerospikeError, type ErrorDetails, mark, TransactionError } from "../errors/errors.js";
import type { TxnStatus } from "./txn-status.js";

/**
 * At which step a commit failed.
 * - `"verifyFailed"`: something that the transaction has read was changed or locked by others, or could not be looked at.
 *   It is aborted
 * - `"verifyFailedAbortAbandoned"`: likewise, and some records stay locked until the transaction's time is over
 * - `"verifyFailedCloseAbandoned"`: likewise; only the server's note of the transaction is still there
 * - `"markAbandoned"`: the server could not be told that the transaction is committed. See `outcome`
 * - `"rollForwardAbandoned"`: it is committed, and some records show it only when the server has seen to them
 */
export type CommitErrorReason =
  | "verifyFailed"
  | "verifyFailedAbortAbandoned"
  | "verifyFailedCloseAbandoned"
  | "markAbandoned"
  | "rollForwardAbandoned";

/**
 * What became of the transaction, and so what can be done.
 * - `"aborted"`: nothing has happened: run the whole transaction again
 * - `"open"`: nothing has happened yet: `commitAgain()`, or `abort()` the transaction
 * - `"inDoubt"`: it is committed or not: `commitAgain()` finds out
 * - `"committed"`: everything will be there: nothing has to be done, and `commitAgain()` hurries it
 */
export type CommitOutcome = "aborted" | "open" | "inDoubt" | "committed";

/** What a step said of one record. */
export interface TxnFailure {
  readonly key: RecordKey;
  readonly error: AerospikeError;
}

/** What a CommitError says besides its message. */
export interface CommitErrorDetails extends ErrorDetails {
  readonly reason: CommitErrorReason;
  readonly outcome: CommitOutcome;
  readonly failures: readonly TxnFailure[];
  readonly commitAgain: () => Promise<TxnStatus>;
}

/**
 * A transaction was not committed, or not yet for all to see. `reason` says which step failed, `outcome` what that means
 * and what can be done, `cause` why.
 *
 * @example
 * try {
 *   await tx.commit();
 * } catch (error) {
 *   if (!(error instanceof CommitError) || error.outcome !== "inDoubt") throw error;
 *   await error.commitAgain();
 * }
 */
export class CommitError extends TransactionError {
  static override readonly defaultCode: ErrorCode = "COMMIT_FAILED";
  static override readonly defaultResultCode: number = ResultCode.TXN_FAILED;
  static {
    mark(CommitError, "CommitError");
  }

  readonly reason: CommitErrorReason;
  readonly outcome: CommitOutcome;
  // Private, so that what prints the error does not print the keys: they may be personal.
  readonly #details: CommitErrorDetails;

  /** @internal */
  constructor(message: string, details: CommitErrorDetails) {
    super(message, details);
    this.reason = details.reason;
    this.outcome = details.outcome;
    this.#details = details;
  }

  /** The records that failed, of the step that `reason` names; empty when the step is about none. */
  get failures(): readonly TxnFailure[] {
    return this.#details.failures;
  }

  /** Whether the whole transaction can be run again: nothing of it has happened. */
  get isRepeatable(): boolean {
    return this.outcome === "aborted";
  }

  /**
   * Goes on with the commit from where it failed; also where the transaction itself is out of reach, as behind
   * `doInTransaction`.
   * @throws CommitError when it fails again; TransactionError with code `"TXN_ALREADY_ABORTED"` when it is aborted
   */
  commitAgain(): Promise<TxnStatus> {
    return this.#details.commitAgain();
  }
}
