import type { DatabaseAttributes } from "../cluster/diagnostics.js";
import type { DiagnosticsChannel } from "../transport/transport.js";
import type { TaskKind } from "./execute-task.js";
import type { TaskEvent } from "./task-event.js";
import type { TaskProgress } from "./task-progress.js";

/** What is told of a task besides how it goes. */
export interface TaskOrigin {
  readonly taskId: bigint;
  readonly kind: TaskKind;
  /** Undefined for a task that was attached. */
  readonly namespace?: string;
  readonly setName?: string;
}

/** Tells the observers of a client about one task. */
export class TaskNews {
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
    const message: TaskEvent = { attributes: this.#attributes(), event, taskId, kind, nodes, progress };
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
