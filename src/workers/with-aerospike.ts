import { describe } from "../../protocol/value/invalid-value.js";
import type { Cluster } from "../client/cluster.js";
import type { Session } from "../client/session.js";
import { targetOf, type WorkersOptions } from "./kept-cluster.js";

/** A Worker's `ctx`, as far as it is needed. */
export interface WaitUntil {
  waitUntil(promise: Promise<unknown>): void;
}

/** What work for one request may use besides the session. */
export interface RequestScope {
  readonly cluster: Cluster;
  /** As `ctx.waitUntil`, and keeps the client open until the promise is settled: for work that outlives the answer. */
  waitUntil(promise: Promise<unknown>): void;
}

/**
 * Does the work of one request with a client of its own, and closes it afterwards, behind the answer (`ctx.waitUntil`).
 *
 * Nothing that a request opened can be used by another on Cloudflare Workers, so the client is new each time. It costs
 * little: what the one before knew of the cluster, and the tokens of a login, stay in the isolate as plain data, so the
 * first command opens its socket at once. What is known is looked after by the request that finds it older than
 * `tendIntervalMs` (default 5000), beside its own work. At most five sockets are open at a time (`maxConnections`).
 *
 * @param env has `AEROSPIKE_HOSTS`, and for clusters with security `AEROSPIKE_USER` and `AEROSPIKE_PASSWORD`
 * @param ctx the Worker's execution context
 * @param work its result is passed on; do not use the session after it, unless by `scope.waitUntil`
 * @throws what `work` throws; TypeError for a wrong option; what `connect` rejects with when the cluster can't be reached
 *
 * @example
 * export default {
 *   fetch: (request, env, ctx) =>
 *     withAerospike(env, ctx, async (session) => {
 *       const { bins } = await session.get(users.id(new URL(request.url).pathname));
 *       return Response.json(bins);
 *     }),
 * };
 */
export async function withAerospike<T>(
  env: object,
  ctx: WaitUntil,
  work: (session: Session, scope: RequestScope) => T | Promise<T>,
  options: WorkersOptions = {},
): Promise<T> {
  if (typeof ctx?.waitUntil !== "function") {
    throw new TypeError(`withAerospike: expected ctx to be the Worker's execution context, got ${describe(ctx)}`);
  }
  const target = targetOf("withAerospike", env, options);
  const client = await target.kept.open(target);
  const pending: Promise<unknown>[] = [];
  const finish = async (): Promise<void> => {
    while (pending.length > 0) await Promise.allSettled(pending.splice(0));
    await target.kept.leave(client);
  };
  const waitUntil = (promise: Promise<unknown>): void => {
    ctx.waitUntil(promise);
    pending.push(promise);
  };
  try {
    return await work(client.session, { cluster: client.cluster, waitUntil });
  } finally {
    ctx.waitUntil(finish());
  }
}
