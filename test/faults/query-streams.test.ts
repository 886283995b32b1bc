import { describe, expect, it } from "vitest";
import { DataSet, type DataSetQueryBuilder, Filter, TimeoutError } from "../../src/index.js";
import { below, pick, seeds, withSeed } from "../support/faults/chance.js";
import { behaviorOf } from "../support/faults/lab.js";
import { idOf, QueryLab } from "../support/faults/query-lab.js";
import { type Tear, TornQueries } from "../support/faults/torn-queries.js";

interface Item {
  id: number;
}
const items = DataSet.of<Item>("test", "items");
const pass: Tear = { do: "pass" };

type Query = DataSetQueryBuilder<Item>;

/** Every way to the records that a cursor can go on in. */
const paths: readonly ((query: Query) => Query)[] = [
  (query) => query,
  (query) => query.filter(Filter.range("id", 0, 1_000_000)),
  (query) => query.where("$.id >= 0"),
  (query) => query.where("$.id >= 0").withoutIndex(),
];

function inOrder(ids: readonly number[]): number[] {
  return [...ids].sort((a, b) => a - b);
}

describe("a slow consumer", () => {
  it("is waited for: a node that broke off is not asked again before there is room", async () => {
    await using lab = await QueryLab.open();
    let asked = 0;
    using torn = new TornQueries(lab.lab, () => (asked++ < 3 ? { do: "cut", rows: 30 } : pass));
    const rows = lab.stream({ queue: { maxRows: 20 }, totalTimeoutMs: 0 });
    await lab.lab.runtime.advance(3_600_000);
    expect(rows.isPaused).toBe(true);
    expect(torn.asked).toHaveLength(3);
    const ids: number[] = [];
    await lab.lab.until(
      (async () => {
        for await (const row of rows) ids.push(idOf(row));
      })(),
    );
    expect(inOrder(ids)).toEqual(lab.ids);
    expect(torn.asked).toHaveLength(6);
  });

  it("may leave, and the signal may fire, while nothing is being asked", async () => {
    await using lab = await QueryLab.open();
    using _torn = new TornQueries(lab.lab, () => ({ do: "cut", rows: 30 }));
    const stop = new AbortController();
    const left = lab.stream({ queue: { maxRows: 20 } });
    const aborted = lab.stream({ queue: { maxRows: 20 }, signal: stop.signal });
    await lab.lab.runtime.advance(10_000);
    await lab.lab.until(left.return());
    stop.abort("enough");
    const failed = await lab.lab.failure(
      (async () => {
        for await (const _row of aborted);
      })(),
    );
    expect(failed).toMatchObject({ name: "AbortError", cause: "enough" });
    await lab.lab.runtime.advance(1);
    expect(lab.isIdle).toBe(true);
  });

  it("that takes a record a second gets them all", async () => {
    await using lab = await QueryLab.open({ records: 120 });
    const session = await lab.lab.session({ readsQuery: { totalTimeout: 0 } });
    const { runtime } = lab.lab;
    const ids: number[] = [];
    await lab.lab.until(
      (async () => {
        for await (const { bins } of await session.query(items).execute()) {
          ids.push(bins.id);
          await new Promise<void>((resolve) => void runtime.setTimer(1_000, resolve, true));
        }
      })(),
    );
    expect(inOrder(ids)).toEqual(lab.ids);
  });
});

describe("time", () => {
  it("is limited by the behavior's total limit for queries, the consumer's own time included", async () => {
    await using lab = await QueryLab.open();
    using _torn = new TornQueries(lab.lab, () => ({ do: "stall", rows: 5 }));
    const session = await lab.lab.session({ readsQuery: { totalTimeout: 2_000 } });
    const { runtime } = lab.lab;
    const startedAt = runtime.now();
    expect(await lab.lab.failure(session.query(items).collect())).toBeInstanceOf(TimeoutError);
    expect(runtime.now() - startedAt).toBe(2_000);
  });

  it("makes a query that timed out go on from its cursor", async () => {
    await using lab = await QueryLab.open();
    const torn = new TornQueries(lab.lab, () => ({ do: "stall", rows: 5 }));
    const session = await lab.lab.session({ readsQuery: { totalTimeout: 2_000 } });
    const rows = await lab.lab.until(session.query(items).execute());
    const ids: number[] = [];
    const failed = await lab.lab.failure(
      (async () => {
        for await (const page of rows.pages(4)) ids.push(...page.map(({ bins }) => bins.id));
      })(),
    );
    expect(failed).toBeInstanceOf(TimeoutError);
    // Three nodes gave five each; what was on its way to the fourth page came as a page of its own.
    expect(ids).toHaveLength(15);
    torn[Symbol.dispose]();
    const rest = await lab.lab.until(
      session
        .query(items)
        .resumeFrom(rows.cursor() ?? "")
        .collect(),
    );
    expect(inOrder([...ids, ...rest.map(({ bins }) => bins.id)])).toEqual(lab.ids);
  });
});

describe("a node that falls silent altogether", () => {
  it.each([false, true])(
    "is asked no more, though a query has no limit of time (nor tells anything else: %s)",
    async (isMute) => {
      await using lab = await QueryLab.open();
      const session = await lab.lab.session();
      expect(session.behavior.getSettings("read", "query").totalTimeout).toBe(0);
      await lab.lab.runtime.advance(2_000);
      const { faults } = lab.lab.emulator;
      faults.add({ node: 1, do: "stall" });
      if (isMute) faults.add({ node: 1, command: "info", do: "stall" });
      expect(await lab.lab.until(session.query(items).collect())).toHaveLength(lab.ids.length);
      expect(await lab.lab.until(session.query(items).count())).toBe(lab.ids.length);
      const records = await lab.lab.until(session.query(items).collect());
      expect(inOrder(records.map(({ bins }) => bins.id))).toEqual(lab.ids);
    },
  );
});

describe("a reply that is lost on the way, while the node is well", () => {
  it.each([0, 30])("is asked for again behind row %i, though a query has no limit of time", async (rows) => {
    await using lab = await QueryLab.open();
    let asked = 0;
    using torn = new TornQueries(lab.lab, () => (asked++ === 0 ? { do: "stall", rows } : pass));
    const session = await lab.lab.session();
    const records = await lab.lab.until(session.query(items).collect());
    expect(inOrder(records.map(({ bins }) => bins.id))).toEqual(lab.ids);
    expect(torn.asked.length).toBeGreaterThan(3);
  });

  it("is not thought lost while its taker pauses", async () => {
    await using lab = await QueryLab.open();
    using torn = new TornQueries(lab.lab, () => pass);
    const rows = lab.stream({ queue: { maxRows: 20 }, totalTimeoutMs: 0 });
    await lab.lab.runtime.advance(3_600_000);
    const ids: number[] = [];
    await lab.lab.until(
      (async () => {
        for await (const row of rows) ids.push(idOf(row));
      })(),
    );
    expect(inOrder(ids)).toEqual(lab.ids);
    expect(torn.asked).toHaveLength(3);
  });
});

describe("an index that was chosen", () => {
  it("and is dropped before the query goes on from its cursor, is missed", async () => {
    await using lab = await QueryLab.open();
    const session = await lab.lab.session();
    const query = (): Query => session.query(items).where("$.id >= 0");
    const rows = await lab.lab.until(query().limit(50).execute());
    const ids = (await lab.lab.until(rows.collect())).map(({ bins }) => bins.id);
    expect(new Set(ids).size).toBe(50);
    const cursor = rows.cursor() ?? "";
    const other = session.query(items).where("$.id >= 1").resumeFrom(cursor).execute();
    expect(String(await lab.lab.failure(other))).toContain("the cursor is of another query");
    const rest = await lab.lab.until(query().resumeFrom(cursor).collect());
    expect(inOrder([...ids, ...rest.map(({ bins }) => bins.id)])).toEqual(lab.ids);
    const drop = await lab.lab.until(session.index(items).named("items_id").drop());
    await lab.lab.until(drop.waitTillComplete());
    const gone = await lab.lab.failure(query().resumeFrom(cursor).collect());
    expect(gone).toMatchObject({ name: "IndexNotFoundError", resultCode: 201 });
    expect(await lab.lab.until(query().collect())).toHaveLength(lab.ids.length);
  });
});

describe("whatever goes wrong, pages from cursors have each record once", () => {
  it.each(seeds(1, 6))("with seed %i", (seed) =>
    withSeed(seed, async () => {
      await using lab = await QueryLab.open({ seed, records: 120 });
      const { runtime, emulator } = lab.lab;
      const random = (): number => runtime.random();
      const client = await lab.lab.connect();
      const session = client.createSession(behaviorOf({ readsQuery: { maxRetries: 20 } }));
      const path = pick(random, paths);
      let mischief = 2 + below(random, 8);
      let limit: number | undefined;
      using torn = new TornQueries(lab.lab, ({ partitions, resumed }) => {
        if (mischief-- <= 0) return pass;
        const some = [...partitions, ...resumed].filter(() => random() < 0.3);
        return pick<Tear>(random, [
          { do: "cut", rows: below(random, 50) },
          // It takes rows away that the node has counted, which no node does: with a limit it would stop too soon.
          limit === undefined ? { do: "unavailable", partitions: new Set(some), rows: below(random, 10) } : pass,
          { do: "fail", resultCode: pick(random, [9, 11, 18]) },
          pass,
        ]);
      });
      let left = below(random, 150);
      const node = pick(random, emulator.nodes);
      const settled: Promise<void>[] = [];
      torn.onRow = () => {
        if (left-- !== 0) return;
        settled.push(node.stop());
        runtime.setTimer(below(random, 3_000), () => settled.push(node.start()), false);
      };
      const ids: number[] = [];
      let cursor: string | undefined;
      do {
        // A page ends with the limit, or is left: what the queue still holds comes in the next one.
        const size = 1 + below(random, 60);
        limit = random() < 0.5 ? size : undefined;
        const query = path(session.query(items));
        if (limit !== undefined) query.limit(limit);
        const rows = await lab.lab.until((cursor === undefined ? query : query.resumeFrom(cursor)).execute());
        let taken = 0;
        await lab.lab.until(
          (async () => {
            for await (const { bins } of rows) {
              ids.push(bins.id);
              if (++taken === size) break;
            }
          })(),
        );
        cursor = rows.cursor();
        if (taken < size) expect(cursor).toBeUndefined();
      } while (cursor !== undefined);
      expect(inOrder(ids)).toEqual(lab.ids);
      await runtime.advance(3_000);
      await lab.lab.until(Promise.all(settled));
    }),
  );
});
