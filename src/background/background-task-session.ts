import { checkNamespace } from "../../protocol/check/check-names.js";
import { checkTaskId } from "../../protocol/check/check-numbers.js";
import { DataSet } from "../data/data-set.js";
import { nodesOf } from "../policy/ask.js";
import type { SessionContext } from "../policy/session-context.js";
import { BackgroundDeleteBuilder } from "./background-delete-builder.js";
import { BackgroundOperationBuilder } from "./background-operation-builder.js";
import { BackgroundTouchBuilder } from "./background-touch-builder.js";
import { BackgroundUdfFunctionBuilder } from "./background-udf-builder.js";
import { ClusterJobMonitor } from "./cluster-job-monitor.js";
import { ExecuteTask } from "./execute-task.js";
import { type JobInfo, jobInfo } from "./job-info.js";
import { TaskPart } from "./task-part.js";

/**
 * Work on many records that the servers do by themselves: no record travels to the client. From
 * `session.backgroundTask()`.
 *
 * @example
 * const task = await session
 *   .backgroundTask()
 *   .update(users)
 *   .where("$.active == true")
 *   .bin("score").add(1)
 *   .execute();
 * await task.waitTillComplete();
 */
export class BackgroundTaskSession {
  readonly #context: SessionContext;

  /** @internal Made by `session.backgroundTask()`. */
  constructor(context: SessionContext) {
    this.#context = context;
  }

  /** Writes bins of the records of a set. Never creates a record; leaves the time to live alone unless told. */
  update<T>(dataSet: DataSet<T>): BackgroundOperationBuilder<T> {
    return new BackgroundOperationBuilder(this.#context, expectDataSet("update", dataSet), "update");
  }

  /**
   * Gives records a new content: bins that the operations don't write are gone. Takes `setTo` and expression writes,
   * which can't see the old bins. Never creates a record.
   */
  replaceIfExists<T>(dataSet: DataSet<T>): BackgroundOperationBuilder<T> {
    return new BackgroundOperationBuilder(this.#context, expectDataSet("replaceIfExists", dataSet), "replace");
  }

  /** Deletes the records of a set that its `where` keeps; all of them without one. */
  delete<T>(dataSet: DataSet<T>): BackgroundDeleteBuilder {
    return new BackgroundDeleteBuilder(this.#context, expectDataSet("delete", dataSet));
  }

  /** Renews records: their time to live starts again. */
  touch<T>(dataSet: DataSet<T>): BackgroundTouchBuilder {
    return new BackgroundTouchBuilder(this.#context, expectDataSet("touch", dataSet));
  }

  /** Calls a registered Lua function on every record of a set. */
  executeUdf<T>(dataSet: DataSet<T>): BackgroundUdfFunctionBuilder {
    return new BackgroundUdfFunctionBuilder(this.#context, expectDataSet("executeUdf", dataSet));
  }

  /**
   * The handle of a task that runs, or ran, under this id: started by another process, or before a restart of this one.
   * Nothing is sent; a wrong id shows as `queryStatus() === "notFound"`. The handle is of the nodes there are now: of one
   * that has left, or restarted, since the task began nobody can tell any more.
   * @param taskId 1n to 2^64-1
   * @throws ConnectionError when the client is closed or no node can be reached
   */
  attach(taskId: bigint): ExecuteTask {
    checkTaskId(taskId);
    const { cluster } = this.#context;
    return new ExecuteTask({
      origin: { taskId, kind: "unknown" },
      parts: nodesOf(this.#context).map((node) => TaskPart.attached(node.id)),
      monitor: new ClusterJobMonitor(cluster),
      channel: cluster.diagnostics.task,
      runtime: cluster.runtime,
    });
  }

  /**
   * The background jobs of every node, whoever started them: those that run, then those that ended and are still
   * remembered (the last 100 of a node unless configured otherwise). One row for each node that a task ran on.
   * @throws ConnectionError or TimeoutError naming a node that does not answer: a list without it would not be whole
   */
  async list(
    options: { readonly namespace?: string; readonly signal?: AbortSignal } = {},
  ): Promise<readonly JobInfo[]> {
    const { namespace, signal } = options;
    if (namespace !== undefined) checkNamespace(namespace);
    const { cluster } = this.#context;
    const monitor = new ClusterJobMonitor(cluster);
    const perNode = await Promise.all(
      nodesOf(this.#context).map(async ({ id }) =>
        (await monitor.list(id, signal)).map((status) => jobInfo(id, status)),
      ),
    );
    return perNode
      .flat()
      .filter((job) => job !== undefined)
      .filter((job) => namespace === undefined || job.namespace === namespace)
      .sort((a, b) => Number(b.active) - Number(a.active));
  }
}

function expectDataSet<T>(method: string, dataSet: DataSet<T>): DataSet<T> {
  if (dataSet instanceof DataSet) return dataSet;
  throw new TypeError(`${method}(dataSet): expected a DataSet, such as DataSet.of("test", "users")`);
}
