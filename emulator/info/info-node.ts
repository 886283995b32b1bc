import type { Runtime } from "../../runtime/runtime.js";
import type { ClusterNamespace } from "../cluster/cluster-namespace.js";
import type { ClusterSettings } from "../cluster/cluster-settings.js";
import type { JobList } from "../jobs/job-list.js";
import type { Counters } from "../node/counters.js";
import type { NodeNamespace } from "../node/node-namespace.js";
import type { ServiceSettings } from "../node/settings.js";
import type { Release } from "../release.js";
import type { Account } from "../security/accounts.js";
import type { SecondaryIndexes } from "../sindex/secondary-indexes.js";
import type { UdfModules } from "../udf/udf-modules.js";
import type { LogLevels } from "./log-levels.js";

/** A node as others name it. */
export interface InfoPeer {
  readonly index: number;
  readonly id: string;
  readonly host: string;
  readonly port: number;
  /** Host and port as they are announced. */
  readonly address: string;
  /** The host as it stands in an address. */
  readonly hostInAddress: string;
  /** Of the port without TLS beside that with TLS; undefined when there is none. */
  readonly clearAddress: string | undefined;
}

/** A client's socket, as far as info commands care. */
export interface InfoSession {
  /** What the client said it is, once it did. */
  userAgent: string | undefined;
  /** Who is logged in, where there are accounts. */
  readonly account: Account | undefined;
}

/** What info commands see of the cluster. */
export interface InfoCluster {
  readonly settings: ClusterSettings;
  readonly key: string;
  /** The id of the node that decides about the cluster. */
  readonly principal: string;
  /** The places of the nodes that count. */
  readonly members: readonly number[];
  readonly isMigrating: boolean;
  readonly udfs: UdfModules;
  node(index: number): InfoPeer;
  namespace(name: string): ClusterNamespace | undefined;
  /** The indexes that were defined for a namespace, whether or not there is one of that name. */
  indexes(namespace: string): SecondaryIndexes;
  /** Every node knows the set from now on. */
  learnSet(namespace: string, setName: string): void;
  /** Balances anew, when the principal is told to; false at any other node. */
  recluster(node: InfoPeer): boolean;
}

/** What info commands see of the node that is asked, and what they may change. */
export interface InfoNode extends InfoPeer {
  readonly cluster: InfoCluster;
  /** What it does. */
  readonly release: Release;
  /** What it says that it is. */
  readonly build: string;
  readonly runtime: Runtime;
  readonly startedAt: number;
  /** Whether the node knows its part of the cluster. */
  readonly isReady: boolean;
  readonly partitionGeneration: number;
  readonly peersGeneration: number;
  readonly rebalanceGeneration: number;
  readonly namespaces: readonly NodeNamespace[];
  readonly service: ServiceSettings;
  readonly jobs: JobList;
  readonly logLevels: LogLevels;
  readonly sessions: ReadonlySet<InfoSession>;
  /** What it has counted since it started. */
  readonly counters: Counters;
  /** When it last took up its part of the cluster, on the clock of the Runtime. */
  readonly joinedAt: number;
  /** Sockets that were opened since the node started. */
  readonly openedSessions: number;
  namespace(name: string): NodeNamespace | undefined;
}
