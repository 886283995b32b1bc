import { checkOptions, type OptionNames } from "../protocol/check/check-options.js";
import { describe } from "../protocol/value/invalid-value.js";
import type { Runtime } from "../runtime/runtime.js";
import { systemRuntime } from "../runtime/system-runtime.js";
import type { ClusterSettings } from "./cluster/cluster-settings.js";
import { MemoryNetwork } from "./listener/memory.js";
import { checkTls, type EmulatorTlsOptions } from "./listener/tls-options.js";
import { checkNamespaces, type NamespaceOptions, namespaceSettings } from "./namespace-options.js";
import { whole, yesOrNo } from "./option-values.js";
import type { Release } from "./release.js";
import { checkSecurity, type SecurityOptions } from "./security/security-options.js";
import type { UdfEngine } from "./udf/udf-engine.js";
import type { UdfLog } from "./udf/udf-log.js";

const MAX_NODES = 128;

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

/** Throws RangeError or TypeError that names the option, its value and what is allowed. */
export function resolveOptions(options: EmulatorOptions): ResolvedOptions {
  checkOptions("Emulator.start(options)", options, OPTIONS);
  const nodes = whole("nodes", options.nodes, 1, 1, MAX_NODES);
  const namespaces = options.namespaces ?? [{ name: "test" }, { name: "bar" }];
  checkNamespaces(namespaces);
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
        settings: namespaceSettings(namespace, replicationFactor),
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
