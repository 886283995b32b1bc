import { readFile } from "node:fs/promises";
import type { AuthMode, Cluster, ConnectOptions } from "../../src/index.js";
import { usage } from "../failure.js";
import { canAsk, type Io } from "../io.js";
import type { Screen } from "../output/screen.js";
import { type ConfigFile, configPath, type NamedCluster, names, readConfig } from "./config-file.js";
import type { ConnectionFlags } from "./connection-options.js";

/** Where nothing says anything else. */
const DEFAULT_HOSTS = "127.0.0.1:3000";
const DEFAULT_TIMEOUT_MS = 10_000;

/** An open cluster, and how the user knows it. */
export interface OpenCluster {
  readonly cluster: Cluster;
  /** Its name in the config file, else its hosts; never with a password. */
  readonly name: string;
  /** Whether the config file marks it: every change is asked for twice. */
  readonly production: boolean;
}

/** Where to connect to, and as whom. */
interface Place {
  readonly hosts: string;
  readonly name: string;
  readonly named: NamedCluster | undefined;
}

/** Connects as flags, environment and config file say; the first that says something counts. */
export async function openCluster(
  io: Io,
  flags: ConnectionFlags,
  screen: Screen,
  signal: AbortSignal,
): Promise<OpenCluster> {
  const place = await placeOf(io, flags);
  const options: ConnectOptions = {
    // So that nothing of a value's type gets lost on the way to the screen or to a file.
    int64: "bigint",
    maps: "map",
    appId: "aerowire-cli",
    readyTimeoutMs: timeoutOf(flags.timeout),
    connectTimeoutMs: Math.min(timeoutOf(flags.timeout), 5_000),
    useServicesAlternate: flags.alternate ?? place.named?.alternate ?? false,
    signal,
    ...(await tlsOf(io, flags, place.named)),
    ...(await credentialsOf(io, flags, place)),
  };
  const cluster = await io.connect(place.hosts, options);
  const production = place.named?.production ?? false;
  if (production) screen.note(screen.noteColors.red(`cluster "${place.name}" is in production`));
  return { cluster, name: place.name, production };
}

async function placeOf(io: Io, flags: ConnectionFlags): Promise<Place> {
  const { host, cluster } = flags;
  if (host !== undefined && cluster !== undefined) throw usage("--host and --cluster contradict each other");
  if (host !== undefined) {
    if (hasPassword(host)) {
      throw usage(
        "--host: a password on the command line is seen by every user of this machine; leave it out and set AEROSPIKE_PASSWORD, --password-file, or type it when asked",
      );
    }
    return await knownPlace(io, flags, host);
  }
  const byEnv = io.env["AEROWIRE_CLUSTER"];
  const config = await readConfig(io, flags.config);
  const wanted = cluster ?? (byEnv === "" ? undefined : byEnv);
  if (wanted !== undefined) return placeNamed(io, config, wanted);
  const hosts = io.env["AEROSPIKE_HOSTS"];
  if (hosts !== undefined && hosts !== "") return knownPlaceOf(config, hosts);
  if (config?.default !== undefined) return placeNamed(io, config, config.default);
  return { hosts: DEFAULT_HOSTS, name: DEFAULT_HOSTS, named: undefined };
}

/** Hosts that the config file knows are the cluster that it describes, so that its mark is not got round by a flag. */
async function knownPlace(io: Io, flags: ConnectionFlags, hosts: string): Promise<Place> {
  return knownPlaceOf(await readConfig(io, flags.config), hosts);
}

function knownPlaceOf(config: ConfigFile | undefined, hosts: string): Place {
  const wanted = new Set(addresses(hosts));
  const named = [...(config?.clusters.values() ?? [])].find((one) =>
    addresses(one.hosts).some((host) => wanted.has(host)),
  );
  return { hosts, name: named === undefined ? withoutUser(hosts) : named.name, named };
}

function placeNamed(io: Io, config: ConfigFile | undefined, name: string): Place {
  const named = config?.clusters.get(name);
  if (named !== undefined) return { hosts: named.hosts, name, named };
  if (config === undefined) throw usage(`There is no cluster "${name}", for there is no config file ${configPath(io)}`);
  throw usage(`There is no cluster "${name}" in ${config.path}; there is ${names(config.clusters)}`);
}

function timeoutOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_TIMEOUT_MS;
  const ms = Number(text);
  if (Number.isInteger(ms) && ms >= 1_000 && ms <= 600_000) return ms;
  throw usage(`--timeout: expected 1000 to 600000 milliseconds, got "${text}"`);
}

async function tlsOf(io: Io, flags: ConnectionFlags, named: NamedCluster | undefined): Promise<ConnectOptions> {
  const ca = flags.tlsCa ?? named?.tlsCa;
  const cert = flags.tlsCert ?? named?.tlsCert;
  const key = flags.tlsKey ?? named?.tlsKey;
  const passphrase = io.env["AEROSPIKE_TLS_KEY_PASSPHRASE"];
  if (ca === undefined && cert === undefined && key === undefined) {
    const wanted = flags.tls ?? named?.tls;
    return wanted === undefined ? {} : { tls: wanted };
  }
  if ((cert === undefined) !== (key === undefined)) throw usage("--tls-cert and --tls-key belong together");
  return {
    tls: {
      ...(ca !== undefined && { ca: await readFile(ca, "utf8") }),
      ...(cert !== undefined && { cert: await readFile(cert, "utf8") }),
      ...(key !== undefined && { key: await readFile(key, "utf8") }),
      ...(key !== undefined && passphrase !== undefined && { passphrase }),
    },
  };
}

async function credentialsOf(io: Io, flags: ConnectionFlags, place: Place): Promise<ConnectOptions> {
  const { named } = place;
  const auth = (flags.auth ?? named?.auth) as AuthMode | undefined;
  if (auth === "certificate") return { authMode: auth };
  const inUrl = userOf(place.hosts);
  const user = flags.user ?? named?.user ?? inUrl ?? emptyIsNone(io.env["AEROSPIKE_USER"]);
  if (user === undefined) return auth === undefined ? {} : { authMode: auth };
  const mode = auth === undefined ? {} : { authMode: auth };
  if (user === inUrl && hasPassword(place.hosts)) return mode;
  return { ...mode, user, password: await passwordOf(io, flags, place, user) };
}

async function passwordOf(io: Io, flags: ConnectionFlags, { named, name }: Place, user: string): Promise<string> {
  const file = flags.passwordFile ?? named?.passwordFile;
  if (file !== undefined) return (await readFile(file, "utf8")).split(/\r?\n/, 1)[0] ?? "";
  const variable = named?.passwordEnv ?? "AEROSPIKE_PASSWORD";
  const given = io.env[variable];
  if (given !== undefined) return given;
  if (!canAsk(io)) {
    throw usage(`user "${user}" has no password: set ${variable} or --password-file; there is no terminal to ask at`);
  }
  const typed = await io.prompter.password(`Password of ${user} on ${name}`);
  if (typed === undefined) throw usage("no password was given");
  return typed;
}

function emptyIsNone(text: string | undefined): string | undefined {
  return text === "" ? undefined : text;
}

const URL_PARTS = /^[a-z][a-z0-9+.-]*:\/\/(?:(.*)@)?(.*)$/is;

function hasPassword(hosts: string): boolean {
  return URL_PARTS.exec(hosts)?.[1]?.includes(":") ?? false;
}

function userOf(hosts: string): string | undefined {
  const user = URL_PARTS.exec(hosts)?.[1]?.split(":", 1)[0];
  try {
    return user === undefined ? undefined : decodeURIComponent(user);
  } catch {
    return user;
  }
}

/** Hosts as they may be shown. */
function withoutUser(hosts: string): string {
  return URL_PARTS.exec(hosts)?.[2] ?? hosts;
}

/** Each host with its port, without a TLS name. */
function addresses(hosts: string): string[] {
  return withoutUser(hosts)
    .replace(/[/?].*$/, "")
    .split(",")
    .map((host) => {
      const parts = host.trim().toLowerCase().split(":");
      return parts.length === 1 ? `${parts[0]}:3000` : `${parts[0]}:${parts.at(-1)}`;
    });
}
