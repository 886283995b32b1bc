import { Emulator, type EmulatorOptions, type MemoryNetwork } from "../../../emulator/index.js";
import type { RecordKey } from "../../../protocol/key/record-key.js";
import { VirtualRuntime } from "../../../runtime/virtual-runtime.js";
import { newSession } from "../../../src/client/new-session.js";
import { ClusterCore } from "../../../src/cluster/cluster-core.js";
import type { ClusterOptions } from "../../../src/cluster/options.js";
import {
  Behavior,
  type BehaviorChanges,
  Cluster,
  type ConnectOptions,
  connect,
  type Session,
} from "../../../src/index.js";
import { asTheyCame, WatchedTransport } from "./watched-transport.js";

/** Longest that anything in these tests takes, on the clock of the lab. */
const PATIENCE_MS = 300_000;

export interface LabOptions extends Omit<EmulatorOptions, "listen" | "runtime"> {
  readonly seed?: number;
  /** Whether functions can be registered; left out, as Lua takes time to start. */
  readonly lua?: boolean;
  /** What the nodes are reached through; by default bytes arrive at once and whole. */
  readonly network?: (runtime: VirtualRuntime) => MemoryNetwork;
}

/** An emulated cluster in memory on virtual time: what happens in it depends on the seed alone. */
export class Lab implements AsyncDisposable {
  readonly runtime: VirtualRuntime;
  readonly emulator: Emulator;
  readonly transport: WatchedTransport;
  readonly #clients: Cluster[] = [];

  private constructor(runtime: VirtualRuntime, emulator: Emulator) {
    this.runtime = runtime;
    this.emulator = emulator;
    this.transport = new WatchedTransport(emulator.transport);
  }

  static async open({ seed = 1, lua = false, network, ...options }: LabOptions = {}): Promise<Lab> {
    const runtime = new VirtualRuntime({ seed });
    const namespaces = options.namespaces ?? [{ name: "test" }];
    const emulator = await Emulator.start({
      ...(!lua && { udf: "none" }),
      ...options,
      namespaces,
      listen: network?.(runtime) ?? "memory",
      runtime,
    });
    return new Lab(runtime, emulator);
  }

  /** Lets time pass until the promise is settled. */
  until<T>(promise: Promise<T>): Promise<T> {
    return this.runtime.until(promise, PATIENCE_MS);
  }

  /** As {@link until}, for what has to fail: answers the error. */
  async failure(promise: Promise<unknown>): Promise<unknown> {
    let value: unknown;
    try {
      value = await this.until(promise);
    } catch (error) {
      return error;
    }
    throw new Error(`It did not fail: ${String(value)}`);
  }

  async connect(options: ConnectOptions = {}): Promise<Cluster> {
    const client = await this.until(
      connect(this.emulator.hosts, { transport: this.transport, runtime: this.runtime, ...options }),
    );
    this.#clients.push(client);
    return client;
  }

  /** A client, and the cluster beneath it to look into. */
  async connectCluster(options: Partial<ClusterOptions> = {}): Promise<{ client: Cluster; cluster: ClusterCore }> {
    const seeds = this.emulator.nodes.map(({ host, port }) => ({ host, port }));
    const { transport, runtime } = this;
    const cluster = await this.until(ClusterCore.connect({ seeds, transport, runtime, ...options }));
    const client = new Cluster(cluster, newSession, {});
    this.#clients.push(client);
    return { client, cluster };
  }

  async session(changes: BehaviorChanges = {}, options: ConnectOptions = {}): Promise<Session> {
    const client = await this.connect(options);
    return client.createSession(behaviorOf(changes));
  }

  /** Ends whatever goes wrong, closes everything, and makes sure that nothing is left: no socket, no timer. */
  async close(): Promise<void> {
    const { runtime, emulator, transport } = this;
    emulator.faults.liftAll();
    transport.onReply = asTheyCame;
    await this.until(Promise.all(this.#clients.map((client) => client.close())));
    if (transport.open.length > 0) throw new Error(`${transport.open.length} sockets are left of closed clients`);
    await this.until(emulator.close());
    // Emulated nodes give sockets that sent them garbage a second.
    await runtime.advance(1_000);
    if (runtime.pendingTimers > 0) throw new Error(`${runtime.pendingTimers} timers are left`);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** The default behavior with changes. */
export function behaviorOf(changes: BehaviorChanges): Behavior {
  return Object.keys(changes).length === 0 ? Behavior.DEFAULT : Behavior.DEFAULT.deriveWithChanges("changed", changes);
}

/** The node's place in the emulated cluster. */
export function placeOf(emulator: Emulator, nodeId: string): number {
  const place = emulator.nodes.findIndex((node) => node.id === nodeId);
  if (place < 0) throw new Error(`There is no node ${nodeId}`);
  return place;
}

/** The place of the node that is the record's master. */
export function masterOf(emulator: Emulator, cluster: ClusterCore, key: RecordKey): number {
  for (const [node, partitions] of cluster.partitionOwners(key.namespace)) {
    if (partitions.includes(key.partition)) return placeOf(emulator, node.id);
  }
  throw new Error(`No node is the master of partition ${key.partition}`);
}
