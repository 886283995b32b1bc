import { checkTaskId } from "../../protocol/check/check-numbers.js";
import { describe } from "../../protocol/value/invalid-value.js";
import { DataSet } from "../data/data-set.js";
import type { CallOptions } from "../policy/call-options.js";
import type { SessionContext } from "../policy/session-context.js";
import { attachTask } from "./attach-task.js";
import type { BackgroundContext } from "./background-context.js";
import { BackgroundDeleteBuilder } from "./background-delete-builder.js";
import { BackgroundOperationBuilder } from "./background-operation-builder.js";
import { BackgroundTouchBuilder } from "./background-touch-builder.js";
import { BackgroundUdfFunctionBuilder } from "./background-udf-builder.js";
import type { CampaignFloor, Campaigns, JobsSnapshot, WatchJobsOptions } from "./campaign-api/campaigns.js";
import type { ExecuteTask } from "./execute-task.js";
import type { JobInfo } from "./job-info.js";

/** Options of `backgroundTask().list`. */
export interface ListTasksOptions extends CallOptions {
  /** Jobs of this namespace only. Default: of all. */
  readonly namespace?: string | undefined;
}

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
  readonly #context: BackgroundContext;

  /** @internal Made by `session.backgroundTask()`. */
  constructor(context: SessionContext, campaignFloor: CampaignFloor) {
    this.#context = { ...context, campaignFloor };
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
    return attachTask(this.#context, taskId);
  }

  /**
   * The background jobs of every node, whoever started them: those that run, then those that ended and are still
   * remembered (the last 100 of a node unless configured otherwise). One row for each node that a task ran on.
   * @throws ConnectionError or TimeoutError naming a node that does not reply: a list without it would not be whole
   */
  async list(options: ListTasksOptions = {}): Promise<readonly JobInfo[]> {
    const { listTasks } = await import("./list-tasks.js");
    return listTasks(this.#context, options);
  }

  /**
   * The campaigns that are kept in a set of the cluster, whoever runs them.
   * @param store the name of a namespace, for the set where campaigns are kept unless they say otherwise; or another set
   */
  campaigns(store: string | DataSet<unknown>): Campaigns {
    return this.#context.campaignFloor.campaigns(this.#context, store);
  }

  /**
   * Looks at all background jobs of the cluster again and again, anyone's, and at its campaigns, until the loop is left.
   * @throws TypeError or RangeError for options that are wrong; AbortError when the signal fires; ConnectionError when the
   *   client is closed
   * @example
   * for await (const { jobs } of session.backgroundTask().watch()) {
   *   for (const job of jobs) console.log(job.taskId, job.percent, job.msLeft, job.owner, job.where);
   * }
   */
  watch(options: WatchJobsOptions = {}): AsyncIterable<JobsSnapshot> {
    return this.#context.campaignFloor.watch(this.#context, options);
  }
}

function expectDataSet<T>(method: string, dataSet: DataSet<T>): DataSet<T> {
  if (dataSet instanceof DataSet) return dataSet;
  throw new TypeError(
    `${method}(dataSet): expected a DataSet, such as DataSet.of("test", "users"), got ${describe(dataSet)}`,
  );
}
