import { VirtualRuntime } from "../../../runtime/virtual-runtime.js";
import { ClusterCore } from "../../../src/cluster/cluster-core.js";
import type { ClusterOptions } from "../../../src/cluster/options.js";
import type { OperationSettings } from "../operations.js";
import { FakeCluster, type FakeClusterOptions } from "./fake-cluster.js";
import { FakeNetwork, type FakeNetworkOptions } from "./fake-network.js";

/** Settings without retries and with time enough; a test changes what it is about. */
export const PLAIN: OperationSettings = {
  totalTimeoutMs: 1_000,
  socketTimeoutMs: 0,
  maxRetries: 0,
  retryDelayMs: 0,
  replica: "sequence",
};

/** A fake cluster on a network in memory, on virtual time. */
export class World {
  readonly runtime: VirtualRuntime;
  readonly network: FakeNetwork;
  readonly fake: FakeCluster;

  constructor(options: FakeClusterOptions & FakeNetworkOptions & { readonly seed?: number } = {}) {
    this.runtime = new VirtualRuntime({ seed: options.seed ?? 1 });
    this.network = new FakeNetwork(this.runtime, options);
    this.fake = new FakeCluster(this.network, this.runtime, options);
  }

  options(changes: Partial<ClusterOptions> = {}): ClusterOptions {
    return { seeds: [this.fake.seed], transport: this.network, runtime: this.runtime, ...changes };
  }

  connect(changes: Partial<ClusterOptions> = {}): Promise<ClusterCore> {
    return this.runtime.until(ClusterCore.connect(this.options(changes)), 60_000);
  }

  /** Closes the client and makes sure that nothing of it is left: no socket, no timer. */
  async close(cluster: ClusterCore): Promise<void> {
    await this.runtime.until(cluster.close(), 60_000);
    if (this.network.links.size > 0) throw new Error(`${this.network.links.size} sockets are left`);
  }
}
