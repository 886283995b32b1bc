import { describe, expectTypeOf, it } from "vitest";
import { type BinsShape, DataSet, Exp, type Key, type Session, type Value } from "../../src/index.js";

interface Item {
  name: string;
  price: number;
  tags: string[];
  note?: string;
}

interface Order {
  id: number;
  items: Item[];
  byName: { [name: string]: Item };
  counts?: Map<number, string>;
  address: { street: string; number: number };
}

declare const session: Session;
const orders = DataSet.of<Order>("test", "orders");
const key = orders.id(1);
const reads = session.query(key);
const writes = session.update(key);
const tasks = session.backgroundTask().update(orders);
const anything = session.query(DataSet.of("test", "anything").id(1)).bin("a");
const where = Exp.gt(Exp.intLoopVar("value"), Exp.intVal(1));
const plus1 = Exp.numAdd([Exp.intLoopVar("value"), Exp.intVal(1)]);

type ResultsOf<B> = B extends { firstOrThrow(): Promise<infer R> }
  ? R extends { readonly operationResults: infer O }
    ? O
    : never
  : never;
declare function results<B>(builder: B): ResultsOf<B>;

describe("what a path collects", () => {
  it("is of the types of the places", () => {
    expectTypeOf(results(reads.bin("items").onEachChild().onMapKey("price").collectValues())).toEqualTypeOf<
      readonly [number[]]
    >();
    expectTypeOf(results(reads.bin("items").onEachChild().onMapKey("note").collectValues())).toEqualTypeOf<
      readonly [string[]]
    >();
    expectTypeOf(
      results(reads.bin("items").onEachChild().onMapKey("tags").onEachChild({ where }).collectValues()),
    ).toEqualTypeOf<readonly [string[]]>();
    expectTypeOf(results(reads.bin("byName").onEachChild().collectEntries())).toEqualTypeOf<
      readonly [[string, Item][]]
    >();
    expectTypeOf(results(reads.bin("address").onMapKeysIn(["number"]).collectEntries())).toEqualTypeOf<
      readonly [["number", number][]]
    >();
    expectTypeOf(results(reads.bin("counts").onEachChild().collectKeys())).toEqualTypeOf<readonly [number[] | null]>();
    expectTypeOf(results(anything.onEachChild().collectValues())).toEqualTypeOf<readonly [Value[] | null]>();
  });

  it("is, as a tree, the bin without what may be left out", () => {
    expectTypeOf(results(reads.bin("items").onEachChild({ where }).collectTree())).toEqualTypeOf<
      readonly [{ name?: string; price?: number; tags?: string[]; note?: string }[]]
    >();
    expectTypeOf(results(reads.bin("address").onMapKeysIn(["street"]).collectTree())).toEqualTypeOf<
      readonly [{ street?: string; number?: number }]
    >();
    expectTypeOf(results(reads.bin("byName").onMapKey("a").onMapKey("tags").onEachChild().collectTree())).toEqualTypeOf<
      readonly [{ [name: string]: { name?: string; price?: number; tags?: string[]; note?: string } | undefined }]
    >();
  });
});

describe("a path", () => {
  it("follows the declared type", () => {
    // @ts-expect-error an item has no such key
    reads.bin("items").onEachChild().onMapKey("prize");
    // @ts-expect-error a price has nothing inside
    reads.bin("items").onEachChild().onMapKey("price").onEachChild;
    // @ts-expect-error elements of a list have no keys
    reads.bin("items").onEachChild().collectKeys;
    // @ts-expect-error items are maps
    reads.bin("items").onEachChild().onListIndex;
    // @ts-expect-error an address has no such key
    reads.bin("address").onMapKeysIn(["street", "zip"]);
    // @ts-expect-error a list has no keys
    reads.bin("items").onMapKeysIn;
    // @ts-expect-error an id has nothing inside
    reads.bin("id").onEachChild;
  });

  it("takes conditions where they narrow one step down", () => {
    reads.bin("items").onEachChild().onMapKey("price").andWhere(where).collectValues();
    // @ts-expect-error onEachChild has where
    reads.bin("items").onEachChild().andWhere;
    // @ts-expect-error once
    reads.bin("address").onMapKeysIn(["number"]).andWhere(where).andWhere;
    // @ts-expect-error text is no expression over loop variables
    reads.bin("items").onEachChild({ where: "$.price > 1" });
  });

  it("writes where writes are, and reads where reads are", () => {
    writes.bin("items").onEachChild().onMapKey("price").modifyBy(plus1, { noFail: true }).bin("items").listSize();
    writes.bin("items").onEachChild().collectValues().bin("items").onEachChild({ where }).removeMatches();
    tasks.bin("address").onMapKeysIn(["number"]).modifyBy(plus1);
    expectTypeOf(results(writes.bin("items").onEachChild().removeMatches())).toEqualTypeOf<readonly [null]>();
    // @ts-expect-error a query writes nothing
    reads.bin("items").onEachChild().modifyBy;
    // @ts-expect-error a query writes nothing
    reads.bin("address").onMapKeysIn(["number"]).removeMatches;
    // @ts-expect-error a task reads nothing
    tasks.bin("items").onEachChild().collectValues;
    // @ts-expect-error a path has no operations on all of a list
    writes.bin("items").onEachChild().listClear;
    // @ts-expect-error a range has no way further in
    reads.bin("items").onListIndexRange(0, 2).onEachChild;
  });
});

describe("code for any shape of bins", () => {
  class Repo<T extends BinsShape<T>> {
    readonly #session: Session;
    readonly #set: DataSet<T>;

    constructor(session: Session, set: DataSet<T>) {
      this.#session = session;
      this.#set = set;
    }

    key(id: number): Key<T> {
      return this.#set.id(id);
    }

    async find(id: number): Promise<T> {
      return (await this.#session.get(this.key(id))).bins;
    }

    async column<N extends keyof T & string>(id: number, name: N) {
      return (await this.#session.query(this.key(id)).bin(name).get().firstOrThrow()).orThrow().operationResults;
    }
  }

  it("keeps the types of its bins", async () => {
    const repo = new Repo(session, orders);
    expectTypeOf(repo.key(1)).toEqualTypeOf<Key<Order>>();
    expectTypeOf((await repo.find(1)).items).toEqualTypeOf<Item[]>();
    expectTypeOf((await repo.column(1, "items"))[0]).toEqualTypeOf<Item[]>();
    // @ts-expect-error there is no such bin
    void repo.column(1, "item");
    // @ts-expect-error a Date has no Aerospike type
    expectTypeOf<Repo<{ at: Date }>>().not.toBeAny();
  });
});
