import type { Command, RecordCommand, StreamCommand } from "../../protocol/command/command.js";
import type { InfoReply } from "../../protocol/info/info-reply.js";
import { ServerVersion } from "../../protocol/info/server-version.js";
import type { RecordKey } from "../../protocol/key/record-key.js";
import type { Runtime } from "../../runtime/runtime.js";
import { ConnectionError, InvalidNamespaceError } from "../errors/errors.js";
import { Deadline, throwIfAborted } from "../time/deadline.js";
import { LoginMemory } from "./auth/login-memory.js";
import { type ClusterTable, OLDEST_TABLE_MS, tableOf } from "./cluster-table.js";
import { type CommandHost, CommandOperation } from "./command-operation.js";
import type { Diagnostics } from "./diagnostics.js";
import { type ForbiddenWrite, ForbiddenWrites } from "./forbidden.js";
import { InfoClient, QUESTION_MS } from "./info-client.js";
import { ONE_ATTEMPT } from "./info-operation.js";
import { Io } from "./io.js";
import { Membership } from "./membership.js";
import type { Meter } from "./metrics/meter.js";
import type { ClusterMetrics } from "./metrics/metrics.js";
import { nodeMetrics } from "./metrics/node-metrics.js";
import type { ClusterNode } from "./node.js";
import type { NodeLoad } from "./node-sockets.js";
import {
  type ClusterOptions,
  type CommandSettings,
  type InfoSettings,
  LIVE_OPTIONS,
  type LiveOptions,
  type Replica,
  type ResolvedOptions,
  resolveOptions,
} from "./options.js";
import { Router, type RouteState } from "./router.js";
import type { SecurityAsk } from "./security-operation.js";
import { requireAlone } from "./single-node.js";
import { startUp, unlessAborted } from "./start-up.js";
import { type StreamFlow, StreamOperation } from "./stream-operation.js";
import type { Telemetry } from "./telemetry.js";
import { complain } from "./tell.js";
import { Tender } from "./tender.js";
import { describeUnreached } from "./unreached.js";

/** For the question why a node forbids a write, while the caller waits for the error. */
const REASON_TIMEOUT_MS = 1_000;

/** A cluster that this client is connected to: its nodes, who owns which partition, and the way of every command. */
export class ClusterCore implements AsyncDisposable {
  readonly runtime: Runtime;
  readonly #io: Io;
  readonly #options: ResolvedOptions & LiveOptions;
  readonly #members: Membership;
  readonly #tender: Tender;
  readonly #host: CommandHost;
  readonly #info: InfoClient;
  readonly #forbiddenWrites = new ForbiddenWrites((node, commands) =>
    this.info(node, commands, this.deadline(REASON_TIMEOUT_MS)),
  );
  readonly #end = new AbortController();
  readonly #since: number;
  #closing: Promise<void> | undefined;
  /** Ends what telemetry reads of this client. */
  #detach: (() => void) | undefined;

  private constructor(options: ResolvedOptions & LiveOptions, io: Io) {
    this.runtime = io.runtime;
    this.#io = io;
    this.#since = io.runtime.wallClock();
    this.#options = options;
    this.#members = new Membership();
    this.#tender = new Tender(io, options, this.#members);
    const { nodes, map } = this.#members;
    this.#host = {
      io,
      router: new Router(map, nodes, io.runtime, options),
      refuseNamespace: (namespace) => this.#refuseNamespace(namespace),
      nudge: () => this.#tender.nudge(),
      unreached: () => describeUnreached(this.#tender.unreached(), options),
      whyForbidden: (node, write) => this.#forbiddenWrites.why(node, write),
    };
    this.#info = new InfoClient(this.#host, () => this.nodes);
  }

  /**
   * Connects by way of the seeds. Resolves once every partition has a master that is known.
   * @throws ConnectionError that says of each seed what went wrong; AuthenticationError when the credentials are not
   *   accepted; AbortError when the signal fires first
   */
  static async connect(options: ClusterOptions, signal?: AbortSignal): Promise<ClusterCore> {
    const { runtime, transport, credentials, logins = new LoginMemory() } = options;
    let resolved = resolveOptions(options);
    const table = options.table === undefined ? undefined : await tableFor(resolved, options.table);
    if (credentials !== undefined) {
      const { prepareLogin } = await import("./auth/credentials.js");
      resolved = resolveOptions(options, await prepareLogin(credentials, runtime, logins));
    }
    const cluster = new ClusterCore(resolved, new Io(runtime, transport, resolved));
    try {
      // On whichever of two machines the clock is ahead.
      const ageMs = table === undefined ? Number.POSITIVE_INFINITY : Math.abs(runtime.wallClock() - table.takenAt);
      if (table !== undefined && ageMs <= OLDEST_TABLE_MS) cluster.#adopt(table, ageMs, signal);
      else
        await startUp(cluster.#tender, cluster.#members, resolved, cluster.deadline(resolved.readyTimeoutMs, signal));
      // What goes wrong is mended with the tends.
      cluster.#attach(resolved.telemetry);
      if (resolved.minConnectionsPerNode > 0) await cluster.warm(resolved.minConnectionsPerNode, signal);
      return cluster;
    } catch (error) {
      await cluster.close();
      throw error;
    }
  }

  #attach(telemetry: Telemetry | undefined): void {
    try {
      this.#detach = telemetry?.attach?.(this);
    } catch (error) {
      complain("telemetry", telemetry ?? this, error);
    }
  }

  #adopt(table: ClusterTable, ageMs: number, signal: AbortSignal | undefined): void {
    throwIfAborted(signal, "connect");
    this.#tender.adopt(table, ageMs);
    this.#tender.start();
  }

  /**
   * What is known of the cluster, for the next client; undefined until it is known as a whole. After trouble that has not
   * passed yet it is as old as to be looked after by whoever uses it.
   */
  exportTable(): ClusterTable | undefined {
    const { tableTakenAt } = this;
    // It would have to name two addresses of each node, and sessions begin over TLS anyway.
    if (this.#options.tlsForLoginOnly) return undefined;
    // One node would stand for the whole cluster.
    if (this.#options.forceSingleNode) return undefined;
    return tableTakenAt === undefined ? undefined : tableOf(this.#members, this.#options.tls, tableTakenAt);
  }

  /** When a table that is exported now was taken; undefined while there is none. */
  get tableTakenAt(): number | undefined {
    const { heardAt, isInTrouble } = this.#tender;
    if (heardAt === undefined || !this.#members.isReady || this.nodes.length === 0) return undefined;
    return isInTrouble ? Math.min(heardAt, this.runtime.wallClock() - this.#options.tendIntervalMs) : heardAt;
  }

  /** Grows when a node comes or goes, and when one owns other partitions than before: as far as the tend has noticed. */
  get changes(): number {
    return this.#tender.changes;
  }

  /** Asks every node now what has changed. @returns whether all of them replied */
  look(): Promise<boolean> {
    return this.#tender.look();
  }

  /** Resolves once no node is asked any more what has changed; asks first where there is reason to. */
  settle(): Promise<void> {
    return this.#tender.settle();
  }

  /**
   * Checks other options, of which those that are not given are as by default.
   * @returns what makes them hold
   * @throws RangeError for a value outside its range
   */
  revision(options: Pick<ClusterOptions, keyof LiveOptions>): () => void {
    const { seeds, tls, tlsForLoginOnly, maxConnections, maxConnectionsPerNode, pipelinedSockets } = this.#options;
    const { runtime, transport } = this.#io;
    const given = { ...options, tendIntervalMs: options.tendIntervalMs ?? transport.defaults?.tendIntervalMs };
    const fixed = {
      seeds,
      runtime,
      transport,
      tls,
      tlsForLoginOnly,
      maxConnections,
      maxConnectionsPerNode,
      pipelinedSockets,
    };
    const resolved = resolveOptions({ ...given, ...fixed });
    return () => {
      for (const name of LIVE_OPTIONS) Object.assign(this.#options, { [name]: resolved[name] });
      this.#tender.onOptions();
    };
  }

  /**
   * Opens sockets for short commands to each node until it has so many.
   * @returns why some could not be opened, by node
   * @throws AbortError when the signal fires first
   */
  async warm(sockets: number, signal?: AbortSignal): Promise<ReadonlyMap<ClusterNode, ConnectionError>> {
    const failures = new Map<ClusterNode, ConnectionError>();
    const warming = Promise.all(
      this.nodes.map(async (node) => {
        const failure = await this.#io.socketsOf(node).short.warm(sockets);
        if (failure !== undefined) failures.set(node, failure);
      }),
    );
    await unlessAborted(warming, signal);
    return failures;
  }

  /** The nodes that are active now. */
  get nodes(): readonly ClusterNode[] {
    return this.#members.list;
  }

  /** The nodes that are active now, of which there is one at least. @throws ConnectionError when there is none, or after close */
  requireNodes(): readonly ClusterNode[] {
    this.#throwIfClosed();
    if (this.nodes.length === 0) throw new ConnectionError("No node of the cluster can be reached");
    return this.nodes;
  }

  /**
   * For what every node of the cluster has a part in.
   * @throws AerospikeError with code `"UNSUPPORTED_FEATURE"` when the client talks to one of several nodes alone
   */
  requireWhole(): void {
    if (this.#options.forceSingleNode) requireAlone(this.nodes);
  }

  /** As {@link requireNodes}, and {@link requireWhole}. */
  requireAllNodes(): readonly ClusterNode[] {
    this.requireWhole();
    return this.requireNodes();
  }

  /** What is under way with a node. */
  loadOf(node: ClusterNode): NodeLoad {
    return this.#io.socketsOf(node).load;
  }

  /** The namespaces that the partition map has. */
  get namespaces(): readonly string[] {
    return this.#members.map.namespaces;
  }

  /** The oldest server's version, which decides what may be asked of all of them. */
  get minVersion(): ServerVersion {
    return this.#members.minVersion ?? new ServerVersion(0);
  }

  /** Whether every node can explain its errors. */
  get givesErrorDetails(): boolean {
    return this.#members.givesErrorDetails;
  }

  get isClosed(): boolean {
    return this.#closing !== undefined;
  }

  /** Fires when the cluster is closed; its reason is the error that everything under way fails with. */
  get closed(): AbortSignal {
    return this.#end.signal;
  }

  /** Where those who observe the client hear of it. */
  get diagnostics(): Diagnostics {
    return this.#io.diagnostics;
  }

  /** Where what is done for this client is counted. */
  get meter(): Meter {
    return this.#io.meter;
  }

  /** What was counted until now. */
  metrics(): ClusterMetrics {
    const takenAt = this.runtime.wallClock();
    const ageOf = (time: number | undefined): number | undefined =>
      time === undefined ? undefined : Math.max(0, takenAt - time);
    const { meter } = this;
    const { heardAt, mapChangedAt } = this.#tender;
    const nodes = this.nodes.map((node) => {
      const metrics = nodeMetrics(node, this.#io.socketsOf(node), this.#tender.controlOf(node));
      return [node.id, metrics] as const;
    });
    return {
      takenAt,
      since: this.#since,
      operations: meter.operations(),
      batchRows: meter.batchRows(),
      socketWait: meter.socketWait.snapshot(),
      tends: { failures: meter.tendFailures, latency: meter.tend.snapshot() },
      partitionMap: {
        ageMs: ageOf(heardAt),
        changedMsAgo: ageOf(mapChangedAt),
        withoutMaster: this.#members.countMissing(),
      },
      nodesAdded: meter.nodesAdded,
      nodesRemoved: meter.nodesRemoved,
      nodes: Object.fromEntries(nodes),
    };
  }

  /** This process for others to read, such as `host:pid`; undefined where the runtime does not tell. */
  get processName(): string | undefined {
    return this.#io.transport.processName?.();
  }

  /** Whether the namespace runs in strong consistency. */
  isStrongConsistency(namespace: string): boolean {
    return this.#members.map.isStrongConsistency(namespace);
  }

  /**
   * Partitions by the node that is their master now, for queries. A partition that has none at the moment is missing.
   * @throws InvalidNamespaceError
   */
  partitionOwners(namespace: string): ReadonlyMap<ClusterNode, readonly number[]> {
    this.checkNamespace(namespace);
    return this.#members.partitionsByMaster(namespace);
  }

  /**
   * The node to ask about records of a partition, for queries and batches: on the replica that the setting names, and on
   * the next one each time that the caller has moved the route on. Undefined when no node has it just now; a tend is on
   * its way then.
   */
  chooseNode(
    namespace: string,
    partition: number,
    replica: Replica,
    isWrite: boolean,
    route: RouteState,
  ): ClusterNode | undefined {
    const { router } = this.#host;
    if (route.node === undefined) route.sequence += router.firstSequence(namespace, replica, isWrite);
    const node = router.choose(namespace, partition, replica, isWrite, route);
    if (node === undefined) this.#host.nudge();
    return node;
  }

  /** The same for a query's partitions, all chosen for in one turn. */
  nodeChooser(namespace: string, replica: Replica): (partition: number, route: RouteState) => ClusterNode | undefined {
    const { router } = this.#host;
    const choose = router.chooser(namespace, replica);
    return (partition, route) => {
      if (route.node === undefined) route.sequence += router.firstSequence(namespace, replica, false);
      const node = choose(partition, route);
      if (node === undefined) this.#host.nudge();
      return node;
    };
  }

  /** @throws InvalidNamespaceError when the cluster surely does not have the namespace; ConnectionError after close */
  checkNamespace(namespace: string): void {
    this.#throwIfClosed();
    const refusal = this.#refuseNamespace(namespace);
    if (refusal !== undefined) throw new InvalidNamespaceError(refusal);
  }

  /** The nodes that are announced and could not be reached, with the reasons, to end a message with; else empty. */
  unreached(): string {
    return this.#host.unreached();
  }

  /** Why a node forbids a write, as far as its settings and state tell. */
  whyForbidden(node: ClusterNode, write: ForbiddenWrite): Promise<string> {
    return this.#host.whyForbidden(node, write);
  }

  /**
   * The limit of one operation, which starts now. The call that a user awaits makes it, once, and hands it down to
   * everything that the operation does.
   * @param totalMs 0 for no limit
   */
  deadline(totalMs: number, signal?: AbortSignal): Deadline {
    return new Deadline(this.#host.io.heap, totalMs, signal, this.closed);
  }

  /**
   * The limit of a question to a node that belongs to an operation: what a node can reply to at once. Who lets nodes take
   * longer to connect waits longer for this, too.
   */
  forQuestion(deadline: Deadline): Deadline {
    return deadline.within(Math.max(QUESTION_MS, this.#options.connectTimeoutMs));
  }

  /** Carries a command to the node that owns its record, again and again as far as the settings allow. */
  execute<T>(command: RecordCommand<T>, settings: CommandSettings, deadline: Deadline): Promise<T> {
    return this.#call(command, command.key, settings, deadline);
  }

  /** Carries a command to one certain node. */
  executeOn<T>(node: ClusterNode, command: Command<T>, settings: CommandSettings, deadline: Deadline): Promise<T> {
    return this.#call(command, node, settings, deadline);
  }

  /**
   * Runs a command whose reply is a stream, on a socket of its own. Whatever ends it early destroys the socket, and
   * the server stops.
   * @param onStart called before anything is sent, with the means to hold the stream up
   */
  stream(
    node: ClusterNode,
    command: StreamCommand,
    settings: CommandSettings,
    deadline: Deadline,
    onStart?: (flow: StreamFlow) => void,
  ): Promise<void> {
    const operation = new StreamOperation(this.#host, node, command, settings, deadline);
    onStart?.(operation);
    return operation.start();
  }

  /** Sends info commands to a node. A value of the reply may still be the refusal of its command. */
  info(
    node: ClusterNode,
    commands: readonly string[],
    deadline: Deadline,
    settings: InfoSettings = ONE_ATTEMPT,
  ): Promise<InfoReply> {
    return this.#info.ask(node, commands, settings, deadline);
  }

  /**
   * Sends info commands to one of the nodes, and to the next one if that fails. Without settings each is asked once, for
   * an equal share of the time that is left.
   */
  async infoOnAny(commands: readonly string[], deadline: Deadline, settings?: InfoSettings): Promise<InfoReply> {
    this.requireNodes();
    return this.#info.askAny(commands, deadline, settings);
  }

  /** Sends an info command to every node at once, to each the one for its version. The values by node id. */
  async infoOnAll(
    commandFor: (version: ServerVersion) => string,
    deadline: Deadline,
    settings: InfoSettings = ONE_ATTEMPT,
  ): Promise<ReadonlyMap<string, string>> {
    this.requireAllNodes();
    return this.#info.askAll(commandFor, settings, deadline);
  }

  /**
   * Asks about users and roles, or changes them. A question goes on to the next node if one fails; a change is sent once,
   * to one node, which tells the others.
   */
  async security<T>(ask: SecurityAsk<T>, deadline: Deadline): Promise<readonly T[]> {
    const { requestSecurity } = await import("./security-operation.js");
    return requestSecurity(this.#host, this.requireNodes(), ask, deadline);
  }

  /** Logs in with another password from now on, if it is the user of this client whose password changed. */
  changePassword(user: string, credential: string): void {
    const login = this.#options.login?.credentials;
    if (login?.user === user) login.credential = credential;
  }

  /** Fails what is under way, closes every socket, and resolves once nothing is left. May be called again. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    const reason = clientClosed();
    this.#detachTelemetry();
    this.#io.refuse(reason);
    this.#end.abort(reason);
    const stopped = this.#tender.stop(reason);
    for (const node of this.#members.nodes.values()) {
      node.depart(reason);
      this.#io.leave(node);
    }
    this.#members.nodes.clear();
    this.#members.onNews();
    await this.#io.close(reason);
    await stopped;
  }

  #detachTelemetry(): void {
    try {
      this.#detach?.();
    } catch (error) {
      complain("telemetry", this.#options.telemetry ?? this, error);
    }
  }

  #throwIfClosed(): void {
    if (this.isClosed) throw clientClosed();
  }

  #call<T>(
    command: Command<T>,
    target: RecordKey | ClusterNode,
    settings: CommandSettings,
    deadline: Deadline,
  ): Promise<T> {
    return new CommandOperation(this.#host, command, target, settings, deadline).start();
  }

  #refuseNamespace(namespace: string): string | undefined {
    const { map, isReady } = this.#members;
    if (!isReady || map.hasNamespace(namespace)) return undefined;
    return `The namespace "${namespace}" does not exist; the cluster has ${map.namespaces.map((name) => `"${name}"`).join(", ")}`;
  }
}

async function tableFor(options: ResolvedOptions, value: unknown): Promise<ClusterTable> {
  const { readTableFor } = await import("./read-table.js");
  return readTableFor(options, value);
}

function clientClosed(): ConnectionError {
  return new ConnectionError("The client is closed", { code: "CLIENT_CLOSED" });
}
