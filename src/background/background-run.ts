import type { BackgroundJob, BackgroundStart } from "../../protocol/command/background-job.js";
import { BackgroundOperateCommand } from "../../protocol/command/background-operate.js";
import { BackgroundUdfCommand } from "../../protocol/command/background-udf.js";
import type { Command } from "../../protocol/command/command.js";
import type { IndexFilter } from "../../protocol/command/index-range.js";
import type { ClusterNode } from "../cluster/node.js";
import { requireVersion, requireVersionOfOps } from "../cluster/require-version.js";
import { ConnectionError, IndexError, InvalidNodeError } from "../errors/errors.js";
import type { Exp } from "../exp/exp.js";
import type { CommandKind } from "../policy/behavior.js";
import type { SessionContext } from "../policy/session-context.js";
import { countRecords } from "../query/count-records.js";
import type { Filter } from "../query/filter.js";
import { decideIndex, type IndexDecision } from "../query/index-decision.js";
import type { QueryHint } from "../query/query-hint.js";
import { abortError, Deadline, throwIfAborted } from "../time/deadline.js";
import type { ExecuteOptions } from "./background-builder.js";
import type { BackgroundPlan } from "./background-plan.js";
import type { BackgroundWork } from "./background-work.js";
import { checkUdfKnown } from "./check-udf-known.js";
import { ClusterJobMonitor } from "./cluster-job-monitor.js";
import { describeWork } from "./describe-work.js";
import { ExecuteTask } from "./execute-task.js";
import { explainRefusal } from "./explain-refusal.js";
import { findWarnings } from "./find-warnings.js";
import { startOnNodes } from "./start-job.js";
import { describeLeft, stopOnNodes } from "./stop-job.js";
import { BackgroundStartError, type NodeStart } from "./task-errors.js";
import { TaskPart } from "./task-part.js";

/** Everything that a builder collected. */
export interface BackgroundIntent {
  readonly namespace: string;
  readonly setName: string;
  readonly work: BackgroundWork;
  readonly where: Exp<"bool"> | undefined;
  readonly indexFilter: Filter | undefined;
  readonly hint: QueryHint | undefined;
  readonly withoutIndex: boolean;
  readonly recordsPerSecond: number | undefined;
  readonly taskId: bigint | undefined;
}

/** One background task from what a builder collected: its plan, its count, its start. */
export class BackgroundRun {
  readonly #context: SessionContext;
  readonly #intent: BackgroundIntent;
  readonly #monitor: ClusterJobMonitor;

  constructor(context: SessionContext, intent: BackgroundIntent) {
    this.#context = context;
    this.#intent = intent;
    this.#monitor = new ClusterJobMonitor(context.cluster);
  }

  async explain(signal: AbortSignal | undefined): Promise<BackgroundPlan> {
    const { namespace, setName, work, where, recordsPerSecond } = this.#intent;
    this.#context.cluster.checkNamespace(namespace);
    this.#checkVersion();
    const deadline = this.#deadline("read", signal);
    const [index, warnings] = await Promise.all([
      this.#decideIndex(deadline),
      findWarnings(this.#context.cluster, this.#intent, deadline),
    ]);
    if (index.trouble !== undefined) {
      warnings.push(`Which indexes there are is not known, so all records are gone through: ${index.trouble.message}`);
    }
    return {
      kind: work.kind,
      namespace,
      setName,
      operations: describeWork(work),
      where: where?.toString(),
      index: index.text,
      rejectedIndexes: index.rejected,
      ttl: work.ttl,
      durableDelete: work.durableDelete,
      recordsPerSecond,
      nodes: this.#context.cluster.nodes.map((node) => node.id),
      warnings,
    };
  }

  async count(signal: AbortSignal | undefined): Promise<number> {
    const { namespace, setName, where } = this.#intent;
    this.#checkVersion();
    const deadline = this.#deadline("read", signal);
    const index = await this.#decideIndex(deadline);
    const count = (range: IndexFilter | undefined) =>
      countRecords(this.#context, { namespace, setName, filter: where?.packed, index: range }, deadline);
    return count(index.range).catch((error: unknown) => this.#withoutShortCut(error, index, count));
  }

  async start(options: ExecuteOptions): Promise<ExecuteTask> {
    const { signal, onPartialStart = "abort" } = options;
    if (onPartialStart !== "abort" && onPartialStart !== "continue") {
      throw new TypeError(`execute: onPartialStart is ${String(onPartialStart)}; allowed: "abort", "continue"`);
    }
    throwIfAborted(signal, "start of the background task");
    const { cluster } = this.#context;
    const { namespace } = this.#intent;
    cluster.checkNamespace(namespace);
    this.#checkVersion();
    const deadline = this.#deadline("writeNonRetryable", signal);
    const taskId = this.#intent.taskId ?? newTaskId(cluster.runtime.randomBigint64());
    const [index] = await Promise.all([this.#decideIndex(deadline), this.#checkUdf(deadline)]);
    const nodes = cluster.nodes.map((node) => node.id);
    if (nodes.length === 0) throw new ConnectionError("The cluster has no node to start the task on");
    const starts = await this.#startEverywhere(nodes, taskId, index, deadline);
    return this.#handle(taskId, starts, onPartialStart, signal);
  }

  #checkVersion(): void {
    const { where, indexFilter, work } = this.#intent;
    const { minVersion } = this.#context.cluster;
    if (where !== undefined) requireVersion(minVersion, where.minVersion, "this where clause");
    if (indexFilter !== undefined) requireVersion(minVersion, indexFilter.minVersion, "this index filter");
    if (work.action.type === "operations") requireVersionOfOps(minVersion, work.action.ops);
  }

  async #checkUdf(deadline: Deadline): Promise<void> {
    const { action } = this.#intent.work;
    if (action.type === "udf") await checkUdfKnown(this.#context.cluster, action.call.package, deadline);
  }

  #command(taskId: bigint, index: IndexFilter | undefined): Command<BackgroundStart> {
    const { namespace, setName, work, where, recordsPerSecond } = this.#intent;
    const job: BackgroundJob = {
      namespace,
      setName,
      taskId,
      recordsPerSecond,
      index,
      filter: where?.packed,
      ttl: work.ttl,
      durableDelete: work.durableDelete,
    };
    const { action } = work;
    if (action.type === "udf") return new BackgroundUdfCommand(job, action.call);
    return new BackgroundOperateCommand(job, action.ops, work.kind === "replace" ? "replaceOnly" : "updateOnly");
  }

  #startEverywhere(
    nodes: readonly string[],
    taskId: bigint,
    index: IndexDecision,
    deadline: Deadline,
  ): Promise<NodeStart[]> {
    const { cluster } = this.#context;
    const settings = this.#context.policy("writeNonRetryable", "query", this.#intent.namespace);
    const start = (id: string, range: IndexFilter | undefined) =>
      cluster.executeOn(this.#node(id), this.#command(taskId, range), settings, deadline);
    return startOnNodes(nodes, {
      start: async (id) => {
        const answer = await start(id, index.range).catch((error: unknown) =>
          this.#withoutShortCut(error, index, (range) => start(id, range)),
        );
        return answer === "started" ? "started" : "noSuchSet";
      },
      knows: async (id) => (await this.#monitor.show(id, taskId, undefined)) !== undefined,
      pause: (ms) => new Deadline(cluster.runtime, 0).sleep(ms),
    });
  }

  async #handle(
    taskId: bigint,
    starts: readonly NodeStart[],
    onPartialStart: "abort" | "continue",
    signal: AbortSignal | undefined,
  ): Promise<ExecuteTask> {
    const failed = starts.filter((start) => start.outcome === "refused" || start.outcome === "inDoubt");
    const running = starts.some((start) => start.outcome === "started");
    const isStarted = failed.length === 0 || (onPartialStart === "continue" && running);
    if (isStarted && signal?.aborted !== true) return this.#task(taskId, starts, failed);
    const left = await stopOnNodes(starts, (node) => this.#monitor.abort(node, taskId, undefined));
    if (signal?.aborted === true) {
      const message = `Background task ${taskId} was aborted while it started, ${describeLeft(left)}`;
      throw abortError(signal, message, { inDoubt: !ranNowhere(starts) });
    }
    throw await this.#startError(taskId, starts, failed, left);
  }

  #task(taskId: bigint, starts: readonly NodeStart[], notStarted: readonly NodeStart[]): ExecuteTask {
    const { cluster } = this.#context;
    const { namespace, setName, work } = this.#intent;
    return new ExecuteTask({
      origin: { taskId, kind: work.kind, namespace, setName },
      parts: partsOf(starts),
      notStarted,
      monitor: this.#monitor,
      channel: cluster.diagnostics.task,
      runtime: cluster.runtime,
    });
  }

  async #startError(
    taskId: bigint,
    starts: readonly NodeStart[],
    failed: readonly NodeStart[],
    left: readonly string[],
  ): Promise<Error> {
    const first = failed[0]?.error;
    const sameForAll = failed.every((start) => start.error?.code === first?.code);
    if (ranNowhere(starts) && sameForAll && first !== undefined) {
      return explainRefusal(this.#context.cluster, this.#monitor, this.#intent, first);
    }
    const answers = starts.map(({ node, outcome, error }) => `${node}: ${error?.message ?? outcome}`).join("; ");
    return new BackgroundStartError(
      `Background task ${taskId} did not start on every node, ${describeLeft(left)} (${answers})`,
      taskId,
      starts,
      { inDoubt: !ranNowhere(starts), cause: first },
    );
  }

  /** An index that was chosen for the caller may be dropped meanwhile; all records do as well. */
  #withoutShortCut<T>(
    error: unknown,
    index: IndexDecision,
    repeat: (range: IndexFilter | undefined) => Promise<T>,
  ): Promise<T> {
    if (index.isShortCut && error instanceof IndexError) return repeat(undefined);
    throw error;
  }

  #deadline(kind: CommandKind, signal: AbortSignal | undefined): Deadline {
    const { totalTimeoutMs } = this.#context.policy(kind, "query", this.#intent.namespace);
    return this.#context.cluster.deadline(totalTimeoutMs, signal);
  }

  #decideIndex(deadline: Deadline): Promise<IndexDecision> {
    return decideIndex(this.#context, this.#intent, deadline);
  }

  #node(id: string): ClusterNode {
    const node = this.#context.cluster.nodes.find((candidate) => candidate.id === id);
    if (node === undefined) throw new InvalidNodeError(`Node ${id} has left the cluster`, { node: id });
    return node;
  }
}

/** Whether it surely changed no record: what is stopped again may have changed some before. */
function ranNowhere(starts: readonly NodeStart[]): boolean {
  return starts.every(({ outcome }) => outcome === "refused" || outcome === "noSuchSet");
}

function partsOf(starts: readonly NodeStart[]): TaskPart[] {
  const parts: TaskPart[] = [];
  for (const { node, outcome } of starts) {
    if (outcome === "started") parts.push(TaskPart.started(node));
    else if (outcome === "inDoubt") parts.push(TaskPart.uncertain(node));
    else if (outcome === "noSuchSet") parts.push(TaskPart.empty(node));
  }
  return parts;
}

/** 0 is no id for a server. */
function newTaskId(random: bigint): bigint {
  return random === 0n ? 1n : random;
}
