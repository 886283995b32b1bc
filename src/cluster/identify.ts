import { type HostPort, parseHostList } from "../../protocol/info/host-list.js";
import { parseInfoError } from "../../protocol/info/info-error.js";
import { infoValue } from "../../protocol/info/info-reply.js";
import { ServerVersion } from "../../protocol/info/server-version.js";
import { ConnectionError, SerializationError, TimeoutError } from "../errors/errors.js";
import type { Endpoint } from "../transport/transport.js";
import { clearEndpoint } from "./clear-endpoint.js";
import { ControlChannel } from "./control-channel.js";
import type { Dialer } from "./dialer.js";
import type { NodeIdentity } from "./node.js";
import type { ResolvedOptions } from "./options.js";
import { suspectTls } from "./suspect-tls.js";

const DEFAULT_PORT = 3000;
const OLDEST_MAJOR = 6;

/** The node at an address, and the open channel to it. */
export interface Identity extends NodeIdentity {
  /** Where commands go: the same address, unless TLS is for logins only. */
  readonly commandEndpoint: Endpoint;
  readonly dialer: Dialer;
  readonly control: ControlChannel;
}

/** A node that responds but can't serve yet. Trying again soon makes sense, unlike with other errors. */
export class NotReadyError extends ConnectionError {
  override readonly name = "ConnectionError";
}

/** Asks who is there. Rejects with a ConnectionError when it is no node that this cluster can use. */
export async function identify(dialer: Dialer, options: ResolvedOptions): Promise<Identity> {
  const control = new ControlChannel(dialer, dialer.address, options);
  let replied = false;
  try {
    // Servers before 8.1 do not know "connection", and have no port for administrators alone.
    const commands = ["node", "partition-generation", "build", "connection", "cluster-name", "edition"];
    const reply = await control.ask(commands);
    replied = true;
    const id = infoValue(reply, "node");
    if (!/^[0-9A-F]{1,16}$/i.test(id)) throw new ConnectionError(`${dialer.address} has no node id`);
    if (reply.get("connection") === "admin=true") {
      throw new ConnectionError(
        `${dialer.address} is the port for administrators of node ${id}; connect to its service port`,
        {
          node: id,
        },
      );
    }
    if (infoValue(reply, "partition-generation") === "-1") {
      throw new NotReadyError(`Node ${id} at ${dialer.address} is not ready: it has no partitions yet`, { node: id });
    }
    const version = ServerVersion.parse(infoValue(reply, "build"));
    if (version.major < OLDEST_MAJOR) {
      throw new ConnectionError(
        `Node ${id} at ${dialer.address} runs server ${version}; this client needs ${OLDEST_MAJOR}.0 or newer`,
        { node: id },
      );
    }
    const clusterName = named(reply.get("cluster-name"));
    if (options.clusterName !== undefined) checkClusterName(clusterName, options.clusterName, dialer, id);
    const commandEndpoint = options.tlsForLoginOnly
      ? await clearEndpoint(id, dialer, control, options, (address) => translate(address, options))
      : dialer.endpoint;
    return { id, version, edition: named(reply.get("edition")), clusterName, commandEndpoint, dialer, control };
  } catch (error) {
    const failure = asConnectionError(error, dialer.address);
    const reason = replied ? failure : suspectTls(failure, dialer.endpoint);
    control.close(reason);
    throw reason;
  }
}

/** As {@link identify}, and makes sure that it is the node expected. */
export async function identifyAs(id: string, dialer: Dialer, options: ResolvedOptions): Promise<Identity> {
  const identity = await identify(dialer, options);
  if (identity.id === id) return identity;
  const error = new ConnectionError(`${dialer.address} is node ${identity.id}, not ${id}`, { node: id });
  identity.control.close(error);
  throw error;
}

/** The addresses that a node announces as its own. */
export async function announcedAddresses(identity: Identity, options: ResolvedOptions): Promise<HostPort[]> {
  const command = `service-${addressKind(options)}`;
  const reply = await identity.control.ask([command]);
  return parseHostList(infoValue(reply, command), DEFAULT_PORT).map((address) => translate(address, options));
}

export function endpoint(options: ResolvedOptions, host: string, port: number, tlsName: string | undefined): Endpoint {
  return options.tls ? { host, port, tlsName: tlsName ?? host } : { host, port };
}

/** The part of info commands that says which addresses are meant. */
export function addressKind(options: ResolvedOptions): string {
  return `${options.tls ? "tls" : "clear"}-${options.useServicesAlternate ? "alt" : "std"}`;
}

/** An announced address as it is reached from here. */
export function translate(address: HostPort, options: ResolvedOptions): HostPort {
  const host = options.ipMap.get(address.host);
  return host === undefined ? address : { host, port: address.port };
}

function checkClusterName(actual: string | undefined, wanted: string, dialer: Dialer, node: string): void {
  if (actual === wanted) return;
  const has = actual === undefined ? "has no name" : `is named "${actual}"`;
  throw new ConnectionError(`The cluster of node ${node} at ${dialer.address} ${has}; "${wanted}" was asked for`, {
    code: "CLUSTER_NAME",
    node,
  });
}

/** A server without a name returns an empty text, or "null" before 7.0. */
function named(value: string | undefined): string | undefined {
  if (value === undefined || value === "" || value === "null") return undefined;
  return parseInfoError(value) === undefined ? value : undefined;
}

/** What kept an address from being of use, without the wrappers that only say where it was noticed. */
export function asConnectionError(error: unknown, address: string): ConnectionError {
  if (error instanceof ConnectionError) return error.cause instanceof ConnectionError ? error.cause : error;
  if (error instanceof TimeoutError) {
    return new ConnectionError(`${address} accepted the connection, but sent no reply in time`, { cause: error });
  }
  const why = error instanceof Error ? error.message : String(error);
  if (error instanceof SerializationError) return new ConnectionError(why, { cause: error });
  return new ConnectionError(`${address} is of no use: ${why}`, { cause: error });
}
