import { expect, test } from "vitest";
import { DecisionLog } from "../../../cli/web/decision-log.js";
import type { CampaignInfo } from "../../../src/index.js";

const SLICE = { begin: 0, end: 1, taskId: "1", nodes: ["A"], clusterKey: "K" };

/** A campaign of another process with a slice under way. */
function campaign(recordsPerSecond: number | null, rateReason: string | null): CampaignInfo {
  const checkpoint = {
    phase: "change",
    repeated: [],
    recordsPerSecond: 1_000,
    open: { ...SLICE, recordsPerSecond, rateReason },
  };
  return { id: "c", status: "running", holder: { owner: "other" }, checkpoint } as unknown as CampaignInfo;
}

function see(log: DecisionLog, at: number, campaigns: readonly CampaignInfo[]): void {
  log.see({ jobs: [], campaigns, silentNodes: [] }, at);
}

test("the rate of a campaign that another process runs changes with its reason", () => {
  const log = new DecisionLog();
  see(log, 1, [campaign(500, null)]);
  see(log, 2, [campaign(250, "99 of 100 probing reads took up to 9 ms, more than 5 ms")]);
  see(log, 3, [campaign(250, "99 of 100 probing reads took up to 9 ms, more than 5 ms")]);
  see(log, 4, [campaign(1_000, null)]);
  expect(log.entries).toEqual([
    { at: 2, about: "c", text: "rate 250/s on each node: 99 of 100 probing reads took up to 9 ms, more than 5 ms" },
    { at: 4, about: "c", text: "rate 1,000/s on each node" },
  ]);
});

test("between two slices no rate is told", () => {
  const log = new DecisionLog();
  see(log, 1, [campaign(500, null)]);
  const { checkpoint, ...rest } = campaign(500, null);
  see(log, 2, [{ ...rest, checkpoint: { ...checkpoint, open: null } }]);
  see(log, 3, [campaign(500, null)]);
  expect(log.entries).toEqual([]);
});
