import type { QueryDuration } from "../../../protocol/command/query-request.js";
import type { QueryRow } from "../../../protocol/command/query-row.js";
import type { Op } from "../../../protocol/message/op.js";
import type { Key } from "../../data/key.js";
import type { Exp } from "../../exp/exp.js";
import type { Filter } from "../../query/filter.js";
import type { Planner } from "../../query/index-decision.js";
import type { QueryHint } from "../../query/query-hint.js";
import type { QueryCursor } from "./query-cursor.js";
import type { PartitionRange, QueryPlan } from "./query-plan.js";

/** Everything that a builder collects. */
export interface QueryTerms {
  where: Exp<"bool"> | undefined;
  filter: Filter | undefined;
  hint: QueryHint | undefined;
  withoutIndex: boolean;
  planner: Planner;
  allowScans: boolean;
  bins: "all" | "header" | readonly string[];
  /** In place of bins, when there are any. */
  ops: readonly Op[];
  limit: number | undefined;
  recordsPerSecond: number | undefined;
  duration: QueryDuration | undefined;
  partitions: PartitionRange | undefined;
  resume: QueryCursor | undefined;
}

export function newQueryTerms(): QueryTerms {
  return {
    where: undefined,
    filter: undefined,
    hint: undefined,
    withoutIndex: false,
    planner: "client",
    allowScans: true,
    bins: "all",
    ops: [],
    limit: undefined,
    recordsPerSecond: undefined,
    duration: undefined,
    partitions: undefined,
    resume: undefined,
  };
}

/**
 * Makes a record of a row, whose key is known, of a query with these terms. Not while a socket is being read: schemas and
 * codecs are the user's code.
 */
export type RowReader<T, R> = (row: QueryRow, key: Key<T>, terms: Readonly<QueryTerms>) => R;

/** What is read of the records. */
export function plannedBins({ bins, ops }: Readonly<QueryTerms>): QueryPlan["bins"] {
  if (ops.length > 0) return [...new Set(ops.map(({ bin }) => bin))];
  return bins === "header" ? "none" : bins;
}

/** Whether the records have such a bin, as far as can be known. */
export function readsBin(terms: Readonly<QueryTerms>, name: string): boolean {
  const bins = plannedBins(terms);
  return bins === "all" || (bins !== "none" && bins.includes(name));
}
