import { describe, expect, it } from "vitest";
import { AerospikeError, DataSet, type Key, type Session } from "../../src/index.js";
import { BreakingTransport } from "../support/faults/breaking-transport.js";
import { Lab, masterOf } from "../support/faults/lab.js";
import { execute } from "../support/operations.js";
import { readCommand } from "../support/record-commands.js";

// A socket is cut at every byte of a request, and at every byte of the reply: reads come from elsewhere, writes are in
// doubt and happen at most once, one socket is lost each time, and whatever else is under way goes on.

interface Entry {
  tag: string;
  n: number;
}

const entries = DataSet.of<Entry>("test", "cut");
const bystanders = DataSet.of<Entry>("test", "bystanders");
/** As many as make a message of a batch, all of one node. */
const ROWS = 9;

/** Longer than the test takes: no socket ends for being idle. */
const PATIENCE_MS = 3_600_000;
/** A proto's header and a message's. */
const EMPTY_MESSAGE = 8 + 22;

/** Every byte; of a long list of partitions only some. */
function positionsOf(length: number): number[] {
  const all = Array.from({ length: length + 1 }, (_, at) => at);
  return length < 1_000 ? all : all.filter((at) => at < 100 || at > length - 30 || at % 211 === 0);
}

interface Work {
  /** Rejects with an error of this client, or with what is wrong. Answers how many additions were acknowledged. */
  run(session: Session, keys: readonly Key<Entry>[]): Promise<number>;
  /** Records that one run adds to. */
  readonly additions: number;
}

const WORK: Readonly<Record<string, Work>> = {
  get: {
    additions: 0,
    run: async (session, keys) => {
      expect(await session.get(keys[0]!, ["tag"])).toMatchObject({ bins: { tag: "tag 0" } });
      return 0;
    },
  },
  add: {
    additions: 1,
    run: async (session, keys) => {
      await session.update(keys[0]!).bin("n").add(1).execute();
      return 1;
    },
  },
  "batch of reads": {
    additions: 0,
    run: async (session, keys) => {
      const records = await session.getMany(keys);
      expect(records.map((record) => record?.bins.tag)).toEqual(keys.map((_, i) => `tag ${i}`));
      return 0;
    },
  },
  "batch of additions": {
    additions: ROWS,
    run: async (session, keys) => {
      const rows = await (await session.update(keys).bin("n").add(1).execute({ onError: "inStream" })).collect();
      expect(rows.map(({ key }) => key.userKey)).toEqual(keys.map(({ userKey }) => userKey));
      for (const row of rows) if (!row.isOk) expect(row).toMatchObject({ inDoubt: true });
      const failed = rows.find((row) => !row.isOk);
      if (failed !== undefined) failed.orThrow();
      return ROWS;
    },
  },
  query: {
    additions: 0,
    run: async (session, keys) => {
      const tags = (await session.query(entries).collect()).map(({ bins }) => bins.tag);
      expect(tags.sort()).toEqual(keys.map((_, i) => `tag ${i}`));
      return 0;
    },
  },
};

class Cuts implements AsyncDisposable {
  readonly lab: Lab;
  readonly transport: BreakingTransport;
  readonly session: Session;
  readonly keys: readonly Key<Entry>[];
  readonly #finish: () => Promise<void>;
  #acknowledged = 0;

  private constructor(
    lab: Lab,
    transport: BreakingTransport,
    session: Session,
    keys: readonly Key<Entry>[],
    finish: () => Promise<void>,
  ) {
    this.lab = lab;
    this.transport = transport;
    this.session = session;
    this.keys = keys;
    this.#finish = finish;
  }

  static async open(): Promise<Cuts> {
    const lab = await Lab.open({ nodes: 2 });
    const transport = new BreakingTransport(lab.transport, lab.runtime);
    const { client, cluster } = await lab.connectCluster({ transport, maxErrorRate: 0, maxSocketIdleMs: PATIENCE_MS });
    const session = client.createSession();
    const keys: Key<Entry>[] = [];
    for (let id = 0; keys.length < ROWS; id++) {
      if (masterOf(lab.emulator, cluster, entries.id(id)) === 0) keys.push(entries.id(id));
    }
    await lab.until(Promise.all(keys.map((key, i) => session.put(key, { tag: `tag ${i}`, n: 0 }))));
    // Two reads on sockets of their own wait for their replies all the time, one at each node.
    const waiting = [0, 1].map((node) => {
      let id = 0;
      while (masterOf(lab.emulator, cluster, bystanders.id(id)) !== node) id++;
      return bystanders.id(id);
    });
    await lab.until(Promise.all(waiting.map((key) => session.put(key, { tag: "still here", n: 0 }))));
    const stall = lab.emulator.faults.add({ command: "read", times: waiting.length, do: "stall" });
    const settings = { totalTimeoutMs: 0, socketTimeoutMs: 0, maxRetries: 0, retryDelayMs: 0 };
    const replies = waiting.map((key) =>
      execute(cluster, readCommand(key), { ...settings, replica: "master", dedicated: true }),
    );
    await lab.runtime.advance(1);
    expect(stall.hits).toBe(waiting.length);
    return new Cuts(lab, transport, session, keys, async () => {
      stall.lift();
      for (const { bins } of await lab.until(Promise.all(replies))) expect(bins).toMatchObject({ tag: "still here" });
      for (const node of cluster.nodes) expect(cluster.loadOf(node)).toMatchObject({ pending: 0, waiting: 0 });
    });
  }

  /** Bytes of the work's first message, and of the reply. */
  async lengthsOf(work: Work): Promise<{ request: number; reply: number }> {
    this.transport.breakNext({ in: "reply", after: Number.MAX_SAFE_INTEGER });
    this.#acknowledged += await this.lab.until(work.run(this.session, this.keys));
    return { ...this.transport.seen };
  }

  /** Runs the work with the socket cut; answers the error, if there was one. */
  async cut(work: Work, side: "request" | "reply", after: number): Promise<AerospikeError | undefined> {
    this.transport.breakNext({ in: side, after });
    try {
      this.#acknowledged += await this.lab.until(work.run(this.session, this.keys));
      return undefined;
    } catch (error) {
      if (!(error instanceof AerospikeError))
        throw new Error(`After ${after} bytes: ${String(error)}`, { cause: error });
      return error;
    } finally {
      // What breaks behind the whole reply breaks a little later.
      await this.lab.runtime.advance(2);
      expect(this.transport.isWaiting).toBe(false);
    }
  }

  async sum(): Promise<number> {
    const records = await this.lab.until(this.session.getMany(this.keys));
    return records.reduce((sum, record) => sum + (record?.bins.n ?? 0), 0);
  }

  get acknowledged(): number {
    return this.#acknowledged;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#finish();
    await this.lab.close();
  }
}

describe.each(Object.entries(WORK))("a socket that is cut at any byte of a %s", (_, work) => {
  it("costs the request nothing but an attempt, or says that it is in doubt", async () => {
    await using cuts = await Cuts.open();
    const { request: length } = await cuts.lengthsOf(work);
    const endedBefore = cuts.transport.ended;
    for (const after of positionsOf(length)) {
      const error = await cuts.cut(work, "request", after);
      if (work.additions > 0) expect(error, `after ${after} bytes`).toMatchObject({ inDoubt: true, attempts: 1 });
      else expect(error, `after ${after} bytes`).toBeUndefined();
    }
    // Of those in doubt the last one happened: it had arrived.
    expect(await cuts.sum()).toBe(cuts.acknowledged + work.additions);
    expect(cuts.transport.ended - endedBefore).toBe(positionsOf(length).length);
  });

  it("costs the reply nothing but an attempt, or says that it is in doubt", async () => {
    await using cuts = await Cuts.open();
    const { reply } = await cuts.lengthsOf(work);
    const endedBefore = cuts.transport.ended;
    let doubtful = 0;
    for (const after of positionsOf(reply)) {
      const error = await cuts.cut(work, "reply", after);
      if (error === undefined) {
        // Of a batch all rows may have come, and only the word that this is all has not.
        if (work.additions > 0) expect(after).toBeGreaterThanOrEqual(reply - (work.additions > 1 ? EMPTY_MESSAGE : 0));
        continue;
      }
      expect(work.additions, `after ${after} bytes`).toBeGreaterThan(0);
      expect(error, `after ${after} bytes`).toMatchObject({ inDoubt: true, attempts: 1 });
      doubtful += work.additions;
    }
    expect(await cuts.sum()).toBe(cuts.acknowledged + doubtful);
    expect(cuts.transport.ended - endedBefore).toBe(positionsOf(reply).length);
  });
});
