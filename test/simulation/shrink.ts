import type { Violation } from "./attempts.js";
import type { Knobs } from "./knobs.js";
import { simulate } from "./simulation.js";

/** A schedule that fails, made as small as it goes. */
export interface Failure {
  readonly knobs: Knobs;
  readonly violations: readonly Violation[];
}

/** Switches off what the failure does not need, one after the other: the smallest that still breaks the same rule. */
export async function shrink(failure: Failure): Promise<Failure> {
  let smallest = failure;
  const tries = async (knobs: Knobs): Promise<boolean> => {
    const { violations } = await simulate(knobs);
    if (violations[0]?.invariant !== failure.violations[0]?.invariant) return false;
    smallest = { knobs, violations };
    return true;
  };
  for (const fault of failure.knobs.faults) {
    const { knobs } = smallest;
    await tries({ ...knobs, faults: knobs.faults.filter((kind) => kind !== fault) });
  }
  for (const work of failure.knobs.work) {
    const { knobs } = smallest;
    await tries({ ...knobs, work: knobs.work.filter((kind) => kind !== work) });
  }
  if (smallest.knobs.clients > 1) await tries({ ...smallest.knobs, clients: 1 });
  while (smallest.knobs.steps > 1 && (await tries({ ...smallest.knobs, steps: smallest.knobs.steps >> 1 })));
  while (smallest.knobs.steps > 1 && (await tries({ ...smallest.knobs, steps: smallest.knobs.steps - 1 })));
  return smallest;
}

export function describeFailure({ knobs, violations }: Failure): string {
  const rules = violations.slice(0, 5).map(({ invariant, text }) => `  ${invariant}: ${text}`);
  return [`knobs ${JSON.stringify(knobs)}`, ...rules].join("\n");
}
