import type { BackgroundIntent } from "../background/background-run.js";
import type { BackgroundWork } from "../background/background-work.js";
import type { CampaignPhase, SliceRange } from "../background/campaign-api/checkpoint.js";
import { Exp } from "../exp/exp.js";
import { TimeToLive } from "../records/builders/time-to-live.js";
import { type Definition, workOf } from "./definition.js";
import { clearMark, marked, marking, unmarked } from "./mark.js";
import type { Mark } from "./mark-options.js";
import { PARTS, sliceCondition } from "./slice-plan.js";

/** One slice of a campaign, as a background task. */
export interface SliceTask {
  readonly id: string;
  readonly definition: Definition;
  readonly phase: CampaignPhase;
  readonly range: SliceRange;
  readonly recordsPerSecond: number | undefined;
  readonly taskId: bigint | undefined;
  readonly wallClock: number;
}

export const ALL_PARTS: SliceRange = { begin: 0, end: PARTS };

export function intentOf({
  id,
  definition,
  phase,
  range,
  recordsPerSecond,
  taskId,
  wallClock,
}: SliceTask): BackgroundIntent {
  const { namespace, setName, mark } = definition;
  const common = { namespace, setName, recordsPerSecond, taskId };
  if (phase === "unmark" && mark !== undefined) {
    return {
      ...common,
      work: unmarkingWork(mark, id),
      where: all(sliceCondition(range), marked(mark, id)),
      filter: undefined,
      hint: undefined,
      withoutIndex: true,
    };
  }
  const work = workOf(definition, wallClock);
  const { filter, hint, withoutIndex } = definition;
  return {
    ...common,
    work: mark === undefined ? work : marking(work, mark, id),
    where: all(sliceCondition(range), conditionOf(id, definition)),
    filter,
    hint,
    withoutIndex,
  };
}

/** The records that are still to be changed, of all slices; undefined when that is every record. */
export function conditionOf(id: string, { mark, where }: Definition): Exp<"bool"> | undefined {
  return all(mark && unmarked(mark, id), where);
}

function unmarkingWork(mark: Mark, id: string): BackgroundWork {
  return {
    kind: "update",
    action: { type: "operations", ops: clearMark(mark, id) },
    ttl: TimeToLive.UNCHANGED,
    durableDelete: false,
  };
}

/** Cheap conditions first: servers decide what hangs on metadata alone before they read a record. */
export function all(...conditions: readonly (Exp<"bool"> | undefined)[]): Exp<"bool"> | undefined {
  const [first, ...rest] = conditions.filter((condition) => condition !== undefined);
  return first === undefined || rest.length === 0 ? first : Exp.and([first, ...rest]);
}
