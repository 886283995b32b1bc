import type { IndexFilter } from "../../protocol/command/index-range.js";
import { ResultCode } from "../../protocol/result-code.js";
import { AbortError, AerospikeError, IndexNotFoundError, SecondaryIndexError } from "../errors/errors.js";
import type { Exp } from "../exp/exp.js";
import type { SessionContext } from "../policy/session-context.js";
import type { Deadline } from "../time/deadline.js";
import { describeIndexFilter } from "./describe-index-filter.js";
import type { Filter } from "./filter.js";
import { chooseIndex } from "./index-choice/choose-index.js";
import { knownIndexes } from "./known-indexes.js";
import type { QueryHint } from "./query-hint.js";
import { planOfServer } from "./server-plan.js";
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
  /** Who chooses the index. Default `"client"`. */
  readonly planner?: Planner | undefined;
  /** Whether going through all records is an error where there is a condition. Default false. */
  readonly requireIndex?: boolean | undefined;
  /** Bins that a job changes which must work on each record once; undefined for what only reads, or deletes. */
  readonly changes?: ChangedBins | undefined;
  /** Whether no filter expression goes with the range, which has to be all of the condition then. */
  readonly isWhole?: boolean | undefined;
}

/** Who chooses the index of a query: this client, from what it knows of the indexes, or the server. */
export type Planner = "client" | "server";

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
  /** Whether nothing may take its place: the caller will have this index, or no query. */
  readonly isRequired?: boolean;
  /** Whether no record can fulfil the condition, so that there is nothing to ask for. */
  readonly isEmpty?: boolean;
  /** The name of the index that was chosen for the caller. */
  readonly indexName?: string;
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
  const decision = await decide(context, request, deadline);
  const { where, filter, hint, requireIndex } = request;
  const isRequired = filter === undefined && where !== undefined && (requireIndex === true || hint?.hard === true);
  if (!isRequired || decision.isEmpty === true) return decision;
  if (decision.listError !== undefined) throw decision.listError;
  refuseOtherIndex(request, decision);
  return { ...decision, isRequired };
}

/** @throws IndexNotFoundError when the way is not the one that the caller insists on */
function refuseOtherIndex({ hint, requireIndex }: IndexRequest, { range, indexName, rejected }: IndexDecision): void {
  const isOther = hint?.hard === true && indexName !== hint.indexName;
  if (!isOther && !(requireIndex === true && range === undefined)) return;
  const wanted = isOther
    ? `The index ${hint.indexName} does not serve this where clause`
    : "No index serves this where clause";
  const reasons = rejected.map(({ name, reason }) => `\n  ${name}: ${reason}`).join("");
  throw new IndexNotFoundError(`${wanted}, and nothing else was allowed${reasons}`, {
    code: "INDEX_NOT_FOUND",
    resultCode: ResultCode.INDEX_NOT_FOUND,
  });
}

async function decide(context: SessionContext, request: IndexRequest, deadline: Deadline): Promise<IndexDecision> {
  const { namespace, setName, where, filter, hint, withoutIndex, changes, isWhole } = request;
  if (filter !== undefined) {
    return { ...ALL_RECORDS, range: filter.index, text: describeIndexFilter(filter.index) };
  }
  if (where === undefined || withoutIndex) return ALL_RECORDS;
  if (request.planner === "server") return askServer(context, request, deadline);
  const indexes = await knownIndexes(context, namespace, deadline).catch(errorOfNodes);
  if (indexes instanceof AerospikeError) return { ...ALL_RECORDS, listError: indexes };
  const { choice, considered } = chooseIndex({ namespace, setName, where, hint, changes, isWhole }, indexes);
  const rejected = considered.map(({ index, reason }) => ({ name: index.indexName, reason }));
  const hinted = hint?.indexName;
  // A wish that can't be granted is told, for a misspelt name would cost a scan that nobody explains.
  if (hinted !== undefined && !indexes.some(({ indexName }) => indexName === hinted)) {
    rejected.unshift({ name: hinted, reason: `there is no index of this name in the namespace ${namespace}` });
  }
  if (choice === undefined) return { ...ALL_RECORDS, rejected };
  return {
    range: choice.range,
    indexName: choice.index.indexName,
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
    if (isReplaceable(index) && error instanceof SecondaryIndexError) return run(undefined);
    throw error;
  }
}

/** Whether all records do as well when the index is gone. */
export function isReplaceable({ isShortCut, isRequired }: IndexDecision): boolean {
  return isShortCut && isRequired !== true;
}

/** The way that a server would take; the rows are then asked for as always, with the condition beside the range. */
async function askServer(context: SessionContext, request: IndexRequest, deadline: Deadline): Promise<IndexDecision> {
  const plan = await planOfServer(context, request, deadline);
  if (plan.type === "nothing")
    return { ...ALL_RECORDS, isEmpty: true, text: "none: no record can fulfil the condition" };
  if (plan.type === "scan") return ALL_RECORDS;
  const { range, indexName, binName } = plan;
  const on = binName === "" ? "" : ` on bin ${binName}`;
  return {
    ...ALL_RECORDS,
    range,
    indexName,
    isShortCut: true,
    text: `${describeIndexFilter(range)}${on}, chosen by the server`,
  };
}

/** Passes on what the nodes said, or failed to say; throws what ends the operation as a whole. */
function errorOfNodes(error: unknown): AerospikeError {
  if (!(error instanceof AerospikeError) || error instanceof AbortError || error.code === "CLIENT_CLOSED") throw error;
  return error;
}
