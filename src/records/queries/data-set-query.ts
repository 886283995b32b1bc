import { QueryCommand } from "../../../protocol/command/query.js";
import type { QueryRow } from "../../../protocol/command/query-row.js";
import { partitionId } from "../../../protocol/key/partition-id.js";
import { mayFail } from "../../../protocol/message/op.js";
import type { ClusterNode } from "../../cluster/node.js";
import {
  requireOfNodes,
  requireVersion,
  requireVersionOfExp,
  requireVersionOfOps,
} from "../../cluster/require-version.js";
import type { DataSet } from "../../data/data-set.js";
import { isPromise } from "../../data/is-promise.js";
import { Key } from "../../data/key.js";
import { SecondaryIndexError } from "../../errors/errors.js";
import { SchemaError } from "../../errors/schema-error.js";
import type { SessionContext } from "../../policy/session-context.js";
import { countRecords } from "../../query/count-records.js";
import { FailedRecords } from "../../query/failed-records.js";
import {
  decideIndex,
  type IndexDecision,
  isReplaceable,
  sameIndex,
  withoutShortCut,
} from "../../query/index-decision.js";
import { type QuerySelection, runPartitionQuery } from "../../query/partition-query.js";
import { type PartitionState, PartitionTracker } from "../../query/partition-tracker.js";
import { type RowFeed, streamRows } from "../../query/stream-rows.js";
import { mayRepeat } from "../../query/visits.js";
import type { Deadline } from "../../time/deadline.js";
import { encodeCursor, isSameMark, markOf, type QueryPath } from "./query-cursor.js";
import type { QueryOptions } from "./query-options.js";
import type { QueryPlan } from "./query-plan.js";
import { QueryProgress } from "./query-progress.js";
import { QueryRows } from "./query-rows.js";
import { plannedBins, type QueryTerms, type RowReader } from "./query-terms.js";

/** How a query goes to its records, and how far its consumer has come. */
interface Journey {
  readonly index: IndexDecision;
  readonly tracker: PartitionTracker<ClusterNode>;
  readonly progress: QueryProgress;
}

/** The journey that a query is on: it may set out on another. */
interface Travel {
  now: Journey;
}

/** One query from what a builder collected: its plan, its count, its rows. */
export class DataSetQuery<T, R> {
  readonly #context: SessionContext;
  readonly #dataSet: DataSet<T>;
  readonly #terms: Readonly<QueryTerms>;
  readonly #toRecord: RowReader<T, R>;

  /** @param terms the query's own: they don't change any more */
  constructor(context: SessionContext, dataSet: DataSet<T>, terms: Readonly<QueryTerms>, toRecord: RowReader<T, R>) {
    this.#context = context;
    this.#dataSet = dataSet;
    this.#terms = terms;
    this.#toRecord = toRecord;
  }

  async explain(signal: AbortSignal | undefined): Promise<QueryPlan> {
    const { where, ops, limit, recordsPerSecond, duration = "long", partitions, resume, planner } = this.#terms;
    const { namespace, setName } = this.#dataSet;
    const deadline = this.#begin(signal);
    const { text, rejected, listError } = await this.#decide(deadline);
    const { doubtsAbout, printNode, queryPlan } = await import("./query-explanation.js");
    const doubts = where === undefined ? [] : await doubtsAbout(where, this.#context, this.#dataSet, deadline);
    return queryPlan({
      namespace,
      setName,
      where: where && printNode(where.node),
      planner,
      index: text,
      rejectedIndexes: rejected,
      bins: plannedBins(this.#terms),
      operations: ops.length,
      limit,
      recordsPerSecond,
      queryDuration: duration,
      partitions,
      isResumed: resume !== undefined,
      nodes: this.#context.cluster.nodes.map((node) => node.id),
      warnings: [
        ...(listError === undefined
          ? []
          : [`Which indexes there are is not known, so all records are gone through: ${listError.message}`]),
        ...doubts,
      ],
    });
  }

  async count(signal: AbortSignal | undefined): Promise<number> {
    const deadline = this.#begin(signal);
    const index = await this.#decide(deadline);
    const count = (decision: IndexDecision): Promise<number> =>
      countRecords(this.#context, this.#selection(decision), deadline, {
        states: this.#states(decision),
        maxRecords: this.#terms.limit,
      });
    if (this.#terms.resume !== undefined) return count(index);
    return withoutShortCut(index, (range) => count({ ...index, range }));
  }

  /** @param onError takes the error of a record that is not what the data set's schemas allow */
  async stream(signal: AbortSignal | undefined, onError?: QueryOptions<T>["onError"]): Promise<QueryRows<R>> {
    const deadline = this.#begin(signal);
    const travel: Travel = { now: this.#journey(await this.#decide(deadline)) };
    let handling: unknown;
    return new QueryRows<R>({
      queue: streamRows((feed, scope) => this.#readAll(travel, feed, scope), deadline),
      deadline,
      deliver: (row) => {
        travel.now.progress.deliver(row.digest, row.bval);
        if (onError === undefined) return this.recordOf(row);
        return this.#recordOr(row, (error, key) => {
          handling = onError(error, key);
        });
      },
      takeHandling: () => {
        const taken = isPromise(handling) ? handling : undefined;
        handling = undefined;
        return taken;
      },
      cursor: () => this.#cursor(travel.now),
    });
  }

  /**
   * Calls with each row as it comes, once; what it throws ends the query. Nothing holds the servers up.
   * @param onRow called while a socket is being read: nothing of the user's may run there
   */
  async each(onRow: (row: QueryRow, bytes: number) => void, signal: AbortSignal | undefined): Promise<void> {
    const deadline = this.#begin(signal);
    const travel: Travel = { now: this.#journey(await this.#decide(deadline)) };
    await this.#readAll(travel, { push: onRow }, deadline);
  }

  /** @throws SchemaError when the record is not what the data set's schemas allow */
  recordOf(row: QueryRow): R {
    return this.#toRecord(row, this.#keyOf(row), this.#terms);
  }

  /** The record; undefined when the handler took its error. */
  #recordOr(row: QueryRow, onError: (error: SchemaError, key: Key<T>) => void): R | undefined {
    try {
      return this.recordOf(row);
    } catch (error) {
      if (!(error instanceof SchemaError)) throw error;
      onError(error, this.#keyOf(row));
      return undefined;
    }
  }

  #keyOf({ setName, digest, userKey }: QueryRow): Key<T> {
    const { namespace, codec } = this.#dataSet;
    return new Key<T>({ namespace, setName, digest, partition: partitionId(digest), userKey }, codec);
  }

  /** What can be known before anything is sent, and the deadline. */
  #begin(signal: AbortSignal | undefined): Deadline {
    const { cluster } = this.#context;
    const { where, filter, ops, duration, planner } = this.#terms;
    const { namespace } = this.#dataSet;
    const { totalTimeoutMs } = this.#context.policy("read", "query", namespace);
    const deadline = cluster.deadline(totalTimeoutMs, signal);
    deadline.throwIfAborted("query");
    cluster.checkNamespace(namespace);
    // Before anything is asked: an older server overlooks the field of the condition.
    if (planner === "server") requireOfNodes(cluster.nodes, "8.2", 'planner("server")');
    if (where !== undefined) requireVersionOfExp(cluster.nodes, where, "this where clause");
    if (filter !== undefined) requireVersion(cluster.minVersion, filter.minVersion, "this filter");
    if (ops.length > 0) {
      requireOfNodes(cluster.nodes, "8.1.2", "operations in a query of a set");
      requireVersionOfOps(cluster.nodes, ops);
    }
    if (duration === "longRelaxAp") requireVersion(cluster.minVersion, "7.1", 'queryDuration("longRelaxAp")');
    return deadline;
  }

  /** @throws TypeError when there is a cursor of another query */
  async #decide(deadline: Deadline): Promise<IndexDecision> {
    const { namespace, setName } = this.#dataSet;
    const { where, filter, hint, withoutIndex, planner, allowScans, resume } = this.#terms;
    const request = { namespace, setName, where, filter, hint, withoutIndex, planner, requireIndex: !allowScans };
    if (resume === undefined) return decideIndex(this.#context, request, deadline);
    const { path, mark } = resume;
    const isScan = path.type === "scan";
    const index =
      path.type === "chosenIndex" && filter === undefined && !withoutIndex
        ? sameIndex(path.range)
        : await decideIndex(this.#context, { ...request, withoutIndex: withoutIndex || isScan }, deadline);
    if (pathOf(index).type === path.type && isSameMark(mark, this.#mark(index))) return index;
    throw new TypeError(
      "resumeFrom(cursor): the cursor is of another query: of another set, over another range, or with another where over an index that was chosen for it",
    );
  }

  #mark({ range, isShortCut }: IndexDecision): Uint8Array {
    const { namespace, setName } = this.#dataSet;
    return markOf(namespace, setName, range, isShortCut ? this.#terms.where?.packed : undefined);
  }

  #journey(index: IndexDecision): Journey {
    const tracker = new PartitionTracker<ClusterNode>({
      states: this.#states(index),
      isIndexQuery: index.range !== undefined,
      mayRepeat: mayRepeat(index.range),
      maxRecords: this.#terms.limit,
    });
    return { index, tracker, progress: new QueryProgress(tracker) };
  }

  #states({ isEmpty }: IndexDecision): Iterable<PartitionState> | undefined {
    const { partitions, resume } = this.#terms;
    if (isEmpty === true) return [];
    if (resume !== undefined) return resume.states;
    if (partitions === undefined) return undefined;
    const { start, count } = partitions;
    return Array.from({ length: count }, (_, i) => ({ partition: start + i, isDone: false }));
  }

  #selection({ range }: IndexDecision): QuerySelection & { filter: Uint8Array | undefined; index: typeof range } {
    const { where, bins, ops, recordsPerSecond, duration } = this.#terms;
    const { namespace, setName } = this.#dataSet;
    return {
      namespace,
      setName,
      filter: where?.packed,
      index: range,
      bins,
      ops,
      recordsPerSecond,
      expectedDuration: duration,
    };
  }

  /** Goes another way when the index that was chosen for the caller is gone. */
  async #readAll(travel: Travel, feed: RowFeed<QueryRow>, deadline: Deadline): Promise<void> {
    try {
      await this.#read(travel.now, feed, deadline);
    } catch (error) {
      const { index, tracker } = travel.now;
      // It may be dropped meanwhile; all records do as well.
      const canReplace = isReplaceable(index) && tracker.taken === 0 && this.#terms.resume === undefined;
      if (!(error instanceof SecondaryIndexError) || !canReplace) throw error;
      travel.now = this.#journey({ ...index, range: undefined, isShortCut: false });
      await this.#read(travel.now, feed, deadline);
    }
  }

  async #read({ index, tracker }: Journey, feed: RowFeed<QueryRow>, deadline: Deadline): Promise<void> {
    const { push, ...pace } = feed;
    const { ops, duration } = this.#terms;
    const { decode } = this.#context.policy("read", "query", this.#dataSet.namespace);
    const failed = new FailedRecords(this.#context);
    // Of short queries servers keep no account.
    const hasAccount = ops.some(mayFail) && duration !== "short";
    await runPartitionQuery<QueryRow>(
      this.#context,
      {
        ...pace,
        name: "query",
        selection: this.#selection(index),
        tracker,
        command: (request, onRow) => new QueryCommand(request, onRow, decode),
        onRow: push,
        onAnswered: hasAccount ? (node, taskId, scope) => failed.ask(node, taskId, scope) : undefined,
      },
      deadline,
    );
    failed.throwIfAny();
  }

  #cursor({ index, progress }: Journey): string | undefined {
    if (mayRepeat(index.range)) {
      throw new TypeError(
        `cursor(): ${index.text} may come by a record several times, and a cursor can't tell which have come; use withoutIndex()`,
      );
    }
    const states = progress.states();
    if (states.every(({ isDone }) => isDone)) return undefined;
    return encodeCursor({ path: pathOf(index), mark: this.#mark(index), states });
  }
}

function pathOf({ range, isShortCut }: IndexDecision): QueryPath {
  if (range === undefined) return { type: "scan" };
  return isShortCut ? { type: "chosenIndex", range } : { type: "givenRange" };
}
