/**
 * How `commit` or `abort` ended.
 * - `"committed"`: every write of the transaction is there for all
 * - `"alreadyCommitted"`: it was before
 * - `"rollForwardCloseAbandoned"`: committed; only the server's note of the transaction is still there, which it removes
 *   by itself
 * - `"aborted"`: nothing of what it wrote has happened
 * - `"alreadyAborted"`: it was before
 * - `"rollBackAbandoned"`: aborted; some records stay locked until the server unlocks them, when the transaction's time is over
 * - `"rollBackCloseAbandoned"`: aborted; only the server's note is still there
 */
export type TxnStatus =
  | "committed"
  | "alreadyCommitted"
  | "rollForwardCloseAbandoned"
  | "aborted"
  | "alreadyAborted"
  | "rollBackAbandoned"
  | "rollBackCloseAbandoned";

/**
 * Where a transaction stands.
 * - `"open"`: it takes commands
 * - `"verified"`: its reads are verified, and the commit got no further: `commit` again, or `abort`
 * - `"inDoubt"`: the reply that would say whether it is committed was lost: `commit` asks again
 * - `"committed"`, `"aborted"`: it is over
 */
export type TxnState = "open" | "verified" | "inDoubt" | "committed" | "aborted";
