import { SingleCommand } from "../../protocol/command/record-command.js";
import type { RecordOperation } from "../../protocol/command/record-operation.js";
import { closeMonitor, markForward, roll, verifyRead } from "../../protocol/command/txn-steps.js";
import type { RecordKey } from "../../protocol/key/record-key.js";
import { runBatch } from "../batch/batch-run.js";
import { AerospikeError } from "../errors/errors.js";
import type { BatchItem } from "../policy/command-carrier.js";
import { txnPolicyOf } from "../policy/command-policy.js";
import type { SessionContext } from "../policy/session-context.js";
import type { TxnFailure } from "./commit-error.js";
import type { TxnRead } from "./txn-records.js";

/** The steps that end a transaction. Each is an operation with a deadline of its own, as the behavior says. */
export class TxnEnding {
  readonly #context: SessionContext;
  readonly #signal: AbortSignal | undefined;

  /** @param signal gives up the step that is under way, and those after it */
  constructor(context: SessionContext, signal: AbortSignal | undefined) {
    this.#context = context;
    this.#signal = signal;
  }

  /** Asks whether what was read is still so. Returns what is not. @throws AbortError, or the client's end */
  verify(reads: readonly TxnRead[]): Promise<TxnFailure[]> {
    const policy = txnPolicyOf(this.#context.behavior, "verify");
    return this.#run(reads.map(({ key, version }) => ({ key, operation: verifyRead(version), policy })));
  }

  /** Tells the server that the transaction is committed. @throws AerospikeError, in doubt when it may have been told */
  async mark(monitor: RecordKey): Promise<void> {
    await this.#send(monitor, markForward());
  }

  /** Makes writes the records, or takes them back. Returns those that could not be. @throws AbortError, or the client's end */
  roll(direction: "forward" | "back", id: bigint, writes: readonly RecordKey[]): Promise<TxnFailure[]> {
    const policy = txnPolicyOf(this.#context.behavior, "roll");
    const operation = roll(direction, id);
    return this.#run(writes.map((key) => ({ key, operation, policy })));
  }

  /** Removes the server's note of the transaction. */
  async close(monitor: RecordKey): Promise<void> {
    await this.#send(monitor, closeMonitor());
  }

  async #run(items: readonly BatchItem[]): Promise<TxnFailure[]> {
    const [first] = items;
    if (first === undefined) return [];
    const { cluster } = this.#context;
    const failures: TxnFailure[] = [];
    const deadline = cluster.deadline(first.policy.totalTimeoutMs, this.#signal);
    await runBatch(cluster, items, deadline, (index, answer) => {
      if (answer instanceof AerospikeError) failures.push({ key: items[index]!.key, error: answer });
    });
    return failures;
  }

  #send(key: RecordKey, operation: RecordOperation): Promise<unknown> {
    const { cluster, behavior } = this.#context;
    const policy = txnPolicyOf(behavior, "roll");
    const command = new SingleCommand(key, operation, (reply) => reply);
    return cluster.execute(command, policy, cluster.deadline(policy.totalTimeoutMs, this.#signal));
  }
}
