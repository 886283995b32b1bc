// What `explain()` of a background task needs beside the task itself: loaded by those who ask.
export { printNode } from "../exp/print.js";
export { filterDoubts } from "../query/filter-doubts.js";
export { sampleBins } from "../query/sample-bins.js";
export { backgroundPlan } from "./background-plan.js";
export { describeWork } from "./background-work.js";
export { preflight } from "./preflight.js";
