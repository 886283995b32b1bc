import { describe } from "../../protocol/value/invalid-value.js";

/** A place to start looking for the cluster. */
export interface Seed {
  readonly host: string;
  readonly port: number;
  /** Name that the certificate must carry, when TLS is used. */
  readonly tlsName?: string;
}

/** What a connection string says. */
export interface ConnectionString {
  readonly seeds: readonly Seed[];
  readonly user?: string;
  readonly password?: string;
}

export const DEFAULT_PORT = 3000;

/** What `connect` takes, for messages. */
export const HOSTS = 'hosts such as "localhost:3000", an array of them, or a ClusterDefinition';

/**
 * Reads `host`, `host:port`, `host:tls-name:port`, `[ipv6]:port`, several of them with commas between, or
 * `aerospike://user:password@h1,h2:3100?tls-name=prod`.
 * @throws TypeError when the text is none of these. A password never appears in the message.
 */
export function parseConnectionString(text: string, defaultPort = DEFAULT_PORT): ConnectionString {
  if (typeof text !== "string" || text.trim() === "") {
    throw new TypeError(`connect(hosts): expected ${HOSTS}, got ${describe(text)}`);
  }
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text);
  if (scheme === null) return { seeds: parseSeeds(text, defaultPort) };
  if (scheme[1]?.toLowerCase() !== "aerospike") {
    throw new TypeError(`connect(hosts): the scheme "${scheme[1]}" is unknown; expected aerospike://`);
  }
  return parseUrl(text.slice(scheme[0].length), defaultPort);
}

function parseUrl(rest: string, defaultPort: number): ConnectionString {
  // The last one: a password may hold an @ that nobody encoded, a host can't.
  const at = rest.lastIndexOf("@");
  const credentials = at < 0 ? undefined : rest.slice(0, at);
  const [hosts = "", query = ""] = splitOnce(rest.slice(at + 1), "?");
  const tlsName = parseParameters(query);
  const seeds = parseSeeds(hosts.replace(/\/$/, ""), defaultPort).map((seed) =>
    tlsName === undefined || seed.tlsName !== undefined ? seed : { ...seed, tlsName },
  );
  if (credentials === undefined) return { seeds };
  const [userText = "", passwordText] = splitOnce(credentials, ":");
  const user = percentDecode(userText, "user name");
  if (user === "") throw new TypeError("connect(hosts): the user name in the URL is empty");
  return passwordText === undefined
    ? { seeds, user }
    : { seeds, user, password: percentDecode(passwordText, "password") };
}

/** Returns the TLS name, the only parameter there is. */
function parseParameters(query: string): string | undefined {
  let tlsName: string | undefined;
  for (const [name, value] of new URLSearchParams(query)) {
    if (name !== "tls-name") {
      throw new TypeError(`connect(hosts): the URL parameter "${name}" is unknown; known: tls-name`);
    }
    if (value === "") throw new TypeError("connect(hosts): the URL parameter tls-name is empty");
    tlsName = value;
  }
  return tlsName;
}

function splitOnce(text: string, separator: string): readonly string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function percentDecode(text: string, what: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new TypeError(`connect(hosts): the ${what} in the URL is not percent-encoded as a URL must be`);
  }
}

/**
 * Reads a comma-separated list of hosts.
 * @throws TypeError when an entry is no host
 */
export function parseSeeds(text: string, defaultPort = DEFAULT_PORT): readonly Seed[] {
  // Whatever stands before an @ may be a password, so the text is not repeated.
  if (text.includes("@")) {
    throw new TypeError("connect(hosts): a user and password need the form aerospike://user:password@host");
  }
  return text.split(",").map((part) => parseSeed(part.trim(), defaultPort));
}

/** Names, addresses, IPv6 addresses with a zone. */
const HOST = /^[^\s[\]/\\?#@,]+$/;

/** @throws TypeError when it can't be the name or address of a host */
export function checkHostName(host: unknown): asserts host is string {
  if (typeof host === "string" && HOST.test(host)) return;
  throw new TypeError(`The host is ${describe(host)}: it must be a name or an address`);
}

function parseSeed(text: string, defaultPort: number): Seed {
  const bracketed = /^\[([0-9a-f:.%\w]+)\](.*)$/i.exec(text);
  if (bracketed === null && isBareIpv6(text)) return { host: text, port: defaultPort };
  const host = bracketed?.[1] ?? text.split(":", 1)[0] ?? "";
  const rest = bracketed?.[2] ?? text.slice(host.length);
  if (host === "") throw new TypeError(`connect(hosts): "${text}" has no host name`);
  const parts = rest === "" ? [] : rest.slice(1).split(":");
  if (
    !HOST.test(host) ||
    (rest !== "" && !rest.startsWith(":")) ||
    parts.length > 2 ||
    (parts.length === 2 && parts[0] === "")
  ) {
    throw new TypeError(`connect(hosts): "${text}" is not host, host:port, host:tls-name:port or [ipv6]:port`);
  }
  const port = parts.length === 0 ? defaultPort : parsePort(parts[parts.length - 1] ?? "", host);
  const tlsName = parts.length === 2 ? parts[0] : undefined;
  return tlsName === undefined ? { host, port } : { host, port, tlsName };
}

/** Two colons at least, and not `host:tls-name:port` whose words happen to be hexadecimal. */
function isBareIpv6(text: string): boolean {
  return /^[0-9a-f]*:[0-9a-f:.]*:[0-9a-f:.]*$/i.test(text) && !/^[^:]+:[^:]+:\d+$/.test(text);
}

function parsePort(digits: string, host: string): number {
  const port = /^\d{1,5}$/.test(digits) ? Number(digits) : 0;
  if (port < 1 || port > 65_535) {
    // What is no number may be a password that lost its host.
    const shown = /^\d*$/.test(digits) ? digits || "nothing" : "something else behind the colon";
    throw new TypeError(`connect(hosts): expected the port of "${host}" to be a number from 1 to 65535, got ${shown}`);
  }
  return port;
}
