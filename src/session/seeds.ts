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

/**
 * Reads `host`, `host:port`, `host:tls-name:port`, `[ipv6]:port`, several of them with commas between, or
 * `aerospike://user:password@h1,h2:3100?tls-name=prod`.
 * @throws TypeError when the text is none of these. A password never appears in the message.
 */
export function parseConnectionString(text: string, defaultPort = DEFAULT_PORT): ConnectionString {
  if (typeof text !== "string" || text.trim() === "") {
    throw new TypeError('connect(hosts): the host list is empty; expected something like "localhost:3000"');
  }
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text);
  if (scheme === null) return { seeds: parseSeeds(text, defaultPort) };
  if (scheme[1]?.toLowerCase() !== "aerospike") {
    throw new TypeError(`connect(hosts): the scheme "${scheme[1]}" is unknown; expected aerospike://`);
  }
  return parseUrl(text.slice(scheme[0].length), defaultPort);
}

function parseUrl(rest: string, defaultPort: number): ConnectionString {
  const question = rest.indexOf("?");
  const authorityAndPath = question < 0 ? rest : rest.slice(0, question);
  const parameters = new URLSearchParams(question < 0 ? "" : rest.slice(question + 1));
  const at = authorityAndPath.lastIndexOf("@");
  const hosts = authorityAndPath.slice(at + 1).replace(/\/$/, "");
  let tlsName: string | undefined;
  for (const [name, value] of parameters) {
    if (name !== "tls-name") throw new TypeError(`connect(hosts): the URL parameter "${name}" is unknown; known: tls-name`);
    tlsName = value;
  }
  const seeds = parseSeeds(hosts, defaultPort).map((seed) =>
    tlsName === undefined || seed.tlsName !== undefined ? seed : { ...seed, tlsName },
  );
  if (at < 0) return { seeds };
  const credentials = authorityAndPath.slice(0, at);
  const colon = credentials.indexOf(":");
  const user = unescape(colon < 0 ? credentials : credentials.slice(0, colon), "user name");
  if (colon < 0) return { seeds, user };
  return { seeds, user, password: unescape(credentials.slice(colon + 1), "password") };
}

function unescape(text: string, what: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new TypeError(`connect(hosts): the ${what} in the URL is not percent-encoded as a URL must be`);
  }
}

/** Reads a comma-separated list of hosts. */
export function parseSeeds(text: string, defaultPort = DEFAULT_PORT): readonly Seed[] {
  // Whatever stands before an @ may be a password, so the text is not repeated.
  if (text.includes("@")) throw new TypeError("connect(hosts): a user and password need the form aerospike://user:password@host");
  return text.split(",").map((part) => parseSeed(part.trim(), defaultPort));
}

function parseSeed(text: string, defaultPort: number): Seed {
  const bracketed = /^\[([^\]]+)\](.*)$/.exec(text);
  // Two colons at least and no dotted or named start: an IPv6 address without brackets.
  const bareIpv6 = bracketed === null && /^[0-9a-f]*:[0-9a-f:.]*:[0-9a-f:.]*$/i.test(text) && !/^[^:]+:[^:]+:\d+$/.test(text);
  if (bareIpv6) return { host: text, port: defaultPort };
  const host = bracketed?.[1] ?? text.split(":", 1)[0] ?? "";
  const rest = bracketed?.[2] ?? text.slice(host.length);
  if (host === "") throw new TypeError(`connect(hosts): "${text}" has no host name`);
  const parts = rest === "" ? [] : rest.slice(1).split(":");
  if ((rest !== "" && !rest.startsWith(":")) || parts.length > 2) {
    throw new TypeError(`connect(hosts): "${text}" is not host, host:port, host:tls-name:port or [ipv6]:port`);
  }
  const port = parts.length === 0 ? defaultPort : parsePort(parts[parts.length - 1] ?? "", text);
  const tlsName = parts.length === 2 ? parts[0] : undefined;
  return tlsName === undefined || tlsName === "" ? { host, port } : { host, port, tlsName };
}

function parsePort(digits: string, text: string): number {
  const port = /^\d{1,5}$/.test(digits) ? Number(digits) : 0;
  if (port < 1 || port > 65_535) {
    throw new TypeError(`connect(hosts): "${digits}" in "${text}" is no port; ports are 1 to 65535`);
  }
  return port;
}
