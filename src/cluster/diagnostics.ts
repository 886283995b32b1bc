import type { DiagnosticsChannel, Transport } from "../transport/transport.js";
import type { Log } from "./logger.js";

/** Attributes by the OpenTelemetry conventions for databases. Keys, values and credentials never appear. */
export interface DatabaseAttributes {
  readonly "db.system.name": "aerospike";
  readonly "db.operation.name"?: string;
  readonly "db.namespace"?: string;
  /** The set. */
  readonly "db.collection.name"?: string;
  /** Records of a batch, where there are several. */
  readonly "db.operation.batch.size"?: number;
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

/** Published on `aerowire:node` when this client's view of a node changes. */
export interface NodeEvent {
  readonly attributes: DatabaseAttributes;
  /**
   * `added`: found in the cluster. `unreachable`: did not reply when it was asked for news, though it did before; it stays a
   * node of the cluster. `returned`: replies again. `removed`: has left the cluster. None tells of the end of the client.
   */
  readonly event: "added" | "unreachable" | "returned" | "removed";
  /** Its id. */
  readonly node: string;
  /** Why it is unreachable or was removed. */
  readonly reason: string | undefined;
}

/** Published on `aerowire:tend` when a node was asked for news: what it owns, and who else is there. */
export interface TendEvent {
  readonly attributes: DatabaseAttributes;
  /** When it began, in milliseconds since 1970. */
  readonly startTime: number;
  readonly durationMs: number;
  /** Id of the node. */
  readonly node: string;
  /** Why it gave none; undefined when it went well. */
  readonly error: unknown;
}

/** Published on `aerowire:breaker` when the circuit breaker of a node opens, and when it closes again. */
export interface BreakerEvent {
  readonly attributes: DatabaseAttributes;
  /** `opened`: too many errors, and nothing is sent to the node for the rest of the window. `closed`: a new window began. */
  readonly event: "opened" | "closed";
  /** Id of the node. */
  readonly node: string;
  /** Counted in the present window, and how many are allowed there. */
  readonly errors: number;
  readonly limit: number;
}

const SILENT: DiagnosticsChannel = { hasSubscribers: false, publish: () => undefined };

/** The channels of one runtime, silent where it has none, and the log of one client. */
export class Diagnostics {
  readonly command: DiagnosticsChannel;
  /** For commands that failed. */
  readonly failedCommand: DiagnosticsChannel;
  readonly connection: DiagnosticsChannel;
  readonly node: DiagnosticsChannel;
  readonly tend: DiagnosticsChannel;
  readonly breaker: DiagnosticsChannel;
  readonly task: DiagnosticsChannel;
  readonly campaign: DiagnosticsChannel;

  constructor(transport: Transport, log: Log | undefined) {
    const channel = (name: string): DiagnosticsChannel => transport.channel?.(`aerowire:${name}`) ?? SILENT;
    const [connection, node, tend] = [channel("connection"), channel("node"), channel("tend")];
    const [breaker, task, campaign] = [channel("breaker"), channel("task"), channel("campaign")];
    this.command = channel("command");
    this.failedCommand = log?.failures(this.command) ?? this.command;
    this.connection = log?.connections(connection) ?? connection;
    this.node = log?.nodes(node) ?? node;
    this.tend = log?.tends(tend) ?? tend;
    this.breaker = log?.breakers(breaker) ?? breaker;
    this.task = log?.tasks(task) ?? task;
    this.campaign = log?.campaigns(campaign) ?? campaign;
  }
}
