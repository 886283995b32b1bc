import { type HostPort, parseHostList } from "../../protocol/info/host-list.js";
import { infoValue } from "../../protocol/info/info-reply.js";
import { ConnectionError } from "../errors/errors.js";
import type { Endpoint } from "../transport/transport.js";
import { ControlChannel } from "./control-channel.js";
import { Dialer } from "./dialer.js";
import type { ResolvedOptions } from "./options.js";

const DEFAULT_PORT = 3000;

/**
 * Where a node that was logged in to over TLS takes commands without it: the first of its addresses for that which leads to
 * it. Credentials are not sent there, only the token that the node gave.
 * @param translate an announced address as it is reached from here
 * @throws ConnectionError that says of each address what came of it
 */
export async function clearEndpoint(
  id: string,
  dialer: Dialer,
  control: ControlChannel,
  options: ResolvedOptions,
  translate: (address: HostPort) => HostPort,
): Promise<Endpoint> {
  const command = `service-clear-${options.useServicesAlternate ? "alt" : "std"}`;
  const announced = parseHostList(infoValue(await control.ask([command]), command), DEFAULT_PORT).map(translate);
  const failures: string[] = [];
  for (const { host, port } of announced) {
    const clear = new Dialer(dialer.io, options, { host, port }, dialer.login);
    const channel = new ControlChannel(clear, clear.address, options);
    try {
      const found = infoValue(await channel.ask(["node"]), "node");
      if (found === id) return { host, port };
      failures.push(`${clear.address} is node ${found}`);
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error));
    } finally {
      channel.close(new ConnectionError(`${clear.address} was only asked who it is`));
    }
  }
  const why = failures.length === 0 ? "" : `: ${failures.join("; ")}`;
  throw new ConnectionError(
    `Node ${id} at ${dialer.address} announces no address without TLS that leads to it, which tls.forLoginOnly takes${why}`,
    { node: id },
  );
}
