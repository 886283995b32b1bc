import pc from "picocolors";
import { expect, test } from "vitest";
import { barLines } from "../../../cli/output/bar-line.js";
import { duration } from "../../../cli/output/numbers.js";
import { ProgressMeter } from "../../../cli/output/progress-meter.js";

const plain = pc.createColors(false);

function counters(percent: number | null, done: number) {
  return { percent, succeeded: done, failed: 0, filteredByMeta: 0, filteredByBins: 0, throttled: 0, runTimeMs: 0 };
}

test("rate and time left are those of the last seconds", () => {
  const meter = new ProgressMeter();
  expect(meter.read(counters(0, 0), 0)).toMatchObject({ perSecond: null, msLeft: null });
  expect(meter.read(counters(10, 1_000), 1_000)).toMatchObject({ perSecond: 1_000, msLeft: 9_000 });
  // Slower from here: what was before the window counts no more.
  for (let s = 2; s <= 12; s++) meter.read(counters(10 + s, 1_000 + 100 * s), 1_000 * s);
  expect(meter.read(counters(23, 2_300), 13_000)).toMatchObject({ perSecond: 100, msLeft: 77_000 });
  expect(meter.read(counters(100, 9_000), 14_000).msLeft).toBe(0);
});

test("what the servers have forgotten is unknown, not zero", () => {
  const reading = new ProgressMeter().read({ ...counters(null, 0), succeeded: null }, 0);
  expect(reading).toMatchObject({ percent: null, changed: null, perSecond: null, msLeft: null });
});

test.each([30, 40, 60, 80, 200])("a line of progress fits into %i columns", (width) => {
  const reading = { percent: 42, changed: 1_234_567, failed: 12, filtered: 7, perSecond: 9_876, msLeft: 61_000 };
  const [line = ""] = barLines([{ label: "BB9020011AC4202", state: "active", reading }], width, plain);
  expect(line.length).toBeLessThan(width);
  expect(line).toContain("42%");
  if (width >= 80) expect(line).toContain("9,876/s  1 min 1 s left  12 failed");
});

test("bars stand below each other, however long the words beside them are", () => {
  const reading = { percent: 50, changed: 5, failed: 0, filtered: 0, perSecond: 9, msLeft: 400 };
  const long = { ...reading, percent: 7, changed: 1_234_567, perSecond: 12_345, msLeft: 3_700_000 };
  const lines = barLines(
    [
      { label: "all nodes", state: "active", reading: long },
      { label: "A1", state: "active", reading },
    ],
    80,
    plain,
  );
  expect(lines.map((line) => line.indexOf("%"))).toEqual([lines[0]?.indexOf("%"), lines[0]?.indexOf("%")]);
  expect(lines[1]).toContain("9/s  <1 s left  5 changed");
});

test.each([
  [5, "5 ms"],
  [59_400, "59 s"],
  [60_000, "1 min"],
  [3_700_000, "1 h 2 min"],
  [90_000_000, "1 d 1 h"],
  [null, "?"],
])("%s ms are %s", (ms, text) => {
  expect(duration(ms)).toBe(text);
});
