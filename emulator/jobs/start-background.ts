import { FieldType } from "../../protocol/message/field-type.js";
import { Info1, Info2, Info3 } from "../../protocol/message/flags.js";
import { OpCode } from "../../protocol/message/op.js";
import { ResultCode } from "../../protocol/result-code.js";
import { ErrorDetails } from "../command/error-details.js";
import { filterOf } from "../command/filter.js";
import { isRead } from "../command/op-kind.js";
import { beginProto, endProto, ProtoType, patchInfo3, writeHeader, writeResult } from "../command/reply.js";
import type { Request } from "../command/request.js";
import { callUdf } from "../command/udf.js";
import { write } from "../command/write.js";
import { isExpModify } from "../exp/index.js";
import type { Exchange } from "../node/exchange.js";
import type { NodeNamespace } from "../node/node-namespace.js";
import { isShortQuery, parseQuery, type QueryRequest, searchOf } from "../query/query-request.js";
import { whereField } from "../query/where-text.js";
import { udfCallOf } from "../udf/udf-call.js";
import { BackgroundJob, type BackgroundPlan } from "./background-job.js";
import type { JobHost } from "./job-host.js";

/** Answers a request that starts a background job: at once, while the job goes on by itself. */
export function startBackground(host: JobHost, namespace: NodeNamespace, request: Request, exchange: Exchange): void {
  const code = start(host, namespace, request, exchange.peer);
  if (code === ResultCode.OK) writeLast(exchange, code);
  else writeResult(exchange.out, code, request.details);
  exchange.finish();
}

function start(host: JobHost, namespace: NodeNamespace, request: Request, peer: string): number {
  if (isShortQuery(request)) return ResultCode.PARAMETER_ERROR;
  if (whereField(request) !== undefined) return ResultCode.UNSUPPORTED_FEATURE;
  const query = parseQuery(request);
  if (query === undefined) return ResultCode.PARAMETER_ERROR;
  if (query.setName !== "" && !namespace.sets.has(query.setName)) return ResultCode.KEY_NOT_FOUND;
  const most = namespace.settings.backgroundQueryMaxRps;
  if (query.recordsPerSecond > most) return ResultCode.PARAMETER_ERROR;
  const plan = planOf(host, namespace, request, query);
  if (typeof plan === "number") return plan;
  const job = new BackgroundJob(
    host,
    {
      taskId: query.taskId === 0n ? host.jobs.nextId() : query.taskId,
      namespace: namespace.name,
      setName: query.setName,
      indexName: plan.search?.index.name,
      partitions: 0,
      digests: 0,
      recordsPerSecond: query.recordsPerSecond === 0 ? most : query.recordsPerSecond,
      peer,
      now: host.runtime.now(),
    },
    plan,
  );
  const code = host.jobs.add(job);
  if (code === ResultCode.OK) job.run();
  return code;
}

function planOf(
  host: JobHost,
  namespace: NodeNamespace,
  request: Request,
  query: QueryRequest,
): BackgroundPlan | number {
  const search = searchOf(query, namespace, host.runtime.now());
  if (typeof search === "number") return search;
  const filter = filterOf(request);
  if (typeof filter === "number") return filter;
  const shared = { namespace, search, filter };
  return request.field(FieldType.UDF_FILENAME) === undefined
    ? opsPlan(request, shared)
    : udfPlan(host, request, shared);
}

type SharedPlan = Pick<BackgroundPlan, "namespace" | "search" | "filter">;

function opsPlan(request: Request, shared: SharedPlan): BackgroundPlan | number {
  const { ops } = request;
  if (request.info1 & Info1.READ || ops.length === 0) return ResultCode.PARAMETER_ERROR;
  if (ops.some((op) => isRead(op.code, request.release))) return ResultCode.PARAMETER_ERROR;
  if (ops.some((op) => op.code === OpCode.EXP_MODIFY && !isExpModify(op.value, request.release)))
    return ResultCode.PARAMETER_ERROR;
  const inner = innerRequest(request, Info3.UPDATE_ONLY | (request.info3 & Info3.REPLACE_ONLY), ops);
  return { ...shared, type: "background-ops", work: (ctx, guard) => write(ctx, inner, guard).code };
}

function udfPlan(host: JobHost, request: Request, shared: SharedPlan): BackgroundPlan | number {
  const call = udfCallOf(request);
  if (call === undefined) return ResultCode.PARAMETER_ERROR;
  const inner = innerRequest(request, 0, []);
  return {
    ...shared,
    type: "background-udf",
    udf: { module: call.moduleName, name: call.functionName },
    work: (ctx, guard) => callUdf(ctx, inner, call, host.udfHost(0), guard).code,
  };
}

/** The request that is carried out on each record: of the client's, only what a job lets through. */
function innerRequest(request: Request, info3: number, ops: Request["ops"]): Request {
  return {
    info1: 0,
    info2: Info2.WRITE | (request.info2 & Info2.DURABLE_DELETE),
    info3,
    info4: 0,
    generation: 0,
    ttl: request.ttl,
    timeoutMs: 0,
    ops,
    release: request.release,
    details: new ErrorDetails(request.release, 0),
    field: () => undefined,
  };
}

function writeLast(exchange: Exchange, code: number): void {
  const start = beginProto(exchange.out, ProtoType.MESSAGE);
  patchInfo3(exchange.out, writeHeader(exchange.out, code, 0, 0), Info3.LAST);
  endProto(exchange.out, start);
}
