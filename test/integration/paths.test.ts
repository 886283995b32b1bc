import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DataSet, Exp, MapOrder } from "../../src/index.js";
import { connectTarget, type TestTarget } from "../support/connect-target.js";

// Paths on bins: server 8.1.1 and later.

interface Book {
  title: string;
  price: number;
  tags?: string[];
}

interface Shop {
  id: number;
  books: { [isbn: string]: Book };
  scores?: number[];
  grid?: number[][];
  nested?: { [name: string]: { [name: string]: number } };
  byId?: Map<number, number>;
  mixed?: (number | string)[];
}

const SHOP: Shop = {
  id: 1,
  books: {
    a: { title: "A", price: 5, tags: ["x", "y"] },
    b: { title: "B", price: 12 },
    c: { title: "C", price: 30, tags: ["z"] },
  },
  scores: [4, 1, 3, 2],
  grid: [[1, 2], [3]],
  nested: { p: { q: 1, r: 2 }, s: { q: 3 } },
  byId: new Map([
    [1, 10],
    [2, 20],
  ]),
  mixed: [1, "two", 3],
};

const value = Exp.intLoopVar("value");
const above = (limit: number) => Exp.gt(value, Exp.intVal(limit));
const plus = (amount: number) => Exp.numAdd([value, Exp.intVal(amount)]);
const cheap = Exp.lt(Exp.mapGetByKey(7, "int", "price", Exp.mapLoopVar("value")), Exp.intVal(20));

let target: TestTarget;
let shops: DataSet<Shop>;
let ids = 0;

beforeAll(async () => {
  target = await connectTarget();
  shops = target.dataSet<Shop>();
});

afterAll(async () => {
  await target[Symbol.asyncDispose]();
});

async function stored(shop: Shop = SHOP) {
  const key = shops.id(`shop ${ids++}`);
  await target.session.put(key, shop);
  return key;
}

describe("what a path leads to", () => {
  it("is read as values, keys, entries and a tree", async () => {
    const key = await stored();
    const row = await target.session
      .query(key)
      .bin("books")
      .onEachChild({ where: cheap })
      .onMapKey("title")
      .collectValues()
      .bin("books")
      .onEachChild({ where: cheap })
      .collectKeys()
      .bin("byId")
      .onEachChild()
      .collectEntries()
      .bin("books")
      .onEachChild()
      .onMapKey("price")
      .collectTree()
      .bin("scores")
      .onEachChild({ where: above(2) })
      .collectValues()
      .bin("scores")
      .onEachChild({ where: above(2) })
      .collectTree()
      .firstOrThrow();
    expect(row.orThrow().operationResults).toEqual([
      ["A", "B"],
      ["a", "b"],
      [
        [1, 10],
        [2, 20],
      ],
      { a: { price: 5 }, b: { price: 12 }, c: { price: 30 } },
      [4, 3],
      [4, 3],
    ]);
  });

  it("may be under several keys, narrowed down", async () => {
    const key = await stored();
    const books = () => target.session.query(key).bin("books").onMapKeysIn(["c", "a", "none"]);
    const row = await books()
      .collectKeys()
      .bin("books")
      .onMapKeysIn(["c", "a"])
      .andWhere(cheap)
      .collectKeys()
      .bin("nested")
      .onEachChild()
      .onMapKeysIn(["q", "r"])
      .andWhere(above(1))
      .collectEntries()
      .bin("nested")
      .onEachChild()
      .onMapKey("q")
      .andWhere(above(1))
      .collectValues()
      .firstOrThrow();
    expect(row.orThrow().operationResults).toEqual([
      ["a", "c"],
      ["a"],
      [
        ["r", 2],
        ["q", 3],
      ],
      [3],
    ]);
  });

  it("may lie behind one place", async () => {
    const key = await stored();
    const row = await target.session
      .query(key)
      .bin("books")
      .onMapKey("a")
      .onMapKey("tags")
      .onEachChild()
      .collectValues()
      .bin("nested")
      .onMapKey("p")
      .onMapKeysIn(["r"])
      .collectTree()
      .bin("grid")
      .onListIndex(0)
      .onEachChild({ where: Exp.eq(Exp.intLoopVar("index"), Exp.intVal(1)) })
      .collectValues()
      .firstOrThrow();
    expect(row.orThrow().operationResults).toEqual([["x", "y"], { p: { r: 2 } }, [2]]);
  });

  it("is chosen by every kind of step", async () => {
    const key = await stored();
    const grid = () => target.session.query(key).bin("grid");
    const nested = () => target.session.query(key).bin("nested");
    const found = async <R>(query: { firstOrThrow(): Promise<{ readonly operationResults: R }> }) =>
      (await query.firstOrThrow()).operationResults;
    expect(await found(grid().onEachChild().onListIndex(-1).collectValues())).toEqual([[2, 3]]);
    expect(await found(grid().onEachChild().onListValue(3).collectValues())).toEqual([[3]]);
    expect(await found(nested().onEachChild().onMapValue(3).collectKeys())).toEqual([["q"]]);
    expect(
      await found(
        grid()
          .onEachChild()
          .onEachChild({ where: above(1) })
          .collectValues(),
      ),
    ).toEqual([[2, 3]]);
    // Servers of 8.1.2 take these only in what is the last of its own list or map; else the result code is 1.
    const byKey = () => nested().onMapKeysIn(["s"]);
    expect(await found(byKey().onMapIndex(-1).collectEntries())).toEqual([[["q", 3]]]);
    expect(await found(byKey().onMapRank(0).collectKeys())).toEqual([["q"]]);
    expect(await found(byKey().onMapIndex(0).andWhere(above(3)).collectValues())).toEqual([[]]);
    const first = () => grid().onEachChild({ where: Exp.eq(Exp.intLoopVar("index"), Exp.intVal(1)) });
    expect(await found(first().onListRank(0).collectValues())).toEqual([[3]]);
  });

  it("may be nothing", async () => {
    const key = await stored({ id: 1, books: {} });
    const row = await target.session
      .query(key)
      .bin("books")
      .onEachChild()
      .collectValues()
      .bin("books")
      .onMapKeysIn(["a"])
      .collectTree()
      .bin("scores")
      .onEachChild()
      .collectValues()
      .firstOrThrow();
    expect(row.orThrow().operationResults).toEqual([[], {}, null]);
  });

  it("is an error where it can't be worked out, or is passed over", async () => {
    const key = await stored();
    const mixed = () =>
      target.session
        .query(key)
        .bin("mixed")
        .onEachChild({ where: above(0) });
    await expect(mixed().collectValues().firstOrThrow()).rejects.toMatchObject({ resultCode: 4 });
    const row = await mixed().collectValues({ noFail: true }).firstOrThrow();
    expect(row.orThrow().operationResults).toEqual([[1, 3]]);
  });

  it("is read in batches and in queries of the set, too", async () => {
    const set = target.dataSet<Shop>();
    const keys = set.ids(1, 2, 3);
    await target.session.putMany(
      keys.map((key, i) => [key, { id: i, books: {}, scores: [i, i + 10] }] as [typeof key, Shop]),
    );
    const rows = await target.session
      .query(keys)
      .bin("scores")
      .onEachChild({ where: above(5) })
      .collectValues()
      .execute();
    const found: unknown[] = [];
    for await (const row of rows) found.push(row.orThrow().operationResults);
    expect(found).toEqual([[[10]], [[11]], [[12]]]);
    const computed: number[] = [];
    const all = await target.session
      .query(set)
      .bin("scores")
      .onEachChild({ where: above(5) })
      .collectValues()
      .execute();
    for await (const { operationResults } of all) computed.push(...(operationResults[0] ?? []));
    expect(computed.sort((a, b) => a - b)).toEqual([10, 11, 12]);
  });
});

describe("a change along a path", () => {
  it("replaces what the path leads to, and nothing else", async () => {
    const key = await stored();
    const row = await target.session
      .update(key)
      .bin("scores")
      .onEachChild({ where: above(2) })
      .modifyBy(plus(10))
      .bin("scores")
      .get()
      .bin("books")
      .onEachChild({ where: cheap })
      .onMapKey("price")
      .modifyBy(Exp.numMul([value, Exp.intVal(2)]))
      .bin("nested")
      .onMapKey("p")
      .onEachChild()
      .modifyBy(Exp.stringVal("short"))
      .firstOrThrow();
    expect(row.orThrow().operationResults).toEqual([null, [14, 1, 13, 2], null, null]);
    const { bins } = await target.session.get(key);
    expect(bins).toEqual({
      ...SHOP,
      scores: [14, 1, 13, 2],
      books: {
        a: { title: "A", price: 10, tags: ["x", "y"] },
        b: { title: "B", price: 24 },
        c: { title: "C", price: 30, tags: ["z"] },
      },
      nested: { p: { q: "short", r: "short" }, s: { q: 3 } },
    });
  });

  it("removes what the path leads to", async () => {
    const key = await stored();
    await target.session
      .update(key)
      .bin("scores")
      .onEachChild({ where: above(2) })
      .removeMatches()
      .bin("books")
      .onMapKeysIn(["a", "c"])
      .onMapKey("tags")
      .removeMatches()
      .bin("grid")
      .onEachChild()
      .onListIndex(0)
      .removeMatches()
      .bin("mixed")
      .onEachChild()
      .modifyBy(Exp.cond([above(2), Exp.removeResult(), Exp.unknown()]), { noFail: true })
      .execute();
    const { bins } = await target.session.get(key, ["scores", "books", "grid", "mixed"]);
    expect(bins).toEqual({
      scores: [1, 2],
      books: { a: { title: "A", price: 5 }, b: { title: "B", price: 12 }, c: { title: "C", price: 30 } },
      grid: [[2], []],
      mixed: [1, "two"],
    });
  });

  it("keeps sorted lists sorted, and maps in order", async () => {
    const key = await stored();
    await target.session
      .update(key)
      .bin("scores")
      .listClear()
      .bin("scores")
      .remove()
      .bin("scores")
      .listAddItems([1, 2, 3])
      .bin("scores")
      .onEachChild({ where: Exp.lt(value, Exp.intVal(3)) })
      .modifyBy(plus(10))
      .bin("nested")
      .mapSetPolicy(MapOrder.KEY_ORDERED)
      .bin("nested")
      .onMapKey("p")
      .onEachChild()
      .modifyBy(plus(1))
      .execute();
    const { bins } = await target.session.get(key, ["scores", "nested"]);
    expect(bins).toEqual({ scores: [3, 11, 12], nested: { p: { q: 2, r: 3 }, s: { q: 3 } } });
  });

  it("is an error for a bin that is missing or no list or map, and where it can't be worked out", async () => {
    const key = await stored({ id: 1, books: {}, mixed: [1, "two"] });
    const untyped = target.session.update(key);
    await expect(untyped.bin("scores").onEachChild().removeMatches().execute()).rejects.toMatchObject({
      resultCode: 12,
      code: "BIN_TYPE",
    });
    const mixed = () => target.session.update(key).bin("mixed").onEachChild();
    await expect(mixed().modifyBy(plus(1)).execute()).rejects.toMatchObject({ resultCode: 1 });
    await mixed().modifyBy(plus(1), { noFail: true }).execute();
    expect((await target.session.get(key, ["mixed"])).bins).toEqual({ mixed: [2, "two"] });
  });

  it("is part of a background task", async () => {
    const set = target.dataSet<Shop>();
    await target.session.putMany(
      set.ids(1, 2).map((key, i) => [key, { id: i, books: SHOP.books, scores: [i, i + 10] }] as [typeof key, Shop]),
    );
    const task = await target.session
      .backgroundTask()
      .update(set)
      .bin("scores")
      .onEachChild({ where: above(5) })
      .modifyBy(plus(100))
      .bin("books")
      .onMapKeysIn(["a", "b"])
      .removeMatches()
      .execute();
    await task.waitTillComplete();
    for (const i of [0, 1]) {
      expect((await target.session.get(set.id(i + 1))).bins).toMatchObject({
        scores: [i, i + 110],
        books: { c: SHOP.books["c"] },
      });
    }
  });
});
