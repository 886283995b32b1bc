import { ProtocolError } from "../protocol-error.js";
import { describe } from "../value/invalid-value.js";
import { splitParts } from "./parts.js";

// Addresses as info commands list them:
//   host[:port],host[:port]…     an IPv6 host stands in brackets: [2001:db8::1]:3000

/** Where a node says it can be reached. */
export interface HostPort {
  /** Name or address; IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
}

/** Addresses of one node; real nodes have a handful. */
const MAX_HOSTS = 256;
const FORM = /^(?:\[([0-9a-fA-F:.%\w]+)\]|([^[\]:,\s]+))(?::(\d{1,5}))?$/;

/**
 * Reads a list such as the value of `service-clear-std`; empty text is an empty list.
 * Throws ProtocolError when an entry is no address.
 * @param defaultPort for hosts without a port
 */
export function parseHostList(text: string, defaultPort: number): HostPort[] {
  return splitParts(text, ",", MAX_HOSTS).map((entry) => parseHost(entry, defaultPort));
}

function parseHost(text: string, defaultPort: number): HostPort {
  const parts = FORM.exec(text);
  const host = parts?.[1] ?? parts?.[2];
  const port = parts?.[3] === undefined ? defaultPort : Number(parts[3]);
  if (host === undefined || port < 1 || port > 65_535) throw new ProtocolError(`${describe(text)} is no host and port`);
  return { host, port };
}
