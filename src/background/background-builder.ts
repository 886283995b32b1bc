import { checkRecordsPerSecond, checkTaskId } from "../../protocol/check/check-numbers.js";
import type { DataSet } from "../data/data-set.js";
import type { RecordCodec } from "../data/record-codec.js";
import { CALL_OPTIONS, type CallOptions, checkCallOptions } from "../policy/call-options.js";
import { contextOfCall, type SessionContext } from "../policy/session-context.js";
import { Filter } from "../query/filter.js";
import { checkQueryHint, type QueryHint } from "../query/query-hint.js";
import { newTerms, SegmentBuilder, type SegmentTerms } from "../records/builders/segment-builder.js";
import { momentOf } from "../records/builders/time-to-live.js";
import type { BackgroundContext } from "./background-context.js";
import type { BackgroundPlan } from "./background-plan.js";
import type { BackgroundIntent, BackgroundRun } from "./background-run.js";
import type { BackgroundWork } from "./background-work.js";
import type { CampaignBuilder } from "./campaign-api/campaign.js";
import type { CampaignFloor } from "./campaign-api/campaigns.js";
import type { CampaignOptions } from "./campaign-api/options.js";
import type { ExecuteTask } from "./execute-task.js";

/**
 * Options of `execute()` of a background task, which are about its start: an aborted signal gives up starting, and nodes
 * that had started are told to stop. `maxRetries` is for nodes that surely have not got the start.
 */
export interface ExecuteOptions extends CallOptions {
  /**
   * What to do when some nodes started and others did not.
   * - `"abort"` (default): stop the ones that started and throw BackgroundStartError
   * - `"continue"`: let them run and return a task over those nodes
   */
  readonly onPartialStart?: "abort" | "continue" | undefined;
}

/**
 * What all background tasks share: which records, how fast, under which id. Methods return the builder itself; nothing
 * is sent before `execute`, `count` or `explain`.
 */
export abstract class BackgroundBuilder extends SegmentBuilder {
  /** @internal */
  override readonly context: SessionContext;
  /** @internal */
  override readonly terms: SegmentTerms = newTerms();
  /** @internal */
  readonly codec: RecordCodec | undefined;
  /** @internal */
  override get doubles(): ReadonlySet<string> | undefined {
    return this.codec?.doubles;
  }
  /** @internal */
  override readonly call: string;
  readonly #campaignFloor: CampaignFloor;
  readonly #dataSet: DataSet<unknown>;
  #filter: Filter | undefined;
  #hint: QueryHint | undefined;
  #withoutIndex = false;
  #recordsPerSecond: number | undefined;
  #taskId: bigint | undefined;

  /** @internal */
  protected constructor(context: BackgroundContext, dataSet: DataSet<unknown>, verb: string) {
    super();
    this.context = context;
    this.#campaignFloor = context.campaignFloor;
    this.call = `session.backgroundTask().${verb}`;
    this.codec = dataSet.codec;
    this.#dataSet = dataSet;
  }

  /**
   * Goes through this range of a secondary index instead of all records. A `where` beside it still holds whole.
   * @throws TypeError when given twice, as a job goes through one range, or with `withoutIndex`
   */
  filter(filter: Filter): this {
    if (!(filter instanceof Filter)) throw new TypeError("filter(filter): expected a Filter, such as Filter.range()");
    if (this.#filter !== undefined) {
      throw new TypeError("filter() was given twice; a background task goes through one index range");
    }
    if (this.#withoutIndex) throw contradiction();
    this.#filter = filter;
    return this;
  }

  /** Prefers an index, by its name or by its bin, where the `where` clause lets it be used. */
  withHint(hint: QueryHint): this {
    checkQueryHint(hint);
    this.#hint = hint;
    return this;
  }

  /**
   * Goes through all records even where an index could narrow the job.
   * @throws TypeError with `filter`, which asks for the contrary
   */
  withoutIndex(): this {
    if (this.#filter !== undefined) throw contradiction();
    this.#withoutIndex = true;
    return this;
  }

  /**
   * At most so many records a second **on each node**. Default: the namespace's `background-query-max-rps` (10 000
   * unless configured), which is also the most that a server accepts. Servers run no slower than about 100 a second.
   * @param rate 1 to 2^31-1
   */
  recordsPerSecond(rate: number): this {
    checkRecordsPerSecond(rate);
    this.#recordsPerSecond = rate;
    return this;
  }

  /**
   * Runs under an id of your own, for one start that must not happen twice: a node refuses an id that it still lists.
   * @param id 1n to 2^64-1
   */
  withTaskId(id: bigint): this {
    checkTaskId(id);
    this.#taskId = id;
    return this;
  }

  /** What would be sent, to which nodes, through which index, and what to watch out for. Changes nothing. */
  async explain(options: CallOptions = {}): Promise<BackgroundPlan> {
    checkCallOptions("explain", options);
    return (await this.#run(options)).explain(options.signal);
  }

  /**
   * How many records the task would go for at this moment: same `where`, same range. Reads headers only, changes nothing.
   * Each record is counted once: a node that breaks off is resumed on the replicas behind the last record that came.
   * `maxRetries` of the behavior are rounds in a row that bring nothing new.
   * @throws TimeoutError; AbortError; InvalidNodeError when no node could read some partitions; AerospikeError with code
   *   `"FORBIDDEN"` when a node stays at its limit of queries
   */
  async count(options: CallOptions = {}): Promise<number> {
    checkCallOptions("count", options);
    return (await this.#run(options)).count(options.signal);
  }

  /**
   * Starts the task on every node at once and returns its handle; the work goes on in the servers from then on.
   * @throws BackgroundStartError when it started on some nodes only (see `onPartialStart`) or when that is in doubt;
   *   InvalidNamespaceError, UdfError, IndexNotFoundError… when no node accepted it; AbortError when the signal fires
   */
  async execute(options: ExecuteOptions = {}): Promise<ExecuteTask> {
    checkCallOptions<ExecuteOptions>("execute", options, { ...CALL_OPTIONS, onPartialStart: true });
    return (await this.#run(options)).start(options);
  }

  /**
   * The same work as a campaign: a row of tasks, each over a slice of the records, that can be paused, goes on after a
   * crash, and keeps out of the way of others.
   * @param id 1 to 100 characters, to find it by
   * @throws TypeError or RangeError for an id or options that are wrong, or when the builder is not complete
   * @example
   * const campaign = await session
   *   .backgroundTask()
   *   .update(users)
   *   .where("$.active == true")
   *   .bin("score").add(1)
   *   .campaign("recount-2026-11")
   *   .once()
   *   .execute();
   * await campaign.waitTillComplete();
   */
  campaign(id: string, options: CampaignOptions = {}): CampaignBuilder {
    return this.#campaignFloor.builder(this.context, this.#intent(), id, options);
  }

  /** What is done to each record; throws when the builder is not complete. @internal */
  protected abstract work(): BackgroundWork;

  async #run(options: CallOptions): Promise<BackgroundRun> {
    const context = contextOfCall(this.context, options);
    const intent = this.#intent();
    const { BackgroundRun } = await import("./background-run.js");
    return new BackgroundRun(context, intent);
  }

  #intent(): BackgroundIntent {
    return {
      namespace: this.#dataSet.namespace,
      setName: this.#dataSet.setName,
      work: this.work(),
      where: this.terms.where,
      filter: this.#filter,
      hint: this.#hint,
      withoutIndex: this.#withoutIndex,
      recordsPerSecond: this.#recordsPerSecond,
      taskId: this.#taskId,
      expiresAt: momentOf(this.terms.ttl),
    };
  }
}

function contradiction(): TypeError {
  return new TypeError("withoutIndex() and filter() contradict each other: a task goes through all records or a range");
}
