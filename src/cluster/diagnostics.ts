import type { DiagnosticsChannel, Transport } from "../transport/transport.js";

/** Attributes by the OpenTelemetry conventions for databases. Keys, values and credentials never appear. */
export interface DatabaseAttributes {
  readonly "db.system.name": "aerospike";
  readonly "db.operation.name"?: string;
  readonly "db.namespace"?: string;
  /** The set. */
  readonly "db.collection.name"?: string;
  /** A server's result code, when it was not 0. */
  readonly "db.response.status_code"?: string;
  /** The `code` of the error. */
  readonly "error.type"?: string;
  readonly "server.address"?: string;
  readonly "server.port"?: number;
}

/** Published on `aerowire:command` when a command, a stream from one node or an info request has ended, well or not. */
export interface CommandEvent {
  readonly attributes: DatabaseAttributes;
  /** When it began, in milliseconds since 1970. */
  readonly startTime: number;
  /** From its first attempt to its end, retries included. */
  readonly durationMs: number;
  /** Id of the node of the last attempt. */
  readonly node: string | undefined;
  /** Attempts that were made, the first included. */
  readonly attempts: number;
  /** What it was rejected with; undefined when it went well. */
  readonly error: unknown;
}

/** Published on `aerowire:connection`. */
export interface ConnectionEvent {
  readonly attributes: DatabaseAttributes;
  readonly event: "opened" | "failed" | "closed";
  /** Why it failed or was closed. */
  readonly reason: string | undefined;
}

const SILENT: DiagnosticsChannel = { hasSubscribers: false, publish: () => undefined };

/** The channels of one runtime, silent where it has none. */
export class Diagnostics {
  readonly command: DiagnosticsChannel;
  readonly connection: DiagnosticsChannel;
  readonly task: DiagnosticsChannel;
  readonly campaign: DiagnosticsChannel;

  constructor(transport: Transport) {
    this.command = transport.channel?.("aerowire:command") ?? SILENT;
    this.connection = transport.channel?.("aerowire:connection") ?? SILENT;
    this.task = transport.channel?.("aerowire:task") ?? SILENT;
    this.campaign = transport.channel?.("aerowire:campaign") ?? SILENT;
  }
}
