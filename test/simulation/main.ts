import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { runSchedules, sharesOf } from "./run-schedules.js";
import type { Report } from "./share.js";

// npm run test:simulation -- --schedules N --seed S [--processes P]: so many schedules, from this seed on.
// npm run test:simulation -- --knobs JSON: one, as a failure names it.

const { values } = parseArgs({
  options: {
    schedules: { type: "string", default: "100" },
    seed: { type: "string", default: "1" },
    processes: { type: "string", default: String(availableParallelism()) },
    knobs: { type: "string" },
  },
});
const startedAt = performance.now();
const outcomes = new Map<string, number>();
let schedules = 0;
let failures = 0;
const onReport = (report: Report): void => {
  schedules++;
  for (const [code, count] of report.outcomes) outcomes.set(code, (outcomes.get(code) ?? 0) + count);
  if (report.failed === undefined) return;
  failures++;
  console.log(report.failed);
};
const shares =
  values.knobs === undefined
    ? sharesOf(Number(values.seed), Number(values.schedules), Number(values.processes))
    : [{ knobs: JSON.parse(values.knobs) }];
await runSchedules(shares, onReport);
const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
console.log(Object.fromEntries([...outcomes].sort(([, a], [, b]) => b - a)));
console.log(`${schedules} schedules from seed ${values.seed} in ${seconds} s: ${failures} failed`);
if (failures > 0) process.exitCode = 1;
