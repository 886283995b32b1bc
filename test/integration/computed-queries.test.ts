import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ComputedRecord, type DataSet, Filter, type Hll } from "../../src/index.js";
import { connectTarget, type TestTarget } from "../support/connect-target.js";

interface Order {
  i: number;
  price: number;
  quantity: number;
  tags?: string[];
  parts?: { [name: string]: number };
  bits?: Uint8Array;
  seen?: Hll;
  total?: number;
}

const ROWS = 12;
const ALL = Array.from({ length: ROWS }, (_, i) => i);

let target: TestTarget;
let orders: DataSet<Order>;
let indexName: string;

beforeAll(async () => {
  target = await connectTarget();
  orders = target.dataSet<Order>();
  const { session } = target;
  await Promise.all(
    ALL.map(async (i) => {
      await session.put(orders.id(i), { i, price: i + 1, quantity: 2 });
      // Every third has nothing further.
      if (i % 3 === 0) return;
      const tags = Array.from({ length: i }, (_, n) => `t${n}`);
      const write = session.update(orders.id(i)).bin("tags").setTo(tags).bin("parts").setTo({ screw: i, nut: 1 });
      await write
        .bin("bits")
        .setTo(Uint8Array.of(i))
        .bin("seen")
        .hllAdd(tags, { config: { indexBits: 8 } })
        .execute();
    }),
  );
  indexName = target.uniqueName();
  const created = await session.index(orders).onBin("i").named(indexName).integer().create();
  await created.waitTillComplete({ totalTimeout: 20_000 });
});

afterAll(async () => {
  await target.session.index(orders).named(indexName).drop();
  await target[Symbol.asyncDispose]();
});

const query = () => target.session.query(orders);

function byFirst(records: readonly ComputedRecord<Order, unknown>[]): (readonly unknown[])[] {
  return records.map(({ operationResults }) => operationResults).sort((a, b) => Number(a[0]) - Number(b[0]));
}

describe("sums of what is missing", () => {
  it("count from 0.0, so that -0.0 adds up to 0.0", async () => {
    const key = target.dataSet<{ list: number[]; map: { [name: string]: number } }>().id(1);
    await target.session.put(key, { list: [1], map: { nut: 1 } });
    const row = await target.session
      .query(key)
      .bin("list")
      .selectFrom("$.list.[1].add(-0.0)")
      .bin("map")
      .selectFrom("$.map.screw.add(-0.0)")
      .firstOrThrow();
    expect(row.record?.bins).toEqual({ list: [1, 0], map: { nut: 1, screw: 0 } });
  });
});

describe("operations in a query of a set", () => {
  it("give each record what they return, by position and by bin", async () => {
    const records = await query().bin("i").get().bin("tags").listSize().bin("tags").listGetRange(0, 1).collect();
    expect(byFirst(records)).toEqual(ALL.map((i) => (i % 3 === 0 ? [i, null, null] : [i, i, i === 0 ? [] : ["t0"]])));
    const five = records.find(({ bins }) => bins["i"] === 5);
    expect(five?.bins).toEqual({ i: 5, tags: ["t0"] });
    expect(five?.key.equals(orders.id(5))).toBe(true);
    expect(JSON.parse(JSON.stringify(five))).toMatchObject({ bins: { i: 5 }, operationResults: [5, 5, ["t0"]] });
  });

  it("of every kind are worked out", async () => {
    const computed = query()
      .where("$.i == 7")
      .bin("parts")
      .onMapKey("screw")
      .getValues()
      .bin("parts")
      .mapSize()
      .bin("bits")
      .bitCount(0, 8)
      .bin("seen")
      .hllGetCount()
      .bin("total")
      .selectFrom("$.price:INT * $.quantity");
    const { operationResults, generation, ttl } = await computed.firstOrThrow();
    expect(operationResults).toEqual([7, 2, 3, 7, 16]);
    expect([generation, typeof ttl]).toEqual([2, "number"]);
  });

  it("give a record also where there is nothing to give", async () => {
    const records = await query().bin("tags").listSize().collect();
    expect(records).toHaveLength(ROWS);
    expect(records.filter(({ operationResults }) => operationResults[0] === null)).toHaveLength(4);
    expect(records.filter(({ bins }) => Object.keys(bins).length === 0)).toHaveLength(4);
  });

  it("go through an index, partitions, a limit and durations as every query does", async () => {
    const total = () => query().bin("i").get().bin("total").selectFrom("$.price:INT * $.quantity");
    const ranged = await total()
      .filter(Filter.range("i", 3, 6))
      .collect();
    expect(byFirst(ranged)).toEqual([3, 4, 5, 6].map((i) => [i, 2 * (i + 1)]));
    const chosen = total().where("$.i >= ?0", 10);
    expect(String(await chosen.explain())).toContain(`index ${indexName}`);
    expect(byFirst(await chosen.collect())).toEqual([10, 11].map((i) => [i, 2 * (i + 1)]));
    const halves = await Promise.all([0, 2048].map((start) => total().onPartitionRange(start, 2048).collect()));
    expect(byFirst(halves.flat()).map(([i]) => i)).toEqual(ALL);
    expect(await total().limit(5).collect()).toHaveLength(5);
    expect(await total().queryDuration("short").collect()).toHaveLength(ROWS);
    await expect(total().count()).resolves.toBe(ROWS);
  });

  it("come in pages, and go on from a cursor with other operations", async () => {
    const rows = await query().bin("i").get().limit(5).execute();
    const first = await rows.collect();
    const rest = await query()
      .bin("i")
      .get()
      .bin("tags")
      .listSize()
      .resumeFrom(rows.cursor() ?? "")
      .collect();
    expect(byFirst([...first, ...rest]).map(([i]) => i)).toEqual(ALL);
    const sizes: number[] = [];
    for await (const page of (await query().bin("i").get().execute()).pages(5)) sizes.push(page.length);
    expect(sizes).toEqual([5, 5, 2]);
  });

  it("say in the plan what they are", async () => {
    const plan = await query().bin("tags").listSize().bin("tags").listGet(0).bin("i").get().explain();
    expect(plan).toMatchObject({ bins: ["tags", "i"], operations: 3 });
    expect(String(plan)).toContain("bins: tags, i, by 3 operations");
  });
});

describe("records on which an operation fails", () => {
  it("are missed at the end, when all others have come", async () => {
    const mixed = target.dataSet();
    await Promise.all(
      ALL.map((i) => target.session.put(mixed.id(i), i < 2 ? { i, l: "no list" } : { i, l: Array(i).fill(0) })),
    );
    const rows = await target.session.query(mixed).bin("l").listSize().execute();
    const sizes: unknown[] = [];
    const loop = (async () => {
      for await (const { operationResults } of rows) sizes.push(operationResults[0]);
    })();
    await expect(loop).rejects.toMatchObject({
      code: "QUERY_RECORDS_FAILED",
      message: expect.stringContaining("operations failed on up to 2 records"),
    });
    expect(sizes.sort((a, b) => Number(a) - Number(b))).toEqual(ALL.slice(2));
    const sound = target.session.query(mixed).where("$.i >= 2").bin("l").listSize();
    expect(await sound.collect()).toHaveLength(ROWS - 2);
    // They count against the limit of a node, which is asked for more.
    const limited: unknown[] = [];
    const some = await target.session
      .query(mixed)
      .bin("l")
      .listSize()
      .limit(ROWS - 2)
      .execute();
    await (async () => {
      for await (const record of some) limited.push(record);
    })().catch((error: unknown) => expect(error).toMatchObject({ code: "QUERY_RECORDS_FAILED" }));
    expect(limited).toHaveLength(ROWS - 2);
  });

  it("come where an expression that fails may give nothing", async () => {
    const options = { ignoreEvalFailure: true } as const;
    const records = await query().bin("i").get().bin("total").selectFrom("$.parts.screw * 2", options).collect();
    expect(byFirst(records)).toEqual(ALL.map((i) => [i, i % 3 === 0 ? null : 2 * i]));
    await expect(query().bin("total").selectFrom("$.parts.screw * 2").collect()).rejects.toMatchObject({
      code: "QUERY_RECORDS_FAILED",
    });
  });
});
