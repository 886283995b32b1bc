import type { RejectedIndex } from "../query/index-decision.js";
import type { KnownKind } from "./background-work.js";

/** What a background task will do, worked out without starting it. `String(plan)` is the whole of it as text. */
export interface BackgroundPlan {
  readonly kind: KnownKind;
  readonly namespace: string;
  /** Empty for the whole namespace. */
  readonly setName: string;
  /** Each operation in words, in order; for a UDF its call. */
  readonly operations: readonly string[];
  /** The filter expression in words; undefined when every record is meant. */
  readonly where: string | undefined;
  /** The index range that narrows the scan, in words; undefined for a scan of everything. */
  readonly index: string | undefined;
  /** Every index that was looked at and not taken, with the reason. */
  readonly rejectedIndexes: readonly RejectedIndex[];
  /** Time to live that is sent: seconds, 0 for the default, -1 for never, -2 for unchanged. */
  readonly ttl: number;
  readonly durableDelete: boolean;
  /** Records per second and node; undefined for the server's own cap. */
  readonly recordsPerSecond: number | undefined;
  /** Ids of the nodes that would get it. */
  readonly nodes: readonly string[];
  /** What the servers would refuse, as a whole or record by record, and what may surprise. */
  readonly warnings: readonly string[];
  /** The plan as text, a line for each thing that there is to say. */
  toString(): string;
}

const TTL_WORDS: ReadonlyMap<number, string> = new Map([
  [0, "default of the set or namespace"],
  [-1, "never expires"],
  [-2, "unchanged"],
]);

/** The plan with its text; that is no property of its own, so that a plan compares and prints as plain data. */
export function backgroundPlan(data: Omit<BackgroundPlan, "toString">): BackgroundPlan {
  const plan = { ...data };
  Object.defineProperty(plan, "toString", { value: () => describePlan(data) });
  return plan;
}

function describePlan(plan: Omit<BackgroundPlan, "toString">): string {
  const { setName, namespace, ttl } = plan;
  const target = setName === "" ? `namespace ${namespace}` : `set ${setName} of namespace ${namespace}`;
  const rate = plan.recordsPerSecond === undefined ? "as the servers allow" : `${plan.recordsPerSecond} a second`;
  return [
    `background ${plan.kind} of ${target}`,
    ...plan.operations.map((operation) => `  ${operation}`),
    `  where: ${plan.where ?? "every record"}`,
    `  index: ${plan.index ?? "none, goes through all records"}`,
    ...plan.rejectedIndexes.map(({ name, reason }) => `    not ${name}: ${reason}`),
    ...(plan.kind === "delete"
      ? [`  durable delete: ${plan.durableDelete ? "yes" : "no"}`]
      : [`  time to live: ${TTL_WORDS.get(ttl) ?? `${ttl} seconds`}`]),
    `  records on each node: ${rate}`,
    `  nodes: ${plan.nodes.join(", ")}`,
    ...plan.warnings.map((warning) => `  warning: ${warning}`),
  ].join("\n");
}
