import { checkInteger } from "../../protocol/check/check-numbers.js";
import { describe } from "../../protocol/value/invalid-value.js";
import { isPlainObject } from "../../protocol/value/pack.js";
import type { VerifyOptions, VerifyReport } from "../background/campaign-api/campaign.js";
import type { CampaignCheckpoint } from "../background/campaign-api/checkpoint.js";
import { Exp } from "../exp/exp.js";
import { CALL_OPTIONS, checkCallOptions } from "../policy/call-options.js";
import type { SessionContext } from "../policy/session-context.js";
import { countRecords } from "../query/count-records.js";
import type { Deadline } from "../time/deadline.js";
import { goneBySelf, viewCluster } from "./cluster-view.js";
import { type Definition, workOf } from "./definition.js";
import { conditionOf } from "./intent.js";
import { Scratch } from "./scratch.js";
import { dataSetOf, hexOf, someRecords } from "./some-records.js";

const MOST_SAMPLE = 1_000;

/** Counts what is left, and compares what was counted on the way with the count before. */
export async function verifyCampaign(
  context: SessionContext,
  checkpoint: CampaignCheckpoint,
  definition: Definition,
  options: VerifyOptions,
): Promise<VerifyReport> {
  checkCallOptions<VerifyOptions>("verify", options, { ...CALL_OPTIONS, mustBeNone: true, sample: true });
  const { mustBeNone, sample = 0 } = options;
  checkInteger("sample of verify", sample, 0, MOST_SAMPLE);
  if (mustBeNone !== undefined && !(mustBeNone instanceof Exp)) {
    throw new TypeError(`verify: mustBeNone: expected an Exp, got ${describe(mustBeNone)}`);
  }
  const deadline = context.cluster.deadline(options.totalTimeout ?? 0, options.signal);
  const left = mustBeNone === undefined ? leftOf(checkpoint, definition) : { condition: mustBeNone };
  const remaining = left === undefined ? null : await count(context, definition, left.condition, deadline);
  const { succeeded, failed } = checkpoint.counters;
  const before = checkpoint.baseline.records;
  const missing = before === null ? null : before - succeeded - failed;
  const failures =
    remaining === null || remaining === 0 || left === undefined
      ? []
      : await tryAgain(context, definition, left.condition, sample, deadline);
  const data = {
    isComplete: checkpoint.status === "done" && isNothingLeft(checkpoint, remaining, missing),
    remaining,
    before,
    succeeded,
    failed,
    missing,
    findings: [
      ...stateFindings(checkpoint),
      ...remainingFindings(checkpoint, remaining),
      ...(missing === null ? ["How many records there were before was not counted"] : []),
      ...(await missingFindings(context, checkpoint, definition, missing, deadline)),
      ...(failed > 0 ? [`${recordsOf(failed)} failed`, ...checkpoint.failureCauses] : []),
    ],
    failures,
  };
  return Object.defineProperty(data, "toString", { value: () => describeReport(checkpoint.id, data) });
}

interface Left {
  /** Undefined for every record. */
  readonly condition: Exp<"bool"> | undefined;
}

/** The records that must be none once all is done, where that is known. */
function leftOf({ id }: CampaignCheckpoint, definition: Definition): Left | undefined {
  const { kind, mark } = definition;
  const isKnown = kind === "delete" || (mark !== undefined && !mark.removeMarks);
  return isKnown ? { condition: conditionOf(id, definition) } : undefined;
}

function count(
  context: SessionContext,
  { namespace, setName }: Definition,
  where: Exp<"bool"> | undefined,
  deadline: Deadline,
): Promise<number> {
  return countRecords(context, { namespace, setName, filter: where?.packed, index: undefined }, deadline);
}

/** An estimate, or counters that are a lower bound, prove nothing. */
function isNothingLeft(
  { baseline, counters }: CampaignCheckpoint,
  remaining: number | null,
  missing: number | null,
): boolean {
  if (remaining !== null) return remaining === 0;
  return baseline.isExact && !counters.isLowerBound && counters.failed === 0 && missing !== null && missing <= 0;
}

function stateFindings({ status, phase, position, parts, repeated }: CampaignCheckpoint): string[] {
  return [
    ...(status === "done"
      ? []
      : [`The campaign is ${status}: ${position} of ${parts} parts of phase "${phase}" are done`]),
    ...(repeated.length > 0
      ? [
          `${repeated.length} slices were given to the servers again: ${repeated.map(({ reason }) => reason).join("; ")}`,
        ]
      : []),
  ];
}

function remainingFindings({ startedAt }: CampaignCheckpoint, remaining: number | null): string[] {
  if (remaining === null)
    return ["Whether a record was changed does not show in the filter: say what there must be none of by mustBeNone"];
  if (remaining === 0) return [];
  return [
    `${recordsOf(remaining)} left that there must be none of: the change failed, or they came or were changed after ${new Date(startedAt).toISOString()}`,
  ];
}

async function missingFindings(
  context: SessionContext,
  { baseline, counters }: CampaignCheckpoint,
  { namespace, mark }: Definition,
  missing: number | null,
  deadline: Deadline,
): Promise<string[]> {
  if (missing === null || missing === 0) return [];
  if (missing < 0) {
    const causes = [
      ...(baseline.isExact ? [] : ["the count before was estimated"]),
      "they came",
      ...(mark === undefined ? ["were changed twice"] : []),
    ];
    return [`${recordsOf(-missing)} more were changed than there were before: ${causes.join(", or ")}`];
  }
  const certainty = baseline.isExact ? "" : " (the count before was estimated)";
  const now = goneBySelf(await viewCluster(context, namespace, deadline));
  const expired = Math.max(0, now.expired - baseline.expired);
  const evicted = Math.max(0, now.evicted - baseline.evicted);
  return [
    `${recordsOf(missing)} of before neither changed nor failed${certainty}`,
    ...(counters.isLowerBound ? ["The counters of a slice were lost: there were more changed than counted"] : []),
    ...(expired > 0 ? [`${expired} records of namespace ${namespace}, copies included, expired meanwhile`] : []),
    ...(evicted > 0 ? [`${evicted} records of namespace ${namespace}, copies included, were evicted meanwhile`] : []),
    ...(expired === 0 && evicted === 0 && !counters.isLowerBound
      ? [
          "None expired or was evicted meanwhile: they were deleted, or changed by others so that the filter dropped them",
        ]
      : []),
  ];
}

/** Why the change of what is left fails, tried out on copies. */
async function tryAgain(
  context: SessionContext,
  definition: Definition,
  where: Exp<"bool"> | undefined,
  sample: number,
  deadline: Deadline,
): Promise<{ digest: string; reason: string }[]> {
  const { namespace, setName } = definition;
  const { signal } = deadline;
  const records = await someRecords(context, dataSetOf(namespace, setName), where, sample, signal ? { signal } : {});
  const work = workOf(definition, context.cluster.runtime.wallClock());
  const scratch = await Scratch.open(context, namespace, work, deadline);
  const failures: { digest: string; reason: string }[] = [];
  for (const { key, bins } of records) {
    const trial = await scratch.try(key);
    if (trial === "gone") continue;
    const reason =
      whyUnmarkable(definition, bins) ??
      trial.error?.message ??
      "its change goes well on a copy: it came later, or was too busy at that moment";
    failures.push({ digest: hexOf(key.digest), reason });
  }
  return failures;
}

/** What keeps a record from being marked; undefined when nothing does. */
function whyUnmarkable({ mark }: Definition, bins: unknown): string | undefined {
  if (mark === undefined || typeof bins !== "object" || bins === null || !Object.hasOwn(bins, mark.bin))
    return undefined;
  const value = (bins as Readonly<Record<string, unknown>>)[mark.bin];
  const isMap = typeof value === "object" && value !== null && (value instanceof Map || isPlainObject(value));
  const isInteger = typeof value === "bigint" || Number.isSafeInteger(value);
  if (mark.as === "map" ? isMap : isInteger) return undefined;
  return `its bin "${mark.bin}" holds something else than marks`;
}

function describeReport(id: string, report: Omit<VerifyReport, "toString">): string {
  const { isComplete, before, succeeded, failed, missing, remaining, findings, failures } = report;
  const numbers = { before, succeeded, failed, missing, remaining };
  return [
    `campaign ${id}: ${isComplete ? "complete" : "not complete, as far as can be told"}`,
    ...Object.entries(numbers).map(([name, number]) => `  ${name}: ${number ?? "not known"}`),
    ...findings.map((finding) => `  ${finding}`),
    ...failures.map(({ digest, reason }) => `  ${digest}: ${reason}`),
  ].join("\n");
}

function recordsOf(number: number): string {
  return `${number} ${number === 1 ? "record" : "records"}`;
}
