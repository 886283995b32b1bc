import { checkOptions, type OptionNames } from "../../protocol/check/check-options.js";
import { describe } from "../../protocol/value/invalid-value.js";
import { INSPECT, type Inspect, show } from "../data/inspect.js";
import type { Cluster } from "./cluster.js";
import type { AuthMode, ConnectOptions } from "./connect-options.js";
import { Host } from "./host.js";
import { openClient } from "./open-client.js";
import type { Seed } from "./seeds.js";
import { TLS_SETTINGS, type TlsSettings } from "./tls-settings.js";

/** How much a client takes from the machine and asks of the cluster; see {@link ConnectOptions} for each. */
export type SystemSettings = Pick<
  ConnectOptions,
  | "connectTimeoutMs"
  | "readyTimeoutMs"
  | "tendIntervalMs"
  | "maxConnectionsPerNode"
  | "minConnectionsPerNode"
  | "maxConnections"
  | "pipelinedSockets"
  | "pipelineDepth"
  | "maxSocketIdleMs"
  | "maxErrorRate"
  | "errorRateWindow"
  | "transactions"
>;

const SYSTEM_SETTINGS: OptionNames<SystemSettings> = {
  connectTimeoutMs: true,
  readyTimeoutMs: true,
  tendIntervalMs: true,
  maxConnectionsPerNode: true,
  minConnectionsPerNode: true,
  maxConnections: true,
  pipelinedSockets: true,
  pipelineDepth: true,
  maxSocketIdleMs: true,
  maxErrorRate: true,
  errorRateWindow: true,
  transactions: true,
};

type Changes = { -readonly [N in keyof ConnectOptions]: ConnectOptions[N] };

/**
 * Describes step by step which cluster to connect to and how; the fluent form of `connect(hosts, options)`.
 *
 * @example
 * const cluster = await new ClusterDefinition("localhost", 3000)
 *   .withNativeCredentials("user", "password")
 *   .clusterName("production")
 *   .connect();
 */
export class ClusterDefinition {
  readonly #hosts: readonly Host[];
  readonly #options: Changes = {};
  #tls: TlsSettings | undefined;

  /**
   * @param host a host name or address, or hosts as `connect` takes them, or several Hosts
   * @param port Default 3000
   * @throws TypeError when there is no host, TypeError or RangeError when one is wrong
   */
  constructor(host: string | { readonly hosts: readonly Host[] }, port?: number) {
    this.#hosts = hostsOf(host, port);
  }

  /** Logs in with a user that the cluster knows itself; an empty user unsets them. */
  withNativeCredentials(user: string, password: string): this {
    return this.#withCredentials("internal", user, password);
  }

  /** Logs in with a user that the cluster knows through LDAP; an empty user unsets them. Use TLS with it. */
  withExternalCredentials(user: string, password: string): this {
    return this.#withCredentials("external", user, password);
  }

  /** The client certificate says who logs in. Turns TLS on; give the certificate by `withTls`. */
  withCertificateCredentials(): this {
    this.#tls ??= {};
    return this.#set({ authMode: "certificate", user: undefined, password: undefined });
  }

  /** How the user logs in; `undefined` without credentials. */
  get authMode(): AuthMode | undefined {
    return this.#options.authMode;
  }

  /** Refuses nodes of a cluster with another name. */
  clusterName(name: string): this {
    return this.#set({ clusterName: name });
  }

  /** What servers show of this program in their list of clients. */
  appId(id: string): this {
    return this.#set({ appId: id });
  }

  /** Racks to read from first with `replica: "preferRack"`, in order of preference; no argument unsets it. Enterprise Edition. */
  preferringRacks(...racks: readonly number[]): this {
    for (const rack of racks) {
      if (!Number.isInteger(rack) || rack < 0) {
        throw new TypeError(`preferringRacks: expected a whole number from 0, got ${describe(rack)}`);
      }
    }
    return this.#set({ racks });
  }

  /** Uses the addresses that the servers have configured as alternate. */
  usingServicesAlternate(use = true): this {
    return this.#set({ useServicesAlternate: use });
  }

  /** Talks to one node alone, which passes commands on keys on to others; see `forceSingleNode` of `connect`. */
  usingSingleNode(use = true): this {
    return this.#set({ forceSingleNode: use });
  }

  /** Whether `connect` rejects when no host can be reached (default), or resolves and goes on trying. */
  failIfNotConnected(fail: boolean): this {
    return this.#set({ failIfNotConnected: fail });
  }

  /** Replaces addresses that servers announce by those that reach them from here. */
  ipMap(map: Readonly<{ [announced: string]: string }>): this {
    return this.#set({ ipMap: { ...map } });
  }

  /** Limits and intervals. */
  withSystemSettings(settings: SystemSettings): this {
    checkOptions("withSystemSettings", settings, SYSTEM_SETTINGS);
    return this.#set(settings);
  }

  /**
   * Speaks TLS with the cluster.
   * @param settings what to trust and to show; contents of files, not their paths
   * @throws TypeError for a setting that does not exist
   * @example .withTls({ ca: await readFile("ca.pem"), tlsName: "prod" })
   */
  withTls(settings: TlsSettings = {}): this {
    checkOptions("withTls", settings, TLS_SETTINGS);
    this.#tls = settings;
    return this;
  }

  /**
   * Connects; see `connect`.
   * @param options beat what was said before
   */
  async connect(options: ConnectOptions = {}): Promise<Cluster> {
    const seeds = this.#seeds();
    if (this.#tls === undefined) return openClient({ seeds }, { ...this.#options, ...options });
    const { tlsName: _, ...tls } = this.#tls;
    return openClient({ seeds }, { tls, ...this.#options, ...options });
  }

  /** Without the password and the private key. @internal */
  [INSPECT](_depth: number, options: object, inspect: Inspect): string {
    const { password: _, ...known } = this.#options;
    const { tlsName } = this.#tls ?? {};
    const tls = this.#tls === undefined ? {} : { tls: tlsName ?? true };
    return show("ClusterDefinition", { hosts: this.#hosts.map(String), ...tls, ...known }, options, inspect);
  }

  #seeds(): readonly Seed[] {
    const tlsName = this.#tls?.tlsName;
    const seeds = this.#hosts.map(({ host, port, ...own }) => ({
      host,
      port,
      ...(tlsName !== undefined && { tlsName }),
      ...own,
    }));
    const nameless = seeds.filter((seed) => seed.tlsName === undefined);
    if (this.authMode === "certificate" && nameless.length > 0) {
      const names = nameless.map(({ host }) => host).join(", ");
      throw new TypeError(`With certificate credentials every host needs a TLS name; these have none: ${names}`);
    }
    return seeds;
  }

  #withCredentials(authMode: AuthMode, user: string, password: string): this {
    if (user === "") return this.#set({ authMode: undefined, user: undefined, password: undefined });
    return this.#set({ authMode, user, password });
  }

  #set(changes: ConnectOptions): this {
    Object.assign(this.#options, changes);
    return this;
  }
}

function hostsOf(host: string | { readonly hosts: readonly Host[] }, port: number | undefined): readonly Host[] {
  if (typeof host === "string") return port === undefined ? Host.parseHosts(host) : [new Host(host, port)];
  if (typeof host === "object" && host !== null) checkOptions("ClusterDefinition", host, { hosts: true });
  const hosts: unknown = host?.hosts;
  if (!Array.isArray(hosts) || hosts.length === 0) {
    throw new TypeError(
      `ClusterDefinition: expected a host name or { hosts: [Host.of(name, port)] }, got ${describe(host)}`,
    );
  }
  return hosts.map((one: unknown) => {
    if (one instanceof Host) return one;
    throw new TypeError(`ClusterDefinition: expected each host to be Host.of(name, port), got ${describe(one)}`);
  });
}
