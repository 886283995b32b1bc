import { checkOptions } from "../../protocol/check/check-options.js";
import type { SingleCommand } from "../../protocol/command/record-command.js";
import type { RecordOperation } from "../../protocol/command/record-operation.js";
import type { RecordReply } from "../../protocol/command/record-reply.js";
import type { TxnPart } from "../../protocol/command/txn-part.js";
import { TXN_SECONDS } from "../../protocol/command/txn-steps.js";
import type { RecordKey } from "../../protocol/key/record-key.js";
import { Info2 } from "../../protocol/message/flags.js";
import { ResultCode } from "../../protocol/result-code.js";
import { describe } from "../../protocol/value/invalid-value.js";
import { requireVersion } from "../cluster/require-version.js";
import { INSPECT, type Inspect, show } from "../data/inspect.js";
import { AerospikeError, TransactionError } from "../errors/errors.js";
import type { BatchItem, OnItem } from "../policy/command-carrier.js";
import type { CommandPolicy } from "../policy/command-policy.js";
import type { SessionContext } from "../policy/session-context.js";
import type { Deadline } from "../time/deadline.js";
import { loadOnce } from "../time/load-once.js";
import { TxnMonitor } from "./txn-monitor.js";
import { TxnRecords } from "./txn-records.js";
import type { TxnState } from "./txn-status.js";

const loadBatches = loadOnce(() => import("../batch/batch-run.js"));

/** How a transaction is begun. */
export interface TransactionOptions {
  /**
   * Milliseconds from its first write after which the server takes it back, 1,000 to 120,000, in steps of a second.
   * Default: as the server is set, 10 s unless changed (`mrt-duration`).
   */
  readonly timeout?: number | undefined;
}

/** @throws TypeError for an option that does not exist; RangeError for a time outside of its range */
export function checkTransactionOptions(method: string, options: TransactionOptions): void {
  checkOptions<TransactionOptions>(method, options, { timeout: true });
  const { timeout } = options;
  const { least, most } = TXN_SECONDS;
  if (timeout === undefined) return;
  if (Number.isInteger(timeout) && timeout % 1_000 === 0 && timeout >= least * 1_000 && timeout <= most * 1_000) return;
  throw new RangeError(
    `${method}: expected timeout to be whole seconds from ${least * 1_000} to ${most * 1_000} ms, got ${describe(timeout)}`,
  );
}

/** No transaction before this version. */
const TXN_SERVER = "8.0";

/**
 * A transaction: what was read and written in it. From `session.transaction()`, whose commands are part of it; hand
 * `tx.txn` to `withTxn` to make commands of other sessions part of it, too.
 */
export class Txn {
  // It is a TransactionScope and can't say so: its declaration leaves out what is internal.

  /** Chosen at random; what servers and their logs call the transaction. */
  readonly id: bigint;
  /** @internal */
  readonly context: SessionContext;
  /** @internal */
  readonly records: TxnRecords = new TxnRecords();
  readonly #seconds: number;
  #state: TxnState = "open";
  #monitor: TxnMonitor | undefined = undefined;
  #namespace: string | undefined = undefined;
  /** Whether it is being ended: it takes no command any more. */
  #isEnding = false;
  readonly #underWay = new Set<Promise<unknown>>();
  /** Whether it is committed and not all records show it yet. @internal */
  isUnrolled = false;

  /** @internal Made by `session.transaction()`. @param context without a transaction */
  constructor(context: SessionContext, options: TransactionOptions = {}) {
    this.context = context;
    this.id = randomId(context);
    this.#seconds = (options.timeout ?? 0) / 1_000;
  }

  /** Where it stands. */
  get state(): TxnState {
    return this.#state;
  }

  /** That of its records, once it has any: all are of one. */
  get namespace(): string | undefined {
    return this.#namespace;
  }

  /** Undefined before the first command. @internal */
  get monitor(): TxnMonitor | undefined {
    return this.#monitor;
  }

  /** @internal */
  settle(state: TxnState): void {
    this.#state = state;
  }

  /**
   * Takes no more commands, and waits for those that are under way: none may change a record behind the commit. When the
   * end did not come, takes commands again if the transaction is still open.
   * @internal
   */
  async end<T>(work: () => Promise<T>): Promise<T> {
    this.#isEnding = true;
    try {
      await Promise.allSettled(this.#underWay);
      return await work();
    } finally {
      this.#isEnding = false;
    }
  }

  /** @internal */
  get isEnding(): boolean {
    return this.#isEnding;
  }

  /** @internal */
  execute<T, K extends RecordKey>(command: SingleCommand<T, K>, policy: CommandPolicy, deadline: Deadline): Promise<T> {
    const { key, operation } = command;
    return this.#carry([{ key, operation, policy }], deadline, async ([item]) => {
      try {
        return await this.context.cluster.execute(command.within(item!.operation), policy, deadline);
      } catch (error) {
        this.#onError(key, operation, error);
        throw error;
      }
    });
  }

  /** @internal */
  runBatch(items: readonly BatchItem[], deadline: Deadline, onItem: OnItem): Promise<void> {
    return this.#carry(items, deadline, async (own) => {
      const unanswered = new Set(items.keys());
      const onAnswer = (index: number, answer: RecordReply | AerospikeError): void => {
        unanswered.delete(index);
        const { key, operation } = items[index]!;
        this.#onError(key, operation, answer);
        onItem(index, answer);
      };
      try {
        const { runBatch } = await loadBatches();
        await runBatch(this.context.cluster, own, deadline, onAnswer);
      } catch (error) {
        for (const index of unanswered) this.#onError(items[index]!.key, items[index]!.operation, error);
        throw error;
      }
    });
  }

  /** @internal */
  refuse(what: string): never {
    this.checkOpen();
    throw new TransactionError(`${what} can't be part of a transaction; use the session that it was begun from`);
  }

  /** @throws TransactionError when it takes no commands, or not these; AerospikeError when the cluster is too old */
  async #carry<T>(
    items: readonly BatchItem[],
    deadline: Deadline,
    send: (items: readonly BatchItem[]) => Promise<T>,
  ): Promise<T> {
    this.checkOpen();
    const monitor = this.#enter(items);
    const sending = (async () => {
      const writes = items.filter(({ operation }) => operation.isWrite);
      const [first] = writes;
      // An available namespace knows no transactions: its server says so, and must not get a monitor that stays.
      if (monitor !== undefined && first !== undefined && this.#isStronglyConsistent(first.key)) {
        await monitor.add(
          writes.map(({ key }) => key),
          first.policy,
          deadline,
        );
      }
      return await send(
        items.map(({ key, operation, policy }) => ({ key, operation: this.#partOf(key, operation), policy })),
      );
    })();
    this.#underWay.add(sending);
    try {
      return await sending;
    } finally {
      this.#underWay.delete(sending);
    }
  }

  /** Settles the namespace with the first command. */
  #enter(items: readonly BatchItem[]): TxnMonitor | undefined {
    const { cluster } = this.context;
    for (const { key } of items) {
      const namespace = this.#namespace ?? items[0]!.key.namespace;
      if (key.namespace === namespace) continue;
      throw new TransactionError(
        `A transaction is about one namespace: this one about "${namespace}", and a record of it is in "${key.namespace}"`,
        { key },
      );
    }
    const [first] = items;
    if (first === undefined) return this.#monitor;
    cluster.checkNamespace(first.key.namespace);
    requireVersion(cluster.minVersion, TXN_SERVER, "transactions");
    this.#namespace = first.key.namespace;
    this.#monitor ??= new TxnMonitor(cluster, this.#namespace, this.id, this.#seconds);
    return this.#monitor;
  }

  #partOf(key: RecordKey, operation: RecordOperation): RecordOperation {
    const { records, id } = this;
    const monitor = this.#monitor;
    const { isWrite } = operation;
    const txn: TxnPart = {
      id,
      get version() {
        return records.versionOf(key);
      },
      get deadline() {
        return monitor?.deadline ?? 0;
      },
      onReply: (resultCode, version) => records.onReply(key, isWrite, resultCode, version),
    };
    // A record that is gone without a tombstone could not be brought back.
    return { ...operation, txn, info2: isWrite ? operation.info2 | Info2.DURABLE_DELETE : operation.info2 };
  }

  #onError(key: RecordKey, { isWrite }: RecordOperation, error: unknown): void {
    if (isWrite && error instanceof AerospikeError && error.inDoubt) this.records.onDoubt(key);
  }

  #isStronglyConsistent({ namespace }: RecordKey): boolean {
    return this.context.cluster.isStrongConsistency(namespace);
  }

  /** @throws TransactionError when it takes no commands @internal */
  checkOpen(): void {
    if (this.#state === "committed" || this.#state === "aborted") throw endedError(this.#state);
    if (this.#state === "open" && !this.#isEnding) return;
    throw new TransactionError("The transaction is being committed: it takes no more commands");
  }

  /** @internal */
  [INSPECT](_depth: number, options: object, inspect: Inspect): string {
    const { id, state, namespace } = this;
    return show("Txn", { id, state, namespace }, options, inspect);
  }
}

/** What somebody gets who uses a transaction that is over. */
export function endedError(state: "committed" | "aborted"): TransactionError {
  return state === "committed"
    ? new TransactionError("The transaction is committed already", {
        code: "TXN_ALREADY_COMMITTED",
        resultCode: ResultCode.TXN_ALREADY_COMMITTED,
      })
    : new TransactionError("The transaction is aborted already", {
        code: "TXN_ALREADY_ABORTED",
        resultCode: ResultCode.TXN_ALREADY_ABORTED,
      });
}

function randomId({ cluster }: SessionContext): bigint {
  for (;;) {
    const id = cluster.runtime.randomBigint64();
    if (id !== 0n) return id;
  }
}
