import { describe } from "../../protocol/value/invalid-value.js";
import type { Runtime } from "../../runtime/runtime.js";
import type { Transport } from "../transport/transport.js";
import type { Credentials } from "./auth/credentials.js";
import type { NodeLogins } from "./auth/login.js";
import type { LoginMemory } from "./auth/login-memory.js";
import type { ClusterTable } from "./cluster-table.js";
import { Log, type Logger, type LogLevel } from "./logger.js";
import type { Telemetry } from "./telemetry.js";

/** A place to start looking for the cluster. */
export interface SeedAddress {
  readonly host: string;
  readonly port: number;
  /** Name that the certificate must carry; with TLS only, and the host's own name unless given. */
  readonly tlsName?: string | undefined;
}

/** How to reach a cluster and how to behave towards it. Times are milliseconds. */
export interface ClusterOptions {
  readonly seeds: readonly SeedAddress[];
  readonly transport: Transport;
  readonly runtime: Runtime;
  /** Whether sockets speak TLS; how is up to the transport. Default false. */
  readonly tls?: boolean | undefined;
  /** Whether only logins and the tend do; commands go to the addresses without TLS. Takes credentials. Default false. */
  readonly tlsForLoginOnly?: boolean | undefined;
  readonly credentials?: Credentials | undefined;
  /** What an earlier client with the same credentials has learned of logging in. */
  readonly logins?: LoginMemory | undefined;
  /**
   * What an earlier client knew of the cluster, from its `exportTable()`: no seed is asked then and nothing waited for. A
   * table older than a tend interval is used, too, while the nodes are asked beside it what has changed; one older than a
   * minute is not. A table says where commands and passwords go: take it only from where you would take the hosts.
   */
  readonly table?: ClusterTable | undefined;
  /** Nodes of a cluster of another name are turned down. */
  readonly clusterName?: string | undefined;
  /**
   * For opening a socket, and for each reply to the tend. Default 1000. What the client asks besides, for `explain()`, index
   * choice and the like, nodes may take so long to answer, or 2000 where that is longer.
   */
  readonly connectTimeoutMs?: number | undefined;
  /** How long `connect` waits for a cluster that responds but is not ready yet. Default 10,000. */
  readonly readyTimeoutMs?: number | undefined;
  /** How often each node is asked what has changed. Default 1000; 5000 on Cloudflare Workers. */
  readonly tendIntervalMs?: number | undefined;
  /**
   * Sockets to a node at most. Short commands, streams (and commands that may take long) and info requests share them; a
   * quarter is kept for the first, an eighth for the second and up to four for the third, and at least one for each, so
   * that none starves another. The tend has one more. 1 to 100,000, default 100.
   */
  readonly maxConnectionsPerNode?: number | undefined;
  /**
   * Sockets to a node that stay open for commands on single records, used or not, so that none of them has to wait for
   * one: `connect` waits until they are open. In the clear one socket carries many commands at a time, so a few are
   * enough, and no more than `pipelinedSockets` are allowed; over TLS each carries one at a time. Not with
   * `maxConnections`. 0 to 100,000, default 0.
   */
  readonly minConnectionsPerNode?: number | undefined;
  /**
   * Sockets to all nodes together at most, those of the tend included, instead of a limit per node: for runtimes that
   * allow only a few. Requests wait for a socket in the order of coming, and commands on records whose node has none go
   * by way of one that has, for servers pass them on. One socket at least is kept for what takes a moment and one for
   * streams. 2 to 100,000; default none, and 5 on Cloudflare Workers.
   */
  readonly maxConnections?: number | undefined;
  /**
   * How many of them may carry short commands, each many at a time; not over TLS. So many are opened only where replies
   * come sooner for it, as from servers that read records from disks. 1 to 1000, default 16.
   */
  readonly pipelinedSockets?: number | undefined;
  /** Commands that may wait for replies on each of them. 1 to 65,536, rounded up to a power of two; default 256. */
  readonly pipelineDepth?: number | undefined;
  /** A socket unused for so long is closed; to stay below the server's own limit. Default 55,000. */
  readonly maxSocketIdleMs?: number | undefined;
  /** How long a reply that nobody waits for any more may block its socket before that is closed. Default 3000. */
  readonly drainTimeoutMs?: number | undefined;
  /** Whether `connect` rejects when no seed responds; otherwise it resolves and goes on trying. Default true. */
  readonly failIfNotConnected?: boolean | undefined;
  /** Replaces addresses that servers announce by those that reach them from here. */
  readonly ipMap?: Readonly<Record<string, string>> | undefined;
  /** Use the addresses that the servers have configured as alternate. Default false. */
  readonly useServicesAlternate?: boolean | undefined;
  /**
   * Talk to one node alone, of those that the hosts lead to, and never to others that it knows: through a tunnel, or a
   * proxy for one node. It passes on what other nodes own, which costs a hop. That goes for commands on keys; queries,
   * background tasks, waiting for indexes and modules, and info of all nodes are refused with code `"UNSUPPORTED_FEATURE"`
   * where the cluster has more than one node. When the node is lost, the hosts are tried again. Not with `table`.
   * Default false.
   */
  readonly forceSingleNode?: boolean | undefined;
  /** Racks to read from first with `replica: "preferRack"`, most preferred first. */
  readonly racks?: readonly number[] | undefined;
  /** Errors of a node within a window after which nothing is sent to it for the rest of the window; 0 for no limit. Default 100. */
  readonly maxErrorRate?: number | undefined;
  /** Length of that window in tend intervals. Default 1. */
  readonly errorRateWindow?: number | undefined;
  /** What servers show of this program in their list of clients. Default the user's name, else `not-set`. */
  readonly appId?: string | undefined;
  /** Follows every command, as `openTelemetry()` of `aerowire/opentelemetry` does. Default none. */
  readonly telemetry?: Telemetry | undefined;
  /** Told of nodes that come, go and fail, of sockets, and of writes in doubt. Default none: the client is silent. */
  readonly logger?: Logger | undefined;
  /** The least level that the logger is told of. Default `"info"`. */
  readonly logLevel?: LogLevel | undefined;
}

/** What a client that runs can take on when it changes: whoever uses these looks at them each time. */
export interface LiveOptions {
  connectTimeoutMs: number;
  tendIntervalMs: number;
  maxSocketIdleMs: number;
  minConnectionsPerNode: number;
  racks: readonly number[];
  maxErrorRate: number;
  errorRateWindow: number;
}

export const LIVE_OPTIONS = [
  "connectTimeoutMs",
  "tendIntervalMs",
  "maxSocketIdleMs",
  "minConnectionsPerNode",
  "racks",
  "maxErrorRate",
  "errorRateWindow",
] as const satisfies readonly (keyof LiveOptions)[];

export interface ResolvedOptions extends Readonly<LiveOptions> {
  readonly seeds: readonly SeedAddress[];
  readonly tls: boolean;
  readonly tlsForLoginOnly: boolean;
  readonly login: NodeLogins | undefined;
  readonly clusterName: string | undefined;
  readonly readyTimeoutMs: number;
  readonly maxConnectionsPerNode: number;
  readonly maxConnections: number | undefined;
  readonly pipelinedSockets: number;
  readonly pipelineDepth: number;
  readonly drainTimeoutMs: number;
  readonly failIfNotConnected: boolean;
  readonly ipMap: ReadonlyMap<string, string>;
  readonly useServicesAlternate: boolean;
  readonly forceSingleNode: boolean;
  readonly appId: string;
  readonly log: Log | undefined;
  readonly telemetry: Telemetry | undefined;
}

/** A whole number: the least and the most that it may be. */
type Range = readonly [least: number, most: number];

const MOST = 0x7fff_ffff;

/** The options that are whole numbers. */
export const RANGES = {
  connectTimeoutMs: [1, MOST],
  readyTimeoutMs: [1, MOST],
  tendIntervalMs: [1, MOST],
  maxConnectionsPerNode: [1, 100_000],
  minConnectionsPerNode: [0, 100_000],
  maxConnections: [2, 100_000],
  pipelinedSockets: [1, 1_000],
  pipelineDepth: [1, 65_536],
  maxSocketIdleMs: [1, MOST],
  drainTimeoutMs: [1, MOST],
  maxErrorRate: [0, MOST],
  errorRateWindow: [1, MOST],
} as const satisfies { readonly [N in keyof ClusterOptions]?: Range };

export function isWithin(value: unknown, [least, most]: Range): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= least && value <= most;
}

/** Throws RangeError or TypeError for a value outside what is allowed. */
export function resolveOptions(options: ClusterOptions, login?: NodeLogins): ResolvedOptions {
  if (options.forceSingleNode === true && options.table !== undefined) {
    throw new TypeError("The option forceSingleNode is true, and a table given: that has the nodes of a whole cluster");
  }
  if (options.seeds.length === 0) throw new TypeError("The list of seeds is empty; at least one host is needed");
  const whole = (name: keyof typeof RANGES, fallback: number): number => {
    const value = options[name] ?? fallback;
    const range = RANGES[name];
    if (isWithin(value, range)) return value;
    const [least, most] = range;
    throw new RangeError(
      `expected the option ${name} to be a whole number from ${least} to ${most}, got ${describe(value)}`,
    );
  };
  const resolved = {
    seeds: options.seeds,
    tls: options.tls ?? false,
    tlsForLoginOnly: options.tlsForLoginOnly ?? false,
    login,
    clusterName: options.clusterName,
    connectTimeoutMs: whole("connectTimeoutMs", 1_000),
    readyTimeoutMs: whole("readyTimeoutMs", 10_000),
    tendIntervalMs: whole("tendIntervalMs", 1_000),
    maxConnectionsPerNode: whole("maxConnectionsPerNode", PER_NODE),
    minConnectionsPerNode: whole("minConnectionsPerNode", 0),
    maxConnections: options.maxConnections === undefined ? undefined : whole("maxConnections", 2),
    pipelinedSockets: whole("pipelinedSockets", PIPELINED),
    pipelineDepth: 2 ** Math.ceil(Math.log2(whole("pipelineDepth", 256))),
    maxSocketIdleMs: whole("maxSocketIdleMs", 55_000),
    drainTimeoutMs: whole("drainTimeoutMs", 3_000),
    failIfNotConnected: options.failIfNotConnected ?? true,
    ipMap: new Map(Object.entries(options.ipMap ?? {})),
    useServicesAlternate: options.useServicesAlternate ?? false,
    forceSingleNode: options.forceSingleNode ?? false,
    racks: options.racks ?? [],
    maxErrorRate: whole("maxErrorRate", 100),
    errorRateWindow: whole("errorRateWindow", 1),
    appId: options.appId ?? login?.credentials.user ?? "not-set",
    telemetry: options.telemetry,
    log: options.logger === undefined ? undefined : new Log(options.logger, options.logLevel ?? "info"),
  };
  checkSocketNumbers(resolved, resolved.tls && !resolved.tlsForLoginOnly);
  return resolved;
}

const PER_NODE = 100;
const PIPELINED = 16;

/** Checks what numbers of sockets say of each other. @throws TypeError or RangeError that names both */
export function checkSocketNumbers(
  options: Pick<
    ClusterOptions,
    "minConnectionsPerNode" | "maxConnections" | "maxConnectionsPerNode" | "pipelinedSockets"
  >,
  usesTls: boolean,
): void {
  const { minConnectionsPerNode: least = 0, maxConnections } = options;
  const { maxConnectionsPerNode: perNode = PER_NODE, pipelinedSockets: pipelined = PIPELINED } = options;
  const given = `The option minConnectionsPerNode is ${least}`;
  if (least > 0 && maxConnections !== undefined) {
    throw new TypeError(
      `${given}, and maxConnections ${maxConnections}: sockets that all nodes share can't be kept for one`,
    );
  }
  if (least > perNode) throw new RangeError(`${given}; allowed are at most maxConnectionsPerNode, which is ${perNode}`);
  if (usesTls || least <= pipelined) return;
  throw new RangeError(
    `${given}; allowed are at most pipelinedSockets, which is ${pipelined}: each carries many commands at a time`,
  );
}

/** Which replica of a record's partition a command goes to first; retries go on from there. */
export type Replica = "master" | "sequence" | "preferRack" | "random";

/** How an info request is carried out. */
export interface InfoSettings {
  /** For one attempt; 0 leaves it to the operation's deadline. */
  readonly socketTimeoutMs: number;
  /** Attempts after the first. */
  readonly maxRetries: number;
  /** Whether it must not be sent again when nobody knows what became of it. Default false. */
  readonly isWrite?: boolean | undefined;
}

/** How one command is carried out. */
export interface CommandSettings {
  /**
   * For one attempt, from when its request gets a socket; 0 leaves it to the operation's deadline. Streams: the longest
   * silence.
   */
  readonly socketTimeoutMs: number;
  /** Attempts after the first. */
  readonly maxRetries: number;
  /** Pause before a retry on the same node. */
  readonly retryDelayMs: number;
  /** Writes take `preferRack` and `random` for `sequence`. */
  readonly replica: Replica;
  /** A linearized read, which goes to another replica only when the first surely did not serve it. */
  readonly linearize?: boolean | undefined;
  /** Compresses what is sent, and asks for what comes to be compressed. */
  readonly compress?: boolean | undefined;
  /** Takes a socket of its own while it runs: for what may keep a server busy for long. */
  readonly dedicated?: boolean | undefined;
}
