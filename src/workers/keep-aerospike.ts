import type { Timer } from "../../runtime/runtime.js";
import { systemRuntime } from "../../runtime/system-runtime.js";
import type { Cluster } from "../client/cluster.js";
import type { Session } from "../client/session.js";
import { type OpenClient, type Target, targetOf, type WorkersOptions } from "./kept-cluster.js";

/** Options of {@link keepAerospike}. */
export interface KeepOptions extends WorkersOptions {
  /** Unused for so long, the client is closed; 0 to 2,147,483,647 ms, default 10,000. */
  readonly idleMs?: number | undefined;
}

const MOST_IDLE_MS = 0x7fff_ffff;

/**
 * A client that serves many requests, for a Durable Object: opened by the first who needs it, closed when nobody has
 * needed it for a while. Closed it has no socket and no timer, so that an idle object is not paid for.
 *
 * @param env as for `withAerospike`
 * @throws TypeError or RangeError for a wrong option
 *
 * @example
 * export class Counter extends DurableObject {
 *   #aerospike = keepAerospike(this.env);
 *   fetch() {
 *     return this.#aerospike.use(async (session) => Response.json((await session.get(counters.id("hits"))).bins));
 *   }
 * }
 */
export function keepAerospike(env: object, { idleMs = 10_000, ...options }: KeepOptions = {}): KeptAerospike {
  if (!Number.isInteger(idleMs) || idleMs < 0 || idleMs > MOST_IDLE_MS) {
    throw new RangeError(
      `keepAerospike: expected idleMs to be a whole number from 0 to ${MOST_IDLE_MS}, got ${idleMs}`,
    );
  }
  const runtime = options.runtime ?? systemRuntime;
  return new KeptAerospike(targetOf("keepAerospike", env, options), (close) => runtime.setTimer(idleMs, close, false));
}

/** A client that is open while it is used, from {@link keepAerospike}. */
export class KeptAerospike implements AsyncDisposable {
  readonly #target: Target;
  readonly #whenIdle: (close: () => void) => Timer;
  #client: Promise<OpenClient> | undefined;
  #users = 0;
  #idle: Timer | undefined;

  /** @internal Made by `keepAerospike`. */
  constructor(target: Target, whenIdle: (close: () => void) => Timer) {
    this.#target = target;
    this.#whenIdle = whenIdle;
  }

  /** Whether a client is open or being opened. */
  get isOpen(): boolean {
    return this.#client !== undefined;
  }

  /**
   * Does something with the client, which stays open until it is done. Whatever runs longer than the work, such as the
   * watch over a background task, must be awaited within it.
   */
  async use<T>(work: (session: Session, cluster: Cluster) => T | Promise<T>): Promise<T> {
    this.#users++;
    this.#idle?.cancel();
    try {
      this.#client ??= this.#open();
      const { session, cluster } = await this.#client;
      return await work(session, cluster);
    } finally {
      if (--this.#users === 0) this.#idle = this.#whenIdle(() => void this.close());
    }
  }

  /** Closes the client now; what is under way fails. The next use opens another. */
  async close(): Promise<void> {
    this.#idle?.cancel();
    const client = this.#client;
    this.#client = undefined;
    // One that could not be opened has told so whoever wanted it.
    const open = await client?.catch(() => undefined);
    if (open !== undefined) await this.#target.kept.leave(open);
  }

  /** As {@link close}: for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #open(): Promise<OpenClient> {
    const opening = this.#target.kept.open(this.#target);
    // What could not be opened is tried again by the next.
    opening.catch(() => {
      if (this.#client === opening) this.#client = undefined;
    });
    return opening;
  }
}
