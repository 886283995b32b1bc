import { drawKnobs, type Knobs } from "./knobs.js";

/** Schedules that once failed, the smallest of each kind. They stay, whatever the drawing of schedules becomes. */
export const FOUND: readonly { readonly what: string; readonly knobs: Knobs }[] = [
  {
    what: "a batch of writes whose transaction is committed, and not shown yet, said that nothing had happened",
    knobs: { ...drawKnobs(7), clients: 1, steps: 11, faults: ["delay", "replies", "stall"], work: ["single", "batch"] },
  },
];
