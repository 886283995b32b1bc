import { expect, it } from "vitest";
import { runs } from "../support/runs.js";
import { FOUND } from "./found.js";
import { drawKnobs } from "./knobs.js";
import { runSchedules, sharesOf } from "./run-schedules.js";
import type { Report, Share } from "./share.js";

// Many more: npm run test:simulation -- --schedules 2000 --seed 1.
const SCHEDULES = 10;

async function run(...shares: readonly Share[]): Promise<Report[]> {
  const reports: Report[] = [];
  await runSchedules(shares, (report) => reports.push(report));
  return reports;
}

function failuresOf(reports: readonly Report[]): string[] {
  return reports.map(({ failed }) => failed).filter((failed) => failed !== undefined);
}

it("clients keep their promises in every schedule", async () => {
  const reports = await run(...sharesOf(1, runs(SCHEDULES), 2));
  expect(failuresOf(reports)).toEqual([]);
  expect(reports.length).toBe(runs(SCHEDULES));
  // Trouble was met, or the run would prove little.
  const codes = new Set(reports.flatMap(({ outcomes }) => outcomes.map(([code]) => code)));
  for (const code of ["ok", "TIMEOUT", "CONNECTION", "ABORTED", "RECORD_EXISTS"]) expect([...codes]).toContain(code);
});

it("what once went wrong stays right", async () => {
  expect(failuresOf(await run(...FOUND.map(({ knobs }) => ({ knobs }))))).toEqual([]);
});

it("the same seed is the same run", async () => {
  const share = { knobs: drawKnobs(4) };
  const [one, other] = await run(share, share);
  expect(one).toEqual(other);
});
