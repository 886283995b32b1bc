import { describe } from "../../protocol/value/invalid-value.js";
import { systemRuntime } from "../../runtime/system-runtime.js";
import type { Cluster } from "../client/cluster.js";
import { type ConnectOptions, checkConnectOptions } from "../client/connect-options.js";
import { connectionStringOf, type Hosts } from "../client/hosts.js";
import { openCore } from "../client/open-client.js";
import type { Session } from "../client/session.js";
import { LoginMemory } from "../cluster/auth/login-memory.js";
import type { ClusterCore } from "../cluster/cluster-core.js";
import { type ClusterTable, OLDEST_TABLE_MS } from "../cluster/cluster-table.js";
import type { Behavior } from "../policy/behavior.js";

/** Options of a client on Cloudflare Workers: those of `connect`, and where to connect to and how to behave. */
export interface WorkersOptions extends Omit<ConnectOptions, "table"> {
  /** Default `env.AEROSPIKE_HOSTS`. */
  readonly hosts?: Hosts | undefined;
  /** Of the session. Default `Behavior.DEFAULT`. */
  readonly behavior?: Behavior | undefined;
}

/** Where the clients of one Worker connect to, and how. */
export interface Target {
  readonly hosts: Hosts;
  readonly options: Omit<WorkersOptions, "hosts" | "behavior">;
  readonly behavior: Behavior | undefined;
  readonly kept: KeptCluster;
}

/** A client while it is open. */
export interface OpenClient {
  readonly cluster: Cluster;
  readonly session: Session;
  readonly core: ClusterCore;
  /** What it began with. */
  readonly table: ClusterTable | undefined;
}

/** How long a request that asks the nodes what has changed keeps the others that run beside it from asking as well. */
const CLAIM_MS = 2_000;
const TEND_INTERVAL_MS = 5_000;
/** Programs talk to a cluster or two; more come from hosts that are put together anew for each request. */
const MOST_CLUSTERS = 32;

/**
 * What clients of one isolate leave behind for each other: plain data, for promises, timers and sockets belong to the
 * request that made them, and any other that touches them hangs or fails.
 */
class KeptCluster {
  readonly #logins = new LoginMemory();
  #table: ClusterTable | undefined;
  /** When a request last undertook to ask the nodes. */
  #claimedAt = Number.NEGATIVE_INFINITY;

  /** A client of the caller's own. Costs no round trip once another client has been in the last minute. */
  async open({ hosts, options, behavior }: Target): Promise<OpenClient> {
    const table = this.#tableForNow(options);
    const { cluster, core } = await openCore(connectionStringOf(hosts), { ...options, table }, this.#logins);
    return { cluster, core, session: cluster.createSession(behavior), table };
  }

  /** Closes the client, once it is not asking nodes any more, and keeps what it has learned. */
  async leave({ cluster, core, table: given }: OpenClient): Promise<void> {
    await core.settle();
    if (core.tableTakenAt !== given?.takenAt) this.#keep(core.exportTable(), given);
    await cluster.close();
  }

  /** Another client may have left something newer meanwhile. */
  #keep(table: ClusterTable | undefined, given: ClusterTable | undefined): void {
    if (table === undefined) return;
    if (this.#table === undefined || this.#table === given || table.takenAt > this.#table.takenAt) this.#table = table;
  }

  #tableForNow({
    runtime = systemRuntime,
    tendIntervalMs = TEND_INTERVAL_MS,
  }: ConnectOptions): ClusterTable | undefined {
    const table = this.#table;
    if (table === undefined) return undefined;
    const now = runtime.wallClock();
    const ageMs = now - table.takenAt;
    if (ageMs < tendIntervalMs || ageMs > OLDEST_TABLE_MS) return table;
    // As if it were new: another request is asking.
    if (now - this.#claimedAt < CLAIM_MS) return { ...table, takenAt: now };
    this.#claimedAt = now;
    return table;
  }
}

const clusters = new Map<string, KeptCluster>();

/**
 * Where the environment and the options say that the cluster is, and what is kept of it.
 * @param caller in messages
 * @throws TypeError when no hosts are named, or for a wrong option
 */
export function targetOf(caller: string, env: object, { hosts, behavior, ...options }: WorkersOptions): Target {
  const found = hosts ?? read(caller, env, "AEROSPIKE_HOSTS");
  if (found === undefined) {
    throw new TypeError(
      `${caller}: expected env.AEROSPIKE_HOSTS or the option hosts to say where the cluster is, such as "db1:3000,db2:3000"; got neither`,
    );
  }
  const full = {
    ...options,
    user: options.user ?? read(caller, env, "AEROSPIKE_USER"),
    password: options.password ?? read(caller, env, "AEROSPIKE_PASSWORD"),
  };
  checkConnectOptions(full);
  return { hosts: found, options: full, behavior, kept: keptFor(found, full) };
}

/** The same for all who connect as the same user to the same hosts in the same way. Stays in this isolate. */
function keptFor(hosts: Hosts, options: Target["options"]): KeptCluster {
  const { signal: _signal, transport: _transport, runtime: _runtime, ...named } = options;
  const key = JSON.stringify([hosts, named]);
  const known = clusters.get(key);
  if (known !== undefined) return known;
  const kept = new KeptCluster();
  const [oldest] = clusters.keys();
  if (clusters.size >= MOST_CLUSTERS && oldest !== undefined) clusters.delete(oldest);
  clusters.set(key, kept);
  return kept;
}

function read(caller: string, env: object, name: string): string | undefined {
  if (typeof env !== "object" || env === null) {
    throw new TypeError(`${caller}: expected the Worker's env as an object, got ${describe(env)}`);
  }
  const value: unknown = Reflect.get(env, name);
  if (value === undefined || (typeof value === "string" && value !== "")) return value;
  throw new TypeError(`${caller}: expected env.${name} to be a text that is not empty, got ${typeof value}`);
}
