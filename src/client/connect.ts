import type { Cluster } from "./cluster.js";
import type { ClusterDefinition } from "./cluster-definition.js";
import type { ConnectOptions } from "./connect-options.js";
import { connectionStringOf, type Hosts } from "./hosts.js";
import { openClient } from "./open-client.js";

/**
 * Connects to a cluster and resolves once it is known which node owns what.
 *
 * @param target hosts (`"h1:3000,h2:3000"`, `"[::1]:3000"`, `"host:tls-name:4333"`), a URL
 *   (`"aerospike://user:password@h1,h2:3100?tls-name=prod"`), an array of hosts and {@link Host}s, or a
 *   {@link ClusterDefinition}. One host is enough to find the others; more help when it is down.
 * @throws ConnectionError that says of each host, and of each announced address, what went wrong; AuthenticationError
 *   when the credentials are not accepted; AuthorizationError when the user may not connect from here; AbortError when the signal fires; TypeError or RangeError for a wrong host list or option
 *
 * @example
 * await using cluster = await connect("localhost:3000");
 * const session = cluster.createSession();
 *
 * @example
 * await using cluster = await connect("db1:prod:4333,db2:prod:4333", { tls: { ca: await readFile("ca.pem") } });
 */
export async function connect(target: Hosts | ClusterDefinition, options: ConnectOptions = {}): Promise<Cluster> {
  return isDefinition(target) ? target.connect(options) : openClient(connectionStringOf(target), options);
}

/** By what it can do, so that only programs which use its class have it. */
function isDefinition(target: Hosts | ClusterDefinition): target is ClusterDefinition {
  return typeof target === "object" && target !== null && "connect" in target;
}
