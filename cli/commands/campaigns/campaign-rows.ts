import type { CampaignInfo } from "../../../src/index.js";
import { count, duration, rate } from "../../output/numbers.js";
import type { Column } from "../../output/table.js";

export const CAMPAIGN_COLUMNS: readonly (Column | string)[] = [
  "campaign",
  "on",
  "does",
  "state",
  { head: "done", align: "right" },
  { head: "changed", align: "right" },
  { head: "failed", align: "right" },
  { head: "limit", align: "right" },
  { head: "left", align: "right" },
  "run by",
];

export function campaignRow({ id, status, holder, percent, msLeft, checkpoint }: CampaignInfo): string[] {
  const { text, counters, recordsPerSecond, phase } = checkpoint;
  return [
    id,
    text.setName === "" ? text.namespace : `${text.namespace}.${text.setName}`,
    text.kind,
    status === "running" && holder === undefined
      ? "interrupted"
      : phase === "unmark"
        ? `${status}, removes marks`
        : status,
    `${percent.toFixed(1)}%`,
    count(counters.succeeded),
    count(counters.failed),
    recordsPerSecond === null ? "" : rate(recordsPerSecond),
    status === "done" || status === "aborted" ? "" : duration(msLeft),
    holder?.owner ?? "",
  ];
}
