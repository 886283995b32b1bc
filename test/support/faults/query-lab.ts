import type { IndexFilter } from "../../../protocol/command/index-range.js";
import { CountCommand, QueryCommand } from "../../../protocol/command/query.js";
import type { QueryRow, RowPosition } from "../../../protocol/command/query-row.js";
import type { ClusterNode } from "../../../src/cluster/node.js";
import { type BehaviorChanges, DataSet, type Filter } from "../../../src/index.js";
import { createSessionContext, type SessionContext } from "../../../src/policy/session-context.js";
import { runPartitionQuery } from "../../../src/query/partition-query.js";
import { type PartitionState, PartitionTracker } from "../../../src/query/partition-tracker.js";
import type { RowQueue, RowQueueOptions } from "../../../src/query/row-queue.js";
import { streamRows } from "../../../src/query/stream-rows.js";
import { mayRepeat } from "../../../src/query/visits.js";
import { behaviorOf, Lab, type LabOptions } from "./lab.js";

interface Item {
  id: number;
  tags: number[];
  text: string;
}

const set = DataSet.of<Item>("test", "items");

export interface QueryOptions {
  readonly index?: Filter;
  readonly states?: readonly PartitionState[] | undefined;
  readonly maxRecords?: number;
  readonly totalTimeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly queue?: RowQueueOptions;
}

/** A cluster with items 0 to `records` - 1 on all of its nodes, an index of their ids and one of their tags. */
export class QueryLab implements AsyncDisposable {
  readonly lab: Lab;
  readonly context: SessionContext;
  readonly ids: readonly number[];

  private constructor(lab: Lab, context: SessionContext, records: number) {
    this.lab = lab;
    this.context = context;
    this.ids = Array.from({ length: records }, (_, id) => id);
  }

  static async open(
    options: LabOptions & { records?: number; text?: string; behavior?: BehaviorChanges } = {},
  ): Promise<QueryLab> {
    const { records = 200, text = "", behavior = {}, ...rest } = options;
    const lab = await Lab.open({ nodes: 3, ...rest });
    const { client, cluster } = await lab.connectCluster();
    const session = client.createSession();
    const queries = new QueryLab(lab, createSessionContext(cluster, behaviorOf(behavior)), records);
    const { ids } = queries;
    await lab.until(
      Promise.all(ids.map((id) => session.put(set.id(id), { id, tags: [id, id + 1, 1_000 + (id % 7)], text }))),
    );
    const indexes = [
      session.index(set).onBin("id").named("items_id"),
      session.index(set).onBin("tags").collection("list").named("items_tags"),
    ];
    for (const index of indexes) {
      const task = await lab.until(index.integer().create());
      await lab.until(task.waitTillComplete());
    }
    return queries;
  }

  get isIdle(): boolean {
    const { cluster } = this.context;
    return cluster.nodes.every((node) => {
      const { pending, waiting } = cluster.loadOf(node);
      return pending === 0 && waiting === 0;
    });
  }

  tracker({ index, states, maxRecords }: QueryOptions = {}): PartitionTracker<ClusterNode> {
    return new PartitionTracker({
      states,
      maxRecords,
      isIndexQuery: index !== undefined,
      mayRepeat: mayRepeat(index?.index),
    });
  }

  /** Counts items as the runner gives them, and checks that the tracker agrees. */
  async count(options: QueryOptions = {}): Promise<number> {
    const tracker = this.tracker(options);
    let counted = 0;
    const running = runPartitionQuery<RowPosition>(
      this.context,
      {
        name: "count",
        selection: this.#selection(options.index?.index),
        tracker,
        command: (request, onRow) => new CountCommand(request, (row) => onRow(row, 0)),
        onRow: () => counted++,
      },
      this.#deadline(options),
    );
    await this.lab.until(running);
    if (!tracker.isComplete || tracker.taken !== counted) {
      throw new Error(
        `the tracker has ${tracker.taken} of ${counted} records, ${tracker.missing} partitions are missing`,
      );
    }
    return counted;
  }

  stream(options: QueryOptions = {}, tracker = this.tracker(options)): RowQueue<QueryRow> {
    return streamRows<QueryRow>(
      ({ push, ...pace }, deadline) =>
        runPartitionQuery<QueryRow>(
          this.context,
          {
            ...pace,
            name: "query",
            selection: this.#selection(options.index?.index),
            tracker,
            command: (request, onRow) => new QueryCommand(request, onRow),
            onRow: push,
          },
          deadline,
        ),
      this.#deadline(options),
      options.queue,
    );
  }

  /** The ids of all rows, in the order of numbers. */
  collect(options: QueryOptions = {}, tracker?: PartitionTracker<ClusterNode>): Promise<number[]> {
    return this.lab.until(
      (async () => {
        const ids: number[] = [];
        for await (const row of this.stream(options, tracker)) ids.push(idOf(row));
        return ids.sort((a, b) => a - b);
      })(),
    );
  }

  #selection(index: IndexFilter | undefined) {
    return { namespace: set.namespace, setName: set.setName, index };
  }

  #deadline({ totalTimeoutMs = 60_000, signal }: QueryOptions) {
    return this.context.cluster.deadline(totalTimeoutMs, signal);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.lab.close();
  }
}

export function idOf({ bins }: QueryRow): number {
  const { id } = bins;
  if (typeof id !== "number") throw new TypeError(`a row without an id: ${String(id)}`);
  return id;
}
