import { INSPECT, type Inspect, show } from "../data/inspect.js";
import type { SessionContext } from "../policy/session-context.js";
import type { DoInTransactionOptions } from "../transactions/attempts.js";
import { abort, commit, type EndOptions } from "../transactions/commit.js";
import { checkTransactionOptions, type TransactionOptions, Txn } from "../transactions/txn.js";
import type { TxnStatus } from "../transactions/txn-status.js";
import { Session, type TransactionalSession } from "./session.js";

/** Begins a transaction at a session, for its commands to be part of it. @param outside the session's own context */
export function beginTransaction(outside: SessionContext, options: TransactionOptions = {}): TransactionalSession {
  checkTransactionOptions("transaction", options);
  const txn = new Txn({ ...outside, transaction: undefined }, options);
  return new SessionInTransaction({ ...outside, transaction: txn }, txn);
}

class SessionInTransaction extends Session implements TransactionalSession {
  readonly txn: Txn;

  constructor(context: SessionContext, txn: Txn) {
    super(context, beginTransaction);
    this.txn = txn;
  }

  get active(): boolean {
    return this.txn.state === "open";
  }

  override get currentTransaction(): Txn {
    return this.txn;
  }

  commit(options: EndOptions = {}): Promise<TxnStatus> {
    return commit(this.txn, options);
  }

  abort(options: EndOptions = {}): Promise<TxnStatus> {
    return abort(this.txn, options);
  }

  override transaction(): never {
    return this.txn.refuse("Another transaction");
  }

  /** What is done in a transaction already, joins it: who began it commits it. */
  override async doInTransaction<T>(
    work: (tx: TransactionalSession) => Promise<T>,
    options: DoInTransactionOptions = {},
  ): Promise<T> {
    this.txn.checkOpen();
    if (Object.keys(options).length > 0) this.txn.refuse("A transaction with options of its own");
    return work(this);
  }

  /** As {@link abort}, unless the transaction is over, or may be committed. */
  async [Symbol.asyncDispose](): Promise<void> {
    const { state } = this.txn;
    if (state === "open" || state === "verified") await this.abort();
  }

  /** @internal */
  override [INSPECT](_depth: number, options: object, inspect: Inspect): string {
    const { behavior, txn } = this;
    return show("TransactionalSession", { behavior: behavior.name, txn }, options, inspect);
  }
}
