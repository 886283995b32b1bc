import { drawKnobs, type Knobs } from "./knobs.js";

/** Schedules that once failed, the smallest of each kind. They stay, whatever the drawing of schedules becomes. */
export const FOUND: readonly { readonly what: string; readonly knobs: Knobs }[] = [
  {
    what: "a batch of writes whose transaction is committed, and not shown yet, said that nothing had happened",
    knobs: { ...drawKnobs(7), clients: 1, steps: 11, faults: ["delay", "replies", "stall"], work: ["single", "batch"] },
  },
  {
    what: "a task that began while the client did not know that a node was back was done without a word, with fewer records",
    knobs: {
      ...drawKnobs(292),
      clients: 1,
      steps: 9,
      faults: ["delay", "split", "cut", "freeze", "stall"],
      work: ["task"],
    },
  },
  {
    what: "the same with several nodes",
    knobs: {
      ...drawKnobs(400),
      clients: 1,
      steps: 14,
      faults: ["delay", "split", "merge", "replies", "freeze", "stall"],
      work: ["task"],
    },
  },
  {
    what: "a count waited for ever for a node that was through, and whose reply was lost on the way",
    knobs: {
      ...drawKnobs(718),
      steps: 14,
      faults: ["delay", "split", "merge", "cut", "replies"],
      work: ["batch", "query", "task", "campaign"],
    },
  },
  {
    what: "a lease outlasted its holder by as much as the clock was set back; in the end the clock is right again",
    knobs: { ...drawKnobs(471), steps: 34, faults: ["delay", "merge", "crash", "clock"] },
  },
  {
    what: "a command that waited in an emulated node for another waited on when its own node was killed",
    knobs: {
      ...drawKnobs(20_020_015),
      steps: 23,
      faults: ["split", "merge", "cut", "replies", "crash", "freeze"],
      work: ["batch", "query"],
    },
  },
  {
    what: "a query was given enough time to begin something when a short stall outlasted its limit, which the checks did not know",
    knobs: { ...drawKnobs(1_772), faults: ["delay", "replies", "stall"], work: ["single", "query", "task"] },
  },
  {
    what: "tasks that ended in a short trouble asked again at once, and the only node was given up within 300 ms",
    knobs: {
      ...drawKnobs(6_001_341),
      steps: 33,
      faults: ["delay", "replies", "abort"],
      work: ["single", "batch", "task"],
    },
  },
  {
    what: "a limit that was over by one calculation, and not by another, was waited for without end on a clock that stood",
    knobs: drawKnobs(6_000_364),
  },
  {
    what: "a batch began the pause of a row that had failed at the end of the message, and went on when its time was over",
    knobs: { ...drawKnobs(6_002_446), faults: ["delay", "split", "merge", "replies", "crash"] },
  },
  {
    what: "a query left out a record that was written in strong consistency while the emulated node was on its way to it",
    knobs: {
      ...drawKnobs(6_020_808),
      steps: 12,
      faults: ["delay", "merge", "replies", "freeze"],
    },
  },
  {
    what: "a node that moved while it still seemed well was never looked for at its new address",
    knobs: {
      ...drawKnobs(6_030_882),
      faults: ["delay", "cut", "crash", "stall", "abort"],
      work: ["query", "campaign"],
    },
  },
  {
    what: "the same, for a caller that had only that node to ask",
    knobs: { ...drawKnobs(6_022_905), faults: ["delay", "split", "merge", "cut", "replies", "crash", "freeze"] },
  },
];
