import { FieldType } from "../../protocol/message/field-type.js";
import { Info1, Info2, Info3, Info4 } from "../../protocol/message/flags.js";
import { ResultCode } from "../../protocol/result-code.js";
import type { Runtime } from "../../runtime/runtime.js";
import { remove } from "../command/delete.js";
import { type Outcome, outcome } from "../command/outcome.js";
import { read } from "../command/read.js";
import type { RecordContext } from "../command/record-context.js";
import { writeOutcome } from "../command/reply.js";
import type { Request } from "../command/request.js";
import { applyUdf, type UdfHost } from "../command/udf.js";
import { write } from "../command/write.js";
import { DIGEST_SIZE, partitionOf } from "../record/digest.js";
import { strongCommand } from "../transactions/strong-command.js";
import type { Exchange } from "./exchange.js";
import type { NodeNamespace } from "./node-namespace.js";

/** What a command on one record needs of the node that it comes to. */
export interface RecordNode {
  /** Its place in the cluster. */
  readonly index: number;
  readonly isUp: boolean;
  readonly runtime: Runtime;
  namespace(name: string): NodeNamespace | undefined;
  /** Milliseconds that a transaction may take: what the client asked for, or with 0 the node's own limit. */
  timeLimitMs(requestedMs: number): number;
  /** What functions run in; `timeoutMs` 0 for the node's own limit. */
  udfHost(timeoutMs: number): UdfHost;
  /** The node at a place in the cluster. */
  peer(index: number): RecordNode;
  /** Calls once the nodes that came or went are taken account of; what it returns takes the call back. */
  onceRegrouped(call: () => void): () => void;
  /** Of each command that waits, what makes it end in nothing: called when the node's process is killed. */
  readonly waiting: Set<() => void>;
}

/** A message with a digest: a command on one record. */
export function handleRecordCommand(
  node: RecordNode,
  namespace: NodeNamespace,
  request: Request,
  exchange: Exchange,
): void {
  runRecordCommand(node, namespace, request, "client", (result) => {
    writeOutcome(exchange.out, result, request.details);
    exchange.finish();
  });
}

/**
 * Carries out a command on one record and calls with what came of it, at once as a rule. Another node's record is worked
 * on there, as a server's proxy does it.
 * @param counted how the node's statistics name commands that come this way
 */
export function runRecordCommand(
  node: RecordNode,
  namespace: NodeNamespace,
  request: Request,
  counted: "client" | "batch_sub",
  done: (result: Outcome) => void,
): void {
  const digest = request.field(FieldType.DIGEST);
  const isWrite = (request.info2 & Info2.WRITE) !== 0;
  const isRead = (request.info1 & Info1.READ) !== 0;
  if (digest === undefined || digest.length !== DIGEST_SIZE || !(isWrite || isRead)) {
    done(outcome(ResultCode.PARAMETER_ERROR));
    return;
  }
  const partition = partitionOf(digest);
  const { table } = namespace.shared;
  const place = placeOf(node, namespace, request, partition);
  if (place === undefined) {
    done(outcome(ResultCode.PARTITION_UNAVAILABLE));
    return;
  }
  const owner = place === node.index ? node : node.peer(place);
  const isUp = (index: number): boolean => node.peer(index).isUp;
  const result = owner.isUp
    ? carryOut(owner, owner.namespace(namespace.name) ?? namespace, request, digest)
    : undefined;
  if (result !== undefined) count(namespace, request, counted, result.code);
  if (result === undefined || (isWrite && !table.replicas(partition).every(isUp))) {
    wait(node, request, result, done);
    return;
  }
  done(result);
}

/** The two bits that name a read mode of strong consistency. */
const READ_MODE = Info3.SC_READ_TYPE | Info3.SC_READ_RELAX;
const ALLOW_REPLICA = Info3.SC_READ_RELAX;
const ALLOW_UNAVAILABLE = READ_MODE;

/** Which node works on a record; undefined when none may. */
function placeOf(node: RecordNode, namespace: NodeNamespace, request: Request, partition: number): number | undefined {
  const { table } = namespace.shared;
  const master = table.master(partition);
  if (request.info2 & Info2.WRITE) return master;
  const mode = request.info3 & READ_MODE;
  const takesReplica = !namespace.settings.strongConsistency || (mode & ALLOW_REPLICA) !== 0;
  if (takesReplica && table.isHolder(partition, node.index)) return node.index;
  if (master !== undefined) return master;
  return mode === ALLOW_UNAVAILABLE && table.keeps(partition, node.index) ? node.index : undefined;
}

/**
 * A node that is gone is missed only once its heartbeats are. A write that waits for it as a replica is then done; what it
 * had to work on itself never is.
 */
function wait(node: RecordNode, request: Request, result: Outcome | undefined, done: (result: Outcome) => void): void {
  const timer = node.runtime.setTimer(
    node.timeLimitMs(request.timeoutMs),
    () => {
      end();
      done(outcome(ResultCode.TIMEOUT));
    },
    false,
  );
  const forget = node.onceRegrouped(() => {
    if (result === undefined) return;
    end();
    done(result);
  });
  const end = (): void => {
    timer.cancel();
    forget();
    node.waiting.delete(end);
  };
  node.waiting.add(end);
}

function carryOut(node: RecordNode, namespace: NodeNamespace, request: Request, digest: Uint8Array): Outcome {
  const ctx: RecordContext = {
    namespace,
    partition: namespace.shared.partition(partitionOf(digest)),
    digest,
    now: Math.floor(node.runtime.wallClock()),
  };
  const plainly = (own: RecordContext, plain: Request): Outcome => carryOutPlainly(node, own, plain);
  return namespace.settings.strongConsistency ? strongCommand(ctx, request, plainly) : plainly(ctx, request);
}

function carryOutPlainly(node: RecordNode, ctx: RecordContext, request: Request): Outcome {
  if ((request.info2 & Info2.WRITE) === 0) return read(ctx, request);
  if (request.info2 & Info2.DELETE) return remove(ctx, request);
  if (request.field(FieldType.UDF_FILENAME) !== undefined)
    return applyUdf(ctx, request, node.udfHost(request.timeoutMs));
  if (request.info4 & (Info4.MRT_ROLL_FORWARD | Info4.MRT_ROLL_BACK)) return outcome(ResultCode.ENTERPRISE_ONLY);
  return write(ctx, request);
}

function count(namespace: NodeNamespace, request: Request, counted: string, code: number): void {
  const { counters } = namespace;
  const kind = kindOf(request);
  const ending = endingOf(kind, code);
  counters.add(`${counted}_${kind}_${ending}`);
  if (code === ResultCode.GENERATION_ERROR) counters.add("fail_generation");
  if (code === ResultCode.RECORD_TOO_BIG) counters.add("fail_record_too_big");
  if (code === ResultCode.MRT_BLOCKED) counters.add("fail_mrt_blocked");
  if (code === ResultCode.MRT_VERSION_MISMATCH) counters.add("fail_mrt_version_mismatch");
}

function kindOf(request: Request): string {
  if ((request.info2 & Info2.WRITE) === 0) return "read";
  if (request.info2 & Info2.DELETE) return "delete";
  return request.field(FieldType.UDF_FILENAME) === undefined ? "write" : "udf";
}

function endingOf(kind: string, code: number): string {
  switch (code) {
    case ResultCode.OK:
      return kind === "udf" ? "complete" : "success";
    case ResultCode.KEY_NOT_FOUND:
      return kind === "read" || kind === "delete" ? "not_found" : "error";
    case ResultCode.FILTERED_OUT:
      return "filtered_out";
    default:
      return "error";
  }
}
