// What `explain()` of a query needs beside the query itself: loaded by those who ask.
import type { DataSet } from "../../data/data-set.js";
import type { Exp } from "../../exp/exp.js";
import type { SessionContext } from "../../policy/session-context.js";
import { filterDoubts } from "../../query/filter-doubts.js";
import { sampleBins } from "../../query/sample-bins.js";
import type { Deadline } from "../../time/deadline.js";

export { printNode } from "../../exp/print.js";
export { queryPlan } from "./query-plan.js";

/** Why a condition may be true for no record: from what some records hold. */
export async function doubtsAbout(
  where: Exp<"bool">,
  context: SessionContext,
  dataSet: DataSet<unknown>,
  deadline: Deadline,
): Promise<readonly string[]> {
  return filterDoubts(where, await sampleBins(context, dataSet, deadline));
}
