import { AddTxnKeys, monitorKey } from "../../protocol/command/txn-steps.js";
import type { RecordKey } from "../../protocol/key/record-key.js";
import type { ClusterCore } from "../cluster/cluster-core.js";
import { AerospikeError, SerializationError, TimeoutError, TransactionError } from "../errors/errors.js";
import type { CommandPolicy } from "../policy/command-policy.js";
import type { Deadline } from "../time/deadline.js";
import { nameOf } from "./txn-records.js";

const LONGEST_TIMER_MS = 0x7fff_ffff;

/**
 * The record by which the server watches a transaction. It is told of every record before that is written, so that the
 * server can end what this client does not.
 */
export class TxnMonitor {
  readonly key: RecordKey;
  readonly #cluster: ClusterCore;
  readonly #id: bigint;
  readonly #seconds: number;
  readonly #known = new Set<string>();
  #state: "none" | "exists" | "lost" = "none";
  #deadline = 0;
  /** Ends when nobody is telling it anything. Never rejects. */
  #turn: Promise<void> | undefined = undefined;

  /** @param seconds what the transaction is given, 0 for what the server is set to */
  constructor(cluster: ClusterCore, namespace: string, id: bigint, seconds: number) {
    this.#cluster = cluster;
    this.#id = id;
    this.#seconds = seconds;
    this.key = monitorKey(namespace, id);
  }

  get exists(): boolean {
    return this.#state === "exists";
  }

  /** When the transaction ends by itself, seconds since 2010-01-01; 0 before the first write. */
  get deadline(): number {
    return this.#deadline;
  }

  /**
   * Tells it which records will be written; those that it knows are not sent again. One call is under way at a time, for
   * only one of them can be the first.
   * @throws AerospikeError, never in doubt: nothing was written yet
   */
  async add(keys: readonly RecordKey[], policy: CommandPolicy, deadline: Deadline): Promise<void> {
    while (this.#turn !== undefined && keys.some((key) => !this.#known.has(nameOf(key.digest)))) {
      await waitFor(this.#turn, deadline);
    }
    const fresh = new Map<string, RecordKey>();
    for (const key of keys) {
      const name = nameOf(key.digest);
      if (!this.#known.has(name)) fresh.set(name, key);
    }
    if (fresh.size === 0) return;
    const adding = this.#send([...fresh.values()], policy, deadline);
    this.#turn = adding.then(
      () => undefined,
      () => undefined,
    );
    try {
      await adding;
      for (const name of fresh.keys()) this.#known.add(name);
    } catch (error) {
      throw error instanceof AerospikeError ? error.with({ key: keys[0], inDoubt: false }) : error;
    } finally {
      this.#turn = undefined;
    }
  }

  async #send(keys: readonly RecordKey[], policy: CommandPolicy, deadline: Deadline): Promise<void> {
    if (this.#state === "lost") {
      throw new TransactionError(
        "The reply to the first write of the transaction was lost, so nothing more can be written: abort it and begin anew",
      );
    }
    const digests = keys.map(({ digest }) => digest);
    const create = this.#state === "none" ? this.#id : undefined;
    try {
      const command = new AddTxnKeys(this.key, digests, create, this.#seconds);
      const endsAt = await this.#cluster.execute(command, { ...policy, replica: "master" }, deadline);
      if (create === undefined) return;
      if (endsAt === undefined)
        throw new SerializationError("The server began a transaction without saying when it ends");
      this.#deadline = endsAt;
      this.#state = "exists";
    } catch (error) {
      // A monitor can't be created again, and it can't be used without its deadline.
      if (create !== undefined && error instanceof AerospikeError && error.inDoubt) this.#state = "lost";
      throw error;
    }
  }
}

/** Waits for something that never fails, as long as there is time. */
async function waitFor(turn: Promise<void>, deadline: Deadline): Promise<void> {
  deadline.throwIfAborted("wait for the transaction");
  const ms = Math.min(deadline.remainingMs, LONGEST_TIMER_MS);
  await deadline.run((scope) => Promise.race([turn, scope.sleep(ms)]));
  if (deadline.hasTime()) return;
  throw new TimeoutError(`Not sent within ${deadline.totalMs} ms: other writes of the transaction were under way`);
}
