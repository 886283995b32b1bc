import type { DatabaseAttributes } from "../cluster/diagnostics.js";
import type { LoggedTask } from "../cluster/logger.js";
import type { DiagnosticsChannel } from "../transport/transport.js";
import type { TaskKind } from "./background-work.js";
import type { TaskProgress } from "./task-progress.js";

/** Published on `aerowire:task` when a background task has started, and when a handle of it learns that it has ended. */
export interface TaskEvent {
  /** Namespace and set are known for tasks that this program started. */
  readonly attributes: DatabaseAttributes;
  readonly event: "started" | "ended";
  /** The same on every node. */
  readonly taskId: bigint;
  readonly kind: TaskKind;
  /** Ids of the nodes that it was given to. */
  readonly nodes: readonly string[];
  /** How it ended; undefined when it has started. */
  readonly progress: TaskProgress | undefined;
}

/** What a task is, as far as its handle knows. */
export interface TaskOrigin {
  readonly taskId: bigint;
  readonly kind: TaskKind;
  /** Undefined for a task that was attached. */
  readonly namespace?: string;
  readonly setName?: string;
}

/** Publishes what becomes of one task. */
export class TaskObserver {
  readonly #channel: DiagnosticsChannel;
  readonly #origin: TaskOrigin;

  constructor(channel: DiagnosticsChannel, origin: TaskOrigin) {
    this.#channel = channel;
    this.#origin = origin;
  }

  started(nodes: readonly string[]): void {
    this.#publish("started", nodes, undefined);
  }

  ended(progress: TaskProgress): void {
    this.#publish("ended", Object.keys(progress.perNode), progress);
  }

  #publish(event: TaskEvent["event"], nodes: readonly string[], progress: TaskProgress | undefined): void {
    if (!this.#channel.hasSubscribers) return;
    const { taskId, kind } = this.#origin;
    const message: TaskEvent & LoggedTask = { attributes: this.#attributes(), event, taskId, kind, nodes, progress };
    this.#channel.publish(message);
  }

  #attributes(): DatabaseAttributes {
    const { kind, namespace, setName = "" } = this.#origin;
    return {
      "db.system.name": "aerospike",
      "db.operation.name": `background ${kind}`,
      ...(namespace !== undefined && { "db.namespace": namespace }),
      ...(setName !== "" && { "db.collection.name": setName }),
    };
  }
}
