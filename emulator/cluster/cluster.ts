import type { Runtime, Timer } from "../../runtime/runtime.js";
import { Faults } from "../faults/faults.js";
import type { InfoPeer } from "../info/info-node.js";
import type { Network } from "../listener/link.js";
import { EmulatedNode } from "../node/emulated-node.js";
import type { NodeCluster } from "../node/node-cluster.js";
import { ServiceSettings } from "../node/settings.js";
import { Accounts } from "../security/accounts.js";
import { SecondaryIndexes } from "../sindex/secondary-indexes.js";
import { UdfModules } from "../udf/udf-modules.js";
import { ClusterNamespace } from "./cluster-namespace.js";
import type { ClusterSettings } from "./cluster-settings.js";
import type { ClusterState } from "./snapshot.js";

/** Cluster keys have 48 bits. */
const KEY_BITS = 48;

/** Several nodes that share data, and know of each other. */
export class Cluster implements NodeCluster {
  readonly settings: ClusterSettings;
  readonly runtime: Runtime;
  readonly faults: Faults;
  readonly udfs: UdfModules = new UdfModules();
  readonly accounts: Accounts | undefined;
  readonly nodes: readonly EmulatedNode[];
  /** The nodes that count, by their places: those that are up, and those whose loss was not noticed yet. */
  members: readonly number[];
  #key: string;
  /** Where the members were reached when they were last taken account of. */
  #addresses = "";
  readonly #namespaces: ReadonlyMap<string, ClusterNamespace>;
  /** Indexes of namespaces that do not exist: servers keep their definitions all the same. */
  readonly #strayIndexes = new Map<string, SecondaryIndexes>();
  #regroup: Timer | undefined;
  #migration: Timer | undefined;
  #whenStable: (() => void)[] = [];
  readonly #onRegrouped = new Set<() => void>();

  constructor(settings: ClusterSettings, runtime: Runtime, network: Network, host: string, ports: readonly number[]) {
    this.settings = settings;
    this.accounts = settings.security ? new Accounts() : undefined;
    this.runtime = runtime;
    this.faults = new Faults(settings.nodes);
    this.members = Array.from({ length: settings.nodes }, (_, index) => index);
    this.#key = this.#newKey();
    this.#namespaces = new Map(
      settings.namespaces.map(({ name, settings: { strongConsistency = false } }) => [
        name,
        new ClusterNamespace(
          name,
          settings.replicationFactor,
          this.members,
          strongConsistency,
          runtime,
          (partition, setName) => this.#learnSetOf(name, partition, setName),
        ),
      ]),
    );
    this.nodes = this.members.map((index) => new EmulatedNode(this, index, network, host, ports[index] ?? 0));
  }

  get key(): string {
    return this.#key;
  }

  /** The id of the node that decides about the cluster: the greatest. */
  get principal(): string {
    return this.node(Math.max(...this.members)).id;
  }

  /** Whether nodes have come or gone without being taken account of. */
  get isRegrouping(): boolean {
    return this.#regroup !== undefined;
  }

  get isMigrating(): boolean {
    return this.#migration !== undefined;
  }

  node(index: number): EmulatedNode {
    const node = this.nodes[index];
    if (node === undefined) throw new RangeError(`${index} is no place in a cluster of ${this.nodes.length} nodes`);
    return node;
  }

  namespace(name: string): ClusterNamespace | undefined {
    return this.#namespaces.get(name);
  }

  indexes(namespace: string): SecondaryIndexes {
    const existing = this.namespace(namespace)?.indexes ?? this.#strayIndexes.get(namespace);
    if (existing !== undefined) return existing;
    const indexes = new SecondaryIndexes();
    this.#strayIndexes.set(namespace, indexes);
    return indexes;
  }

  /** Every node knows the set from now on. */
  learnSet(namespace: string, setName: string): void {
    for (const node of this.nodes) node.namespace(namespace)?.learnSet(setName);
  }

  async start(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.start()));
    // A node alone has never had peers.
    for (const node of this.nodes) node.join(this.nodes.length > 1);
    this.#addresses = this.nodes.map(({ address }) => address).join();
  }

  async stop(): Promise<void> {
    this.#regroup?.cancel();
    this.#migration?.cancel();
    for (const { monitors } of this.#namespaces.values()) monitors.stop();
    this.faults.liftAll();
    await Promise.all(this.nodes.map((node) => node.stop()));
  }

  async startNode(node: EmulatedNode, port?: number): Promise<void> {
    if (node.runs) return;
    await node.start(port);
    this.#regroupLater();
  }

  freezeNode(node: EmulatedNode): void {
    if (!node.isUp) return;
    node.freeze();
    this.#regroupLater();
  }

  thawNode(node: EmulatedNode): void {
    if (!node.isFrozen) return;
    node.thaw();
    this.#regroupLater();
  }

  async stopNode(node: EmulatedNode): Promise<void> {
    if (!node.runs) return;
    await node.stop();
    this.#regroupLater();
  }

  /** Balances anew without a change, when the principal is told to; false at any other node. */
  recluster(node: InfoPeer): boolean {
    if (node.id !== this.principal) return false;
    this.#takeAccount();
    return true;
  }

  /** @throws Error while a node is away, as what it has is away with it, or while a transaction is open */
  save(): ClusterState {
    const away = this.nodes.find((node) => !node.isUp);
    if (away !== undefined || this.isRegrouping || this.isMigrating) {
      const why = away === undefined ? "partitions are on the move" : `node ${away.index} does not run`;
      throw new Error(`snapshot: ${why}; start every node and wait for emulator.whenStable() before`);
    }
    return {
      namespaces: new Map([...this.#namespaces].map(([name, namespace]) => [name, namespace.save()])),
      strayIndexes: new Map([...this.#strayIndexes].map(([name, { all }]) => [name, all])),
      modules: this.udfs.files(),
      accounts: this.accounts?.save(),
      nodes: this.nodes.map(({ service, namespaces }) => ({
        service: Object.assign(new ServiceSettings(), service),
        namespaces: namespaces.map((namespace) => namespace.save()),
      })),
    };
  }

  /** Ends jobs and transactions, forgets the records, and takes up what there was at another moment. */
  restore(state?: ClusterState): void {
    for (const { jobs } of this.nodes) jobs.abortAll();
    for (const [name, namespace] of this.#namespaces) namespace.restore(state?.namespaces.get(name));
    if (state === undefined) return;
    this.#strayIndexes.clear();
    for (const [name, indexes] of state.strayIndexes) this.indexes(name).restore(indexes);
    this.udfs.restore(state.modules);
    if (state.accounts !== undefined) this.accounts?.restore(state.accounts);
    for (const [index, { service, namespaces }] of state.nodes.entries()) {
      const node = this.node(index);
      Object.assign(node.service, service);
      for (const [i, namespace] of namespaces.entries()) node.namespaces[i]?.restore(namespace);
    }
  }

  /** Nothing goes wrong any more, and every node is back with all of its partitions, without the time that it takes. */
  async heal(): Promise<void> {
    this.faults.liftAll();
    for (const node of this.nodes) node.thaw();
    const isWhole = this.members.length === this.nodes.length && this.nodes.every(({ runs }) => runs);
    const isStill = !this.isRegrouping && !this.isMigrating;
    const isInReach = [...this.#namespaces.values()].every(({ table: { outOfReach } }) => {
      return outOfReach.dead === 0 && outOfReach.unavailable === 0;
    });
    if (isWhole && isStill && isInReach) return;
    await Promise.all(this.nodes.filter(({ runs }) => !runs).map((node) => node.start()));
    for (const { table } of this.#namespaces.values()) table.revive();
    this.#regroup?.cancel();
    this.#regroup = undefined;
    this.#takeAccount();
    this.#migration?.cancel();
    if (this.isMigrating) this.#endMigration();
  }

  /** Resolves once every change is taken account of and all data is where it belongs. */
  whenStable(): Promise<void> {
    if (!this.isRegrouping && !this.isMigrating) return Promise.resolve();
    return new Promise((resolve) => this.#whenStable.push(resolve));
  }

  /** Calls once the nodes that came or went are taken account of; what it returns takes the call back. */
  onceRegrouped(call: () => void): () => void {
    this.#onRegrouped.add(call);
    return () => this.#onRegrouped.delete(call);
  }

  /** Others miss a node's heartbeats for some time before they act on it. */
  #regroupLater(): void {
    this.#regroup?.cancel();
    this.#regroup = this.runtime.setTimer(
      this.settings.heartbeatTimeoutMs,
      () => {
        this.#regroup = undefined;
        this.#takeAccount();
      },
      true,
    );
  }

  #takeAccount(): void {
    const members = this.nodes.filter((node) => node.isUp).map((node) => node.index);
    if (members.length === 0) {
      this.#settle();
      return;
    }
    const addresses = members.map((index) => this.node(index).address).join();
    const isPeerChange = addresses !== this.#addresses;
    this.#addresses = addresses;
    this.members = members;
    this.#key = this.#newKey();
    for (const namespace of this.#namespaces.values()) namespace.rebalance(members);
    for (const index of members) this.node(index).join(isPeerChange || !this.node(index).isReady);
    this.#partitionsMoved();
    this.#migration?.cancel();
    this.#migration = undefined;
    if (this.settings.migrationMs === 0) this.#endMigration();
    else this.#migration = this.runtime.setTimer(this.settings.migrationMs, () => this.#endMigration(), true);
    const waiting = [...this.#onRegrouped];
    this.#onRegrouped.clear();
    for (const call of waiting) call();
  }

  #endMigration(): void {
    const moved = this.#migration !== undefined;
    this.#migration = undefined;
    for (const namespace of this.#namespaces.values()) namespace.table.migrate(this.members);
    if (moved) this.#partitionsMoved();
    this.#learnSetsOfMoved();
    this.#settle();
  }

  #settle(): void {
    if (this.isRegrouping || this.isMigrating) return;
    const waiting = this.#whenStable;
    this.#whenStable = [];
    for (const resolve of waiting) resolve();
  }

  #partitionsMoved(): void {
    for (const index of this.members) this.node(index).partitionsMoved();
  }

  #learnSetOf(namespace: string, partition: number, setName: string): void {
    const replicas = this.#namespaces.get(namespace)?.table.replicas(partition) ?? [];
    for (const index of replicas) this.node(index).namespace(namespace)?.learnSet(setName);
  }

  #learnSetsOfMoved(): void {
    for (const [name, { partitions }] of this.#namespaces) {
      for (const partition of partitions) {
        for (const setName of partition.setCounts.keys()) {
          if (setName !== "") this.#learnSetOf(name, partition.id, setName);
        }
      }
    }
  }

  #newKey(): string {
    const bits = BigInt.asUintN(KEY_BITS, this.runtime.randomBigint64());
    return (bits === 0n ? 1n : bits).toString(16).toUpperCase();
  }
}
