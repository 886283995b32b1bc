import { checkOptions, type OptionNames } from "../protocol/check/check-options.js";
import { describe } from "../protocol/value/invalid-value.js";
import type { Runtime } from "../runtime/runtime.js";
import { systemRuntime } from "../runtime/system-runtime.js";
import type { ClusterSettings } from "./cluster/cluster-settings.js";
import { MemoryNetwork } from "./listener/memory.js";
import { checkTls, type EmulatorTlsOptions } from "./listener/tls-options.js";
import { writeName } from "./record/name.js";
import type { Release } from "./release.js";
import { checkSecurity, type SecurityOptions } from "./security/security-options.js";
import type { UdfEngine } from "./udf/udf-engine.js";
import type { UdfLog } from "./udf/udf-log.js";

const MAX_NODES = 128;
const MAX_NAMESPACE_BYTES = 31;
const MAX_TTL_SECONDS = 315_360_000;

/** A namespace of an emulated cluster. */
export interface NamespaceOptions {
  /** 1 to 31 bytes of UTF-8. */
  readonly name: string;
  /** Time to live in seconds of records that are written without one, 0 (default) for never: `default-ttl`. */
  readonly defaultTtl?: number;
  /** Seconds between removals of expired records, 0 to let none expire by itself. Default 120: `nsup-period`. */
  readonly nsupPeriod?: number;
  /** Whether a time to live is accepted although `nsupPeriod` is 0. Default false: `allow-ttl-without-nsup`. */
  readonly allowTtlWithoutNsup?: boolean;
  /** Most records a second that a background job works on, on each node. Default 10,000: `background-query-max-rps`. */
  readonly backgroundQueryMaxRps?: number;
  /**
   * Whether it behaves as one of the Enterprise Edition in strong consistency: transactions, deletes that leave
   * tombstones, linearized reads, partitions that are unavailable rather than split in two. Made from what is public of
   * servers and clients, and never compared with a server. Default false: `strong-consistency`.
   */
  readonly strongConsistency?: boolean;
  /** Seconds that a transaction has when its client does not say, 1 to 120. Default 10: `mrt-duration`. */
  readonly mrtDuration?: number;
}

/** A server that is emulated. */
export type EmulatedVersion = "8.1.2" | "8.2.0";

const RELEASES: Readonly<Record<EmulatedVersion, Release>> = { "8.1.2": "8.1", "8.2.0": "8.2" };

/** How an emulated cluster is set up. */
export interface EmulatorOptions {
  /** 1 (default) to 128. */
  readonly nodes?: number;
  /** Copies of each record, as far as there are nodes. Default 2. */
  readonly replicationFactor?: number;
  /** Default `test` and `bar`. */
  readonly namespaces?: readonly NamespaceOptions[];
  /**
   * `"tcp"` (default): ports of this machine. `"memory"`: sockets that never leave the process, reached through
   * `emulator.transport`; with a virtual Runtime a whole cluster and its clients then run in one fixed order. Or such a
   * network made with options of its own, for bytes that are slow or come in pieces.
   */
  readonly listen?: "tcp" | "memory" | MemoryNetwork;
  /** Where the nodes listen. Default 127.0.0.1. */
  readonly host?: string;
  /**
   * A port for each node, or that of the first node, which the others follow; 0 or absent for any that is free. A port that
   * is in use is an error.
   * @example await Emulator.start({ nodes: 3, ports: 3000 }) // 3000, 3001, 3002
   */
  readonly ports?: number | readonly number[];
  /**
   * TLS on every port, and nothing else. It has to be `listen: "tcp"`. Certificates that are made by the test itself don't
   * run out: see the page on testing. Default: clear text.
   */
  readonly tls?: EmulatorTlsOptions;
  /** Whether open ports and sockets let the process exit. Default false: close the emulator. */
  readonly unref?: boolean;
  /** Clock, timers and chance. Default the machine's. */
  readonly runtime?: Runtime;
  /** Default empty. */
  readonly clusterName?: string;
  /**
   * What the nodes do, and say that they are: all of them, or each. `"8.1.2"` (default) was checked against a real server.
   * `"8.2.0"` adds operations on strings, texts that the server compiles, its choice of an index and its explanations of
   * errors; it is made from what is public of that server and its clients, and was never compared with one.
   */
  readonly version?: EmulatedVersion | readonly EmulatedVersion[];
  /** What the nodes say that they are, whatever they do. Default: their `version`, with a fourth number, 0. */
  readonly build?: string;
  /** Ended jobs that a node remembers. Default 100: `query-max-done`. */
  readonly queryMaxDone?: number;
  /**
   * Threads that the queries and jobs of a node have between them. Default 128: `query-threads-limit`. A query that is
   * held to no pace takes four, any other one; those that find none left are refused with FORBIDDEN (22).
   */
  readonly queryThreadsLimit?: number;
  /** Milliseconds that the others take to notice that a node has come or gone. Default 150. */
  readonly heartbeatTimeoutMs?: number;
  /** Milliseconds that moving partitions between nodes takes. Default 0. */
  readonly migrationMs?: number;
  /** Milliseconds that building a secondary index takes. Default 0. */
  readonly indexBuildMs?: number;
  /**
   * Whether clients have to log in, as with security of the Enterprise Edition; the first user is `admin` with password
   * `admin` and may only manage users. Roles, privileges and allowlists count as they do there; quotas are kept and not
   * enforced. It follows descriptions of the protocol and was never compared with a server. Default false.
   * @example { users: { app: { password: "secret", roles: ["read-write"] } } }
   */
  readonly security?: boolean | SecurityOptions;
  /**
   * Which edition the nodes say that they are. `"enterprise"` takes compressed requests, and compresses replies for clients
   * that ask for it; as described by the public clients, never compared with a server. Default `"community"`, and
   * `"enterprise"` with namespaces in strong consistency.
   */
  readonly edition?: "community" | "enterprise";
  /**
   * What runs user-defined functions. Default Lua 5.4, which needs the package `wasmoon`; without it, and with `"none"`,
   * registering functions is refused.
   */
  readonly udf?: UdfEngine | "none";
  /**
   * Takes what Lua functions write with `warn`, `info`, `debug`, `trace` and `print`, and the errors that end them, which
   * a background job keeps to itself. Must not throw. Default: nobody sees it.
   * @example await Emulator.start({ log: ({ level, message }) => console.log(level, message) });
   */
  readonly log?: UdfLog;
}

/** The options with their defaults, checked. */
export interface ResolvedOptions {
  readonly cluster: Omit<ClusterSettings, "udf">;
  readonly listen: "tcp" | "memory" | MemoryNetwork;
  readonly host: string;
  readonly ports: readonly number[];
  readonly tls: EmulatorTlsOptions | undefined;
  /** The users and roles to begin with. */
  readonly security: SecurityOptions;
  readonly unref: boolean;
  readonly runtime: Runtime;
}

const OPTIONS: OptionNames<EmulatorOptions> = {
  nodes: true,
  replicationFactor: true,
  namespaces: true,
  listen: true,
  host: true,
  ports: true,
  tls: true,
  unref: true,
  runtime: true,
  clusterName: true,
  version: true,
  build: true,
  queryMaxDone: true,
  queryThreadsLimit: true,
  heartbeatTimeoutMs: true,
  migrationMs: true,
  indexBuildMs: true,
  security: true,
  edition: true,
  udf: true,
  log: true,
};

const NAMESPACE_OPTIONS: OptionNames<NamespaceOptions> = {
  name: true,
  defaultTtl: true,
  nsupPeriod: true,
  allowTtlWithoutNsup: true,
  backgroundQueryMaxRps: true,
  strongConsistency: true,
  mrtDuration: true,
};

/** Throws RangeError or TypeError that names the option, its value and what is allowed. */
export function resolveOptions(options: EmulatorOptions): ResolvedOptions {
  checkOptions("Emulator.start(options)", options, OPTIONS);
  const nodes = whole("nodes", options.nodes, 1, 1, MAX_NODES);
  const namespaces = options.namespaces ?? [{ name: "test" }, { name: "bar" }];
  checkNames(namespaces);
  const replicationFactor = whole("replicationFactor", options.replicationFactor, 2, 1, MAX_NODES);
  const { listen = "tcp", tls, security = false } = options;
  if (listen !== "tcp" && listen !== "memory" && !(listen instanceof MemoryNetwork)) {
    throw new TypeError(`listen: expected "tcp", "memory" or a MemoryNetwork, got ${describe(listen)}`);
  }
  const versions = versionsOf(options.version, nodes);
  if (tls !== undefined) checkTls(tls);
  if (tls !== undefined && listen !== "tcp") {
    throw new TypeError("tls: sockets in memory carry clear text; leave out listen, or tls");
  }
  if (typeof security === "object") checkSecurity(security);
  else yesOrNo("security", security);
  return {
    listen,
    ports: portsOf(options.ports, nodes),
    tls,
    security: typeof security === "object" ? security : {},
    host: options.host ?? "127.0.0.1",
    unref: options.unref ?? false,
    runtime: options.runtime ?? systemRuntime,
    cluster: {
      nodes,
      replicationFactor,
      clusterName: options.clusterName ?? "",
      releases: versions.map((version) => RELEASES[version]),
      builds: versions.map((version) => options.build ?? `${version}.0`),
      namespaces: namespaces.map((namespace) => ({
        name: namespace.name,
        settings: settingsOf(namespace, replicationFactor),
      })),
      service: {
        queryMaxDone: whole("queryMaxDone", options.queryMaxDone, 100, 0, 10_000),
        queryThreadsLimit: whole("queryThreadsLimit", options.queryThreadsLimit, 128, 1, 1024),
      },
      heartbeatTimeoutMs: whole("heartbeatTimeoutMs", options.heartbeatTimeoutMs, 150, 0),
      migrationMs: whole("migrationMs", options.migrationMs, 0, 0),
      indexBuildMs: whole("indexBuildMs", options.indexBuildMs, 0, 0),
      isEnterprise: isEnterprise(options.edition, namespaces),
      security: security !== false,
      tlsName: tls === undefined ? undefined : (tls.name ?? ""),
    },
  };
}

function settingsOf(namespace: NamespaceOptions, replicationFactor: number) {
  const isStrong = namespace.strongConsistency ?? false;
  if (typeof isStrong !== "boolean") {
    throw new TypeError(`strongConsistency: expected true or false, got ${describe(isStrong)}`);
  }
  if (namespace.mrtDuration !== undefined && !isStrong) {
    throw new TypeError("mrtDuration: there are transactions in strong-consistency namespaces only");
  }
  return {
    replicationFactor,
    defaultTtl: whole("defaultTtl", namespace.defaultTtl, 0, 0, MAX_TTL_SECONDS),
    nsupPeriod: whole("nsupPeriod", namespace.nsupPeriod, 120, 0),
    allowTtlWithoutNsup: namespace.allowTtlWithoutNsup ?? false,
    strongConsistency: isStrong,
    mrtDuration: isStrong ? whole("mrtDuration", namespace.mrtDuration, 10, 1, 120) : 0,
    backgroundQueryMaxRps: whole("backgroundQueryMaxRps", namespace.backgroundQueryMaxRps, 10_000, 1, 1_000_000),
  };
}

function checkNames(namespaces: readonly NamespaceOptions[]): void {
  const names = new Set<string>();
  for (const namespace of namespaces) {
    checkOptions("Emulator.start(options): namespaces", namespace, NAMESPACE_OPTIONS);
    const { name } = namespace;
    if (typeof name !== "string") throw new TypeError(`namespaces: expected a name, got ${describe(name)}`);
    const bytes = writeName(name).length;
    if (bytes === 0 || bytes > MAX_NAMESPACE_BYTES) {
      throw new RangeError(
        `namespaces: expected a name of 1 to ${MAX_NAMESPACE_BYTES} bytes, got "${name}" of ${bytes}`,
      );
    }
    if (/[;:=/\n]/.test(name)) {
      throw new RangeError(`namespaces: expected a name without ; : = / and line ends, got ${describe(name)}`);
    }
    if (names.has(name)) throw new RangeError(`namespaces: "${name}" is given twice`);
    names.add(name);
  }
  if (names.size === 0) throw new RangeError("namespaces: expected at least one, got none");
}

function isEnterprise(edition: unknown, namespaces: readonly NamespaceOptions[]): boolean {
  const isStrong = namespaces.some(({ strongConsistency }) => strongConsistency === true);
  if (edition === undefined) return isStrong;
  if (edition !== "community" && edition !== "enterprise") {
    throw new TypeError(`edition: expected "community" or "enterprise", got ${describe(edition)}`);
  }
  if (edition === "community" && isStrong) {
    throw new TypeError('edition: expected "enterprise" with namespaces in strong consistency, got "community"');
  }
  return edition === "enterprise";
}

function portsOf(ports: number | readonly number[] = [], nodes: number): readonly number[] {
  if (typeof ports !== "number") {
    if (!Array.isArray(ports)) throw new TypeError(`ports: expected a port or an array, got ${describe(ports)}`);
    for (const port of ports) whole("ports", port, 0, 0, 65_535);
    return ports;
  }
  const first = whole("ports", ports, 0, 0, 65_536 - nodes);
  return Array.from({ length: nodes }, (_, i) => (first === 0 ? 0 : first + i));
}

function versionsOf(version: EmulatorOptions["version"] = "8.1.2", nodes: number): readonly EmulatedVersion[] {
  const versions: readonly EmulatedVersion[] = typeof version === "string" ? new Array(nodes).fill(version) : version;
  if (!Array.isArray(versions) || versions.length !== nodes) {
    throw new RangeError(`version: expected one, or one for each of ${nodes} nodes, got ${describe(version)}`);
  }
  for (const each of versions) {
    if (!Object.hasOwn(RELEASES, each))
      throw new RangeError(`version: expected one of ${Object.keys(RELEASES).join(", ")}, got ${describe(each)}`);
  }
  return versions;
}

function yesOrNo(name: string, value: boolean | undefined): boolean {
  if (value !== undefined && typeof value !== "boolean") {
    throw new TypeError(`${name}: expected true or false, got ${describe(value)}`);
  }
  return value ?? false;
}

function whole(name: string, value: number | undefined, byDefault: number, least: number, most = 0x7fff_ffff): number {
  if (value === undefined) return byDefault;
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new RangeError(`${name}: expected a whole number from ${least} to ${most}, got ${describe(value)}`);
  }
  return value;
}
