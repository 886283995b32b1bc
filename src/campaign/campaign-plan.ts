import { didYouMean } from "../../protocol/check/nearest.js";
import { OpCode } from "../../protocol/message/op.js";
import type { BackgroundPlan } from "../background/background-plan.js";
import { BackgroundRun } from "../background/background-run.js";
import type { CampaignPlan } from "../background/campaign-api/campaign.js";
import { Exp } from "../exp/exp.js";
import { printNode } from "../exp/print.js";
import type { SessionContext } from "../policy/session-context.js";
import { type BinSample, sampleBins } from "../query/sample-bins.js";
import type { Deadline } from "../time/deadline.js";
import { viewCluster } from "./cluster-view.js";
import { workOf } from "./definition.js";
import { ALL_PARTS, all, conditionOf, intentOf } from "./intent.js";
import { rateCap } from "./rate-control.js";
import { estimateRecords, sizeOfSet } from "./set-size.js";
import type { SliceOwner } from "./slice-run.js";

/** Commands a second of clients from which a cluster is at work for others. */
const LIVE_COMMANDS = 20;
const LIVE_WATCH_MS = 500;

/** What a campaign would do, to how many records, for how long, and what to watch out for. */
export async function explainCampaign(
  owner: SliceOwner,
  recordsPerSecond: number | undefined,
  deadline: Deadline,
): Promise<CampaignPlan> {
  const { context, id, definition } = owner;
  const { namespace, setName, where } = definition;
  const wallClock = context.cluster.runtime.wallClock();
  const intent = intentOf({
    id,
    definition,
    phase: "change",
    range: ALL_PARTS,
    recordsPerSecond,
    taskId: undefined,
    wallClock,
  });
  const sample = await sampleBins(context, definition, deadline);
  const plan = await new BackgroundRun(context, intent).explain(deadline.signal, sample);
  const size = await sizeOfSet(context, namespace, setName, deadline);
  const subject = { namespace, setName, where };
  const [estimate, cap, live, eternal] = await Promise.all([
    estimateRecords(context, { namespace, setName, where: conditionOf(id, definition) }, size, undefined, deadline),
    rateCap(context, definition, deadline),
    recordsPerSecond === undefined ? liveCommands(context, namespace, deadline) : 0,
    givesLife(workOf(definition, wallClock).ttl, definition.kind)
      ? estimateRecords(
          context,
          { ...subject, where: all(Exp.eq(Exp.ttl(), Exp.intVal(-1)), where) },
          size,
          undefined,
          deadline,
        )
      : undefined,
  ]);
  const perSecond = (recordsPerSecond ?? cap) * plan.nodes.length;
  const warnings = [
    ...plan.warnings,
    ...(where !== undefined && estimate.isExact && estimate.records > 0 && estimate.records >= size.records
      ? [`The where is true for every record of ${size.records}`]
      : []),
    ...(plan.index === undefined && where !== undefined && estimate.records < size.records / 10
      ? ["No index narrows it: each slice goes through the whole index of all records"]
      : []),
    ...(eternal !== undefined && eternal.records > 0
      ? [`${about(eternal)} records that never expire would get a time to live`]
      : []),
    ...(live > LIVE_COMMANDS
      ? [`No rate limit, and clients send the namespace about ${Math.round(live)} commands a second`]
      : []),
    ...binWarnings(owner, sample),
  ];
  const bytes =
    size.records === 0 || size.bytes === 0 ? undefined : Math.round((size.bytes * estimate.records) / size.records);
  return campaignPlan(plan, {
    where: where && printNode(where.node),
    records: estimate.records,
    isExact: estimate.isExact,
    bytes,
    ms: Math.round((1000 * estimate.records) / perSecond),
    warnings,
  });
}

function about({ records, isExact }: { readonly records: number; readonly isExact: boolean }): string {
  return isExact ? String(records) : `about ${records}`;
}

type Additions = Pick<CampaignPlan, "where" | "records" | "isExact" | "bytes" | "ms" | "warnings">;

function campaignPlan(plan: BackgroundPlan, additions: Additions): CampaignPlan {
  const whole = { ...plan, ...additions };
  const lines = String(plan)
    .split("\n")
    .filter((line) => !line.startsWith("  warning: "))
    .map((line) => (line.startsWith("  where: ") ? `  where: ${additions.where ?? "every record"}` : line));
  const text = [
    ...lines,
    `  records: ${about(additions)}${additions.bytes === undefined ? "" : `, ${additions.bytes} bytes`}`,
    `  time: ${Math.ceil(additions.ms / 1000)} s at this rate`,
    ...additions.warnings.map((warning) => `  warning: ${warning}`),
  ].join("\n");
  Object.defineProperty(whole, "toString", { value: () => text });
  return whole;
}

/** Whether a time to live makes records expire, by itself or by the default of the namespace. */
function givesLife(ttl: number, kind: string): boolean {
  return kind !== "delete" && ttl > 0;
}

/** Commands of clients a second. */
async function liveCommands(context: SessionContext, namespace: string, deadline: Deadline): Promise<number> {
  const before = await viewCluster(context, namespace, deadline);
  await deadline.sleep(LIVE_WATCH_MS);
  const after = await viewCluster(context, namespace, deadline);
  const sum = ({ views }: typeof before): number =>
    views.reduce((total, { clientCommands }) => total + clientCommands, 0);
  return Math.max(0, (1000 * (sum(after) - sum(before))) / LIVE_WATCH_MS);
}

/** Bins of operations that are misspelt; what their types are, and what the filter says of bins, the plan has. */
function binWarnings({ definition }: SliceOwner, sample: BinSample): string[] {
  if (sample.records === 0) return [];
  const missing = changedBins(definition.action).filter((name) => !sample.bins.has(name));
  const warnings = missing.map((name) => {
    const hint = didYouMean(name, [...sample.bins.keys()]);
    return `None of ${sample.records} records looked at has the bin "${name}" of an operation${hint === undefined ? "" : `. ${hint}`}`;
  });
  return [...new Set(warnings)];
}

/** What only writes may make a new bin. */
function changedBins(action: SliceOwner["definition"]["action"]): string[] {
  if (action.type === "udf") return [];
  const needs: readonly number[] = [OpCode.INCR, OpCode.APPEND, OpCode.PREPEND, OpCode.CDT_MODIFY, OpCode.BITS_MODIFY];
  return action.ops.filter(({ code }) => needs.includes(code)).map(({ bin }) => bin);
}
