import { ConnectionError } from "../errors/errors.js";
import { formatEndpoint } from "../transport/transport.js";
import { Dialer } from "./dialer.js";
import {
  announcedAddresses,
  asConnectionError,
  endpoint,
  type Identity,
  identify,
  identifyAs,
  NotReadyError,
  translate,
} from "./identify.js";
import type { Io } from "./io.js";
import type { ResolvedOptions, SeedAddress } from "./options.js";
import { fetchPeers } from "./peers.js";

/** What came of one seed. */
export interface SeedFailure {
  readonly seed: SeedAddress;
  readonly error: ConnectionError;
}

export interface SeedingResult {
  /** The node to start from; undefined when no seed led to one. */
  readonly found: Identity | undefined;
  readonly failures: readonly SeedFailure[];
}

/**
 * Tries all seeds at once; the first that leads to a node which knows others wins. A node that knows none is taken only
 * when no seed has a better one: it may have fallen out of its cluster. Names are resolved anew each time.
 */
export async function trySeeds(io: Io, options: ResolvedOptions): Promise<SeedingResult> {
  const failures: SeedFailure[] = [];
  const lonely: Identity[] = [];
  const winner = await new Promise<Identity | undefined>((resolve) => {
    let won = false;
    let left = options.seeds.length;
    const trySeed = async (seed: SeedAddress): Promise<void> => {
      try {
        const identity = await resolveSeed(io, options, seed);
        const { peers } = await fetchPeers(identity.control, options).catch((error: unknown) => {
          identity.control.close(asConnectionError(error, formatEndpoint(seed)));
          throw error;
        });
        if (won) identity.control.close(new ConnectionError("Another seed was faster"));
        else if (peers.length === 0) lonely.push(identity);
        else {
          won = true;
          resolve(identity);
        }
      } catch (error) {
        failures.push({ seed, error: asConnectionError(error, formatEndpoint(seed)) });
      }
      if (--left === 0) resolve(undefined);
    };
    for (const seed of options.seeds) void trySeed(seed);
  });
  const found = winner ?? lonely.shift();
  for (const identity of lonely) identity.control.close(new ConnectionError("Another seed was better"));
  return { found, failures };
}

/** Whether waiting may help: a node is there and only not ready. */
export function isWorthWaiting(result: SeedingResult): boolean {
  return result.failures.some(({ error }) => error instanceof NotReadyError);
}

/** The node behind a seed, by its own address where a load balancer or the like stands between. */
async function resolveSeed(io: Io, options: ResolvedOptions, seed: SeedAddress): Promise<Identity> {
  const { host, port } = translate(seed, options);
  const identity = await identify(new Dialer(io, options, endpoint(options, host, port, seed.tlsName)), options);
  if (isLoopback(host) || options.forceSingleNode) return identity;
  const announced = await announcedAddresses(identity, options).catch(() => []);
  if (announced.length === 0 || announced.some((address) => address.host === host && address.port === port))
    return identity;
  const direct = await Promise.allSettled(
    announced.map((address) =>
      identifyAs(
        identity.id,
        new Dialer(io, options, endpoint(options, address.host, address.port, seed.tlsName ?? host)),
        options,
      ),
    ),
  );
  let better: Identity | undefined;
  for (const result of direct) {
    if (result.status === "rejected") continue;
    if (better === undefined) better = result.value;
    else result.value.control.close(new ConnectionError("Another address of the node is used"));
  }
  if (better === undefined) return identity;
  identity.control.close(new ConnectionError("The node's own address is used"));
  return better;
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\.\d+\.\d+\.\d+$/.test(host);
}
