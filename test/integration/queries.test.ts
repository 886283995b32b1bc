import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  AbortError,
  connect,
  DataSet,
  Filter,
  type QueryRows,
  type Record,
  RecordNotFoundError,
  SecondaryIndexError,
} from "../../src/index.js";
import { askInfo } from "../support/ask-info.js";
import { connectTarget, type TestTarget } from "../support/connect-target.js";
import { runs } from "../support/runs.js";

interface Row {
  i: number;
  s: string;
  l: number[];
}

const ROWS = 21;
const ALL = Array.from({ length: ROWS }, (_, i) => i);

let target: TestTarget;
let rows: DataSet<Row>;
let indexName: string;
let listIndexName: string;

beforeAll(async () => {
  target = await connectTarget();
  rows = target.dataSet<Row>();
  await Promise.all(ALL.map((i) => target.session.put(rows.id(i), { i, s: `s${i % 3}`, l: [i, i + 1] })));
  indexName = target.uniqueName();
  listIndexName = target.uniqueName();
  const created = await Promise.all([
    target.session.index(rows).onBin("i").named(indexName).integer().create(),
    target.session.index(rows).onBin("l").collection("list").named(listIndexName).integer().create(),
  ]);
  await Promise.all(created.map((task) => task.waitTillComplete({ totalTimeout: 20_000 })));
});

afterAll(async () => {
  for (const name of [indexName, listIndexName]) {
    const dropped = await target.session.index(rows).named(name).drop();
    await dropped.waitTillComplete({ totalTimeout: 20_000 });
  }
  await target[Symbol.asyncDispose]();
});

function numbers(records: readonly Record<Row, Pick<Row, "i">>[]): number[] {
  return records.map(({ bins }) => bins.i).sort((a, b) => a - b);
}

describe("a query of a set", () => {
  it("gives every record once, with key, bins, generation and time to live", async () => {
    const records = await target.session.query(rows).collect();
    expect(numbers(records)).toEqual(ALL);
    for (const { key, bins, generation, ttl } of records) {
      expect(key.equals(rows.id(bins.i))).toBe(true);
      // Keys are stored unless the behavior says otherwise.
      expect([bins.i, undefined]).toContain(key.userKey);
      expect(bins).toEqual({ i: bins.i, s: `s${bins.i % 3}`, l: [bins.i, bins.i + 1] });
      expect(generation).toBe(1);
      expect(ttl).toBeTypeOf("number");
    }
  });

  it("knows a record without its user key by its digest", async () => {
    const keyless = target.dataSet<Row>();
    const behavior = target.session.behavior.deriveWithChanges("keyless", { all: { sendKey: false } });
    await target.client.createSession(behavior).put(keyless.id(1), { i: 1 });
    const { key } = await target.session.query(keyless).firstOrThrow();
    expect(key.userKey).toBeUndefined();
    expect(key.digest).toEqual(keyless.id(1).digest);
    expect((await target.session.get(key)).bins).toEqual({ i: 1 });
  });

  it("reads the bins that are named, or none", async () => {
    const named = await target.session.query(rows).where("$.i == 4").bins("s", "i").collect();
    expect(named.map(({ bins }) => bins)).toEqual([{ s: "s1", i: 4 }]);
    const none = await target.session.query(rows).withNoBins().collect();
    expect(none).toHaveLength(ROWS);
    expect(none.every(({ bins }) => Object.keys(bins).length === 0)).toBe(true);
  });

  it("keeps to where and filter", async () => {
    const { session } = target;
    expect(
      numbers(
        await session
          .query(rows)
          .filter(Filter.range("i", 5, 8))
          .collect(),
      ),
    ).toEqual([5, 6, 7, 8]);
    expect(numbers(await session.query(rows).where("$.i >= ?0 and $.i <= 8", 5).collect())).toEqual([5, 6, 7, 8]);
    const both = session
      .query(rows)
      .filter(Filter.range("i", 5, 8))
      .where('$.s == "s0"');
    expect(numbers(await both.collect())).toEqual([6]);
    expect(await session.query(rows).where("$.i > 1000").collect()).toEqual([]);
    expect(await session.query(rows).where('$.s == "none"').collect()).toEqual([]);
  });

  it("gives a record once that an index has several entries of", async () => {
    const filter = Filter.containsRange("l", 0, 100, "list");
    expect(numbers(await target.session.query(rows).filter(filter).collect())).toEqual(ALL);
    await expect(target.session.query(rows).filter(filter).count()).resolves.toBe(ROWS);
  });

  it.each([1, 2, 7, 19, 20, 21, 22, 1_000])("keeps to a limit of %d exactly", async (limit) => {
    const { session } = target;
    const expected = Math.min(limit, ROWS);
    const scanned = await session.query(rows).limit(limit).collect();
    expect(new Set(numbers(scanned)).size).toBe(expected);
    expect(scanned).toHaveLength(expected);
    const found = await session.query(rows).where("$.i >= 0").limit(limit).collect();
    expect(found).toHaveLength(expected);
    await expect(session.query(rows).limit(limit).count()).resolves.toBe(expected);
  });

  it("keeps to a limit that is just what a condition leaves", async () => {
    const query = target.session.query(rows).where('$.s == "s1"').withoutIndex().limit(7);
    expect(await query.collect()).toHaveLength(7);
  });

  it("goes through partitions, which together are all", async () => {
    const ranges = await Promise.all(
      [0, 1_024, 2_048, 3_072].map((start) => target.session.query(rows).onPartitionRange(start, 1_024).collect()),
    );
    expect(numbers(ranges.flat())).toEqual(ALL);
    for (const [n, records] of ranges.entries()) {
      for (const { key } of records) expect(Math.floor(key.partition / 1_024)).toBe(n);
    }
    const { partition } = rows.id(3);
    expect(numbers(await target.session.query(rows).onPartition(partition).collect())).toContain(3);
    await expect(target.session.query(rows).onPartitionRange(0, 4_096).count()).resolves.toBe(ROWS);
  });

  it("of any duration gives the same", async () => {
    for (const duration of ["long", "short", "longRelaxAp"] as const) {
      const records = await target.session.query(rows).queryDuration(duration).collect();
      expect(numbers(records)).toEqual(ALL);
    }
  });

  it("can be slowed down", async () => {
    const records = await target.session.query(rows).recordsPerSecond(1_000).collect();
    expect(numbers(records)).toEqual(ALL);
  });

  it("gives its first record", async () => {
    expect((await target.session.query(rows).where("$.i == 3").first())?.bins.i).toBe(3);
    expect(await target.session.query(rows).where("$.i > 1000").first()).toBeNull();
    const none = target.session.query(rows).where("$.i > 1000").firstOrThrow();
    await expect(none).rejects.toBeInstanceOf(RecordNotFoundError);
  });

  it("explains itself", async () => {
    const query = target.session.query(rows).where("$.i >= 5 and $.i <= 8").bins("i").limit(3).onPartitionRange(0, 8);
    const plan = await query.explain();
    expect(plan).toMatchObject({
      namespace: "test",
      setName: rows.setName,
      index: `bin i from 5 to 8 (index ${indexName})`,
      bins: ["i"],
      limit: 3,
      partitions: { start: 0, count: 8 },
      isResumed: false,
      warnings: [],
    });
    expect(String(plan)).toContain(`index: bin i from 5 to 8 (index ${indexName})`);
    expect(String(plan)).toContain("partitions: 0 to 7");
    await expect(target.session.query(rows).where("$.i >= 5").withoutIndex().explain()).resolves.toMatchObject({
      index: undefined,
    });
  });

  it("over an index that does not exist fails at once, and other queries go on", async () => {
    const missing = await target.session
      .query(rows)
      .filter(Filter.range("s", 1, 2))
      .execute();
    await expect(missing.next()).rejects.toMatchObject({ resultCode: 201 });
    await expect(missing.next()).resolves.toEqual({ done: true, value: undefined });
    const again = target.session
      .query(rows)
      .filter(Filter.range("s", 1, 2))
      .count();
    await expect(again).rejects.toBeInstanceOf(SecondaryIndexError);
    await expect(target.session.query(rows).count()).resolves.toBe(ROWS);
  });

  it("waits for its turn among a hundred", async () => {
    const counts = await Promise.all(
      Array.from({ length: runs(100) }, async () => (await target.session.query(rows).collect()).length),
    );
    expect(new Set(counts)).toEqual(new Set([ROWS]));
  }, 60_000);
});

describe("pages", () => {
  it("of 7 of 21 records are three, and nothing after them", async () => {
    const stream = await target.session.query(rows).execute();
    const pages: Record<Row>[][] = [];
    for await (const page of stream.pages(7)) pages.push(page);
    expect(pages.map((page) => page.length)).toEqual([7, 7, 7]);
    expect(numbers(pages.flat())).toEqual(ALL);
    expect(stream.cursor()).toBeUndefined();
  });

  it("of 7 of 19 records of an index are two and one of 5", async () => {
    const stream = await target.session
      .query(rows)
      .filter(Filter.range("i", 2, 100))
      .execute();
    const pages: Record<Row>[][] = [];
    for await (const page of stream.pages(7)) pages.push(page);
    expect(pages.map((page) => page.length)).toEqual([7, 7, 5]);
    expect(numbers(pages.flat())).toEqual(ALL.slice(2));
  });
});

describe("a cursor", () => {
  type Query = ReturnType<typeof query>;
  const query = () => target.session.query(rows);

  async function pageByPage(make: () => Query, limit: number): Promise<number[][]> {
    const pages: number[][] = [];
    for (let cursor: string | undefined = "", n = 0; cursor !== undefined; n++) {
      const stream = await (n === 0 ? make() : make().resumeFrom(cursor)).limit(limit).execute();
      pages.push(numbers(await stream.collect()));
      cursor = stream.cursor();
      if (n > 100) throw new Error("the cursor does not come to its end");
    }
    return pages;
  }

  it.each([
    ["all records", () => query(), ALL],
    ["a given range", () => query().filter(Filter.range("i", 2, 100)), ALL.slice(2)],
    ["an index that is chosen", () => query().where("$.i >= 2"), ALL.slice(2)],
  ])("goes through %s, none twice", async (_, make, expected) => {
    for (const limit of [1, 4, 7, 100]) {
      const pages = await pageByPage(make, limit);
      expect(pages.flat().sort((a, b) => a - b)).toEqual(expected);
      expect(pages.slice(0, -2).every((page) => page.length === limit)).toBe(true);
    }
  });

  it("stands behind the last record that was taken, not the last that came", async () => {
    const stream = await query().execute();
    const taken: number[] = [];
    for await (const { bins } of stream) {
      taken.push(bins.i);
      if (taken.length === 5) break;
    }
    const cursor = stream.cursor() ?? "";
    const rest = numbers(await query().resumeFrom(cursor).collect());
    expect([...taken, ...rest].sort((a, b) => a - b)).toEqual(ALL);
    await expect(query().resumeFrom(cursor).count()).resolves.toBe(ROWS - 5);
  });

  it("works in another client", async () => {
    const stream = await query().where("$.i >= 0").limit(9).execute();
    const first = numbers(await stream.collect());
    await using client = await connect(target.hosts);
    const same = DataSet.of<Row>("test", rows.setName);
    const resumed = client
      .createSession()
      .query(same)
      .where("$.i >= 0")
      .resumeFrom(stream.cursor() ?? "");
    expect([...first, ...numbers(await resumed.collect())].sort((a, b) => a - b)).toEqual(ALL);
  });

  it("of another query is refused", async () => {
    const stream = await query().limit(1).execute();
    await stream.collect();
    const cursor = stream.cursor() ?? "";
    const other = target.session.query(target.dataSet<Row>()).resumeFrom(cursor).execute();
    await expect(other).rejects.toThrow("the cursor is of another query");
    const filtered = query()
      .filter(Filter.range("i", 0, 5))
      .resumeFrom(cursor)
      .execute();
    await expect(filtered).rejects.toThrow("the cursor is of another query");
  });

  it("is not given where an index has several entries of a record", async () => {
    const stream = await query()
      .filter(Filter.containsRange("l", 0, 100, "list"))
      .execute();
    expect(() => stream.cursor()).toThrow("use withoutIndex()");
    await stream.close();
  });
});

describe("a query that is left", () => {
  interface Large {
    i: number;
    text: string;
  }
  const LARGE = 3_000;
  /** Servers send what they have found in pieces of a megabyte. */
  const TEXT = 8_000;
  let large: DataSet<Large>;

  beforeAll(async () => {
    large = target.dataSet<Large>();
    const text = "x".repeat(TEXT);
    for (let i = 0; i < LARGE; i += 250) {
      await Promise.all(Array.from({ length: 250 }, (_, n) => target.session.put(large.id(i + n), { i: i + n, text })));
    }
  }, 60_000);

  /** The queries of the large set that the nodes list, running or ended. */
  async function jobs(): Promise<string[]> {
    const lists = await Promise.all(target.client.nodes.map(({ address }) => askInfo(address, "query-show")));
    return lists.flatMap((list) => list.split(";")).filter((job) => job.includes(`:set=${large.setName}:`));
  }

  const isRunning = (job: string): boolean => !job.includes(":status=done");

  /** Slow enough to be met half-way: 3 000 records at 100 a second take a node 30 s, or three of them 10 s. */
  const slow = () => target.session.query(large).recordsPerSecond(100);

  /** Waits until no node works on such a query any more; none may have come to its end. */
  async function expectStopped(): Promise<void> {
    while ((await jobs()).some(isRunning)) await new Promise((resolve) => setTimeout(resolve, 20));
    const ended = (await jobs()).filter((job) => job.includes(":rps=100:"));
    expect(ended.length).toBeGreaterThan(0);
    expect(ended.filter((job) => job.includes(":status=done(ok)"))).toEqual([]);
    await expect(target.session.query(rows).count()).resolves.toBe(ROWS);
  }

  it.concurrent.each([
    [
      "break",
      async (left: QueryRows<Record<Large>>) => {
        for await (const record of left) if (record.bins.text.length > 0) break;
      },
    ],
    [
      "an error in the loop",
      async (left: QueryRows<Record<Large>>) => {
        const loop = (async () => {
          for await (const { bins } of left) throw new RangeError(`${bins.i}`);
        })();
        await expect(loop).rejects.toBeInstanceOf(RangeError);
      },
    ],
    [
      "pages that are not read",
      async (left: QueryRows<Record<Large>>) => {
        for await (const page of left.pages(2)) if (page.length === 2) return;
      },
    ],
    [
      "close()",
      async (left: QueryRows<Record<Large>>) => {
        await left.next();
        await left.close();
        await left.close();
        await expect(left.next()).resolves.toEqual({ done: true, value: undefined });
      },
    ],
    [
      "cancelling its ReadableStream",
      async (left: QueryRows<Record<Large>>) => {
        const reader = left.toReadableStream().getReader();
        expect((await reader.read()).value?.bins.text).toHaveLength(TEXT);
        await reader.cancel();
      },
    ],
  ])("by %s ends on the servers", async (_, leave) => {
    const left = await slow().execute();
    await leave(left);
    await expectStopped();
  });

  it("by the signal throws, and ends on the servers", async () => {
    const stop = new AbortController();
    let seen = 0;
    const loop = (async () => {
      for await (const record of await slow().execute({ signal: stop.signal })) {
        seen += record.bins.text.length / TEXT;
        stop.abort();
      }
    })();
    await expect(loop).rejects.toBeInstanceOf(AbortError);
    expect(seen).toBe(1);
    await expectStopped();
  });

  it("by the signal throws also while it waits for the first piece", async () => {
    const stop = new AbortController();
    const waiting = slow().execute({ signal: stop.signal });
    const next = (await waiting).next();
    while (!(await jobs()).some(isRunning)) await new Promise((resolve) => setTimeout(resolve, 10));
    stop.abort();
    await expect(next).rejects.toBeInstanceOf(AbortError);
    await expectStopped();
  });

  it("by the end of the client throws", async () => {
    const client = await connect(target.hosts);
    let seen = 0;
    const loop = (async () => {
      for await (const record of await client.createSession().query(large).execute()) {
        if (record.bins.text.length === TEXT && ++seen === 1) await client.close();
      }
    })();
    await expect(loop).rejects.toMatchObject({ code: "CLIENT_CLOSED" });
    expect(seen).toBe(1);
  });

  it("for a while goes on where it stood", async () => {
    const seen = new Set<number>();
    for await (const record of await target.session.query(large).execute()) {
      seen.add(record.bins.i);
      if (seen.size % 1_000 === 1) await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(seen.size).toBe(LARGE);
  });

  it("and gone on with from a cursor has every record once", async () => {
    const taken: number[] = [];
    for await (const { bins } of await target.session.query(large).execute()) taken.push(bins.i);
    expect(new Set(taken).size).toBe(LARGE);
    let cursor: string | undefined;
    const paged: number[] = [];
    do {
      const query = target.session.query(large).bins("i").limit(700);
      const stream = await (cursor === undefined ? query : query.resumeFrom(cursor)).execute();
      for await (const { bins } of stream) paged.push(bins.i);
      cursor = stream.cursor();
    } while (cursor !== undefined);
    expect(paged.sort((a, b) => a - b)).toEqual(taken.sort((a, b) => a - b));
  });

  it("as a ReadableStream has every record", async () => {
    let read = 0;
    const stream = (await target.session.query(large).execute()).toReadableStream();
    await stream.pipeTo(
      new WritableStream({
        write: ({ bins }) => {
          read += bins.text.length;
        },
      }),
    );
    expect(read).toBe(LARGE * TEXT);
  });
});
