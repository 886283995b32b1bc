import type { UdfCall } from "../../protocol/command/udf-call.js";
import type { Op } from "../../protocol/message/op.js";
import type { TaskKind } from "./execute-task.js";

/** What a background task does to each record that its filter keeps: the part that differs from builder to builder. */
export interface BackgroundWork {
  readonly kind: Exclude<TaskKind, "unknown">;
  readonly action:
    | { readonly type: "operations"; readonly ops: readonly Op[] }
    | { readonly type: "udf"; readonly call: UdfCall };
  /** Seconds, 0 for the namespace's default, -1 for never, -2 for unchanged. */
  readonly ttl: number;
  readonly durableDelete: boolean;
}
