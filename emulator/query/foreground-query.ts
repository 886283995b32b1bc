import { PARTITIONS } from "../../protocol/limits.js";
import { FieldType } from "../../protocol/message/field-type.js";
import { Info1, Info3 } from "../../protocol/message/flags.js";
import { ResultCode } from "../../protocol/result-code.js";
import { filterOf, judge } from "../command/filter.js";
import { writeResult } from "../command/reply.js";
import type { Request } from "../command/request.js";
import type { Expression } from "../exp/index.js";
import { Abandoned, type JobStart } from "../jobs/job.js";
import type { JobHost } from "../jobs/job-host.js";
import { Pace } from "../jobs/pace.js";
import { StreamedJob, type Wait } from "../jobs/streamed-job.js";
import type { Exchange } from "../node/exchange.js";
import type { NodeNamespace } from "../node/node-namespace.js";
import { digestKey } from "../record/digest.js";
import type { Partition } from "../record/partition.js";
import type { IndexHit, IndexSearch } from "../sindex/index-search.js";
import { type Projection, projectionOf } from "./projection.js";
import { partitionsOf, type QueryPartitions, type ResumePoint } from "./query-partitions.js";
import { isShortQuery, numberField, parseQuery, type QueryRequest, searchOf } from "./query-request.js";
import { QueryWriter } from "./query-writer.js";
import { explainWhere, filterOfWhere, isExplain, whereField } from "./where-text.js";

/** Records that are looked at before others get their turn. */
const SLICE = 500;
const SHORT_TIMEOUT_MS = 1000;

/** A query whose records go to the client. */
interface ForegroundPlan {
  readonly query: QueryRequest;
  readonly partitions: QueryPartitions;
  readonly search: IndexSearch | undefined;
  readonly filter: Expression | undefined;
  readonly projection: Projection;
  /** Most records that the client wants; 0 for all. */
  readonly sampleMax: number;
  readonly isShort: boolean;
  readonly socketTimeoutMs: number;
}

/** Answers a query with the records it finds. */
export function startForeground(host: JobHost, namespace: NodeNamespace, request: Request, exchange: Exchange): void {
  if (isExplain(request)) {
    const refusal = explainWhere(namespace, request, host.runtime, exchange.out);
    if (refusal !== ResultCode.OK) writeResult(exchange.out, refusal, request.details);
    exchange.finish();
    return;
  }
  const plan = planOf(host, namespace, request);
  const code = typeof plan === "number" ? plan : begin(host, namespace, request, plan, exchange);
  if (code === ResultCode.OK) return;
  writeResult(exchange.out, code, request.details);
  exchange.finish();
}

function planOf(host: JobHost, namespace: NodeNamespace, request: Request): ForegroundPlan | number {
  if ((request.info3 & Info3.PARTITION_DONE) === 0) return ResultCode.UNSUPPORTED_FEATURE;
  const query = parseQuery(request);
  const partitions = partitionsOf(request);
  if (query === undefined || partitions === null) return ResultCode.PARAMETER_ERROR;
  if (partitions === undefined) return ResultCode.UNSUPPORTED_FEATURE;
  const search = searchOf(query, namespace, host.runtime.now());
  if (typeof search === "number") return search;
  const socketTimeoutMs = numberField(request.field(FieldType.SOCKET_TIMEOUT), 4);
  const sampleMax = numberField(request.field(FieldType.SAMPLE_MAX), 8);
  const projection = projectionOf(request);
  const filter = whereField(request) === undefined ? filterOf(request) : filterOfWhere(request);
  if (socketTimeoutMs === undefined || sampleMax === undefined || projection === undefined) {
    return ResultCode.PARAMETER_ERROR;
  }
  if (typeof filter === "number") return filter;
  const isShort = isShortQuery(request) && !namespace.settings.forceLongQueries;
  return { query, partitions, search, filter, projection, sampleMax, isShort, socketTimeoutMs };
}

function begin(
  host: JobHost,
  namespace: NodeNamespace,
  request: Request,
  plan: ForegroundPlan,
  exchange: Exchange,
): number {
  const { query } = plan;
  const start: JobStart = {
    taskId: query.taskId === 0n && !plan.isShort ? host.jobs.nextId() : query.taskId,
    namespace: namespace.name,
    setName: query.setName,
    indexName: plan.search?.index.name,
    partitions: plan.partitions.count,
    digests: plan.partitions.resumed.size,
    recordsPerSecond: query.recordsPerSecond,
    peer: exchange.peer,
    now: host.runtime.now(),
  };
  const metadataOnly = (request.info1 & Info1.GET_NO_BINS) !== 0;
  const writer = new QueryWriter(namespace.name, metadataOnly);
  const job = new ForegroundQuery(host, namespace, start, plan, exchange, writer);
  const code = plan.isShort ? host.jobs.beginShort() : host.jobs.add(job);
  if (code === ResultCode.OK) job.run(request.timeoutMs === 0 ? SHORT_TIMEOUT_MS : request.timeoutMs);
  return code;
}

class ForegroundQuery extends StreamedJob {
  readonly type = "basic";
  readonly #plan: ForegroundPlan;
  readonly #pace: Pace;
  #deadline = Number.POSITIVE_INFINITY;
  #isTimedOut = false;
  #sampled = 0;
  /** Records that were looked at. */
  #looked = 0;

  constructor(
    host: JobHost,
    namespace: NodeNamespace,
    start: JobStart,
    plan: ForegroundPlan,
    exchange: Exchange,
    writer: QueryWriter,
  ) {
    super(host, namespace, start, exchange, writer, plan.socketTimeoutMs);
    this.#plan = plan;
    this.#pace = new Pace(start.recordsPerSecond, start.now);
  }

  run(timeoutMs: number): void {
    if (this.#plan.isShort) this.#deadline = this.start.now + timeoutMs;
    else if (this.start.recordsPerSecond === 0) {
      const { singleQueryThreads } = this.namespace.settings;
      this.host.jobs.widen(this, Math.min(singleQueryThreads, this.start.partitions));
    }
    this.goOn();
  }

  protected end(): void {
    // The end of a long query comes in a proto of its own.
    if (!this.#plan.isShort) this.writer.endProto();
    this.writer.last(this.#isTimedOut ? ResultCode.TIMEOUT : this.endCode);
    this.#countEnd();
  }

  protected override finished(): void {
    if (this.#plan.isShort) this.host.jobs.endShort();
    else super.finished();
  }

  #countEnd(): void {
    const by = this.#plan.search === undefined ? "pi" : "si";
    const kind = this.#plan.isShort ? "short" : "long";
    let ending = "complete";
    if (this.#isTimedOut) ending = "timeout";
    else if (this.abandoned !== Abandoned.NOT) {
      ending = this.abandoned === Abandoned.BY_USER && !this.#plan.isShort ? "abort" : "error";
    }
    this.namespace.counters.add(`${by}_query_${kind}_basic_${ending}`);
  }

  protected *work(): Generator<Wait, void, void> {
    const { isAsked, resumed } = this.#plan.partitions;
    const { shared } = this.namespace;
    if (this.#isOver()) return;
    let isHeld = shared.table.heldBy(this.host.index);
    for (let pid = 0; pid < PARTITIONS; pid++) {
      if (isAsked[pid] === 0) continue;
      this.begun = pid;
      if (isHeld[pid] === 0) {
        this.writer.partition(pid, ResultCode.PARTITION_UNAVAILABLE);
        continue;
      }
      // Most are empty in tests.
      const partition = shared.findPartition(pid);
      if (partition === undefined || partition.size === 0) continue;
      yield* this.#workOnPartition(partition, resumed.get(pid));
      if (this.#isOver()) return;
      // Partitions may have moved while others had their turn.
      isHeld = shared.table.heldBy(this.host.index);
    }
  }

  #isOver(): boolean {
    if (this.host.runtime.now() > this.#deadline) this.#isTimedOut = true;
    return this.#isTimedOut || this.abandoned !== Abandoned.NOT;
  }

  *#workOnPartition(partition: Partition, start: ResumePoint | undefined): Generator<Wait, void, void> {
    for (const hit of this.#hits(partition, start)) {
      // At the first record too: those that come in the same moment find the threads of this one taken.
      if (this.#looked++ % SLICE === 0 && !this.#plan.isShort) yield 0;
      if (this.abandoned !== Abandoned.NOT || this.#isSampled()) return;
      // Records may have gone while others had their turn.
      if (partition.get(hit.record.digest) !== hit.record || !this.#give(hit)) continue;
      const wait = this.#plan.isShort ? 0 : this.#throttle();
      if (this.writer.isFull) yield "flush";
      if (wait > 0 && !this.#isSampled()) yield wait;
    }
  }

  #isSampled(): boolean {
    return this.#plan.sampleMax !== 0 && this.#sampled >= this.#plan.sampleMax;
  }

  #throttle(): number {
    if (this.start.recordsPerSecond === 0) return 0;
    this.throttled++;
    return this.#pace.take(this.host.runtime.now());
  }

  #hits(partition: Partition, start: ResumePoint | undefined): readonly IndexHit[] {
    const { setName } = this.start;
    if (partition.size === 0 || (setName !== "" && !partition.setCounts.has(setName))) return [];
    const { search } = this.#plan;
    if (search !== undefined) return search.hits(partition, this.now(), start);
    const records = partition.inIndexOrder().map((record) => ({ record, key: 0n }));
    if (start === undefined) return records;
    const last = digestKey(start.digest);
    return records.filter((hit) => digestKey(hit.record.digest) < last);
  }

  /** Writes what the query gives for a record; false when it gives nothing. */
  #give({ record, key }: IndexHit): boolean {
    const { setName } = this.start;
    const { filter, search, projection } = this.#plan;
    const { name } = this.namespace;
    const now = this.now();
    if (setName !== "" && record.setName !== setName) return false;
    if (this.namespace.isDoomed(record, now)) return false;
    const verdict = filter === undefined ? "kept" : judge(filter, name, record, now);
    if (verdict === "filtered by metadata") this.filteredByMetadata++;
    if (verdict === "filtered by bins") this.filteredByBins++;
    if (verdict !== "kept") return false;
    if (search !== undefined && !search.isHit(record, now)) return false;
    this.#sampled++;
    const rows = projection(name, record, now);
    if (typeof rows === "number") {
      this.failed++;
      return false;
    }
    if (rows !== undefined) this.writer.record(record, search && key, rows);
    this.succeeded++;
    return true;
  }
}
