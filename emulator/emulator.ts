import { describe } from "../protocol/value/invalid-value.js";
import type { Runtime } from "../runtime/runtime.js";
import { AheadRuntime } from "./clock/ahead-runtime.js";
import { EmulatorClock } from "./clock/emulator-clock.js";
import { Cluster } from "./cluster/cluster.js";
import { Snapshot } from "./cluster/snapshot.js";
import { EmulatorNode } from "./emulator-node.js";
import type { Faults } from "./faults/faults.js";
import type { FixtureRecords, FixtureSet, Fixtures, LoadOptions } from "./fixtures/fixtures.js";
import { type LoadTarget, load, loadAll } from "./fixtures/load.js";
import { MemoryNetwork } from "./listener/memory.js";
import { TcpNetwork } from "./listener/tcp.js";
import { type EmulatorOptions, resolveOptions } from "./options.js";
import { addAccounts } from "./security/security-options.js";
import { startEngine } from "./udf/start-engine.js";
import type { UdfEngine } from "./udf/udf-engine.js";

/**
 * An Aerospike cluster in this process: one node or several, over TCP or in memory. It behaves as Aerospike Community
 * Edition 8.1.2 does, and in namespaces with `strongConsistency` as Enterprise Edition is said to; what it does not do it
 * refuses with result code 16 (UNSUPPORTED_FEATURE).
 *
 * @example
 * import { connect } from "aerowire";
 * import { Emulator } from "aerowire/emulator";
 *
 * await using emulator = await Emulator.start({ nodes: 3 });
 * await using client = await connect(emulator.hosts);
 */
export class Emulator {
  readonly #cluster: Cluster;
  readonly #memory: MemoryNetwork | undefined;
  readonly #ahead: AheadRuntime;
  /** The nodes, by their places. */
  readonly nodes: readonly EmulatorNode[];
  /** Its time, which a test can put ahead. */
  readonly clock: EmulatorClock;
  #closing: Promise<void> | undefined;

  private constructor(cluster: Cluster, memory: MemoryNetwork | undefined, base: Runtime, ahead: AheadRuntime) {
    this.#cluster = cluster;
    this.#memory = memory;
    this.#ahead = ahead;
    this.clock = new EmulatorClock(base, ahead);
    this.nodes = cluster.nodes.map((node) => new EmulatorNode(cluster, node));
  }

  /**
   * Starts a cluster and resolves once every node takes clients.
   * @throws TypeError for an option that does not exist or is of a wrong type
   * @throws RangeError for an option that is out of its range
   * @throws Error with the runtime's `code`, such as `"EADDRINUSE"`, for a port that it can't listen on
   */
  static async start(options: EmulatorOptions = {}): Promise<Emulator> {
    const { cluster: settings, runtime: base, listen, host, ports, tls, security, unref } = resolveOptions(options);
    const runtime = new AheadRuntime(base);
    const udf = await engineOf(options, runtime);
    // Bytes take their time by the machine's clock, wherever the emulator's is.
    const memory = listen === "memory" ? new MemoryNetwork(base) : listen === "tcp" ? undefined : listen;
    const cluster = new Cluster({ ...settings, udf }, runtime, memory ?? new TcpNetwork(unref, tls), host, ports);
    try {
      if (cluster.accounts !== undefined) await addAccounts(cluster.accounts, security);
      await cluster.start();
    } catch (error) {
      await cluster.stop();
      throw error;
    }
    return new Emulator(cluster, memory, base, runtime);
  }

  /** Addresses of all nodes, as clients take them: "127.0.0.1:40001,127.0.0.1:40002". */
  get hosts(): string {
    return this.#cluster.nodes.map((node) => node.address).join(",");
  }

  /** What can go wrong on purpose. */
  get faults(): Faults {
    return this.#cluster.faults;
  }

  /**
   * The way to nodes that listen in memory; hand it to a client as its transport.
   * @throws TypeError when the nodes listen on TCP
   */
  get transport(): MemoryNetwork {
    if (this.#memory === undefined) {
      throw new TypeError('emulator.transport: the nodes listen on TCP; start the emulator with listen: "memory"');
    }
    return this.#memory;
  }

  /** Resolves once the cluster has taken account of every node that came or went, and no partition is on the move. */
  whenStable(): Promise<void> {
    return this.#cluster.whenStable();
  }

  /**
   * Stores records without a client: each replaces the one of its key, user key kept, generation 1. Nothing is stored when
   * one of them is refused. Secondary indexes have them at once.
   * @param set a `DataSet`, whose types and codecs count, or `{ namespace, setName }`
   * @param records by key, or pairs of key and bins
   * @returns how many there were
   * @throws TypeError or RangeError that names the record, the bin, and what is wrong; SchemaError from the data set's schemas
   * @example
   * const users = DataSet.of<{ name: string; age: number }>("test", "users");
   * emulator.load(users, [[1, { name: "Ada", age: 36 }], [2, { name: "Alan", age: 41 }]]);
   */
  load<T>(set: FixtureSet<T>, records: FixtureRecords<NoInfer<T>>, options?: LoadOptions): number {
    return load(this.#target(), set, records, options);
  }

  /**
   * Stores records of several sets, as {@link Emulator.load} does: what a JSON file holds, for example.
   * @example
   * emulator.loadAll({ test: { users: { ada: { age: 36 } }, orders: [[1, { total: 5 }]] } });
   */
  loadAll(fixtures: Fixtures, options?: LoadOptions): number {
    return loadAll(this.#target(), fixtures, options);
  }

  /**
   * Remembers all that clients can change: records with their metadata, secondary indexes, Lua modules, users and roles,
   * configuration, truncations, and the clock. {@link Emulator.reset} goes back there.
   * @throws Error while a node is stopped or frozen, or a transaction is open
   */
  snapshot(): Snapshot {
    return new Snapshot(this.#cluster, this.#cluster.save(), this.clock.aheadMs);
  }

  /**
   * Makes the cluster ready for the next test. Clients stay connected. Faults are lifted, nodes that were stopped or frozen
   * are back, jobs are stopped, transactions are gone, and the clock is back.
   *
   * Without a snapshot the records go, and truncations with them; namespaces, secondary indexes, Lua modules, users and
   * roles, and configuration stay as they are. With one, all of that is as it was then. Statistics and the list of ended jobs go on.
   * @throws TypeError for what is no snapshot, or one of another emulator
   * @example
   * const seeded = emulator.snapshot();
   * afterEach(() => emulator.reset(seeded));
   */
  async reset(snapshot?: Snapshot): Promise<void> {
    if (snapshot !== undefined && !(snapshot instanceof Snapshot && snapshot.of === this.#cluster)) {
      throw new TypeError(`reset(snapshot): expected one that this emulator took, got ${describe(snapshot)}`);
    }
    await this.#cluster.heal();
    this.#cluster.restore(snapshot?.state);
    this.#ahead.setBack(snapshot?.aheadMs ?? 0);
  }

  /** Stops every node and forgets all data. Safe to call again. */
  close(): Promise<void> {
    this.#closing ??= this.#cluster.stop();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #target(): LoadTarget {
    const [node] = this.#cluster.nodes;
    return { namespaces: node?.namespaces ?? [], now: Math.floor(this.clock.now()) };
  }
}

async function engineOf({ udf, log }: EmulatorOptions, runtime: Runtime): Promise<UdfEngine | Error> {
  if (udf === "none") return new Error("the emulator was started without functions");
  return udf ?? (await startEngine(runtime, log));
}
