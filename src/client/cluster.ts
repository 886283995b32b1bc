import { describe } from "../../protocol/value/invalid-value.js";
import type { DecodeOptions } from "../../protocol/value/value.js";
import { ClusterCore } from "../cluster/cluster-core.js";
import { INSPECT, type Inspect, show } from "../data/inspect.js";
import { ConnectionError } from "../errors/errors.js";
import { Behavior } from "../policy/behavior.js";
import { createSessionContext } from "../policy/session-context.js";
import { type ConnectOptions, checkConnectOptions, clusterOptions, decodeOptions } from "./connect-options.js";
import type { ConnectionString } from "./seeds.js";
import { Session } from "./session.js";

/** A node of the cluster, as a client sees it. */
export interface NodeInfo {
  /** The node's own id, such as `BB9020011AC4202`. */
  readonly id: string;
  /** `host:port` that this client reaches it by. */
  readonly address: string;
  /** Version of its server, such as `8.1.2.0`. */
  readonly version: string;
}

/** Connects; see `connect` for what it rejects with. @internal */
export async function openClient(where: ConnectionString, options: ConnectOptions): Promise<Cluster> {
  checkConnectOptions(options);
  const decode = decodeOptions(options);
  return new Cluster(await ClusterCore.connect(clusterOptions(where, options), options.signal), decode);
}

/**
 * A connection to a cluster, from `connect`: one for a program is enough. It follows the cluster as nodes come and
 * go. An idle client does not keep the process running.
 */
export class Cluster implements AsyncDisposable {
  readonly #cluster: ClusterCore;
  readonly #decode: DecodeOptions;

  /** @internal Made by `connect`. */
  constructor(cluster: ClusterCore, decode: DecodeOptions) {
    this.#cluster = cluster;
    this.#decode = decode;
  }

  /** False once it was closed, and while no node of the cluster can be reached. */
  get isConnected(): boolean {
    return !this.#cluster.isClosed && this.#cluster.nodes.length > 0;
  }

  /** The nodes that are in the cluster now. */
  get nodes(): readonly NodeInfo[] {
    return this.#cluster.nodes.map(({ id, address, version }) => ({ id, address, version: version.toString() }));
  }

  /** The namespaces of the cluster. */
  get namespaces(): readonly string[] {
    return [...this.#cluster.namespaces];
  }

  /**
   * A session that carries commands out as the behavior says.
   * @param behavior Default `Behavior.DEFAULT`
   * @throws TypeError for anything but a Behavior; ConnectionError when the client is closed
   */
  createSession(behavior: Behavior = Behavior.DEFAULT): Session {
    if (!(behavior instanceof Behavior)) {
      throw new TypeError(`createSession: expected a Behavior, got ${describe(behavior)}`);
    }
    if (this.#cluster.isClosed) throw new ConnectionError("The client is closed", { code: "CLIENT_CLOSED" });
    return new Session(createSessionContext(this.#cluster, behavior, this.#decode));
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

  /** As {@link close}: for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
