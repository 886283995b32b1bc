import { describe, expect, it } from "vitest";
import type { QueryRow } from "../../protocol/command/query-row.js";
import { Filter, InvalidNodeError, TimeoutError } from "../../src/index.js";
import type { PartitionState } from "../../src/query/partition-tracker.js";
import { below, pick, seeds, withSeed } from "../support/faults/chance.js";
import { idOf, QueryLab, type QueryOptions } from "../support/faults/query-lab.js";
import { type AskedQuery, type Tear, TornQueries } from "../support/faults/torn-queries.js";

const pass: Tear = { do: "pass" };
const byId = Filter.range("id", 0, 1_000_000);
/** Each record has three entries, two of them of its own. */
const byTags = Filter.containsRange("tags", 0, 2_000, "list");

/** Tears the first query that each node is sent. */
function firstOfEach(tear: (query: AskedQuery) => Tear): (query: AskedQuery) => Tear {
  const seen = new Set<string>();
  return (query) => {
    if (seen.has(query.address)) return pass;
    seen.add(query.address);
    return tear(query);
  };
}

describe.each([
  ["a scan", undefined],
  ["an index query", byId],
  ["a query on a list index", byTags],
])("%s", (_, index) => {
  const options = index === undefined ? {} : { index };

  it.each([
    ["a socket is lost after 5 rows", { do: "cut", rows: 5 }],
    ["a socket is lost before the first row", { do: "cut", rows: 0 }],
    ["a node says at the end that time ran out", { do: "fail", resultCode: 9 }],
    ["a node says at the end that it is overloaded", { do: "fail", resultCode: 18 }],
  ] satisfies [string, Tear][])("has each record once when %s", async (_what, tear) => {
    await using lab = await QueryLab.open();
    using torn = new TornQueries(
      lab.lab,
      firstOfEach(() => tear),
    );
    expect(await lab.collect(options)).toEqual(lab.ids);
    expect(torn.asked.length).toBeGreaterThan(3);
    using _again = new TornQueries(
      lab.lab,
      firstOfEach(() => tear),
    );
    expect(await lab.count(options)).toBe(lab.ids.length);
  });

  it("has each record once when nodes can't read some partitions, or not to their end", async () => {
    await using lab = await QueryLab.open();
    const tear = ({ partitions }: AskedQuery): Tear => ({
      do: "unavailable",
      partitions: new Set(partitions.filter((partition) => partition % 2 === 0)),
      rows: 20,
    });
    using torn = new TornQueries(lab.lab, firstOfEach(tear));
    expect(await lab.collect(options)).toEqual(lab.ids);
    // What was read in part goes on behind the last record; nothing that was read whole is asked for again.
    const later = torn.asked.slice(3);
    expect(later.flatMap(({ resumed }) => resumed).length).toBeGreaterThan(0);
    expect(later.flatMap(({ partitions, resumed }) => [...partitions, ...resumed]).length).toBe(2048);
  });

  it("goes on after a reply that breaks off, with what it still lacks alone", async () => {
    await using lab = await QueryLab.open();
    let rows = 0;
    using torn = new TornQueries(
      lab.lab,
      firstOfEach(() => ({ do: "cut", rows: 30 })),
    );
    torn.onRow = () => rows++;
    expect(await lab.count(options)).toBe(lab.ids.length);
    // An index of lists may give a record again; otherwise nothing is read twice.
    if (index !== byTags) expect(rows).toBe(lab.ids.length);
    expect(torn.asked.slice(3).some(({ resumed }) => resumed.length > 0)).toBe(true);
  });

  it("comes in pages that add up, each resumed from plain data", async () => {
    await using lab = await QueryLab.open();
    const ids: number[] = [];
    let states: readonly PartitionState[] | undefined;
    let pages = 0;
    for (;;) {
      const tracker = lab.tracker({ ...options, states, maxRecords: 32 });
      const page = await lab.collect(options, tracker);
      ids.push(...page);
      pages++;
      states = tracker.states();
      expect(page.length).toBeLessThanOrEqual(32);
      if (tracker.isComplete) break;
      expect(page.length).toBe(32);
    }
    expect(pages).toBeGreaterThanOrEqual(7);
    // What came in the pages before, a list index may give again: pages do not remember it.
    const distinct = index === byTags ? [...new Set(ids)] : ids;
    expect(distinct.sort((a, b) => a - b)).toEqual(lab.ids);
  });

  it("ends on time, with what has come", async () => {
    await using lab = await QueryLab.open();
    using _torn = new TornQueries(
      lab.lab,
      firstOfEach(() => ({ do: "stall", rows: 3 })),
    );
    const startedAt = lab.lab.runtime.now();
    const rows = lab.stream({ ...options, totalTimeoutMs: 5_000 });
    const seen: QueryRow[] = [];
    const error = await lab.lab.failure(
      (async () => {
        for await (const row of rows) seen.push(row);
      })(),
    );
    expect(error).toBeInstanceOf(TimeoutError);
    expect(seen.length).toBe(index === byTags ? seen.length : 9);
    expect(lab.lab.runtime.now() - startedAt).toBe(5_000);
    await lab.lab.runtime.advance(1);
    expect(lab.isIdle).toBe(true);
  });

  it("survives a node that is lost in the middle, and one that comes back", async () => {
    await using lab = await QueryLab.open();
    const { nodes } = lab.lab.emulator;
    using torn = new TornQueries(lab.lab, () => pass);
    let rows = 0;
    torn.onRow = () => {
      if (++rows === 25) void nodes[1]?.stop();
      if (rows === 120) void nodes[1]?.start();
    };
    expect(await lab.count(options)).toBe(lab.ids.length);
    expect(await lab.collect(options)).toEqual(lab.ids);
  });
});

describe("rows that are iterated over", () => {
  it("free all sockets when the iteration is left", async () => {
    await using lab = await QueryLab.open();
    using _torn = new TornQueries(
      lab.lab,
      firstOfEach(() => ({ do: "stall", rows: 10 })),
    );
    await lab.lab.until(
      (async () => {
        let seen = 0;
        for await (const _row of lab.stream()) if (++seen === 25) break;
      })(),
    );
    // The nodes are told to stop; nobody waits for their word on it.
    await lab.lab.runtime.advance(1);
    expect(lab.isIdle).toBe(true);
    expect(await lab.count()).toBe(lab.ids.length);
  });

  it("free all sockets when the iteration is left between two rounds", async () => {
    await using lab = await QueryLab.open({ behavior: { readsQuery: { retryDelay: 10_000 } } });
    using _torn = new TornQueries(
      lab.lab,
      firstOfEach(() => ({ do: "cut", rows: 2 })),
    );
    const rows = lab.stream();
    for (let i = 0; i < 6; i++) await lab.lab.until(rows.next());
    await lab.lab.runtime.advance(100);
    const leftAt = lab.lab.runtime.now();
    expect(await lab.lab.until(rows.return())).toEqual({ value: undefined, done: true });
    expect(lab.lab.runtime.now() - leftAt).toBeLessThan(10);
    expect(lab.isIdle).toBe(true);
  });

  it("hold the nodes up that send more than somebody takes", async () => {
    const text = "x".repeat(20_000);
    await using lab = await QueryLab.open({ records: 600, text });
    const rows = lab.stream({ queue: { maxBytes: 100_000 } });
    await lab.lab.runtime.advance(1_000);
    // A piece of a mebibyte from each node, and not the next.
    expect(rows.isPaused).toBe(true);
    expect(rows.bytes).toBeGreaterThan(1_000_000);
    expect(rows.bytes).toBeLessThan(3 * 1_200_000);
    const ids: number[] = [];
    let most = 0;
    await lab.lab.until(
      (async () => {
        for await (const row of rows) {
          ids.push(idOf(row));
          most = Math.max(most, rows.bytes);
        }
      })(),
    );
    expect(ids.sort((a, b) => a - b)).toEqual(lab.ids);
    expect(most).toBeLessThan(3 * 1_200_000);
  });

  it("end with the client", async () => {
    await using lab = await QueryLab.open();
    using _torn = new TornQueries(
      lab.lab,
      firstOfEach(() => ({ do: "stall", rows: 1 })),
    );
    const rows = lab.stream();
    for (let i = 0; i < 3; i++) await lab.lab.until(rows.next());
    const failed = lab.lab.failure(rows.next());
    await lab.lab.until(lab.context.cluster.close());
    expect(await failed).toMatchObject({ code: "CLIENT_CLOSED" });
  });

  it("end with the caller's signal", async () => {
    await using lab = await QueryLab.open();
    using _torn = new TornQueries(
      lab.lab,
      firstOfEach(() => ({ do: "stall", rows: 1 })),
    );
    const controller = new AbortController();
    const rows = lab.stream({ signal: controller.signal });
    await lab.lab.until(rows.next());
    controller.abort("enough");
    const failed = await lab.lab.failure(
      (async () => {
        for await (const _row of rows);
      })(),
    );
    expect(failed).toMatchObject({ name: "AbortError", cause: "enough" });
    // The nodes are told to stop; nobody waits for their word on it.
    await lab.lab.runtime.advance(1);
    expect(lab.isIdle).toBe(true);
  });

  it("fail with what a node refuses", async () => {
    await using lab = await QueryLab.open();
    const rows = lab.stream({ index: Filter.range("text", 1, 2) });
    const failed = await lab.lab.failure(rows.next());
    expect(failed).toMatchObject({ name: "IndexNotFoundError", code: "INDEX_NOT_FOUND" });
    await lab.lab.runtime.advance(1);
    expect(lab.isIdle).toBe(true);
  });
});

describe("replicas", () => {
  it("are asked in turn: the nodes that broke off get nothing in the next round but what others broke off", async () => {
    await using lab = await QueryLab.open();
    const troubled = lab.lab.emulator.nodes[1];
    const address = `${troubled?.host}:${troubled?.port}`;
    using torn = new TornQueries(lab.lab, (query) => (query.address === address ? { do: "cut", rows: 0 } : pass));
    expect(await lab.count()).toBe(lab.ids.length);
    expect(torn.asked.filter((query) => query.address === address)).toHaveLength(1);
    expect(torn.asked).toHaveLength(5);
  });

  it("are not asked where the behavior wants the master", async () => {
    await using lab = await QueryLab.open({ behavior: { readsQuery: { replica: "master", maxRetries: 1 } } });
    const troubled = lab.lab.emulator.nodes[1];
    const address = `${troubled?.host}:${troubled?.port}`;
    using torn = new TornQueries(lab.lab, (query) => (query.address === address ? { do: "cut", rows: 0 } : pass));
    await expect(lab.count()).rejects.toBeInstanceOf(InvalidNodeError);
    expect(torn.asked.filter((query) => query.address === address)).toHaveLength(2);
  });

  it("are spread over all nodes where the behavior wants any", async () => {
    await using lab = await QueryLab.open({ nodes: 2, behavior: { readsQuery: { replica: "random" } } });
    using torn = new TornQueries(lab.lab, () => pass);
    expect(await lab.count()).toBe(lab.ids.length);
    const map = lab.context.cluster.partitionOwners("test");
    for (const { address, partitions } of torn.asked) {
      const node = [...map.keys()].find(({ id }) => {
        const emulated = lab.lab.emulator.nodes.find((other) => other.id === id);
        return `${emulated?.host}:${emulated?.port}` === address;
      });
      const masters = new Set(node === undefined ? [] : map.get(node));
      const own = partitions.filter((partition) => masters.has(partition)).length;
      expect(own / partitions.length).toBeGreaterThan(0.4);
      expect(own / partitions.length).toBeLessThan(0.6);
    }
  });
});

it.each([4096, 2 ** 32 - 1, "another's"])(
  "believes no node about a partition that it was not asked for: %s",
  async (gone) => {
    await using lab = await QueryLab.open();
    using _torn = new TornQueries(lab.lab, ({ partitions }) => {
      const id = typeof gone === "number" ? gone : partitions.includes(7) ? 8 : 7;
      return partitions.includes(id) ? pass : { do: "unavailable", partitions: new Set([id]), rows: 0 };
    });
    const error = await lab.lab.failure(lab.collect());
    expect(error).toMatchObject({ name: "SerializationError", code: "BAD_REPLY" });
    expect(String(error)).toContain("the node was not asked for partition");
    await lab.lab.runtime.advance(1);
    expect(lab.isIdle).toBe(true);
  },
);

it("retries as long as something new comes, and no longer than allowed when nothing does", async () => {
  await using lab = await QueryLab.open({ replicationFactor: 1, behavior: { readsQuery: { maxRetries: 2 } } });
  using torn = new TornQueries(lab.lab, () => ({ do: "cut", rows: 10 }));
  expect(await lab.collect()).toEqual(lab.ids);
  expect(torn.asked.length).toBeGreaterThan(15);
  using stuck = new TornQueries(lab.lab, () => ({ do: "cut", rows: 0 }));
  await expect(lab.collect()).rejects.toMatchObject({ name: "InvalidNodeError", attempts: 3 });
  expect(stuck.asked).toHaveLength(9);
});

describe("whatever goes wrong, each record comes once", () => {
  it.each(seeds(1, 6))("with seed %i", (seed) =>
    withSeed(seed, async () => {
      await using lab = await QueryLab.open({ seed, records: 120, behavior: { readsQuery: { maxRetries: 20 } } });
      const { runtime, emulator } = lab.lab;
      const random = (): number => runtime.random();
      const options = pick<QueryOptions>(random, [{}, { index: byId }, { index: byTags }]);
      let mischief = 2 + below(random, 8);
      using torn = new TornQueries(lab.lab, ({ partitions, resumed }) => {
        if (mischief-- <= 0) return pass;
        const rows = below(random, 50);
        const some = [...partitions, ...resumed].filter(() => random() < 0.3);
        return pick<Tear>(random, [
          { do: "cut", rows },
          { do: "unavailable", partitions: new Set(some), rows: below(random, 10) },
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
      if (random() < 0.5) expect(await lab.count(options)).toBe(lab.ids.length);
      else expect(await lab.collect({ ...options, queue: { maxRows: 1 + below(random, 30) } })).toEqual(lab.ids);
      await runtime.advance(3_000);
      await lab.lab.until(Promise.all(settled));
    }),
  );
});
