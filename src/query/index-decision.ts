import type { IndexFilter } from "../../protocol/command/index-range.js";
import { AbortError, AerospikeError, SecondaryIndexError } from "../errors/errors.js";
import type { Exp } from "../exp/exp.js";
import type { SessionContext } from "../policy/session-context.js";
import type { Deadline } from "../time/deadline.js";
import { describeIndexFilter } from "./describe-index-filter.js";
import type { Filter } from "./filter.js";
import { chooseIndex } from "./index-choice/choose-index.js";
import { knownIndexes } from "./known-indexes.js";
import type { QueryHint } from "./query-hint.js";
import type { ChangedBins } from "./visits.js";

/** What a query or task says about indexes. */
export interface IndexRequest {
  readonly namespace: string;
  /** Empty for the whole namespace. */
  readonly setName: string;
  readonly where: Exp<"bool"> | undefined;
  readonly filter: Filter | undefined;
  readonly hint: QueryHint | undefined;
  readonly withoutIndex: boolean;
  /** Bins that a job changes which must work on each record once; undefined for what only reads, or deletes. */
  readonly changes?: ChangedBins | undefined;
  /** Whether no filter expression goes with the range, which has to be all of the condition then. */
  readonly isWhole?: boolean | undefined;
}

/** An index that was looked at and not taken. */
export interface RejectedIndex {
  readonly name: string;
  readonly reason: string;
}

/** The index range to go through, and why not another. */
export interface IndexDecision {
  /** Undefined: go through all records. */
  readonly range: IndexFilter | undefined;
  /** Whether it was found for the caller: then it is a short cut, and all records would give the same result. */
  readonly isShortCut: boolean;
  /** The range in words. */
  readonly text: string | undefined;
  readonly rejected: readonly RejectedIndex[];
  /** Why it is not known which indexes there are; undefined when it is, or does not matter. */
  readonly listError: AerospikeError | undefined;
}

const ALL_RECORDS: IndexDecision = {
  range: undefined,
  isShortCut: false,
  text: undefined,
  rejected: [],
  listError: undefined,
};

/** A range that was found for the caller before: a query that goes on stays with it. */
export function sameIndex(range: IndexFilter): IndexDecision {
  return { ...ALL_RECORDS, range, isShortCut: true, text: describeIndexFilter(range) };
}

/**
 * The range that the caller named; else the one that narrows the condition most, if there is one. Nothing depends on a
 * short cut: where the nodes don't say which indexes they have, all records do as well.
 */
export async function decideIndex(
  context: SessionContext,
  request: IndexRequest,
  deadline: Deadline,
): Promise<IndexDecision> {
  const { namespace, setName, where, filter, hint, withoutIndex, changes, isWhole } = request;
  if (filter !== undefined) {
    return { ...ALL_RECORDS, range: filter.index, text: describeIndexFilter(filter.index) };
  }
  if (where === undefined || withoutIndex) return ALL_RECORDS;
  const indexes = await knownIndexes(context, namespace, deadline).catch(errorOfNodes);
  if (indexes instanceof AerospikeError) return { ...ALL_RECORDS, listError: indexes };
  const { choice, considered } = chooseIndex({ namespace, setName, where, hint, changes, isWhole }, indexes);
  const rejected = considered.map(({ index, reason }) => ({ name: index.indexName, reason }));
  if (choice === undefined) return { ...ALL_RECORDS, rejected };
  return {
    range: choice.range,
    isShortCut: true,
    text: `${describeIndexFilter(choice.range)} (index ${choice.index.indexName})`,
    rejected,
    listError: undefined,
  };
}

/** An index that was chosen for the caller may be dropped meanwhile; all records do as well. */
export async function withoutShortCut<T>(
  index: IndexDecision,
  run: (range: IndexFilter | undefined) => Promise<T>,
): Promise<T> {
  try {
    return await run(index.range);
  } catch (error) {
    if (index.isShortCut && error instanceof SecondaryIndexError) return run(undefined);
    throw error;
  }
}

/** Passes on what the nodes said, or failed to say; throws what ends the operation as a whole. */
function errorOfNodes(error: unknown): AerospikeError {
  if (!(error instanceof AerospikeError) || error instanceof AbortError || error.code === "CLIENT_CLOSED") throw error;
  return error;
}
