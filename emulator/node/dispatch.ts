import { FieldType } from "../../protocol/message/field-type.js";
import { Info1, Info2 } from "../../protocol/message/flags.js";
import { ResultCode } from "../../protocol/result-code.js";
import { runBatch } from "../batch/run-batch.js";
import { commandKind } from "../command/command-kind.js";
import { beginProto, endProto, ProtoType, writeResult } from "../command/reply.js";
import { parseRequest, type Request } from "../command/request.js";
import type { CommandKind } from "../faults/command-kind.js";
import { FaultyExchange, OrderedExchange } from "../faults/faulty-exchange.js";
import { answerInfo } from "../info/info.js";
import type { InfoNode } from "../info/info-node.js";
import type { JobHost } from "../jobs/job-host.js";
import { startBackground } from "../jobs/start-background.js";
import { startAggregation } from "../query/aggregation.js";
import { startForeground } from "../query/foreground-query.js";
import { readName, writeName } from "../record/name.js";
import { mayDo } from "../security/access.js";
import { answerSecurity } from "../security/security-commands.js";
import { writeSecurityReply } from "../security/security-message.js";
import { CompressedExchange, expandMessage } from "./compressed.js";
import type { Exchange } from "./exchange.js";
import type { Proto } from "./inbox.js";
import type { NodeCluster } from "./node-cluster.js";
import type { NodeNamespace } from "./node-namespace.js";
import { handleRecordCommand, type RecordNode } from "./record-command.js";
import type { Session } from "./session.js";

/** All that a node says to one who is not logged in. */
const NOT_AUTHENTICATED = writeName("ERROR:80:not authenticated\n");

/** What all handlers together need of a node; each takes its own part. */
export interface DispatchNode extends RecordNode, JobHost, InfoNode {
  readonly cluster: NodeCluster;
  readonly sessions: ReadonlySet<Session>;
}

/** Answers one message of a client. */
export function dispatch(node: DispatchNode, proto: Proto, session: Session): void {
  switch (proto.type) {
    case ProtoType.INFO:
      withFaults(node, "info", session, (exchange) => info(node, session, proto.body, exchange));
      break;
    case ProtoType.SECURITY:
      withFaults(node, "security", session, (exchange) => security(node, session, proto.body, exchange));
      break;
    case ProtoType.MESSAGE:
      if (node.cluster.accounts !== undefined && session.account === undefined) {
        answer(session, ResultCode.NOT_AUTHENTICATED);
      } else message(node, proto.body, session);
      break;
    case ProtoType.COMPRESSED:
      compressed(node, proto.body, session);
      break;
    default:
      // Messages between clusters: a server takes one and says nothing, now or later.
      session.fallSilent();
  }
}

/** The Community Edition takes none, and the socket stays. */
function compressed(node: DispatchNode, body: Uint8Array, session: Session): void {
  if (!node.cluster.settings.isEnterprise) {
    answer(session, ResultCode.ENTERPRISE_ONLY);
    return;
  }
  const inner = expandMessage(body);
  if (inner === undefined) answer(session, ResultCode.PARAMETER_ERROR);
  else dispatch(node, { type: ProtoType.MESSAGE, body: inner }, session);
}

function message(node: DispatchNode, body: Uint8Array, session: Session): void {
  const request = parseRequest(body, node.release);
  const wants = node.cluster.settings.isEnterprise && ((body[1] ?? 0) & Info1.COMPRESS_RESPONSE) !== 0;
  const out = (exchange: Exchange): Exchange => (wants ? new CompressedExchange(exchange) : exchange);
  if (isBatch(body)) {
    const access = accessOf(session);
    withFaults(node, "batch", session, (exchange) => runBatch(node, node.service, request, out(exchange), access));
  } else if (request === undefined) {
    answer(session, ResultCode.PARAMETER_ERROR);
  } else if (accessOf(session)(request) !== ResultCode.OK) {
    answer(session, ResultCode.ROLE_VIOLATION);
  } else if (!node.cluster.faults.isAny) {
    handle(node, request, body, out(session));
  } else {
    withFaults(node, commandKind(request), session, (exchange) => handle(node, request, body, out(exchange)));
  }
}

/** Looked at before anything else is: what is wrong with a batch is said as a batch says it. */
function isBatch(body: Uint8Array): boolean {
  return ((body[1] ?? 0) & Info1.BATCH) !== 0;
}

function withFaults(
  node: DispatchNode,
  kind: CommandKind,
  session: Session,
  carryOut: (exchange: Exchange) => void,
): void {
  const { faults } = node.cluster;
  const fault = faults.affecting(node.index, kind);
  if (fault !== undefined) {
    const exchange = new FaultyExchange(session, fault, node.runtime);
    if (exchange.begin(kind)) carryOut(exchange);
    return;
  }
  const order = faults.orderOf(node.index, kind);
  carryOut(order === undefined ? session : new OrderedExchange(session, order, node.index));
}

function handle(node: DispatchNode, request: Request, body: Uint8Array, exchange: Exchange): void {
  const name = request.field(FieldType.NAMESPACE);
  const namespace = name && node.namespace(readName(name));
  if (namespace === undefined) answer(exchange, ResultCode.INVALID_NAMESPACE);
  else if (!node.isReady) answer(exchange, ResultCode.PARTITION_UNAVAILABLE);
  else if (request.field(FieldType.DIGEST) !== undefined) handleRecordCommand(node, namespace, request, exchange);
  // A query or job outlives its message, whose bytes are the socket's.
  else handleQuery(node, namespace, parseRequest(body.slice(), node.release) ?? request, exchange);
}

function handleQuery(node: DispatchNode, namespace: NodeNamespace, request: Request, exchange: Exchange): void {
  switch (queryKind(request)) {
    case "foreground":
      startForeground(node, namespace, request, exchange);
      break;
    case "background":
      startBackground(node, namespace, request, exchange);
      break;
    case "aggregation":
      startAggregation(node, namespace, request, exchange);
      break;
    default:
      answer(exchange, ResultCode.PARAMETER_ERROR);
  }
}

function queryKind(request: Request): "foreground" | "background" | "aggregation" | undefined {
  if (request.field(FieldType.UDF_FILENAME) === undefined) {
    return request.info2 & Info2.WRITE ? "background" : "foreground";
  }
  const op = request.field(FieldType.UDF_OP);
  if (op?.length !== 1) return undefined;
  if (op[0] === 1) return "aggregation";
  return op[0] === 2 ? "background" : undefined;
}

function info(node: DispatchNode, session: Session, body: Uint8Array, exchange: Exchange): void {
  const start = beginProto(exchange.out, ProtoType.INFO);
  const isLocked = node.cluster.accounts !== undefined && session.account === undefined;
  exchange.out.bytes(isLocked ? NOT_AUTHENTICATED : answerInfo(node, session, body));
  endProto(exchange.out, start);
  node.counters.add("info_complete");
  exchange.finish();
}

/** Without accounts there is no security, as in the Community Edition: whatever is asked, it is not supported. */
function security(node: DispatchNode, session: Session, body: Uint8Array, exchange: Exchange): void {
  const { accounts } = node.cluster;
  if (accounts === undefined) writeSecurityReply(exchange.out, ResultCode.SECURITY_NOT_SUPPORTED);
  else answerSecurity(node, accounts, session, body, exchange.out);
  exchange.finish();
}

/** What a client may do with records, as far as there are accounts. */
function accessOf({ account }: Session): (request: Request) => number {
  return account === undefined ? () => ResultCode.OK : (request) => mayDo(account, request);
}

function answer(exchange: Exchange, code: number): void {
  writeResult(exchange.out, code);
  exchange.finish();
}
