import type { UdfCall } from "../../../protocol/command/udf-call.js";
import type { RawValue } from "../../../protocol/value/raw-value.js";
import { requireVersion, requireVersionOfExp } from "../../cluster/require-version.js";
import type { DataSet } from "../../data/data-set.js";
import { AerospikeError } from "../../errors/errors.js";
import type { SessionContext } from "../../policy/session-context.js";
import { ClientReduce } from "../../query/aggregation/client-reduce.js";
import { aggregateOnNodes } from "../../query/aggregation/node-aggregation.js";
import { decideIndex, type IndexDecision } from "../../query/index-decision.js";
import { streamRows } from "../../query/stream-rows.js";
import type { Deadline } from "../../time/deadline.js";
import { AggregateRows } from "./aggregate-rows.js";
import type { QueryTerms } from "./query-terms.js";

/** The function that aggregates, and what its part in the client may take. */
interface Aggregation {
  readonly call: UdfCall;
  readonly sources: Readonly<Record<string, string | Uint8Array>>;
  readonly memoryBytes: number;
  readonly instructions: number;
}

/** Starts an aggregation, on every node at once. */
export async function runAggregation<R>(
  context: SessionContext,
  { namespace, setName }: DataSet<unknown>,
  terms: Readonly<QueryTerms>,
  aggregation: Aggregation,
  signal: AbortSignal | undefined,
): Promise<AggregateRows<R>> {
  const { cluster } = context;
  const { totalTimeoutMs, decode } = context.policy("read", "query", namespace);
  const deadline = cluster.deadline(totalTimeoutMs, signal);
  deadline.throwIfAborted("aggregate");
  cluster.checkNamespace(namespace);
  cluster.requireWhole();
  const [{ range: index }, reduce] = await Promise.all([
    decide(context, namespace, setName, terms, deadline),
    ClientReduce.start(cluster, { namespace, setName, ...aggregation }, deadline),
  ]);
  const { call } = aggregation;
  const selection = { namespace, setName, call, index, recordsPerSecond: terms.recordsPerSecond };
  const queue = streamRows<RawValue>((feed, scope) => aggregateOnNodes(context, selection, feed, scope), deadline);
  return new AggregateRows<R>({ queue, reduce, decode: decode ?? {} });
}

/** @throws AerospikeError when a range of an index is not all of the condition */
async function decide(
  context: SessionContext,
  namespace: string,
  setName: string,
  { where, filter, hint }: Readonly<QueryTerms>,
  deadline: Deadline,
): Promise<IndexDecision> {
  const { minVersion } = context.cluster;
  if (where !== undefined) requireVersionOfExp(context.cluster.nodes, where, "this where clause");
  if (filter !== undefined) requireVersion(minVersion, filter.minVersion, "this filter");
  const request = { namespace, setName, where, filter, hint, withoutIndex: false, isWhole: true };
  const decision = await decideIndex(context, request, deadline);
  if (where === undefined || decision.range !== undefined) return decision;
  const { listError, rejected } = decision;
  const why =
    listError === undefined
      ? rejected.map(({ name, reason }) => `${name}: ${reason}`).join("; ") || "there is no index of this set"
      : `which indexes there are is not known: ${listError.message}`;
  throw new AerospikeError(
    `aggregate: servers apply no filter expression to an aggregation, and no index has all of the where clause and nothing else (${why}). Create one, or filter in the Lua function: stream : filter(…)`,
    { code: "UNSUPPORTED_FEATURE", cause: listError },
  );
}
