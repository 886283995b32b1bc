import type { UdfCall } from "../../protocol/command/udf-call.js";
import { type Op, OpCode } from "../../protocol/message/op.js";
import { describe } from "../../protocol/value/invalid-value.js";
import type { ChangedBins } from "../query/visits.js";

export type KnownKind = "update" | "replace" | "delete" | "touch" | "udf";

/** What a task does to its records; `unknown` for a task that was attached by its id. */
export type TaskKind = KnownKind | "unknown";

/** What a background task does to each record that its filter keeps: the part that differs from builder to builder. */
export interface BackgroundWork {
  readonly kind: KnownKind;
  readonly action:
    | { readonly type: "operations"; readonly ops: readonly Op[] }
    | { readonly type: "udf"; readonly call: UdfCall };
  /** Seconds, 0 for the namespace's default, -1 for never, -2 for unchanged. */
  readonly ttl: number;
  readonly durableDelete: boolean;
}

/** The work of a task in words, one line an operation. */
export function describeWork({ action }: BackgroundWork): string[] {
  if (action.type === "operations") return action.ops.map(describeOp);
  const args = action.call.args.map(describe);
  return [`call ${action.call.package}.${action.call.function}(${["record", ...args].join(", ")})`];
}

/** An operation in words. */
export function describeOp(op: Op): string {
  const bin = `bin "${op.bin}"`;
  switch (op.code) {
    case OpCode.WRITE:
      return op.value === null ? `remove ${bin}` : `set ${bin} to ${describe(op.value)}`;
    case OpCode.INCR:
      return `add ${describe(op.value)} to ${bin}`;
    case OpCode.APPEND:
      return `append ${describe(op.value)} to ${bin}`;
    case OpCode.PREPEND:
      return `prepend ${describe(op.value)} to ${bin}`;
    case OpCode.CDT_MODIFY:
      return `modify the list or map in ${bin}`;
    case OpCode.BITS_MODIFY:
      return `modify the bits of ${bin}`;
    case OpCode.HLL_MODIFY:
      return `modify the HyperLogLog sketch in ${bin}`;
    case OpCode.STRING_MODIFY:
      return `modify the string in ${bin}`;
    case OpCode.EXP_MODIFY:
      return `write the result of an expression to ${bin}`;
    case OpCode.TOUCH:
      return "touch the record";
    case OpCode.DELETE_ALL:
      return "delete the record";
    default:
      return `read ${bin}`;
  }
}

/** Bins that the task changes; undefined when it does no harm to come by a record twice: a delete. */
export function changedBins({ kind, action }: BackgroundWork): ChangedBins | undefined {
  if (kind === "delete") return undefined;
  return action.type === "udf" ? "any" : new Set(action.ops.map((op) => op.bin));
}
