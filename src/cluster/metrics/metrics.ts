import type { ErrorCode } from "../../errors/error-code.js";
import type { LatencyHistogram } from "./latency.js";

/** How often each `code` of an error occurred; `OTHER` for what is no AerospikeError, such as an error of a codec. */
export type ErrorMetrics = Readonly<Partial<Record<ErrorCode | "OTHER", number>>>;

/** What became of operations of one kind. */
export interface OperationMetrics {
  /**
   * Of all that ended, well or not: from the first attempt, retries included, until the reply had arrived or the
   * operation had failed.
   */
  readonly latency: LatencyHistogram;
  /** What they failed with in the end, by code. */
  readonly errors: ErrorMetrics;
  /** Attempts after the first. */
  readonly retries: number;
  /** Writes that failed and may have happened. */
  readonly inDoubt: number;
}

/** What became of records that calls on several keys were for. */
export interface RowMetrics {
  readonly count: number;
  readonly errors: ErrorMetrics;
  /** How often a row was sent again. Those of rows that travelled alone, as few to a node do, are with their operation. */
  readonly retries: number;
  readonly inDoubt: number;
}

/** The sockets to a node for one purpose. */
export interface LaneMetrics {
  /** Open now; {@link inUse} of these wait for replies. */
  readonly open: number;
  readonly inUse: number;
  /** Being opened now. */
  readonly opening: number;
  /** Opened since the node is known, those included that were closed again. */
  readonly opened: number;
  /** Closed again, by whomever. */
  readonly closed: number;
  /** That could not be opened. */
  readonly failed: number;
  /** How often something was asked on an unused socket to keep it open: see `minConnectionsPerNode`. */
  readonly kept: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Requests that wait for their replies now. */
  readonly pending: number;
  /** Requests that wait for a socket now. */
  readonly waiting: number;
}

/** Which sockets there are to a node. */
export type LaneName = "short" | "streams" | "info" | "tend";

/** A node as this client has seen it since it is known. */
export interface NodeMetrics {
  /** `host:port`. */
  readonly address: string;
  /**
   * `short`: commands on one record. `streams`: queries, batches, and what else takes long. `info`: requests of the info
   * protocol. `tend`: the socket over which the node is asked what is new. Where sockets are few
   * (`maxConnections`), info requests go with the commands, and `info` is missing.
   */
  readonly lanes: Readonly<Partial<Record<LaneName, LaneMetrics>>>;
  /** What keeps commands away from a node in trouble. */
  readonly breaker: {
    /** Whether nothing is sent to it for now. */
    readonly isOpen: boolean;
    /** Counted in the present window, and how many are allowed there; 0 allows any number. */
    readonly errors: number;
    readonly limit: number;
    /** How often it opened. */
    readonly openings: number;
  };
  /** How often it was asked what is new, how often it did not answer, and how often in a row until now. */
  readonly tends: { readonly count: number; readonly failures: number; readonly failuresInARow: number };
}

/** What a client has counted since it was connected. Plain data, which survives JSON. */
export interface ClusterMetrics {
  /** When it was taken, and since when it was counted, in milliseconds since 1970. */
  readonly takenAt: number;
  readonly since: number;
  /**
   * By name of the operation as in errors and events: `get`, `upsert`, `batch`, `query`, … and `info`. Batches and queries
   * count once for each request to a node.
   */
  readonly operations: Readonly<Record<string, OperationMetrics>>;
  /** Records of calls on several keys, in whatever way they travelled. */
  readonly batchRows: RowMetrics;
  /** How long requests waited for a socket: those that had to, and got one. */
  readonly socketWait: LatencyHistogram;
  /** How often nodes were asked what is new, how often one did not answer, and how long it took. */
  readonly tends: { readonly failures: number; readonly latency: LatencyHistogram };
  /** Times are in milliseconds. */
  readonly partitionMap: {
    /** Since all nodes together last confirmed what is known; undefined before they did. */
    readonly ageMs: number | undefined;
    /** Since a node last told something about it that was new. */
    readonly changedMsAgo: number | undefined;
    /** Partitions of all namespaces that no node is master of now, as far as one is expected. */
    readonly withoutMaster: number;
  };
  /** Nodes that joined and left, the first ones included. */
  readonly nodesAdded: number;
  readonly nodesRemoved: number;
  /** By node id: those that are in the cluster now. What one has counted is gone with it. */
  readonly nodes: Readonly<Record<string, NodeMetrics>>;
}
