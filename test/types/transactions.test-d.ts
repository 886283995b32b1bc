import { expectTypeOf, test } from "vitest";
import {
  type Cluster,
  type CommitError,
  type CommitOutcome,
  DataSet,
  type Session,
  type TransactionalSession,
  type Txn,
  type TxnFailure,
  type TxnStatus,
} from "../../src/index.js";

declare const session: Session;
declare const cluster: Cluster;
declare const error: CommitError;
const accounts = DataSet.of<{ balance: number; name?: string }>("test", "accounts");

test("a transaction is used like any session", async () => {
  const tx = session.transaction({ timeout: 5_000 });
  expectTypeOf(tx).toEqualTypeOf<TransactionalSession>();
  expectTypeOf(tx).toExtend<Session>();
  expectTypeOf(tx).toExtend<AsyncDisposable>();
  expectTypeOf((await tx.get(accounts.id(1), ["balance"])).bins).toEqualTypeOf<
    Pick<{ balance: number; name?: string }, "balance">
  >();
  expectTypeOf(tx.commit()).toEqualTypeOf<Promise<TxnStatus>>();
  expectTypeOf(tx.abort({ signal: new AbortController().signal })).toEqualTypeOf<Promise<TxnStatus>>();
  expectTypeOf(tx.txn).toEqualTypeOf<Txn>();
  expectTypeOf(tx.currentTransaction).toEqualTypeOf<Txn | undefined>();
  expectTypeOf(cluster.transaction()).toEqualTypeOf<TransactionalSession>();
  // @ts-expect-error a session of its own can't be committed
  session.commit();
  // @ts-expect-error there is no such bin
  tx.update(accounts.id(1)).bin("balanse");
});

test("doInTransaction returns what its work returns", () => {
  expectTypeOf(session.doInTransaction(async (tx) => (await tx.get(accounts.id(1))).bins.balance)).toEqualTypeOf<
    Promise<number>
  >();
  expectTypeOf(session.doInTransaction(async () => undefined)).toEqualTypeOf<Promise<undefined>>();
  session.doInTransaction(async () => 1, { maxAttempts: 3, sleepBetweenRetries: 5, timeout: 2_000 });
  // @ts-expect-error work that is not awaited would outlive the commit
  session.doInTransaction(() => 1);
  // @ts-expect-error there is no such option
  session.doInTransaction(async () => 1, { attempts: 3 });
});

test("chains join and leave transactions and stay what they are", async () => {
  const chain = session.upsert(accounts.id(1)).bin("balance").add(1);
  expectTypeOf(chain.withTxn(session.transaction().txn)).toEqualTypeOf(chain);
  expectTypeOf(chain.notInAnyTransaction()).toEqualTypeOf(chain);
  // @ts-expect-error the session is not its transaction
  chain.withTxn(session.transaction());
});

test("a CommitError says what can be done", () => {
  expectTypeOf(error.outcome).toEqualTypeOf<CommitOutcome>();
  expectTypeOf(error.failures).toEqualTypeOf<readonly TxnFailure[]>();
  expectTypeOf(error.commitAgain()).toEqualTypeOf<Promise<TxnStatus>>();
});
