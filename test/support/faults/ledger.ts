import type { ClusterCore } from "../../../src/cluster/cluster-core.js";
import type { ClusterNode } from "../../../src/cluster/node.js";
import { AerospikeError, type Cluster, DataSet, type Key, type Session } from "../../../src/index.js";
import { execute, info } from "../operations.js";
import { readCommand } from "../record-commands.js";
import { below, pick, type Random } from "./chance.js";
import { behaviorOf } from "./lab.js";

/** What every record holds: nothing that another record could hold. */
interface Entry {
  id: number;
  tag: string;
  /** Starts as the id; every addition is of {@link STRIDE}, so that the id stays the remainder. */
  count: number;
  pad: string;
}

const STRIDE = 1_000;
const MAX_RECORDS = STRIDE - 1;

/** Errors that trouble with sockets and servers may come to. */
const EXPECTED_CODES: ReadonlySet<string> = new Set([
  "ABORTED",
  "BAD_REPLY",
  "CONNECTION",
  "DEVICE_OVERLOAD",
  "INVALID_NODE",
  "KEY_BUSY",
  "MAX_ERROR_RATE",
  "PARTITION_UNAVAILABLE",
  "TIMEOUT",
]);
/** Errors of background tasks beside those. */
const EXPECTED_OF_TASKS: ReadonlySet<string> = new Set(["BACKGROUND_START", "TASK_ABORTED", "TASK_LOST"]);

export interface LedgerOptions {
  readonly records: number;
  /** Longest timeout that is drawn, in ms. */
  readonly longestTimeoutMs: number;
  /** Longest text that is written, in characters. Default 1,500. */
  readonly longestText?: number;
  /** Whether records stay on their nodes, so that a background task meets each of them once. */
  readonly isSettled: boolean;
}

interface Account {
  /** Additions that were answered, that surely did not happen, and that may have happened. */
  confirmed: number;
  doubtful: number;
  started: number;
  /** Counts that additions answered: no two may be the same. */
  readonly answers: Set<number>;
}

/**
 * A client's commands on records of which it knows what they must hold. Every answer can tell whose it is, and at the
 * end the records tell what happened how often.
 */
export class Ledger {
  readonly #client: Cluster;
  readonly #cluster: ClusterCore;
  readonly #random: Random;
  readonly #options: LedgerOptions;
  readonly #set: DataSet<Entry>;
  readonly #ghosts: DataSet<Entry>;
  readonly #sessions: readonly Session[];
  readonly #accounts: Account[];
  /** Answers that belong to another command, or to none. There must be none. */
  readonly crossed: string[] = [];
  /** Errors that no trouble explains. There must be none. */
  readonly unexpected: string[] = [];
  /** How the commands ended, by error code; "ok" for answers. */
  readonly outcomes = new Map<string, number>();

  constructor(client: Cluster, cluster: ClusterCore, random: Random, options: LedgerOptions) {
    if (options.records > MAX_RECORDS) throw new RangeError(`At most ${MAX_RECORDS} records can be told apart`);
    this.#client = client;
    this.#cluster = cluster;
    this.#random = random;
    this.#options = options;
    this.#set = DataSet.of<Entry>("test", "ledger");
    this.#ghosts = DataSet.of<Entry>("test", "ghosts");
    this.#sessions = Array.from({ length: 8 }, () => this.#drawSession());
    this.#accounts = Array.from({ length: options.records }, () => ({
      confirmed: 0,
      doubtful: 0,
      started: 0,
      answers: new Set<number>(),
    }));
  }

  get answered(): number {
    return this.outcomes.get("ok") ?? 0;
  }

  /** Writes the records, while nothing goes wrong. */
  async open(): Promise<void> {
    const session = this.#client.createSession();
    await Promise.all(
      this.#accounts.map((_, id) => session.put(this.#set.id(id), { id, tag: `tag ${id}`, count: id, pad: "" })),
    );
  }

  /** Sends commands, so many at once; `between` is called before each. */
  async run(commands: number, concurrency: number, between: () => void): Promise<void> {
    let left = commands;
    const worker = async (): Promise<void> => {
      while (left-- > 0) {
        between();
        await this.#runOne();
      }
    };
    await Promise.all(Array.from({ length: concurrency }, worker));
  }

  /** Reads the records, while nothing goes wrong: what does not add up. */
  async audit(): Promise<string[]> {
    const session = this.#client.createSession();
    const wrong = await Promise.all(
      this.#accounts.map(async ({ confirmed, doubtful }, id) => {
        const { bins } = await session.get(this.#set.id(id));
        const happened = (bins.count - id) / STRIDE;
        if (bins.id !== id || bins.tag !== `tag ${id}`) return `record ${id} holds ${JSON.stringify(bins)}`;
        if (happened >= confirmed && happened <= confirmed + doubtful) return undefined;
        return `record ${id}: ${confirmed} additions were answered and ${doubtful} in doubt, yet ${happened} happened`;
      }),
    );
    return wrong.filter((line) => line !== undefined);
  }

  async #runOne(): Promise<void> {
    const random = this.#random;
    const session = pick(random, this.#sessions);
    const id = below(random, this.#accounts.length);
    const abort = random() < 0.15 ? new AbortController() : undefined;
    const timer = abort && this.#abortLater(abort);
    const dice = random();
    const isTask = dice >= 0.97;
    try {
      const crossed = await this.#draw(dice, session, id, abort?.signal);
      if (crossed !== undefined) this.crossed.push(crossed);
      this.#count("ok");
    } catch (error) {
      if (!(error instanceof AerospikeError)) throw error;
      this.#count(error.code);
      const isExpected = EXPECTED_CODES.has(error.code) || (isTask && EXPECTED_OF_TASKS.has(error.code));
      if (!isExpected) this.unexpected.push(`${error.name} ${error.code}: ${error.message}`);
    } finally {
      timer?.cancel();
    }
  }

  #draw(dice: number, session: Session, id: number, signal?: AbortSignal): Promise<string | undefined> {
    const options = signal === undefined ? {} : { signal };
    if (dice < 0.25) return this.#get(session, id, options);
    if (dice < 0.3) return this.#getAlone(id, signal);
    if (dice < 0.55) return this.#add(session, id, options);
    if (dice < 0.65) return this.#pad(session, id, options);
    if (dice < 0.75) return this.#exists(session, id, options);
    if (dice < 0.8) return this.#existsSeveral(session, id, options);
    if (dice < 0.84) return this.#insert(session, id, options);
    if (dice < 0.88) return this.#deleteGhost(session, id, options);
    if (dice < 0.91) return this.#touch(session, id, options);
    if (dice < 0.95) return this.#askNode(options);
    if (dice < 0.97) return this.#countRecords(session, id, options);
    return this.#runTask(session, id, options);
  }

  async #get(session: Session, id: number, options: { signal?: AbortSignal }): Promise<string | undefined> {
    const { confirmed } = this.#account(id);
    const { bins } = await session.get(this.#set.id(id), undefined, options);
    const happened = (bins.count - id) / STRIDE;
    const isOwn = bins.id === id && bins.tag === `tag ${id}` && happened >= confirmed;
    return isOwn && happened <= this.#account(id).started ? undefined : `get ${id}: ${JSON.stringify(bins)}`;
  }

  /** On a socket of its own. */
  async #getAlone(id: number, signal?: AbortSignal): Promise<string | undefined> {
    const { longestTimeoutMs } = this.#options;
    const settings = {
      totalTimeoutMs: 1 + below(this.#random, longestTimeoutMs),
      socketTimeoutMs: 0,
      maxRetries: below(this.#random, 3),
      retryDelayMs: 0,
      replica: "sequence",
      dedicated: true,
    } as const;
    const { bins } = await execute(this.#cluster, readCommand(this.#set.id(id)), settings, signal);
    return bins["id"] === id && bins["tag"] === `tag ${id}` ? undefined : `get ${id} alone: ${JSON.stringify(bins)}`;
  }

  async #add(session: Session, id: number, options: { signal?: AbortSignal }): Promise<string | undefined> {
    const account = this.#account(id);
    account.started++;
    try {
      const builder = session.update(this.#set.id(id)).bin("count").add(STRIDE).bin("count").get();
      const row = await (await builder.execute(options)).firstOrThrow();
      account.confirmed++;
      const count: unknown = row.record?.bins["count"];
      const isOwn = typeof count === "number" && count % STRIDE === id && !account.answers.has(count);
      if (!isOwn) return `add to ${id}: ${String(count)}`;
      account.answers.add(count);
      return undefined;
    } catch (error) {
      if (error instanceof AerospikeError && error.inDoubt) account.doubtful++;
      throw error;
    }
  }

  async #pad(session: Session, id: number, options: { signal?: AbortSignal }): Promise<string | undefined> {
    const answer: unknown = await session.put(
      this.#set.id(id),
      { pad: "x".repeat(below(this.#random, this.#options.longestText ?? 1_500)) },
      options,
    );
    return answer === undefined ? undefined : `put ${id}: ${String(answer)}`;
  }

  async #exists(session: Session, id: number, options: { signal?: AbortSignal }): Promise<string | undefined> {
    const isGhost = this.#random() < 0.5;
    const key = (isGhost ? this.#ghosts : this.#set).id(id);
    const row = await (await session.exists(key).execute(options)).first();
    return row?.asBool() === !isGhost && row.key.userKey === id ? undefined : `exists ${key}: ${row?.asBool()}`;
  }

  async #existsSeveral(session: Session, id: number, options: { signal?: AbortSignal }): Promise<string | undefined> {
    const keys = Array.from({ length: 5 }, (_, i) =>
      (i % 2 === 0 ? this.#set : this.#ghosts).id((id + i) % this.#accounts.length),
    );
    // Those that failed stay among the others, which were answered all the same.
    const rows = await (await session.exists(keys).execute({ ...options, onError: "inStream" })).collect();
    const wrong = rows.filter((row) =>
      !row.resultCode || row.resultCode === 2 ? row.asBool() !== isOf(row.key, this.#set) : false,
    );
    return wrong.length === 0 ? undefined : `exists ${wrong.map((row) => row.key).join(", ")}: the opposite`;
  }

  /** Of a record that is there: the only right answer is an error that no other command here gets. */
  async #insert(session: Session, id: number, options: { signal?: AbortSignal }): Promise<string | undefined> {
    const builder = session.insert(this.#set.id(id)).put({ id: -1, tag: "", count: 0, pad: "" });
    try {
      await builder.execute(options);
    } catch (error) {
      if (error instanceof AerospikeError && error.code === "RECORD_EXISTS") return undefined;
      throw error;
    }
    return `insert ${id} went well`;
  }

  async #deleteGhost(session: Session, id: number, options: { signal?: AbortSignal }): Promise<string | undefined> {
    const row = await (await session.delete(this.#ghosts.id(id)).execute(options)).first();
    return row?.asBool() === false ? undefined : `delete of ghost ${id}: ${row?.asBool()}`;
  }

  async #touch(session: Session, id: number, options: { signal?: AbortSignal }): Promise<string | undefined> {
    const row = await (await session.touch(this.#set.id(id)).execute(options)).firstOrThrow();
    return row.key.userKey === id ? undefined : `touch ${id}: ${row.key}`;
  }

  async #askNode(options: { signal?: AbortSignal }): Promise<string | undefined> {
    const { nodes } = this.#cluster;
    if (nodes.length === 0) return undefined;
    const node: ClusterNode = pick(this.#random, nodes);
    const timeoutMs = 1 + below(this.#random, this.#options.longestTimeoutMs);
    const reply = await info(this.#cluster, node, ["node", "build"], timeoutMs, options.signal);
    return reply.get("node") === node.id ? undefined : `node of ${node.id}: ${reply.get("node")}`;
  }

  async #countRecords(session: Session, id: number, options: { signal?: AbortSignal }): Promise<string | undefined> {
    const count = await session.backgroundTask().touch(this.#set).where("$.id < ?0", id).count(options);
    return count === id ? undefined : `count of the first ${id}: ${count}`;
  }

  async #runTask(session: Session, id: number, options: { signal?: AbortSignal }): Promise<string | undefined> {
    const task = await session
      .backgroundTask()
      .update(this.#set)
      .where("$.id < ?0", id)
      .bin("pad")
      .setTo("")
      .execute(options);
    const { succeeded, failed } = await task.waitTillComplete({
      totalTimeout: 20 * this.#options.longestTimeoutMs,
      ...options,
    });
    const isRight = succeeded === null || (failed === 0 && (succeeded === id || !this.#options.isSettled));
    return isRight ? undefined : `task on the first ${id}: ${succeeded} went well, ${failed} did not`;
  }

  #account(id: number): Account {
    const account = this.#accounts[id];
    if (account === undefined) throw new RangeError(`There is no record ${id}`);
    return account;
  }

  #drawSession(): Session {
    const random = this.#random;
    const { longestTimeoutMs } = this.#options;
    const totalTimeout = 1 + below(random, longestTimeoutMs);
    return this.#client.createSession(
      behaviorOf({
        all: {
          totalTimeout,
          socketTimeout: random() < 0.5 ? 1 + below(random, longestTimeoutMs) : 0,
          maxRetries: below(random, 4),
          retryDelay: random() < 0.3 ? 5 : 0,
          replica: pick(random, ["sequence", "master", "random"] as const),
        },
        readsQuery: { totalTimeout },
        writesQuery: { totalTimeout },
      }),
    );
  }

  #abortLater(controller: AbortController): { cancel(): void } {
    const ms = below(this.#random, this.#options.longestTimeoutMs);
    return this.#cluster.runtime.setTimer(ms, () => controller.abort(), true);
  }

  #count(outcome: string): void {
    this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + 1);
  }
}

function isOf(key: Key<unknown>, set: DataSet<unknown>): boolean {
  return key.setName === set.setName;
}
