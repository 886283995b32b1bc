import { drawKnobs } from "./knobs.js";
import { describeFailure, shrink } from "./shrink.js";
import { simulate } from "./simulation.js";

/** Every `step`th schedule from the first seed on; or one schedule. */
export type Share =
  | { readonly first: number; readonly schedules: number; readonly step: number }
  | { readonly knobs: Parameters<typeof simulate>[0] };

/** What a process tells of a schedule. */
export interface Report {
  /** What the schedule broke, and the smallest one that still does. */
  readonly failed?: string;
  readonly outcomes: readonly (readonly [code: string, count: number])[];
  readonly endedAt: number;
}

// Whoever started this is gone: nobody hears of the rest.
process.once("disconnect", () => process.exit());

const share: Share = JSON.parse(process.argv[2] ?? "");
const all =
  "knobs" in share
    ? [share.knobs]
    : Array.from({ length: share.schedules }, (_, i) => drawKnobs(share.first + i * share.step));
for (const knobs of all) {
  const { violations, outcomes, endedAt } = await simulate(knobs);
  const report: Report = { outcomes: [...outcomes], endedAt };
  if (violations.length === 0) {
    process.send?.(report);
    continue;
  }
  const smallest = "knobs" in share ? undefined : await shrink({ knobs, violations });
  const failed = `seed ${knobs.seed}: ${describeFailure({ knobs, violations })}`;
  process.send?.({ ...report, failed: smallest ? `${failed}\nsmallest: ${describeFailure(smallest)}` : failed });
}
process.disconnect?.();
