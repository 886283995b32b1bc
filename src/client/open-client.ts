import type { LoginMemory } from "../cluster/auth/login-memory.js";
import type { ClusterCore } from "../cluster/cluster-core.js";
import { transactionSettings } from "../policy/transaction-settings.js";
import { loadOnce } from "../time/load-once.js";
import { Cluster } from "./cluster.js";
import { type ConnectOptions, checkConnectOptions, clusterOptions, decodeOptions } from "./connect-options.js";
import type { ConnectionString } from "./seeds.js";

/** Sockets, tend and retries: half of what a program would start with. */
const loadCore = loadOnce(() => import("../cluster/cluster-core.js"));
/** Sessions, with all builders and the language: nothing of it is needed before there is a cluster. */
const loadSessions = loadOnce(() => import("./new-session.js"));

/** Connects; see `connect` for what it rejects with. */
export async function openClient(where: ConnectionString, options: ConnectOptions): Promise<Cluster> {
  checkConnectOptions(options);
  return (await openCore(where, options)).cluster;
}

/**
 * As {@link openClient}, with the means to carry what was learned from one client to the next.
 * @param logins of the clients before
 */
export async function openCore(
  where: ConnectionString,
  options: ConnectOptions,
  logins?: LoginMemory,
): Promise<{ readonly cluster: Cluster; readonly core: ClusterCore }> {
  const decode = decodeOptions(options);
  const transactions = transactionSettings("connect(options): transactions", options.transactions);
  const checked = { ...clusterOptions(where, options), logins };
  const { ClusterCore } = await loadCore();
  const connecting = ClusterCore.connect(checked, options.signal);
  try {
    // While the network is waited for.
    const [core, { newSession }] = await Promise.all([connecting, loadSessions()]);
    return { cluster: new Cluster(core, newSession, decode, transactions, options.behavior), core };
  } catch (error) {
    // Code that can't be loaded, as in a page that has lost its server, leaves no connection behind.
    connecting.then((core) => core.close()).catch(() => undefined);
    throw error;
  }
}
