import type { BackgroundJob, BackgroundStart } from "../../protocol/command/background-job.js";
import { BackgroundOperateCommand } from "../../protocol/command/background-operate.js";
import { BackgroundUdfCommand } from "../../protocol/command/background-udf.js";
import type { Command } from "../../protocol/command/command.js";
import type { IndexFilter } from "../../protocol/command/index-range.js";
import type { UdfCall } from "../../protocol/command/udf-call.js";
import { describe } from "../../protocol/value/invalid-value.js";
import type { ClusterNode } from "../cluster/node.js";
import { requireVersion, requireVersionOfExp, requireVersionOfOps } from "../cluster/require-version.js";
import { ConnectionError } from "../errors/errors.js";
import type { Exp } from "../exp/exp.js";
import type { CommandKind } from "../policy/behavior.js";
import type { SessionContext } from "../policy/session-context.js";
import { countRecords } from "../query/count-records.js";
import type { Filter } from "../query/filter.js";
import { decideIndex, type IndexDecision, withoutShortCut } from "../query/index-decision.js";
import type { QueryHint } from "../query/query-hint.js";
import type { BinSample } from "../query/sample-bins.js";
import { whyTwice } from "../query/visits.js";
import type { Deadline } from "../time/deadline.js";
import type { ExecuteOptions } from "./background-builder.js";
import type { BackgroundPlan } from "./background-plan.js";
import { type BackgroundWork, changedBins } from "./background-work.js";
import type { ExecuteTask } from "./execute-task.js";
import { startTask } from "./start-task.js";

/** Everything that a builder collected. */
export interface BackgroundIntent {
  readonly namespace: string;
  readonly setName: string;
  readonly work: BackgroundWork;
  readonly where: Exp<"bool"> | undefined;
  readonly filter: Filter | undefined;
  readonly hint: QueryHint | undefined;
  readonly withoutIndex: boolean;
  readonly recordsPerSecond: number | undefined;
  readonly taskId: bigint | undefined;
  /** When records expire, where that is a moment; `work.ttl` are the seconds until then. */
  readonly expiresAt?: Date | undefined;
}

/** One background task from what a builder collected: its plan, its count, its start. */
export class BackgroundRun {
  readonly #context: SessionContext;
  readonly #intent: BackgroundIntent;

  constructor(context: SessionContext, intent: BackgroundIntent) {
    this.#context = context;
    this.#intent = intent;
  }

  /** @param sample bins of the set's records, where they were looked at before */
  async explain(signal: AbortSignal | undefined, sample?: BinSample): Promise<BackgroundPlan> {
    const { namespace, setName, work, where, recordsPerSecond } = this.#intent;
    this.#context.cluster.checkNamespace(namespace);
    this.#checkVersion();
    const deadline = this.#deadline("read", signal);
    const { backgroundPlan, describeWork, filterDoubts, preflight, printNode, sampleBins } = await import(
      "./explanation.js"
    );
    const doubtsOf = async (condition: Exp<"bool">) =>
      filterDoubts(condition, sample ?? (await sampleBins(this.#context, this.#intent, deadline)));
    const [index, findings, doubts] = await Promise.all([
      this.#decideIndex(deadline),
      preflight(this.#context, this.#intent, deadline),
      where === undefined ? [] : doubtsOf(where),
    ]);
    return backgroundPlan({
      kind: work.kind,
      namespace,
      setName,
      operations: describeWork(work),
      where: where && printNode(where.node),
      index: index.text,
      rejectedIndexes: index.rejected,
      ttl: work.ttl,
      durableDelete: work.durableDelete,
      recordsPerSecond,
      nodes: this.#context.cluster.nodes.map((node) => node.id),
      warnings: [...this.#surprises(index), ...doubts, ...findings.surprises, ...findings.start, ...findings.records],
    });
  }

  async count(signal: AbortSignal | undefined): Promise<number> {
    const { namespace, setName, where } = this.#intent;
    this.#checkVersion();
    const deadline = this.#deadline("read", signal);
    const index = await decideIndex(this.#context, this.#intent, deadline);
    const count = (range: IndexFilter | undefined) =>
      countRecords(this.#context, { namespace, setName, filter: where?.packed, index: range }, deadline);
    return withoutShortCut(index, count);
  }

  async start({ signal, onPartialStart = "abort" }: ExecuteOptions): Promise<ExecuteTask> {
    if (onPartialStart !== "abort" && onPartialStart !== "continue") {
      throw new TypeError(`execute: onPartialStart: expected "abort" or "continue", got ${describe(onPartialStart)}`);
    }
    const { cluster } = this.#context;
    const { namespace, work } = this.#intent;
    const settings = this.#context.policy("writeNonRetryable", "query", namespace);
    const deadline = this.#deadline("writeNonRetryable", signal);
    deadline.throwIfAborted("start of the background task");
    cluster.checkNamespace(namespace);
    this.#checkVersion();
    const [index] = await Promise.all([
      this.#decideIndex(deadline),
      work.action.type === "udf" ? this.#checkUdf(work.action.call, deadline) : undefined,
    ]);
    if (cluster.nodes.length === 0) throw new ConnectionError("The cluster has no node to start the task on");
    const taskId = this.#intent.taskId ?? newTaskId(cluster.runtime.randomBigint64());
    const request = {
      taskId,
      subject: this.#intent,
      onPartialStart,
      send: (node: ClusterNode) =>
        withoutShortCut(index, (range) => cluster.executeOn(node, this.#command(taskId, range), settings, deadline)),
    };
    return startTask(this.#context, request, deadline);
  }

  async #checkUdf(call: UdfCall, deadline: Deadline): Promise<void> {
    const { checkUdf } = await import("./preflight.js");
    await checkUdf(this.#context, call, deadline);
  }

  #deadline(kind: CommandKind, signal: AbortSignal | undefined): Deadline {
    const { totalTimeoutMs } = this.#context.policy(kind, "query", this.#intent.namespace);
    return this.#context.cluster.deadline(totalTimeoutMs, signal);
  }

  /** For the task itself, which is to work on each record once; a count may come by one again. */
  #decideIndex(deadline: Deadline): Promise<IndexDecision> {
    return decideIndex(this.#context, { ...this.#intent, changes: changedBins(this.#intent.work) }, deadline);
  }

  #checkVersion(): void {
    const { where, filter, work } = this.#intent;
    const { minVersion, nodes } = this.#context.cluster;
    if (where !== undefined) requireVersionOfExp(nodes, where, "this where clause");
    if (filter !== undefined) requireVersion(minVersion, filter.minVersion, "this index filter");
    if (work.action.type === "operations") requireVersionOfOps(nodes, work.action.ops);
  }

  /** What no server would mind. */
  #surprises({ listError }: IndexDecision): string[] {
    const { where, filter, namespace, setName, work } = this.#intent;
    const surprises: string[] = [];
    if (where === undefined && filter === undefined) {
      surprises.push(
        setName === ""
          ? `No where and no set: every record of namespace ${namespace} is meant`
          : `No where: every record of set ${setName} is meant`,
      );
    }
    const changes = changedBins(work);
    const twice = filter && changes && whyTwice(filter.index, changes);
    if (twice !== undefined) surprises.push(`Index range ${filter}: ${twice}`);
    if (listError !== undefined) {
      surprises.push(`Which indexes there are is not known, so all records are gone through: ${listError.message}`);
    }
    return surprises;
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
      errorDetails: this.#context.policy("writeNonRetryable", "query", namespace).errorDetails,
    };
    const { action } = work;
    if (action.type === "udf") return new BackgroundUdfCommand(job, action.call);
    return new BackgroundOperateCommand(job, action.ops, work.kind === "replace" ? "replaceOnly" : "updateOnly");
  }
}

/** 0 is no id for a server. */
function newTaskId(random: bigint): bigint {
  return random === 0n ? 1n : random;
}
