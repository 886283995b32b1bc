import type { HostPort } from "../../protocol/info/host-list.js";
import { type InfoReply, infoValue } from "../../protocol/info/info-reply.js";
import type { Peer } from "../../protocol/info/peers.js";
import { parseReplicas } from "../../protocol/info/replicas.js";
import { ServerVersion } from "../../protocol/info/server-version.js";
import { describe } from "../../protocol/value/invalid-value.js";
import type { Timer } from "../../runtime/runtime.js";
import { ConnectionError } from "../errors/errors.js";
import { announce } from "./announce.js";
import type { ClusterTable } from "./cluster-table.js";
import { ControlChannel } from "./control-channel.js";
import { Dialer } from "./dialer.js";
import { endpoint, type Identity } from "./identify.js";
import type { Io } from "./io.js";
import type { Membership } from "./membership.js";
import { ClusterNode } from "./node.js";
import { NodeObserver } from "./node-observer.js";
import type { ResolvedOptions } from "./options.js";
import { fetchPeers, findPeer } from "./peers.js";
import { parseRacks } from "./racks.js";
import { shouldRemove } from "./removal.js";
import { type SeedingResult, trySeeds } from "./seeding.js";
import { owningAll } from "./single-node.js";
import type { UnreachedPeer } from "./unreached.js";

/** How soon after a tend another one may follow out of turn, and how often they follow until the cluster is ready. */
const HURRY_MS = 100;

/** Timers may be early by a little. */
const NEARLY = 0.9;

/**
 * Keeps nodes and partition map up to date. Every node is asked on its own, and what follows from its reply is done at
 * once, so that a node that does not respond delays nothing but itself; which nodes have left is decided after each reply
 * from what is known then.
 */
export class Tender {
  readonly #io: Io;
  readonly #options: ResolvedOptions;
  readonly #members: Membership;
  readonly #observer: NodeObserver;
  readonly #controls = new Map<ClusterNode, ControlChannel>();
  #timer: Timer | undefined;
  #lastTend = Number.NEGATIVE_INFINITY;
  /** Windows of errors are counted in these, as trouble makes tends follow each other sooner. */
  #lastInTurn = Number.NEGATIVE_INFINITY;
  /** A tend out of turn was asked for since the last one in turn. */
  #nudged = false;
  #stopped = false;
  #heardAt: number | undefined;
  #mapChangedAt: number | undefined;
  #changes = 0;
  #isInTrouble = false;
  /** What is under way, by node id: the tend of a node, or the search for a new one. */
  readonly #tending = new Map<string, Promise<void>>();
  readonly #searching = new Map<string, Promise<void>>();
  #seeding: Promise<SeedingResult> | undefined;
  /** What came of the addresses of nodes that none of them led to yet: by node id, by address. */
  readonly #unreached = new Map<string, Map<string, ConnectionError>>();

  constructor(io: Io, options: ResolvedOptions, members: Membership) {
    this.#io = io;
    this.#options = options;
    this.#members = members;
    this.#observer = new NodeObserver(io);
  }

  /** Tends at every interval from now on, beginning when what is known is an interval old. */
  start(): void {
    const dueInMs = this.#lastTend + this.#options.tendIntervalMs - this.#io.runtime.now();
    if (dueInMs > 0) this.#schedule(dueInMs);
    else this.#tend();
  }

  /** Begins with what an earlier client knew. @param ageMs how long ago it was true */
  adopt(table: ClusterTable, ageMs: number): void {
    for (const node of table.nodes) {
      const { id, host, port, tlsName, edition, clusterName } = node;
      const dialer = new Dialer(this.#io, this.#options, endpoint(this.#options, host, port, tlsName));
      const control = new ControlChannel(dialer, dialer.address, this.#options);
      const version = ServerVersion.parse(node.version);
      const commandEndpoint = dialer.endpoint;
      const added = this.#join({ id, version, edition, clusterName, commandEndpoint, dialer, control });
      added.state.racks = new Map(Object.entries(node.racks));
    }
    this.#lastTend = this.#io.runtime.now() - ageMs;
    this.#heardAt = table.takenAt;
    this.#members.restore(
      table.namespaces,
      table.nodes.map(({ id }) => id),
    );
  }

  /** When all nodes had last been heard, in ms since 1970; undefined before that. */
  get heardAt(): number | undefined {
    return this.#heardAt;
  }

  /** When a node last told something about its partitions that was new, in ms since 1970. */
  get mapChangedAt(): number | undefined {
    return this.#mapChangedAt;
  }

  /** The socket that a node is tended over. */
  controlOf(node: ClusterNode): ControlChannel | undefined {
    return this.#controls.get(node);
  }

  /** Whether something happened after which it has not been seen yet that all is well. */
  get isInTrouble(): boolean {
    return this.#isInTrouble;
  }

  /** Grows when a node comes or goes, and when one owns other partitions than before: as far as the tend has noticed. */
  get changes(): number {
    return this.#changes;
  }

  /** Asks every node now. @returns whether all of them replied, so that {@link changes} is up to date */
  async look(): Promise<boolean> {
    const ask = async (node: ClusterNode): Promise<void> => {
      // What is under way may have been asked too early.
      await this.#tending.get(node.id);
      this.#tendNode(node);
      await this.#tending.get(node.id);
    };
    await Promise.allSettled([...this.#members.nodes.values()].map(ask));
    await this.#untilSearched();
    const nodes = [...this.#members.nodes.values()];
    return !this.#stopped && nodes.length > 0 && nodes.every(({ state }) => state.failures === 0);
  }

  /** Resolves once the nodes were asked and those looked for that they led to; asks first if there is reason to. */
  async settle(): Promise<void> {
    if (this.#isInTrouble && this.#tending.size === 0) this.#tend();
    await this.#untilTended();
    await this.#untilSearched();
    await this.#untilTended();
  }

  // Only for what is under way when they are called: while some nodes are silent there is always something.
  async #untilTended(): Promise<void> {
    await Promise.allSettled(this.#tending.values());
  }

  async #untilSearched(): Promise<void> {
    await Promise.allSettled([...this.#searching.values(), this.#seeding]);
  }

  /** Tends soon, once in an interval at most: something happened that the cluster may know more about. */
  nudge(): void {
    this.#isInTrouble = true;
    if (this.#nudged) return;
    this.#nudged = true;
    this.#hurry();
  }

  /** Other options hold: the next tend follows by them. */
  onOptions(): void {
    if (this.#timer !== undefined && this.#members.isReady) this.start();
  }

  /** Stops and closes the control channels; resolves once nothing is under way any more. */
  async stop(reason: ConnectionError): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#timer = undefined;
    for (const control of this.#controls.values()) control.close(reason);
    this.#controls.clear();
    await Promise.allSettled([...this.#tending.values(), ...this.#searching.values(), this.#seeding]);
  }

  /** Looks for the cluster at its seeds. One search at a time. */
  seed(): Promise<SeedingResult> {
    this.#seeding ??= this.#trySeeds().finally(() => {
      this.#seeding = undefined;
    });
    return this.#seeding;
  }

  /** The nodes that others list and that are not reached, with what came of their addresses. */
  unreached(): readonly UnreachedPeer[] {
    if (this.#options.forceSingleNode) return [];
    const { nodes } = this.#members;
    const listed = [...nodes.values()].flatMap(({ state }) => state.peers ?? []);
    const missing = new Set(listed.map(({ nodeId }) => nodeId).filter((nodeId) => !nodes.has(nodeId)));
    return [...missing].map((nodeId) => ({ nodeId, failures: this.#unreached.get(nodeId) ?? new Map() }));
  }

  /** How long from a tend to the next one in turn. */
  get #intervalMs(): number {
    const { tendIntervalMs } = this.#options;
    return this.#members.isReady ? tendIntervalMs : Math.min(HURRY_MS, tendIntervalMs);
  }

  #hurry(): void {
    this.#schedule(Math.max(0, this.#lastTend + HURRY_MS - this.#io.runtime.now()));
  }

  #schedule(ms: number): void {
    if (this.#stopped) return;
    this.#timer?.cancel();
    this.#timer = this.#io.runtime.setTimer(ms, () => this.#tend(), false);
  }

  #tend(): void {
    if (this.#stopped) return;
    const { nodes } = this.#members;
    const now = this.#io.runtime.now();
    const isInTurn = now - this.#lastInTurn >= this.#options.tendIntervalMs * NEARLY;
    if (isInTurn) {
      this.#lastInTurn = now;
      this.#nudged = false;
    }
    this.#lastTend = now;
    this.#schedule(this.#intervalMs);
    for (const node of nodes.values()) {
      this.#io.socketsOf(node).reap(now);
      if (isInTurn) node.breaker.onTend();
      this.#tendNode(node);
    }
    this.#io.memory.trim();
    if (this.#isLost) void this.seed();
  }

  /** Whether no node responds. Seeds are tried then: nodes that they lead to are tended from then on. */
  get #isLost(): boolean {
    return [...this.#members.nodes.values()].every(({ state }) => state.failures > 0);
  }

  #tendNode(node: ClusterNode): void {
    const control = this.#controls.get(node);
    if (control === undefined || this.#tending.has(node.id)) return;
    const startedAt = this.#io.runtime.now();
    const tending = this.#ask(node, control)
      .then(
        () => undefined,
        (error: unknown) => {
          this.#noteFailure(node, startedAt);
          return error;
        },
      )
      .then((error) => {
        this.#tending.delete(node.id);
        if (!this.#stopped) this.#observer.tended(node, startedAt, error);
        control.rest();
        this.#review();
        this.#noteWell();
      });
    this.#tending.set(node.id, tending);
  }

  /**
   * Tasks that end ask out of turn, each of them: a node would have had all its chances in a moment in which it did not
   * reply, and what is under way there would be lost with it.
   */
  #noteFailure(node: ClusterNode, startedAt: number): void {
    const { state } = node;
    if (state.failures === 0 || startedAt - state.failedAt >= this.#intervalMs * NEARLY) {
      state.failures++;
      state.failedAt = startedAt;
    }
    forgetGenerations(node);
    this.#lookElsewhere(node.id);
  }

  async #ask(node: ClusterNode, control: ControlChannel): Promise<void> {
    const options = this.#options;
    if (node.login?.isDue === true) control.recycle(new ConnectionError(`The login to node ${node} is renewed`));
    const commands = ["node", "peers-generation", "partition-generation"];
    const wantsRacks = options.racks.length > 0;
    if (wantsRacks) commands.push("rebalance-generation");
    const reply = await control.ask(commands);
    // A new socket may lead to a server that was started anew, whose generations mean something else.
    if (node.state.heardOn !== control.generation) forgetGenerations(node);
    node.state.heardOn = control.generation;
    if (infoValue(reply, "node") !== node.id) {
      this.#remove(node, new ConnectionError(`${node.address} is another node now`));
      this.#lookElsewhere(node.id);
      return;
    }
    node.state.failures = 0;
    const partitions = generation(reply, "partition-generation");
    node.state.serves = partitions >= 0;
    await this.#fetchPeers(node, control, generation(reply, "peers-generation"));
    await this.#fetchPartitions(node, control, partitions);
    if (wantsRacks) await this.#fetchRacks(node, control, generation(reply, "rebalance-generation"));
    // Servers list their clients for people to look at: nothing depends on it.
    await announce(node, control, options.appId).catch(() => undefined);
  }

  async #fetchPeers(node: ClusterNode, control: ControlChannel, told: number): Promise<void> {
    const { state } = node;
    if (told === state.peersGeneration) return;
    // Generations count up; a lower one is that of a server that has started anew.
    if (told < state.peersGeneration) node.breaker.reset();
    const { generation, peers } = await fetchPeers(control, this.#options);
    state.peers = peers;
    state.peersGeneration = generation;
    for (const peer of peers) this.#meet(peer);
  }

  /** Looks for a peer that is unknown, or does not respond at the address known while others list it at another. */
  #meet(peer: Peer): void {
    if (this.#stopped || this.#options.forceSingleNode) return;
    const known = this.#members.nodes.get(peer.nodeId);
    if (known !== undefined && (known.state.failures === 0 || isListedAt(peer, known))) return;
    if (this.#searching.has(peer.nodeId)) return;
    const failures = this.#unreached.get(peer.nodeId) ?? new Map<string, ConnectionError>();
    this.#unreached.set(peer.nodeId, failures);
    const searching = findPeer(this.#io, this.#options, peer, failures)
      .then(
        (identity) => this.#add(identity),
        () => this.#askAgainFor(peer.nodeId),
      )
      .then(() => {
        this.#searching.delete(peer.nodeId);
        this.#noteWell();
      });
    this.#searching.set(peer.nodeId, searching);
  }

  /** A node may have moved: others told its new address while it still seemed well at this one, and do not tell it again. */
  #lookElsewhere(nodeId: string): void {
    for (const peer of this.#listings(nodeId)) this.#meet(peer);
  }

  /** What the nodes that respond say of one. */
  #listings(nodeId: string): Peer[] {
    const others = [...this.#members.nodes.values()].filter(({ state }) => state.failures === 0);
    return others.flatMap(({ state }) => state.peers?.filter((peer) => peer.nodeId === nodeId) ?? []);
  }

  /** A peer was not found: whoever listed it is asked for its peers again at the next tend. */
  #askAgainFor(nodeId: string): void {
    for (const node of this.#members.nodes.values()) {
      if (node.state.peers?.some((peer) => peer.nodeId === nodeId)) node.state.peersGeneration = -1;
    }
  }

  async #fetchPartitions(node: ClusterNode, control: ControlChannel, now: number): Promise<void> {
    const { map, nodes } = this.#members;
    const { state } = node;
    if (now === state.partitionGeneration || now < 0) return;
    // A node that has lost the others believes that it owns everything.
    if (state.peers?.length === 0 && nodes.size > 1) return;
    const reply = await control.ask(["partition-generation", "replicas"]);
    const replicas = parseReplicas(infoValue(reply, "replicas"));
    const current = generation(reply, "partition-generation");
    // While the first rebalance runs the bitmaps are not whole yet.
    if (current < 0 || !node.isActive) return;
    state.partitionGeneration = current;
    this.#mapChangedAt = this.#io.runtime.wallClock();
    const told = state.ownedGeneration;
    state.ownedGeneration = current;
    const ousted = map.merge(node.id, this.#options.forceSingleNode ? owningAll(replicas) : replicas);
    // What a new socket makes a node tell again is no news.
    if (ousted.size > 0 || (told !== undefined && told !== current)) this.#changes++;
    for (const id of ousted) {
      const displaced = nodes.get(id);
      if (displaced !== undefined) displaced.state.partitionGeneration = -1;
    }
    this.#members.onNews();
  }

  async #fetchRacks(node: ClusterNode, control: ControlChannel, told: number): Promise<void> {
    if (told === node.state.rebalanceGeneration) return;
    const reply = await control.ask(["rebalance-generation", "rack-ids"]);
    node.state.racks = parseRacks(reply.get("rack-ids") ?? "");
    node.state.rebalanceGeneration = generation(reply, "rebalance-generation");
  }

  /** Removes the nodes that have left. */
  #review(): void {
    if (this.#stopped) return;
    const { nodes, map } = this.#members;
    for (const node of nodes.values()) {
      if (shouldRemove(node, nodes, map)) this.#remove(node);
    }
    this.#members.onNews();
    if (this.#isLost) void this.seed();
  }

  /** Takes note of the time when all nodes were heard and no other is looked for. */
  #noteWell(): void {
    const nodes = [...this.#members.nodes.values()];
    if (this.#stopped || this.#tending.size + this.#searching.size > 0 || nodes.length === 0) return;
    if (nodes.some(({ state }) => state.failures > 0 || state.heardOn < 0)) return;
    this.#heardAt = this.#io.runtime.wallClock();
    this.#isInTrouble = false;
  }

  #add(identity: Identity): void {
    const { nodes } = this.#members;
    const { id, dialer, control } = identity;
    const known = nodes.get(id);
    if (this.#stopped || (known !== undefined && !this.#hasMoved(known, dialer))) {
      control.close(new ConnectionError(`The node at ${dialer.address} is known already`));
      return;
    }
    const node = this.#join(identity);
    this.#changes++;
    if (known !== undefined) {
      this.#letGo(known, new ConnectionError(`Node ${id} has moved from ${known.address} to ${node.address}`));
    }
    if (this.#options.forceSingleNode) this.#letOthersGo(node);
    this.#members.onNews();
    this.#tendNode(node);
  }

  /**
   * Whether a node that was found elsewhere is not where it was any more. Seeds lead to well nodes by other names, and a
   * node is slow once in a while: what is under way there is not to be lost for that. One that was never heard where a
   * table has it was not slow.
   */
  #hasMoved(known: ClusterNode, { address, endpoint }: Dialer): boolean {
    const { failures, heardOn } = known.state;
    if (address === known.address || failures === 0) return false;
    if (failures > 1 || heardOn < 0) return true;
    return this.#listings(known.id).some((peer) => isListedAt(peer, endpoint) && !isListedAt(peer, known));
  }

  #join(identity: Identity): ClusterNode {
    const { id, dialer, control, commandEndpoint } = identity;
    const node = new ClusterNode(identity, dialer.endpoint, dialer.login, this.#options, commandEndpoint);
    node.onTrouble = () => {
      node.breaker.countError();
      this.nudge();
    };
    dialer.onTrouble = node.onTrouble;
    node.onBreaker = (isOpen) => this.#observer.breaker(node, isOpen);
    control.onDisconnected = () => {
      node.connectionToken = {};
    };
    this.#controls.set(node, control);
    // First in, then out: commands that the old one fails find the new one.
    this.#members.nodes.set(id, node);
    this.#observer.added(node);
    this.#unreached.delete(id);
    return node;
  }

  #remove(node: ClusterNode, reason?: ConnectionError): void {
    const { nodes } = this.#members;
    if (nodes.get(node.id) === node) nodes.delete(node.id);
    this.#changes++;
    this.#letGo(node, reason);
    this.#members.onNews();
    // The others may know what has become of its partitions.
    this.#hurry();
  }

  #letOthersGo(one: ClusterNode): void {
    for (const node of this.#members.nodes.values()) {
      if (node !== one) this.#remove(node, new ConnectionError(`Node ${one} has taken the place of ${node}`));
    }
  }

  #letGo(node: ClusterNode, reason?: ConnectionError): void {
    node.depart(reason);
    this.#observer.removed(node);
    this.#controls.get(node)?.close(node.departure);
    this.#controls.delete(node);
    this.#io.leave(node);
  }

  async #trySeeds(): Promise<SeedingResult> {
    const result = await trySeeds(this.#io, this.#options);
    if (result.found !== undefined) this.#add(result.found);
    return result;
  }
}

/** Makes the next tend fetch everything. */
function forgetGenerations({ state }: ClusterNode): void {
  state.peersGeneration = -1;
  state.partitionGeneration = -1;
  state.rebalanceGeneration = -1;
}

function isListedAt(peer: Peer, address: HostPort): boolean {
  return peer.hosts.some(({ host, port }) => host === address.host && port === address.port);
}

function generation(reply: InfoReply, command: string): number {
  const text = infoValue(reply, command);
  const value = Number(text);
  if (Number.isInteger(value)) return value;
  throw new ConnectionError(`Expected a whole number as ${command}, got ${describe(text)}`);
}
