import { checkOptions, type OptionNames } from "../../protocol/check/check-options.js";
import { describe } from "../../protocol/value/invalid-value.js";
import type { DecodeOptions } from "../../protocol/value/value.js";
import type { Runtime } from "../../runtime/runtime.js";
import { systemRuntime } from "../../runtime/system-runtime.js";
import type { Credentials } from "../cluster/auth/credentials.js";
import { isLogLevel } from "../cluster/logger.js";
import type { ClusterOptions } from "../cluster/options.js";
import { Behavior } from "../policy/behavior.js";
import type { TransactionSettings } from "../policy/transaction-settings.js";
import { nodeTransport } from "../transport/node.js";
import type { Transport } from "../transport/transport.js";
import type { ConnectionString } from "./seeds.js";
import { CONNECT_TLS_OPTIONS, type ConnectTlsOptions } from "./tls-settings.js";

/**
 * How the user is known to the cluster:
 * - `internal`: the cluster knows user and password itself
 * - `external`: it asks LDAP; the password travels in the clear, so use TLS
 * - `certificate`: the client certificate of the TLS connection says who it is
 */
export type AuthMode = "internal" | "external" | "certificate";

/** Options of {@link connect}. Times are milliseconds. */
export interface ConnectOptions
  extends Omit<
    ClusterOptions,
    "seeds" | "tls" | "tlsForLoginOnly" | "credentials" | "logins" | "transport" | "runtime" | "drainTimeoutMs"
  > {
  /**
   * TLS towards every node. `true` trusts the authorities that the runtime trusts; an object says more. Default: TLS
   * when a host comes with a TLS name.
   */
  readonly tls?: boolean | ConnectTlsOptions | undefined;
  /** On a cluster with security (Enterprise Edition). A connection string may have user and password, too. */
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  /** Default `"internal"` when there is a user. */
  readonly authMode?: AuthMode | undefined;
  /**
   * How integers come back: `"auto"` (default) as `number` where that is exact and as `bigint` beyond; `"bigint"` always
   * as `bigint`.
   */
  readonly int64?: DecodeOptions["int64"] | undefined;
  /** How maps come back: `"auto"` (default) as plain objects when all keys are strings; `"map"` always as `Map`. */
  readonly maps?: DecodeOptions["maps"] | undefined;
  /** How sessions carry commands out for which nothing else is said. Default `Behavior.DEFAULT`. */
  readonly behavior?: Behavior | undefined;
  /** What holds for transactions, with what is not given as it is by default. */
  readonly transactions?: Partial<TransactionSettings> | undefined;
  /** Gives up connecting, with AbortError. */
  readonly signal?: AbortSignal | undefined;
  /** Another way to open sockets, for other runtimes and for tests. Default: those of the runtime. */
  readonly transport?: Transport | undefined;
  /** Another clock and other chance, for tests. Default: the machine's. */
  readonly runtime?: Runtime | undefined;
}

/** The names that `connect` takes. */
const CONNECT_OPTIONS: OptionNames<ConnectOptions> = {
  tls: true,
  user: true,
  password: true,
  authMode: true,
  clusterName: true,
  connectTimeoutMs: true,
  readyTimeoutMs: true,
  tendIntervalMs: true,
  maxConnectionsPerNode: true,
  minConnectionsPerNode: true,
  maxConnections: true,
  pipelinedSockets: true,
  pipelineDepth: true,
  maxSocketIdleMs: true,
  failIfNotConnected: true,
  ipMap: true,
  useServicesAlternate: true,
  forceSingleNode: true,
  racks: true,
  maxErrorRate: true,
  errorRateWindow: true,
  appId: true,
  logger: true,
  telemetry: true,
  logLevel: true,
  int64: true,
  maps: true,
  behavior: true,
  transactions: true,
  table: true,
  signal: true,
  transport: true,
  runtime: true,
};

/** What must hold for a value, in words, where TypeScript's users can't get it wrong and others can. */
export const VALUES = {
  behavior: ["a Behavior", (value) => value instanceof Behavior],
  clusterName: ["text", isText],
  appId: ["text", isText],
  telemetry: ["a Telemetry", (value) => isObject(value) && "begin" in value],
  logger: ["a function", (value) => typeof value === "function"],
  logLevel: ['"debug", "info", "warn" or "error"', isLogLevel],
  failIfNotConnected: ["true or false", isBoolean],
  useServicesAlternate: ["true or false", isBoolean],
  forceSingleNode: ["true or false", isBoolean],
  ipMap: [
    "an object with an address for each announced address",
    (value) => isObject(value) && Object.values(value).every(isText),
  ],
  racks: ["an array of whole numbers from 0", (value) => Array.isArray(value) && value.every(isRack)],
  signal: ["an AbortSignal", (value) => isObject(value) && "aborted" in value && "addEventListener" in value],
  transport: ["a Transport", (value) => isObject(value) && "connect" in value],
  runtime: ["a Runtime", (value) => isObject(value) && "now" in value],
} as const satisfies {
  readonly [N in keyof ConnectOptions]: readonly [expected: string, check: (value: unknown) => boolean];
};

/** @throws TypeError for an option that does not exist or a value of another type */
export function checkConnectOptions(options: ConnectOptions): void {
  checkOptions("connect(options)", options, CONNECT_OPTIONS);
  for (const [name, [expected, check]] of Object.entries(VALUES)) {
    const value: unknown = Reflect.get(options, name);
    if (value === undefined || check(value)) continue;
    throw new TypeError(`connect(options): expected ${name} to be ${expected}, got ${describe(value)}`);
  }
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}

function isBoolean(value: unknown): boolean {
  return typeof value === "boolean";
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isRack(value: unknown): boolean {
  return typeof value === "number" && Number.isInteger(value) && value >= 0;
}

/** What the cluster needs, from a connection string and the options beside it, which beat it. */
export function clusterOptions(where: ConnectionString, options: ConnectOptions): ClusterOptions {
  const { tls, user, password, authMode, int64, maps, behavior, transactions, signal, transport, runtime, ...rest } =
    options;
  if (typeof tls !== "boolean") checkOptions("connect(options): tls", tls, CONNECT_TLS_OPTIONS);
  const { forLoginOnly, ...tlsOptions } = typeof tls === "object" ? tls : {};
  const usesTls = needsTls(where, tls);
  const credentials = credentialsOf(user ?? where.user, password ?? where.password, authMode, usesTls);
  checkLoginOnly(forLoginOnly, credentials);
  const sockets = transport ?? nodeTransport({ tls: tlsOptions });
  const { maxConnections, tendIntervalMs } = sockets.defaults ?? {};
  return {
    ...rest,
    maxConnections: rest.maxConnections ?? maxConnections,
    tendIntervalMs: rest.tendIntervalMs ?? tendIntervalMs,
    seeds: where.seeds,
    tls: usesTls,
    tlsForLoginOnly: forLoginOnly,
    credentials,
    transport: sockets,
    runtime: runtime ?? systemRuntime,
  };
}

function checkLoginOnly(forLoginOnly: unknown, credentials: Credentials | undefined): void {
  if (forLoginOnly !== undefined && typeof forLoginOnly !== "boolean") {
    throw new TypeError(
      `connect(options): expected tls.forLoginOnly to be true or false, got ${describe(forLoginOnly)}`,
    );
  }
  if (forLoginOnly === true && credentials === undefined) {
    throw new TypeError("connect(options): tls.forLoginOnly takes a user: without logins nothing would go over TLS");
  }
}

/** How values come back. @throws TypeError for an unknown way */
export function decodeOptions({ int64 = "auto", maps = "auto" }: ConnectOptions): DecodeOptions {
  if (int64 !== "auto" && int64 !== "bigint") {
    throw new TypeError(`connect(options): expected int64 to be "auto" or "bigint", got ${describe(int64)}`);
  }
  if (maps !== "auto" && maps !== "map") {
    throw new TypeError(`connect(options): expected maps to be "auto" or "map", got ${describe(maps)}`);
  }
  return { int64, maps };
}

function needsTls({ seeds }: ConnectionString, tls: ConnectOptions["tls"]): boolean {
  const named = seeds.find((seed) => seed.tlsName !== undefined);
  if (named === undefined) return tls !== undefined && tls !== false;
  if (tls === false) {
    throw new TypeError(`connect(options): host "${named.host}" has the TLS name "${named.tlsName}", but tls is false`);
  }
  return true;
}

function credentialsOf(
  user: string | undefined,
  password: string | undefined,
  authMode: AuthMode | undefined,
  usesTls: boolean,
): Credentials | undefined {
  switch (authMode) {
    case "certificate":
      if (!usesTls) throw new TypeError('connect(options): authMode "certificate" needs TLS; set tls');
      if (user !== undefined || password !== undefined) {
        throw new TypeError('connect(options): authMode "certificate" takes no user or password');
      }
      return { kind: "certificate" };
    case "internal":
    case "external":
    case undefined:
      if (user === undefined && password === undefined && authMode === undefined) return undefined;
      if (user === undefined && password !== undefined) throw new TypeError("connect(options): password without user");
      if (typeof user !== "string" || user === "") {
        throw new TypeError(`connect(options): expected user to be a name, got ${describe(user)}`);
      }
      if (typeof password !== "string") throw new TypeError(`connect(options): user "${user}" has no password`);
      return { kind: authMode ?? "internal", user, password };
    default:
      throw new TypeError(
        `connect(options): expected authMode to be "internal", "external" or "certificate", got ${describe(authMode)}`,
      );
  }
}
