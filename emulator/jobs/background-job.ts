import { PARTITIONS } from "../../protocol/limits.js";
import { ResultCode } from "../../protocol/result-code.js";
import type { Timer } from "../../runtime/runtime.js";
import { judgeMetadata } from "../command/filter.js";
import type { RecordContext } from "../command/record-context.js";
import type { WriteGuard } from "../command/write.js";
import type { Expression } from "../exp/index.js";
import type { JobGate } from "../faults/job-gate.js";
import type { NodeNamespace } from "../node/node-namespace.js";
import type { Partition } from "../record/partition.js";
import type { StoredRecord } from "../record/stored-record.js";
import { StoredRecordView } from "../record/views.js";
import type { IndexSearch } from "../sindex/index-search.js";
import { Abandoned, Job, type JobStart } from "./job.js";
import type { JobHost } from "./job-host.js";
import { Pace } from "./pace.js";

/** Records that are looked at before others get their turn. */
const SLICE = 100;

/** What a job does to one record; the result code that it comes to. */
export type RecordWork = (ctx: RecordContext, guard: WriteGuard) => number;

/** What a background job works on, and how. */
export interface BackgroundPlan {
  readonly type: "background-udf" | "background-ops";
  readonly namespace: NodeNamespace;
  readonly search: IndexSearch | undefined;
  readonly filter: Expression | undefined;
  readonly work: RecordWork;
  /** Of a UDF, as `query-show` names it. */
  readonly udf?: { readonly module: string; readonly name: string };
}

/** Milliseconds that a job waits, or the gate that it waits at. */
type Wait = number | JobGate;

/**
 * A node's part of a background job. It goes through the partitions one by one, works on those that the node masters when
 * it gets there, and keeps to the pace that was asked for.
 */
export class BackgroundJob extends Job {
  readonly type: string;
  readonly #host: JobHost;
  readonly #plan: BackgroundPlan;
  readonly #pace: Pace;
  readonly #steps: Generator<Wait, void, void>;
  #timer: Timer | undefined;
  #gate: JobGate | undefined;
  /** Records that were looked at: what gates count. */
  #looked = 0;
  readonly #onWake = (): void => this.wake();

  constructor(host: JobHost, start: JobStart, plan: BackgroundPlan) {
    super(start);
    this.type = plan.type;
    this.#host = host;
    this.#plan = plan;
    this.#pace = new Pace(start.recordsPerSecond, start.now);
    this.#steps = this.#work();
  }

  run(): void {
    this.#wait(0);
  }

  /** Goes on now, whatever it waits for. */
  wake(): void {
    this.#timer?.cancel();
    this.#gate?.leave(this.#onWake);
    this.#gate = undefined;
    if (this.finishedAt === undefined) this.#goOn();
  }

  /** Stops for good, with the node that it runs on. */
  die(): void {
    this.finishedAt = this.#host.runtime.now();
    this.wake();
  }

  protected details(): string {
    const { udf } = this.#plan;
    const kind =
      udf === undefined ? ":ops-active=0" : `:udf-filename=${udf.module}:udf-function=${udf.name}:udf-active=0`;
    return `:net-io-bytes=30:socket-timeout=10000${kind}`;
  }

  #goOn(): void {
    const { value, done } = this.#steps.next();
    if (done) this.#end();
    else this.#wait(value);
  }

  #end(): void {
    const by = this.#plan.search === undefined ? "pi" : "si";
    const ending = this.abandoned === Abandoned.NOT ? "complete" : "abort";
    this.#plan.namespace.counters.add(`${by}_query_${this.#kind}_bg_${ending}`);
    this.#host.jobs.finish(this, this.#host.runtime.now());
  }

  /** In the names of statistics. */
  get #kind(): "udf" | "ops" {
    return this.#plan.type === "background-udf" ? "udf" : "ops";
  }

  #wait(wait: Wait): void {
    if (typeof wait === "number") {
      this.#timer = this.#host.runtime.setTimer(wait, this.#onWake, false);
    } else {
      this.#gate = wait;
      wait.hold(this.#onWake);
    }
  }

  *#work(): Generator<Wait, void, void> {
    const { shared } = this.#plan.namespace;
    for (let pid = 0; pid < PARTITIONS; pid++) {
      this.begun = pid;
      // Most are empty in tests, and even a generator that has nothing to do costs something.
      const partition = shared.findPartition(pid);
      if (partition === undefined || partition.size === 0 || shared.table.master(pid) !== this.#host.index) continue;
      yield* this.#workOnPartition(partition);
      if (this.abandoned !== Abandoned.NOT) return;
    }
  }

  *#workOnPartition(partition: Partition): Generator<Wait, void, void> {
    for (const record of this.#recordsOf(partition)) {
      yield* this.#pause();
      if (this.abandoned !== Abandoned.NOT) return;
      this.#looked++;
      if (!this.#isThere(partition, record) || this.#isFilteredByMetadata(record)) continue;
      this.throttled++;
      const wait = this.#pace.take(this.#host.runtime.now());
      // An abort cuts the wait short; the record that has been counted is still worked on.
      if (wait > 0) yield wait;
      this.#count(this.#workOn(partition, record));
    }
  }

  /** Waits at every gate that is closed, and now and then lets others have their turn. */
  *#pause(): Generator<Wait, void, void> {
    if (this.#looked > 0 && this.#looked % SLICE === 0) yield 0;
    while (this.abandoned === Abandoned.NOT) {
      const gate = this.#closedGate();
      if (gate === undefined) return;
      yield gate;
    }
  }

  #recordsOf(partition: Partition): readonly StoredRecord[] {
    const { search } = this.#plan;
    const { setName } = this.start;
    if (partition.size === 0 || (setName !== "" && !partition.setCounts.has(setName))) return [];
    if (search !== undefined) return search.hits(partition, this.#now()).map((hit) => hit.record);
    return partition.inIndexOrder();
  }

  #closedGate(): JobGate | undefined {
    for (const gate of this.#host.gates) {
      if (this.#looked >= gate.limitOf(this.#host.index)) return gate;
    }
    return undefined;
  }

  #isThere(partition: Partition, record: StoredRecord): boolean {
    const { setName } = this.start;
    if (setName !== "" && record.setName !== setName) return false;
    return partition.get(record.digest) === record && !this.#plan.namespace.isDoomed(record, this.#now());
  }

  #isFilteredByMetadata(record: StoredRecord): boolean {
    const { filter, namespace } = this.#plan;
    if (filter === undefined || judgeMetadata(filter, namespace.name, record, this.#now()) !== false) return false;
    this.filteredByMetadata++;
    return true;
  }

  #workOn(partition: Partition, record: StoredRecord): number {
    const { namespace, search, filter, work } = this.#plan;
    const now = this.#now();
    const guard: WriteGuard = {
      check(found) {
        if (filter !== undefined && filter.test(new StoredRecordView(namespace.name, found, now, true)) !== true) {
          return ResultCode.FILTERED_OUT;
        }
        return search === undefined || search.isHit(found, now) ? ResultCode.OK : ResultCode.KEY_NOT_FOUND;
      },
    };
    return work({ namespace, partition, digest: record.digest, now }, guard);
  }

  #count(code: number): void {
    if (code === ResultCode.KEY_NOT_FOUND) return;
    let ending = "error";
    if (code === ResultCode.OK) {
      this.succeeded++;
      ending = this.#kind === "udf" ? "complete" : "success";
    } else if (code === ResultCode.FILTERED_OUT) {
      this.filteredByBins++;
      ending = "filtered_out";
    } else this.failed++;
    this.#plan.namespace.counters.add(`${this.#kind}_sub_${this.#kind === "udf" ? "udf" : "write"}_${ending}`);
  }

  #now(): number {
    return Math.floor(this.#host.runtime.wallClock());
  }
}
