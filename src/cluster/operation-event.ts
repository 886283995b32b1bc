import type { Runtime } from "../../runtime/runtime.js";
import { AerospikeError } from "../errors/errors.js";
import type { CommandEvent, DatabaseAttributes } from "./diagnostics.js";
import type { ClusterNode } from "./node.js";

/** What is known of an operation that has ended. */
export interface EndedOperation {
  readonly operation: string;
  readonly namespace: string | undefined;
  readonly setName: string | undefined;
  readonly node: ClusterNode | undefined;
  readonly attempts: number;
  /** Records of a batch. */
  readonly batchSize: number | undefined;
  /** On the runtime's clock. */
  readonly startedAt: number;
  readonly error: unknown;
}

/** Call only when somebody wants it. */
export function eventOf(runtime: Runtime, ended: EndedOperation): CommandEvent {
  const { namespace, setName, node, error, batchSize = 1 } = ended;
  const durationMs = runtime.now() - ended.startedAt;
  return {
    attributes: {
      "db.system.name": "aerospike",
      "db.operation.name": ended.operation,
      ...(namespace !== undefined && { "db.namespace": namespace }),
      ...(setName !== undefined && setName !== "" && { "db.collection.name": setName }),
      ...(batchSize > 1 && { "db.operation.batch.size": batchSize }),
      ...(node !== undefined && {
        "server.address": node.commandEndpoint.host,
        "server.port": node.commandEndpoint.port,
      }),
      ...(error !== undefined && errorAttributes(error)),
    },
    startTime: runtime.wallClock() - durationMs,
    durationMs,
    node: node?.id,
    attempts: ended.attempts,
    error,
  };
}

export function serverAttributes({ host, port }: ClusterNode): DatabaseAttributes {
  return { "db.system.name": "aerospike", "server.address": host, "server.port": port };
}

export function errorAttributes(error: unknown): { "error.type": string; "db.response.status_code"?: string } {
  if (!(error instanceof AerospikeError)) return { "error.type": error instanceof Error ? error.name : "unknown" };
  if (error.resultCode <= 0) return { "error.type": error.code };
  return { "error.type": error.code, "db.response.status_code": String(error.resultCode) };
}
