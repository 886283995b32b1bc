import type { ClusterCore } from "../../../src/cluster/cluster-core.js";
import { AerospikeError, type CallOptions, type Session } from "../../../src/index.js";
import { execute, info } from "../operations.js";
import { readCommand } from "../record-commands.js";
import { below, pick, type Random } from "./chance.js";
import { type Accounts, entries, ghosts, STRIDE } from "./ledger-accounts.js";

/** Something that a program asks; `run` answers what is wrong with the reply, if anything is. */
export interface Call {
  readonly name: string;
  readonly isTask: boolean;
  /** Its own limit, where it is not the session's. */
  readonly totalMs?: number;
  run(session: Session, options: CallOptions): Promise<string | undefined>;
}

type Work = (session: Session, id: number, options: CallOptions) => Promise<string | undefined>;

export interface CallsOptions {
  readonly longestTimeoutMs: number;
  readonly shortestTimeoutMs?: number;
  readonly longestText?: number;
  readonly isSettled: boolean;
  /** Share of the calls that go through all records: queries, counts, background tasks. Default 0.06. */
  readonly scans?: number;
}

/** The calls of a {@link Ledger}. */
export class LedgerCalls {
  readonly #cluster: ClusterCore;
  readonly #random: Random;
  readonly #accounts: Accounts;
  readonly #options: CallsOptions;
  /** Each with its share of the calls. */
  readonly #kinds: readonly (readonly [name: string, share: number, work: Work])[] = [
    ["get", 23, (session, id, options) => this.#get(session, id, options)],
    ["add", 23, (session, id, options) => this.#add(session, id, options)],
    ["put", 9, (session, id, options) => this.#pad(session, id, options)],
    ["exists", 9, (session, id, options) => this.#exists(session, id, options)],
    ["exists of several", 5, (session, id, options) => this.#existsSeveral(session, id, options)],
    ["batch of reads", 5, (session, id, options) => this.#readSeveral(session, id, options)],
    ["batch of additions", 4, (session, id, options) => this.#addToSeveral(session, id, options)],
    ["insert", 4, (session, id, options) => this.#insert(session, id, options)],
    ["delete", 3, (session, id, options) => this.#deleteGhost(session, id, options)],
    ["touch", 2, (session, id, options) => this.#touch(session, id, options)],
  ];
  /** Those that go through all records. */
  readonly #scans: readonly (readonly [name: string, share: number, work: Work])[] = [
    ["count", 1, (session, id, options) => this.#countRecords(session, id, options)],
    ["query", 2, (session, id, options) => this.#query(session, id, options)],
    ["task", 3, (session, id, options) => this.#runTask(session, id, options)],
  ];

  constructor(cluster: ClusterCore, random: Random, accounts: Accounts, options: CallsOptions) {
    this.#cluster = cluster;
    this.#random = random;
    this.#accounts = accounts;
    this.#options = options;
  }

  /** Draws one by chance. */
  draw(): Call {
    const id = below(this.#random, this.#accounts.length);
    if (this.#random() < (this.#options.scans ?? 0.06)) return callOf(this.#scans, below(this.#random, 6), id);
    const dice = below(this.#random, 94);
    if (dice < 87) return callOf(this.#kinds, dice, id);
    const { shortestTimeoutMs = 1, longestTimeoutMs } = this.#options;
    const totalMs = shortestTimeoutMs + below(this.#random, longestTimeoutMs - shortestTimeoutMs + 1);
    if (dice < 91)
      return { name: "info", isTask: false, totalMs, run: (_, options) => this.#askNode(totalMs, options) };
    return { name: "get alone", isTask: false, totalMs, run: (_, options) => this.#getAlone(id, totalMs, options) };
  }

  async #get(session: Session, id: number, options: CallOptions): Promise<string | undefined> {
    const confirmed = this.#accounts.confirmed(id);
    const { bins } = await session.get(entries.id(id), undefined, options);
    return this.#accounts.isOwn(id, bins, confirmed) ? undefined : `get ${id}: ${JSON.stringify(bins)}`;
  }

  /** On a socket of its own. */
  async #getAlone(id: number, totalTimeoutMs: number, { signal }: CallOptions): Promise<string | undefined> {
    const settings = {
      totalTimeoutMs,
      socketTimeoutMs: 0,
      maxRetries: below(this.#random, 3),
      retryDelayMs: 0,
      replica: "sequence",
      dedicated: true,
    } as const;
    const { bins } = await execute(this.#cluster, readCommand(entries.id(id)), settings, signal);
    return bins["id"] === id && bins["tag"] === `tag ${id}` ? undefined : `get ${id} alone: ${JSON.stringify(bins)}`;
  }

  async #add(session: Session, id: number, options: CallOptions): Promise<string | undefined> {
    this.#accounts.start(id);
    let row: Awaited<ReturnType<typeof addOne>>;
    try {
      row = await addOne(session, id, options);
    } catch (error) {
      if (error instanceof AerospikeError) this.#accounts.end(id, error);
      throw error;
    }
    this.#accounts.end(id, undefined);
    const count = row.record?.bins.count;
    return this.#accounts.takeAnswer(id, count) ? undefined : `add to ${id}: ${String(count)}`;
  }

  async #pad(session: Session, id: number, options: CallOptions): Promise<string | undefined> {
    const pad = "x".repeat(below(this.#random, this.#options.longestText ?? 1_500));
    const answer: unknown = await session.put(entries.id(id), { pad }, options);
    return answer === undefined ? undefined : `put ${id}: ${String(answer)}`;
  }

  async #exists(session: Session, id: number, options: CallOptions): Promise<string | undefined> {
    const isGhost = this.#random() < 0.5;
    const key = (isGhost ? ghosts : entries).id(id);
    const row = await (await session.exists(key).execute(options)).first();
    return row?.asBool() === !isGhost && row.key.userKey === id ? undefined : `exists ${key}: ${row?.asBool()}`;
  }

  async #existsSeveral(session: Session, id: number, options: CallOptions): Promise<string | undefined> {
    const keys = Array.from({ length: 5 }, (_, i) =>
      (i % 2 === 0 ? entries : ghosts).id((id + i) % this.#accounts.length),
    );
    // Those that failed stay among the others, which were answered all the same.
    const rows = await (await session.exists(keys).execute({ ...options, onError: "inStream" })).collect();
    const wrong = rows.filter((row) =>
      !row.resultCode || row.resultCode === 2 ? row.asBool() !== (row.key.setName === entries.setName) : false,
    );
    return wrong.length === 0 ? undefined : `exists ${wrong.map((row) => row.key).join(", ")}: the opposite`;
  }

  async #readSeveral(session: Session, id: number, options: CallOptions): Promise<string | undefined> {
    const ids = this.#several(id);
    const confirmed = ids.map((each) => this.#accounts.confirmed(each));
    const rows = await (await session.query(entries.ids(ids)).execute({ ...options, onError: "inStream" })).collect();
    const wrong = ids.filter((each, i) => {
      const row = rows[i];
      if (row?.key.userKey !== each || row.resultCode === 2) return true;
      return row.isOk && row.record !== null && !this.#accounts.isOwn(each, row.record.bins, confirmed[i] ?? 0);
    });
    return wrong.length === 0 ? undefined : `batch of ${ids}: ${wrong} are wrong`;
  }

  async #addToSeveral(session: Session, id: number, options: CallOptions): Promise<string | undefined> {
    const ids = this.#several(id);
    for (const each of ids) this.#accounts.start(each);
    const builder = session.update(entries.ids(ids)).bin("count").add(STRIDE);
    let rows: Awaited<ReturnType<Awaited<ReturnType<typeof builder.execute>>["collect"]>>;
    try {
      rows = await (await builder.execute({ ...options, onError: "inStream" })).collect();
    } catch (error) {
      if (error instanceof AerospikeError) for (const each of ids) this.#accounts.end(each, error);
      throw error;
    }
    for (const [i, each] of ids.entries()) this.#accounts.end(each, rows[i]?.error ?? undefined);
    const wrong = ids.filter((each, i) => rows[i]?.key.userKey !== each);
    return wrong.length === 0 ? undefined : `batch of additions to ${ids}: ${wrong} are in other places`;
  }

  /** Of a record that is there: the only right answer is an error that no other command here gets. */
  async #insert(session: Session, id: number, options: CallOptions): Promise<string | undefined> {
    try {
      await session.insert(entries.id(id)).put({ id: -1, tag: "", count: 0, pad: "" }).execute(options);
    } catch (error) {
      if (error instanceof AerospikeError && error.code === "RECORD_EXISTS") return undefined;
      throw error;
    }
    return `insert ${id} went well`;
  }

  async #deleteGhost(session: Session, id: number, options: CallOptions): Promise<string | undefined> {
    const row = await (await session.delete(ghosts.id(id)).execute(options)).first();
    return row?.asBool() === false ? undefined : `delete of ghost ${id}: ${row?.asBool()}`;
  }

  async #touch(session: Session, id: number, options: CallOptions): Promise<string | undefined> {
    const row = await (await session.touch(entries.id(id)).execute(options)).firstOrThrow();
    return row.key.userKey === id ? undefined : `touch ${id}: ${row.key}`;
  }

  async #askNode(timeoutMs: number, { signal }: CallOptions): Promise<string | undefined> {
    const { nodes } = this.#cluster;
    if (nodes.length === 0) return undefined;
    const node = pick(this.#random, nodes);
    const reply = await info(this.#cluster, node, ["node", "build"], timeoutMs, signal);
    return reply.get("node") === node.id ? undefined : `node of ${node.id}: ${reply.get("node")}`;
  }

  async #countRecords(session: Session, id: number, options: CallOptions): Promise<string | undefined> {
    const count = await session.backgroundTask().touch(entries).where("$.id < ?0", id).count(options);
    return count === id ? undefined : `count of the first ${id}: ${count}`;
  }

  /** Some are left before their end. */
  async #query(session: Session, id: number, options: CallOptions): Promise<string | undefined> {
    const early = this.#random() < 0.3 ? 1 + below(this.#random, 5) : undefined;
    const seen: number[] = [];
    for await (const { bins } of await session.query(entries).where("$.id < ?0", id).execute(options)) {
      if (!this.#accounts.isOwn(bins.id, bins, 0)) return `query: ${JSON.stringify(bins)}`;
      seen.push(bins.id);
      if (seen.length === early) return undefined;
    }
    const ids = new Set(seen);
    const isRight = ids.size === seen.length && ids.size === id && seen.every((each) => each < id);
    return isRight ? undefined : `query of the first ${id}: ${seen}`;
  }

  async #runTask(session: Session, id: number, options: CallOptions): Promise<string | undefined> {
    const task = await session
      .backgroundTask()
      .update(entries)
      .where("$.id < ?0", id)
      .bin("pad")
      .setTo("")
      .execute(options);
    const { succeeded, failed, failureCauses, clusterChanged } = await task.waitTillComplete({
      totalTimeout: 20 * this.#options.longestTimeoutMs,
      ...options,
    });
    if (succeeded === null) return undefined;
    // Where partitions move, a node may refuse records that it is about to hand on, or wait for them for too long.
    const mayFail = !this.#options.isSettled && clusterChanged !== false;
    const isRight = (failed === 0 || mayFail) && (succeeded === id || !this.#options.isSettled);
    if (isRight) return undefined;
    const causes = JSON.stringify(failureCauses);
    return `task on the first ${id}: ${succeeded} went well, ${failed} did not (causes: ${causes}, cluster changed: ${clusterChanged})`;
  }

  #several(first: number): number[] {
    const count = Math.min(2 + below(this.#random, 20), this.#accounts.length);
    return Array.from({ length: count }, (_, i) => (first + i) % this.#accounts.length);
  }
}

function callOf(
  kinds: readonly (readonly [name: string, share: number, work: Work])[],
  dice: number,
  id: number,
): Call {
  let left = dice;
  for (const [name, share, work] of kinds) {
    left -= share;
    if (left < 0) return { name, isTask: name === "task", run: (session, options) => work(session, id, options) };
  }
  throw new RangeError(`There is no call for ${dice}`);
}

async function addOne(session: Session, id: number, options: CallOptions) {
  const builder = session.update(entries.id(id)).bin("count").add(STRIDE).bin("count").get();
  return (await builder.execute(options)).firstOrThrow();
}
