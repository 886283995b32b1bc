import type { DatabaseAttributes } from "../cluster/diagnostics.js";
import type { TaskKind } from "./execute-task.js";
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
