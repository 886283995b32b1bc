import { SingleCommand } from "../../protocol/command/record-command.js";
import { ReadStoredCommand, type StoredBin, WriteStoredCommand } from "../../protocol/command/record-copy.js";
import { operate, read, remove, udf } from "../../protocol/command/record-operation.js";
import { OpCode } from "../../protocol/message/op.js";
import type { BackgroundWork } from "../background/background-work.js";
import { NamespaceState } from "../cluster/namespace-state.js";
import { DataSet } from "../data/data-set.js";
import type { Key } from "../data/key.js";
import { AerospikeError, RecordNotFoundError } from "../errors/errors.js";
import type { SessionContext } from "../policy/session-context.js";
import type { Deadline } from "../time/deadline.js";

/** Should this process die, the copies are gone after so many seconds, where the namespace lets records expire. */
const COPY_TTL = 60;

/** What a server made of a copy. */
export interface Trial {
  /** Null when the record would be gone. */
  readonly after: Readonly<Record<string, unknown>> | null | undefined;
  readonly error: AerospikeError | undefined;
}

/** Tries work out on copies of records, in a set of its own. */
export class Scratch {
  readonly #context: SessionContext;
  readonly #set: DataSet<unknown>;
  readonly #work: BackgroundWork;
  readonly #ttl: number;
  readonly #deadline: Deadline;

  private constructor(
    context: SessionContext,
    set: DataSet<unknown>,
    work: BackgroundWork,
    ttl: number,
    deadline: Deadline,
  ) {
    this.#context = context;
    this.#set = set;
    this.#work = work;
    this.#ttl = ttl;
    this.#deadline = deadline;
  }

  static async open(
    context: SessionContext,
    namespace: string,
    work: BackgroundWork,
    deadline: Deadline,
  ): Promise<Scratch> {
    const { cluster } = context;
    const reply = await cluster.infoOnAny(NamespaceState.commandsFor(namespace, ""), deadline);
    const refused = NamespaceState.of(namespace, "", reply)?.ttlRefusal(COPY_TTL);
    const set = DataSet.of(namespace, "aerowire-preview");
    return new Scratch(context, set, work, refused === undefined ? COPY_TTL : -1, deadline);
  }

  /** Copies the record, lets the server change the copy, reads it and deletes it, whatever goes wrong. */
  async try(key: Key<unknown>): Promise<Trial | "gone"> {
    const { cluster } = this.#context;
    const policy = this.#context.policy("read", "point", key.namespace);
    const bins = await cluster
      .execute(new ReadStoredCommand(key, policy), policy, this.#deadline)
      .catch((error: unknown) => {
        if (error instanceof RecordNotFoundError) return undefined;
        throw error;
      });
    if (bins === undefined) return "gone";
    const token = cluster.runtime.randomBigint64();
    const copy = this.#set.id(`${token}`);
    try {
      await this.#write(copy, bins);
      return await this.#change(copy);
    } finally {
      await this.#remove(copy);
    }
  }

  async #write(copy: Key<unknown>, bins: readonly StoredBin[]): Promise<void> {
    const { cluster } = this.#context;
    const policy = this.#context.policy("writeNonRetryable", "point", copy.namespace);
    await cluster.execute(new WriteStoredCommand(copy, bins, this.#ttl, policy), policy, this.#deadline);
  }

  async #change(copy: Key<unknown>): Promise<Trial> {
    const { cluster } = this.#context;
    const policy = this.#context.policy("writeNonRetryable", "point", copy.namespace);
    const reading = this.#context.policy("read", "point", copy.namespace);
    const { action, kind } = this.#work;
    // The time to live is that of the copy: what the work says of it is no matter of bins.
    const ttl = this.#ttl === -1 ? -1 : -2;
    const recordExists = kind === "replace" ? "replaceOnly" : "updateOnly";
    const operation =
      action.type === "udf"
        ? udf(action.call, policy, { ttl })
        : action.ops.some(({ code }) => code === OpCode.DELETE_ALL) && action.ops.length === 1
          ? remove(policy)
          : operate(action.ops, policy, { ttl, recordExists, respondAllOps: false });
    try {
      await cluster.execute(new SingleCommand(copy, operation, () => undefined), policy, this.#deadline);
    } catch (error) {
      if (error instanceof AerospikeError) return { after: undefined, error };
      throw error;
    }
    try {
      const command = new SingleCommand(copy, read(undefined, reading), ({ bins }) => bins);
      return { after: await cluster.execute(command, reading, this.#deadline), error: undefined };
    } catch (error) {
      if (error instanceof RecordNotFoundError) return { after: null, error: undefined };
      throw error;
    }
  }

  /** With a time of its own: it is done when the caller has given up, too. */
  async #remove(copy: Key<unknown>): Promise<void> {
    const { cluster } = this.#context;
    const policy = this.#context.policy("writeRetryable", "point", copy.namespace);
    const command = new SingleCommand(copy, remove(policy), () => undefined);
    await cluster.execute(command, policy, cluster.deadline(5_000));
  }
}
