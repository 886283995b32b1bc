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
  expect(log.rateOf("c")).toBe(500);
  see(log, 3, [campaign(500, null)]);
  expect(log.entries).toEqual([]);
});

test("a campaign that is paused shows what is asked for, which is no change of the rate", () => {
  const log = new DecisionLog();
  see(log, 1, [campaign(500, null)]);
  const { checkpoint, ...rest } = campaign(500, null);
  const paused: CampaignInfo = { ...rest, status: "paused", checkpoint: { ...checkpoint, open: null } };
  see(log, 2, [paused]);
  expect(log.rateOf("c")).toBe(1_000);
  see(log, 3, [{ ...paused, checkpoint: { ...paused.checkpoint, recordsPerSecond: 700 } }]);
  expect(log.entries.map(({ text }) => text)).toEqual(["paused", "rate 700/s on each node"]);
});
