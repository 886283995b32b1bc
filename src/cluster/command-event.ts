import type { RecordKey } from "../../protocol/key/record-key.js";
import type { Runtime } from "../../runtime/runtime.js";
import { AerospikeError } from "../errors/errors.js";
import type { DiagnosticsChannel } from "../transport/transport.js";
import type { CommandEvent } from "./diagnostics.js";
import type { ClusterNode } from "./node.js";

/** What is known of a command that has ended. */
export interface EndedCommand {
  readonly operation: string;
  readonly key: RecordKey | undefined;
  readonly node: ClusterNode | undefined;
  readonly attempts: number;
  /** On the runtime's clock. */
  readonly startedAt: number;
  readonly error: unknown;
}

/** Call only when the channel has subscribers. */
export function publishCommand(channel: DiagnosticsChannel, runtime: Runtime, command: EndedCommand): void {
  const { key, node, error } = command;
  const durationMs = runtime.now() - command.startedAt;
  const event: CommandEvent = {
    attributes: {
      "db.system.name": "aerospike",
      "db.operation.name": command.operation,
      ...(key !== undefined && { "db.namespace": key.namespace }),
      ...(key !== undefined && key.setName !== "" && { "db.collection.name": key.setName }),
      ...(node !== undefined && { "server.address": node.host, "server.port": node.port }),
      ...(error !== undefined && errorAttributes(error)),
    },
    startTime: runtime.wallClock() - durationMs,
    durationMs,
    node: node?.id,
    attempts: command.attempts,
    error,
  };
  channel.publish(event);
}

function errorAttributes(error: unknown): { "error.type": string; "db.response.status_code"?: string } {
  if (!(error instanceof AerospikeError)) return { "error.type": error instanceof Error ? error.name : "unknown" };
  if (error.resultCode <= 0) return { "error.type": error.code };
  return { "error.type": error.code, "db.response.status_code": String(error.resultCode) };
}
