import { checkInteger } from "../../protocol/check/check-numbers.js";
import { alternatives } from "../../protocol/check/check-options.js";
import { describe } from "../../protocol/value/invalid-value.js";
import type { DecodeOptions } from "../../protocol/value/value.js";
import type { ClusterCore } from "../cluster/cluster-core.js";
import type { ClusterTable } from "../cluster/cluster-table.js";
import { allSupport, isServerFeature, type ServerFeature, serverFeatures } from "../cluster/features.js";
import type { ClusterMetrics } from "../cluster/metrics/metrics.js";
import type { ClusterNode } from "../cluster/node.js";
import { INSPECT, type Inspect, show } from "../data/inspect.js";
import { ConnectionError, InvalidNodeError } from "../errors/errors.js";
import { Behavior } from "../policy/behavior.js";
import { DEFAULT_TRANSACTIONS, type TransactionSettings } from "../policy/transaction-settings.js";
import type { TransactionOptions } from "../transactions/txn.js";
import type { NewSession } from "./new-session.js";
import { type NodeInfo, nodeInfo } from "./node-info.js";
import type { Session, TransactionalSession } from "./session.js";

/**
 * A connection to a cluster, from `connect`: one for a program is enough. It follows the cluster as nodes come and
 * go. An idle client does not keep the process running.
 */
export class Cluster implements AsyncDisposable {
  readonly #cluster: ClusterCore;
  readonly #newSession: NewSession;
  readonly #decode: DecodeOptions;
  readonly #transactions: TransactionSettings;
  readonly #behavior: Behavior;

  /** @internal Made by `connect`. */
  constructor(
    cluster: ClusterCore,
    newSession: NewSession,
    decode: DecodeOptions,
    transactions: TransactionSettings = DEFAULT_TRANSACTIONS,
    behavior: Behavior = Behavior.DEFAULT,
  ) {
    this.#cluster = cluster;
    this.#newSession = newSession;
    this.#decode = decode;
    this.#transactions = transactions;
    this.#behavior = behavior;
  }

  /** False once it was closed, and while no node of the cluster can be reached. */
  get isConnected(): boolean {
    return !this.#cluster.isClosed && this.#cluster.nodes.length > 0;
  }

  /** The nodes that are in the cluster now, as they are at this moment. */
  get nodes(): readonly NodeInfo[] {
    const masters = this.#masterPartitions();
    return this.#cluster.nodes.map((node) =>
      nodeInfo(node, this.#cluster.loadOf(node), Object.fromEntries(masters.get(node) ?? [])),
    );
  }

  /**
   * A node by its id.
   * @throws InvalidNodeError when it is not in the cluster now
   */
  getNode(id: string): NodeInfo {
    const { nodes } = this;
    const node = nodes.find((one) => one.id === id);
    if (node !== undefined) return node;
    const known = nodes.map((one) => one.id).join(", ");
    throw new InvalidNodeError(`getNode: there is no node ${describe(id)} in the cluster; it has ${known || "none"}`);
  }

  /** The name that the servers have for the cluster; undefined when it has none, or no node is known. */
  get clusterName(): string | undefined {
    return this.#cluster.nodes[0]?.clusterName;
  }

  /** The version of the oldest server, such as `8.1.2.0`; undefined while no node is known. */
  get serverVersion(): string | undefined {
    return this.#cluster.nodes.length === 0 ? undefined : this.#cluster.minVersion.toString();
  }

  /**
   * Whether every node can do something, by its version, and as far as that matters its edition. False while no node is
   * known. While a cluster is upgraded, the answer changes when the last node is.
   * @throws TypeError for a feature that there is not
   * @example if (cluster.supports("setIndex")) await session.createIndex(users, { name: "users_all", wholeSet: true });
   */
  supports(feature: ServerFeature): boolean {
    if (!isServerFeature(feature)) {
      const known = alternatives(String(feature), serverFeatures);
      throw new TypeError(`supports: there is no feature ${describe(feature)}. ${known}`);
    }
    return allSupport(this.#cluster.nodes, feature);
  }

  /**
   * What is known of the cluster, as plain data that survives JSON and `structuredClone`; undefined while it is not known
   * as a whole. Given to `connect(hosts, { table })` within a minute, another client begins with it: no seed is asked and
   * nothing waited for. It holds addresses and no secrets.
   * @example const table = JSON.stringify(cluster.exportTable());
   */
  exportTable(): ClusterTable | undefined {
    return this.#cluster.exportTable();
  }

  /**
   * What this client has counted since it was connected, as plain data: latencies, errors, retries, sockets, bytes, tends.
   * Counting goes on whether anybody asks or not; asking costs some hundred microseconds.
   * @example const p99 = latencyQuantile(cluster.metrics().operations.get.latency, 0.99);
   */
  metrics(): ClusterMetrics {
    return this.#cluster.metrics();
  }

  /**
   * Opens sockets to every node ahead of time, so that the first commands on single records need not wait for them. With
   * `connect(hosts, { minConnectionsPerNode })` that happens by itself, and the sockets stay.
   * @param socketsPerNode 1 to 1000; those that are open already count. Default 1
   * @throws RangeError; ConnectionError when some could not be opened, naming the nodes, or after close
   */
  async warmUp(socketsPerNode = 1): Promise<void> {
    checkInteger("warmUp(socketsPerNode)", socketsPerNode, 1, 1_000);
    const nodes = this.#cluster.requireNodes();
    const failures = await this.#cluster.warm(socketsPerNode);
    if (failures.size === 0) return;
    const lines = [...failures].map(([node, { message }]) => `${node}: ${message}`);
    throw new ConnectionError(
      `warmUp: ${failures.size} of ${nodes.length} nodes could not be warmed up: ${lines.join("; ")}`,
      {
        cause: [...failures.values()][0],
      },
    );
  }

  /** The namespaces of the cluster. */
  get namespaces(): readonly string[] {
    return [...this.#cluster.namespaces];
  }

  /**
   * A session that carries commands out as the behavior says.
   * @param behavior Default the one that `connect` was given, else `Behavior.DEFAULT`
   * @throws TypeError for anything but a Behavior; ConnectionError when the client is closed
   */
  createSession(behavior: Behavior = this.#behavior): Session {
    if (!(behavior instanceof Behavior)) {
      throw new TypeError(`createSession: expected a Behavior, got ${describe(behavior)}`);
    }
    if (this.#cluster.isClosed) throw new ConnectionError("The client is closed", { code: "CLIENT_CLOSED" });
    return this.#newSession(this.#cluster, behavior, this.#decode, this.#transactions);
  }

  /**
   * Begins a transaction: short for `createSession(behavior).transaction(options)`.
   * @param behavior Default the one that `connect` was given, else `Behavior.DEFAULT`
   */
  transaction(behavior: Behavior = this.#behavior, options: TransactionOptions = {}): TransactionalSession {
    return this.createSession(behavior).transaction(options);
  }

  /** Fails what is under way, closes every socket and resolves once nothing is left. May be called again. */
  close(): Promise<void> {
    return this.#cluster.close();
  }

  /** @internal */
  [INSPECT](_depth: number, options: object, inspect: Inspect): string {
    const nodes = this.nodes.map(({ id, address, version }) => `${id} ${address} ${version}`);
    return show("Cluster", { isConnected: this.isConnected, namespaces: this.namespaces, nodes }, options, inspect);
  }

  #masterPartitions(): ReadonlyMap<ClusterNode, ReadonlyMap<string, number>> {
    const counts = new Map<ClusterNode, Map<string, number>>();
    if (this.#cluster.isClosed) return counts;
    for (const namespace of this.#cluster.namespaces) {
      for (const [node, partitions] of this.#cluster.partitionOwners(namespace)) {
        const ofNode = counts.get(node);
        if (ofNode === undefined) counts.set(node, new Map([[namespace, partitions.length]]));
        else ofNode.set(namespace, partitions.length);
      }
    }
    return counts;
  }

  /** As {@link close}: for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
