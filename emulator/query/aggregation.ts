import { encodeUtf8 } from "../../protocol/bytes/utf8.js";
import { PARTITIONS } from "../../protocol/limits.js";
import { FieldType } from "../../protocol/message/field-type.js";
import { OpCode } from "../../protocol/message/op.js";
import { ResultCode } from "../../protocol/result-code.js";
import { ParticleType } from "../../protocol/value/particle-type.js";
import { writeResult } from "../command/reply.js";
import type { Request } from "../command/request.js";
import { Abandoned, type JobStart } from "../jobs/job.js";
import type { JobHost } from "../jobs/job-host.js";
import { Pace } from "../jobs/pace.js";
import { StreamedJob, type Wait } from "../jobs/streamed-job.js";
import type { Exchange } from "../node/exchange.js";
import type { NodeNamespace } from "../node/node-namespace.js";
import type { BinValue } from "../record/bin-value.js";
import type { Partition } from "../record/partition.js";
import type { StoredRecord } from "../record/stored-record.js";
import type { IndexSearch } from "../sindex/index-search.js";
import { StreamRecord } from "../udf/stream-record.js";
import { type UdfCall, udfCallOf } from "../udf/udf-call.js";
import type { UdfStream } from "../udf/udf-engine.js";
import { isShortQuery, numberField, parseQuery, type QueryRequest, searchOf } from "./query-request.js";
import { QueryWriter } from "./query-writer.js";
import { whereField } from "./where-text.js";

/**
 * How long the function may take over one partition. Servers set no limit, and a loop without end holds one of their
 * threads for ever: here it would hold everything.
 */
const PARTITION_LIMIT_MS = 60_000;
const SUCCESS = encodeUtf8("SUCCESS");
const FAILURE = encodeUtf8("FAILURE");

interface AggregationPlan {
  readonly query: QueryRequest;
  readonly search: IndexSearch | undefined;
  readonly call: UdfCall;
  readonly socketTimeoutMs: number;
}

/** Answers an aggregation with the values that its function makes of the records of each partition. */
export function startAggregation(host: JobHost, namespace: NodeNamespace, request: Request, exchange: Exchange): void {
  const plan = planOf(host, namespace, request);
  const code = typeof plan === "number" ? plan : begin(host, namespace, plan, exchange);
  if (code === ResultCode.OK) return;
  writeResult(exchange.out, code, request.details);
  exchange.finish();
}

/** The result code that refuses it, in the order in which the server looks. */
function planOf(host: JobHost, namespace: NodeNamespace, request: Request): AggregationPlan | number {
  if (isShortQuery(request)) return ResultCode.PARAMETER_ERROR;
  if (whereField(request) !== undefined) return ResultCode.UNSUPPORTED_FEATURE;
  if (request.field(FieldType.FILTER_EXPRESSION) !== undefined) return ResultCode.UNSUPPORTED_FEATURE;
  const query = parseQuery(request);
  if (query === undefined) return ResultCode.PARAMETER_ERROR;
  if (query.setName !== "" && !namespace.sets.has(query.setName)) return ResultCode.KEY_NOT_FOUND;
  const search = searchOf(query, namespace, host.runtime.now());
  if (typeof search === "number") return search;
  const socketTimeoutMs = numberField(request.field(FieldType.SOCKET_TIMEOUT), 4);
  const call = udfCallOf(request);
  if (socketTimeoutMs === undefined || call === undefined) return ResultCode.PARAMETER_ERROR;
  return { query, search, call, socketTimeoutMs };
}

function begin(host: JobHost, namespace: NodeNamespace, plan: AggregationPlan, exchange: Exchange): number {
  const { query } = plan;
  const start: JobStart = {
    taskId: query.taskId === 0n ? host.jobs.nextId() : query.taskId,
    namespace: namespace.name,
    setName: query.setName,
    indexName: plan.search?.index.name,
    partitions: 0,
    digests: 0,
    recordsPerSecond: query.recordsPerSecond,
    peer: exchange.peer,
    now: host.runtime.now(),
  };
  const job = new Aggregation(host, namespace, start, plan, exchange);
  const code = host.jobs.add(job);
  if (code === ResultCode.OK) job.run();
  return code;
}

class Aggregation extends StreamedJob {
  readonly type = "aggregation";
  readonly #plan: AggregationPlan;
  readonly #pace: Pace;

  constructor(host: JobHost, namespace: NodeNamespace, start: JobStart, plan: AggregationPlan, exchange: Exchange) {
    super(host, namespace, start, exchange, new QueryWriter(namespace.name, false), plan.socketTimeoutMs);
    this.#plan = plan;
    this.#pace = new Pace(start.recordsPerSecond, start.now);
  }

  run(): void {
    const { singleQueryThreads } = this.namespace.settings;
    if (this.start.recordsPerSecond === 0) this.host.jobs.widen(this, singleQueryThreads);
    this.goOn();
  }

  protected *work(): Generator<Wait, void, void> {
    const { shared } = this.namespace;
    // Those that come in the same moment find its thread taken.
    yield 0;
    for (let pid = 0; pid < PARTITIONS; pid++) {
      this.begun = pid;
      if (this.isAbandoned) return;
      const partition = shared.findPartition(pid);
      if (partition === undefined || shared.table.master(pid) !== this.host.index) continue;
      const records = this.#recordsOf(partition);
      if (records.length === 0) continue;
      for (const _record of records) {
        this.succeeded++;
        const wait = this.#throttle();
        if (wait > 0) yield wait;
        if (this.isAbandoned) return;
      }
      this.#aggregate(shared.partition(pid), records);
      // What a partition gives leaves in a proto of its own.
      yield "flush";
    }
  }

  protected end(): void {
    // What it wrote goes out before its end does.
    this.writer.endProto();
    this.writer.last(this.endCode);
    const by = this.#plan.search === undefined ? "pi" : "si";
    let ending = "error";
    if (this.abandoned === Abandoned.NOT) ending = "complete";
    else if (this.abandoned === Abandoned.BY_USER) ending = "abort";
    this.namespace.counters.add(`${by}_query_aggr_${ending}`);
  }

  #recordsOf(partition: Partition): StoredRecord[] {
    const { search } = this.#plan;
    const { setName } = this.start;
    if (partition.size === 0 || (setName !== "" && !partition.setCounts.has(setName))) return [];
    const now = this.now();
    const found =
      search === undefined ? partition.inIndexOrder() : search.hits(partition, now).map(({ record }) => record);
    return found.filter(
      (record) => (setName === "" || record.setName === setName) && !this.namespace.isDoomed(record, now),
    );
  }

  #throttle(): number {
    if (this.start.recordsPerSecond === 0) return 0;
    this.throttled++;
    return this.#pace.take(this.host.runtime.now());
  }

  #aggregate(partition: Partition, records: readonly StoredRecord[]): void {
    const { call } = this.#plan;
    const { modules, deadline } = this.host.udfHost(PARTITION_LIMIT_MS);
    const module = modules.module(call.moduleName);
    const stream = this.#stream(partition, records);
    const failure =
      module === undefined
        ? "UDF: Execution Error 1"
        : module.aggregate(call.functionName, stream, call.args, deadline);
    if (failure === undefined) return;
    this.#write(FAILURE, { type: ParticleType.STRING, bytes: encodeUtf8(failure) });
    this.abandoned = Abandoned.UNKNOWN;
  }

  #stream(partition: Partition, records: readonly StoredRecord[]): UdfStream {
    const now = this.now();
    const { search } = this.#plan;
    let next = 0;
    return {
      next() {
        while (next < records.length) {
          const record = records[next++]!;
          const isThere = partition.get(record.digest) === record;
          if (isThere && (search === undefined || search.isHit(record, now))) return new StreamRecord(record, now);
        }
        return undefined;
      },
      put: (value) => this.#write(SUCCESS, value),
    };
  }

  #write(nameBytes: Uint8Array, value: BinValue | null): void {
    this.writer.value({ code: OpCode.READ, nameBytes, value, isLoose: true });
  }
}
