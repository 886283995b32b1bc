import type { Runtime } from "../runtime/runtime.js";
import { Cluster } from "./cluster/cluster.js";
import { EmulatorNode } from "./emulator-node.js";
import type { Faults } from "./faults/faults.js";
import { MemoryNetwork } from "./listener/memory.js";
import { TcpNetwork } from "./listener/tcp.js";
import { type EmulatorOptions, resolveOptions } from "./options.js";
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
  /** The nodes, by their places. */
  readonly nodes: readonly EmulatorNode[];
  #closing: Promise<void> | undefined;

  private constructor(cluster: Cluster, memory: MemoryNetwork | undefined) {
    this.#cluster = cluster;
    this.#memory = memory;
    this.nodes = cluster.nodes.map((node) => new EmulatorNode(cluster, node));
  }

  /**
   * Starts a cluster and resolves once every node takes clients.
   * @throws TypeError for an option that does not exist or is of a wrong type
   * @throws RangeError for an option that is out of its range
   * @throws Error with the runtime's `code`, such as `"EADDRINUSE"`, for a port that it can't listen on
   */
  static async start(options: EmulatorOptions = {}): Promise<Emulator> {
    const { cluster: settings, runtime, listen, host, ports, unref } = resolveOptions(options);
    const udf = await engineOf(options, runtime);
    const memory = listen === "memory" ? new MemoryNetwork(runtime) : listen === "tcp" ? undefined : listen;
    const cluster = new Cluster({ ...settings, udf }, runtime, memory ?? new TcpNetwork(unref), host, ports);
    try {
      await cluster.start();
    } catch (error) {
      await cluster.stop();
      throw error;
    }
    return new Emulator(cluster, memory);
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

  /** Stops every node and forgets all data. Safe to call again. */
  close(): Promise<void> {
    this.#closing ??= this.#cluster.stop();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

async function engineOf({ udf, log }: EmulatorOptions, runtime: Runtime): Promise<UdfEngine | Error> {
  if (udf === "none") return new Error("the emulator was started without functions");
  return udf ?? (await startEngine(runtime, log));
}
