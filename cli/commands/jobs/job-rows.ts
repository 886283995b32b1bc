import type { JobInfo } from "../../../src/index.js";
import { count, duration, rate } from "../../output/numbers.js";
import type { Column } from "../../output/table.js";

/** A task over all of its nodes. */
export interface TaskRow {
  readonly taskId: bigint;
  readonly parts: readonly JobInfo[];
  readonly active: boolean;
}

/** The parts of each task together; those that run come first. */
export function byTask(jobs: readonly JobInfo[]): TaskRow[] {
  const tasks = new Map<bigint, JobInfo[]>();
  for (const job of jobs) tasks.set(job.taskId, [...(tasks.get(job.taskId) ?? []), job]);
  return [...tasks]
    .map(([taskId, parts]) => ({ taskId, parts, active: parts.some(({ active }) => active) }))
    .sort((a, b) => Number(b.active) - Number(a.active));
}

export const JOB_COLUMNS: readonly (Column | string)[] = [
  "task",
  "on",
  "does",
  "state",
  { head: "done", align: "right" },
  { head: "changed", align: "right" },
  { head: "failed", align: "right" },
  { head: "left out", align: "right" },
  { head: "limit", align: "right" },
  { head: "time", align: "right" },
  { head: "left", align: "right" },
  "from",
];

export function jobRow({ taskId, parts, active }: TaskRow): string[] {
  const sum = (pick: (job: JobInfo) => number): number => parts.reduce((total, job) => total + pick(job), 0);
  const percent = meanPercent(parts);
  const runTimeMs = Math.max(...parts.map((job) => job.runTimeMs));
  const [first] = parts;
  const { namespace = "", setName = "", udf } = first ?? {};
  const msLeft = active && percent !== null && percent > 0 ? (runTimeMs * (100 - percent)) / percent : null;
  return [
    String(taskId),
    setName === "" ? namespace : `${namespace}.${setName}`,
    udf ?? "operations",
    active ? "active" : [...new Set(parts.map(({ outcome = "active" }) => outcome))].join(", "),
    percent === null ? "?" : `${percent.toFixed(1)}%`,
    count(sum((job) => job.succeeded)),
    count(sum((job) => job.failed)),
    count(sum((job) => job.filteredByMeta + job.filteredByBins)),
    rate(first?.recordsPerSecond),
    duration(runTimeMs),
    active ? duration(msLeft) : "",
    first?.startedFrom ?? "",
  ];
}

function meanPercent(parts: readonly JobInfo[]): number | null {
  let total = 0;
  for (const { percent } of parts) {
    if (percent === null) return null;
    total += percent;
  }
  return total / parts.length;
}
