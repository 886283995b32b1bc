import type { QueryDuration } from "../../../protocol/command/query-request.js";
import type { Planner, RejectedIndex } from "../../query/index-decision.js";

/** Partitions that follow each other. */
export interface PartitionRange {
  /** The first, 0 to 4095. */
  readonly start: number;
  readonly count: number;
}

/** What a query will do, worked out without running it. `String(plan)` is the whole of it as text. */
export interface QueryPlan {
  readonly namespace: string;
  /** Empty for the whole namespace. */
  readonly setName: string;
  /** The filter expression in words; undefined when every record is meant. */
  readonly where: string | undefined;
  /** Who chose the index. */
  readonly planner: Planner;
  /** The index range that narrows the query, in words; undefined when it goes through all records. */
  readonly index: string | undefined;
  /** Every index that was looked at and not taken, with the reason. */
  readonly rejectedIndexes: readonly RejectedIndex[];
  /** `"all"`, `"none"` or the names of the bins that are read. */
  readonly bins: "all" | "none" | readonly string[];
  /** How many operations the servers carry out on each record, in place of reading bins. */
  readonly operations: number;
  /** The most records that it gives; undefined for all. */
  readonly limit: number | undefined;
  /** Records a second and node; undefined for as fast as they come. */
  readonly recordsPerSecond: number | undefined;
  readonly queryDuration: QueryDuration;
  /** Undefined for all partitions. */
  readonly partitions: PartitionRange | undefined;
  /** Whether it goes on from a cursor. */
  readonly isResumed: boolean;
  /** Ids of the nodes. */
  readonly nodes: readonly string[];
  /** What may surprise. */
  readonly warnings: readonly string[];
  /** The plan as text, a line for each thing that there is to say. */
  toString(): string;
}

/** The plan with its text; that is no property of its own, so that a plan compares and prints as plain data. */
export function queryPlan(data: Omit<QueryPlan, "toString">): QueryPlan {
  const plan = { ...data };
  Object.defineProperty(plan, "toString", { value: () => describePlan(data) });
  return plan;
}

function describePlan(plan: Omit<QueryPlan, "toString">): string {
  const { setName, namespace, bins, operations, partitions, recordsPerSecond: rate } = plan;
  const last = partitions && partitions.start + partitions.count - 1;
  return [
    `query of ${setName === "" ? `namespace ${namespace}` : `set ${setName} of namespace ${namespace}`}`,
    `  where: ${plan.where ?? "every record"}`,
    `  index: ${plan.index ?? "none, goes through all records"}`,
    ...plan.rejectedIndexes.map(({ name, reason }) => `    not ${name}: ${reason}`),
    `  bins: ${typeof bins === "string" ? bins : bins.join(", ")}${operations > 0 ? `, by ${operations} operations` : ""}`,
    `  limit: ${plan.limit ?? "none"}`,
    `  records on each node: ${rate === undefined ? "as fast as they come" : `${rate} a second`}`,
    `  duration: ${plan.queryDuration}`,
    `  partitions: ${partitions === undefined ? "all" : `${partitions.start} to ${last}`}`,
    ...(plan.isResumed ? ["  goes on from a cursor"] : []),
    `  nodes: ${plan.nodes.join(", ")}`,
    ...plan.warnings.map((warning) => `  warning: ${warning}`),
  ].join("\n");
}
