import type { Runtime } from "../../runtime/runtime.js";
import type { UdfHost } from "../command/udf.js";
import { FreezableLink, Freeze, freezable } from "../faults/freeze.js";
import type { JobGate } from "../faults/job-gate.js";
import { LimitedLink } from "../faults/limited-link.js";
import { LogLevels } from "../info/log-levels.js";
import { BackgroundJob } from "../jobs/background-job.js";
import { JobList } from "../jobs/job-list.js";
import type { Link, LinkHandler, Listener, Network } from "../listener/link.js";
import type { Release } from "../release.js";
import { Counters } from "./counters.js";
import { type DispatchNode, dispatch } from "./dispatch.js";
import type { Proto } from "./inbox.js";
import type { NodeCluster } from "./node-cluster.js";
import { NodeNamespace } from "./node-namespace.js";
import type { RecordNode } from "./record-command.js";
import { Session, type SessionOwner } from "./session.js";
import { NamespaceSettings, ServiceSettings } from "./settings.js";
import { Supervisor } from "./supervisor.js";

/** One server of the cluster. */
export class EmulatedNode implements SessionOwner, DispatchNode {
  readonly cluster: NodeCluster;
  /** Its place in the cluster. */
  readonly index: number;
  /** Hexadecimal, as clients see it. */
  readonly id: string;
  readonly host: string;
  readonly release: Release;
  readonly build: string;
  readonly sessions: Set<Session> = new Set();
  readonly waiting: Set<() => void> = new Set();
  openedSessions = 0;
  startedAt = 0;
  /** Whether there is a process, be it frozen. */
  runs = false;
  /** Set while its process stands still. */
  #freeze: Freeze | undefined;
  /** Whether it knows its part of the cluster; before, it refuses most requests. */
  isReady = false;
  peersGeneration = 0;
  rebalanceGeneration = 0;
  service: ServiceSettings = new ServiceSettings();
  jobs: JobList = new JobList(this.service);
  logLevels: LogLevels = new LogLevels();
  counters: Counters = new Counters();
  joinedAt = 0;
  namespaces: readonly NodeNamespace[] = [];
  #partitionGeneration = 0;
  #supervisors: readonly Supervisor[] = [];
  readonly #network: Network;
  #listener: Listener | undefined;
  #clearListener: Listener | undefined;
  #port: number;
  #clearPort = 0;

  constructor(cluster: NodeCluster, index: number, network: Network, host: string, port: number) {
    this.cluster = cluster;
    this.index = index;
    this.id = `BB9AE${(index + 1).toString(16).toUpperCase().padStart(10, "0")}`;
    this.host = host;
    this.release = cluster.settings.releases[index] ?? "8.1";
    this.build = cluster.settings.builds[index] ?? "";
    this.#network = network;
    this.#port = port;
  }

  get runtime(): Runtime {
    return this.cluster.runtime;
  }

  get gates(): Iterable<JobGate> {
    const { gates } = this.cluster.faults;
    return this.#freeze === undefined ? gates : [...gates, this.#freeze.gate];
  }

  /** Whether its process runs, and does something. */
  get isUp(): boolean {
    return this.runs && this.#freeze === undefined;
  }

  get isFrozen(): boolean {
    return this.#freeze !== undefined;
  }

  get port(): number {
    return this.#port;
  }

  get address(): string {
    return `${this.hostInAddress}:${this.#port}`;
  }

  /** Of the port without TLS beside that with TLS; undefined when there is none. */
  get clearAddress(): string | undefined {
    return this.#clearPort === 0 ? undefined : `${this.hostInAddress}:${this.#clearPort}`;
  }

  /** An IPv6 host stands in brackets before a port. */
  get hostInAddress(): string {
    return this.host.includes(":") ? `[${this.host}]` : this.host;
  }

  /** −1 until the node knows its partitions. */
  get partitionGeneration(): number {
    return this.isReady ? this.#partitionGeneration : -1;
  }

  namespace(name: string): NodeNamespace | undefined {
    return this.namespaces.find((namespace) => namespace.name === name);
  }

  peer(index: number): RecordNode {
    return this.cluster.node(index);
  }

  onceRegrouped(call: () => void): () => void {
    return this.cluster.onceRegrouped(call);
  }

  timeLimitMs(requestedMs: number): number {
    return requestedMs === 0 ? this.service.transactionMaxMs : requestedMs;
  }

  /** What functions run in; `timeoutMs` 0 for the node's own limit. */
  udfHost(timeoutMs: number): UdfHost {
    return { modules: this.cluster.udfs, deadline: this.runtime.now() + this.timeLimitMs(timeoutMs) };
  }

  /** Opens a port: the one that it had unless another is asked for, the first time any that is free. */
  async start(port: number = this.#port): Promise<void> {
    this.#reset();
    this.#listener = await this.#network.listen(this.host, port, (link) => this.#accept(link));
    this.#port = this.#listener.port;
    this.#clearListener = await this.#network.listenInTheClear?.(this.host, this.#clearPort, (link) =>
      this.#accept(link),
    );
    this.#clearPort = this.#clearListener?.port ?? 0;
    this.runs = true;
    this.startedAt = this.runtime.now();
    for (const supervisor of this.#supervisors) supervisor.start();
  }

  /** Ends as if its process were killed: sockets and jobs with it. */
  async stop(): Promise<void> {
    this.runs = false;
    const freeze = this.#freeze;
    this.#freeze = undefined;
    freeze?.forget();
    this.isReady = false;
    for (const job of this.jobs.active) if (job instanceof BackgroundJob) job.die();
    for (const end of this.waiting) end();
    for (const supervisor of this.#supervisors) supervisor.stop();
    for (const session of this.sessions) session.destroy();
    this.sessions.clear();
    await this.#listener?.close();
    await this.#clearListener?.close();
    this.#listener = this.#clearListener = undefined;
  }

  /** Stands still: sockets open as before and take bytes, and nothing happens to them. */
  freeze(): void {
    this.#freeze ??= new Freeze();
  }

  /** Goes on where it stood. */
  thaw(): void {
    const freeze = this.#freeze;
    this.#freeze = undefined;
    freeze?.end();
  }

  /** The cluster has changed around it: it takes up its part. */
  join(isPeerChange: boolean): void {
    this.isReady = true;
    this.joinedAt = this.runtime.now();
    this.rebalanceGeneration++;
    if (isPeerChange) this.peersGeneration++;
  }

  partitionsMoved(): void {
    this.#partitionGeneration++;
  }

  handle(proto: Proto, session: Session): void {
    dispatch(this, proto, session);
  }

  onSessionClosed(session: Session): void {
    this.sessions.delete(session);
  }

  /** A process starts with the settings of its file and remembers no job; data and metadata are the cluster's. */
  #reset(): void {
    const { settings } = this.cluster;
    this.service = Object.assign(new ServiceSettings(), settings.service);
    this.jobs = new JobList(this.service);
    this.logLevels = new LogLevels();
    this.counters = new Counters();
    this.#partitionGeneration = 0;
    this.peersGeneration = 0;
    this.rebalanceGeneration = 0;
    this.namespaces = settings.namespaces.map((own) => {
      const shared = this.cluster.namespace(own.name);
      if (shared === undefined) throw new TypeError(`The cluster has no namespace "${own.name}"`);
      return new NodeNamespace(shared, Object.assign(new NamespaceSettings(), own.settings), this.index);
    });
    this.#supervisors = this.namespaces.map((namespace) => {
      const supervisor = new Supervisor(namespace, this.runtime);
      namespace.onSettings = () => supervisor.restartExpiry();
      return supervisor;
    });
  }

  #accept(link: Link): LinkHandler | undefined {
    const { faults } = this.cluster;
    if (!this.runs || faults.refuses(this.index)) return undefined;
    const limit = faults.byteLimit(this.index);
    const own = limit === Number.POSITIVE_INFINITY ? link : new LimitedLink(link, limit);
    const current = (): Freeze | undefined => this.#freeze;
    const session = new Session(this, new FreezableLink(own, current));
    this.sessions.add(session);
    this.openedSessions++;
    return freezable(session, current);
  }
}
