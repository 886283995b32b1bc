import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aelOf } from "../../src/ael/index.js";
import { CTX, DataSet, Exp, IndexAlreadyExistsError, InvalidNamespaceError } from "../../src/index.js";
import { connectTarget, type TestTarget } from "../support/connect-target.js";

const WAIT = { totalTimeout: 20_000 };

let target: TestTarget;

beforeAll(async () => {
  target = await connectTarget();
});

afterAll(async () => {
  await target[Symbol.asyncDispose]();
});

describe("secondary indexes", () => {
  it("are built, listed and dropped on every node", async () => {
    const { session } = target;
    const users = target.dataSet<{ age: number }>();
    const name = target.uniqueName();
    await Promise.all(users.ids([1, 2, 3]).map((key, i) => session.put(key, { age: i })));
    const task = await session.index(users).onBin("age").named(name).integer().create();
    expect(inspect(task)).toContain("IndexTask {");
    await task.waitTillComplete(WAIT);
    const [index] = (await session.info().secondaryIndexes("test")).filter(({ indexName }) => indexName === name);
    expect(index).toMatchObject({
      namespace: "test",
      setName: users.setName,
      bin: "age",
      type: "integer",
      collection: "default",
      readable: true,
    });
    const details = await session.info().secondaryIndexDetails("test", name);
    expect(details).toMatchObject({ readable: true, loadPercent: 100 });
    const ids = target.client.nodes.map(({ id }) => id).sort();
    expect([...(details?.perNode.keys() ?? [])].sort()).toEqual(ids);
    // Each copy of a record has an entry of its own.
    expect(details?.entries).toBe(3 * Math.min(2, ids.length));
    // The same again is fine; the same name for another index is not.
    await (await session.index(users).onBin("age").named(name).integer().create()).waitTillComplete(WAIT);
    await expect(session.index(users).onBin("age").named(name).string().create()).rejects.toBeInstanceOf(
      IndexAlreadyExistsError,
    );
    const drop = await session.index(users).named(name).drop();
    expect(inspect(drop)).toContain("DropIndexTask {");
    await drop.waitTillComplete(WAIT);
    expect(await session.info().secondaryIndexDetails("test", name)).toBeNull();
    await (await session.index(users).named(name).drop()).waitTillComplete(WAIT);
  });

  it("can be on strings, bytes, points, collections, places inside and expressions", async () => {
    const { session } = target;
    const set = target.dataSet();
    const describe = () => session.index(set).named(target.uniqueName());
    const indexes = [
      describe().onBin("s").string(),
      describe().onBin("b").blob(),
      describe().onBin("g").geo2dsphere(),
      describe().onBin("l").collection("list").integer(),
      describe().onBin("m").collection("mapKeys").string(),
      describe().onBin("m").collection("mapValues").integer(),
      describe().onBin("d").context(CTX.mapKey("a"), CTX.listIndex(-1)).integer(),
      describe()
        .onExpression(Exp.numAdd([Exp.intBin("n"), Exp.intVal(1)]))
        .integer(),
    ];
    const tasks = await Promise.all(indexes.map((index) => index.create()));
    await Promise.all(tasks.map((task) => task.waitTillComplete(WAIT)));
    const names = tasks.map((task) => task.indexName);
    const listed = (await session.info().secondaryIndexes("test")).filter(({ indexName }) => names.includes(indexName));
    expect(listed.map(({ type }) => type).sort()).toEqual([
      "blob",
      "geo",
      "integer",
      "integer",
      "integer",
      "integer",
      "string",
      "string",
    ]);
    const drops = await Promise.all(indexes.map((index) => index.drop()));
    await Promise.all(drops.map((drop) => drop.waitTillComplete(WAIT)));
  });

  it("in a namespace that does not exist fail", async () => {
    const index = target.session.index(DataSet.of("nowhere", "x")).onBin("a").named(target.uniqueName()).integer();
    await expect(index.create()).rejects.toBeInstanceOf(InvalidNamespaceError);
  });

  it("on expressions can be given as text", async () => {
    const { session } = target;
    const orders = target.dataSet<{ price: number; count: number }>();
    await Promise.all(orders.ids([1, 2, 3]).map((key, i) => session.put(key, { price: 10, count: i })));
    const name = target.uniqueName();
    const task = await session.createIndex(orders, { name, expression: "$.price * $.count", type: "integer" });
    await task.waitTillComplete(WAIT);
    const [index] = (await session.listIndexes(orders)).filter(({ indexName }) => indexName === name);
    expect(index).toMatchObject({ bin: undefined, type: "integer", readable: true });
    expect(aelOf(Exp.fromBytes(index?.expression ?? new Uint8Array()))).toBe("$.price:INT * $.count");
    const where = "$.price * $.count >= 10";
    const plan = await session.query(orders).where(where).explain();
    expect(plan.index).toMatch(name);
    expect(await session.query(orders).where(where).count()).toBe(2);
    const wrong = session.createIndex(orders, { name, expression: "$.price > 1", type: "integer" });
    await expect(wrong).rejects.toThrow("Expected INT; the result of $.price > 1 is BOOL");
    await (await session.dropIndex(orders, name)).waitTillComplete(WAIT);
  });

  it("can be of a whole set", async () => {
    const { session } = target;
    const set = target.dataSet<{ n: number }>();
    await Promise.all(set.ids([1, 2, 3, 4]).map((key, i) => session.put(key, { n: i })));
    const name = target.uniqueName();
    const task = await session.index(set).onSet().named(name).create();
    const seen: number[] = [];
    await task.waitTillComplete({ ...WAIT, onProgress: ({ percent }) => seen.push(percent) });
    expect(seen.at(-1)).toBe(100);
    expect(await task.progress()).toEqual({
      percent: 100,
      perNode: Object.fromEntries(target.client.nodes.map(({ id }) => [id, 100])),
    });
    const [index] = await session.listIndexes(set);
    expect(index).toMatchObject({ indexName: name, setName: set.setName, collection: "set", type: undefined });
    expect(index?.readable).toBe(true);
    expect(await session.query(set).count()).toBe(4);
    const taken = session.createIndex(target.dataSet(), { name, wholeSet: true });
    await expect(taken).rejects.toBeInstanceOf(IndexAlreadyExistsError);
    await (await session.dropIndex(set, name)).waitTillComplete(WAIT);
    expect((await session.listIndexes(set)).filter(({ indexName }) => indexName === name)).toEqual([]);
  });

  it("stay as they are when they are asked for again, if they do not have to be new", async () => {
    const { session } = target;
    const set = target.dataSet();
    const names = [target.uniqueName(), target.uniqueName(), target.uniqueName()];
    const inside = { bin: "d", context: [CTX.mapKey("a")], type: "integer" } as const;
    const sum = { expression: Exp.numAdd([Exp.intBin("n"), Exp.intVal(1)]), type: "integer" } as const;
    const definitions = [inside, sum, { wholeSet: true } as const];
    const create = (name: string, i: number, ifNotExists: boolean) => {
      const definition = definitions[i] ?? { wholeSet: true };
      return session.createIndex(set, { ...definition, name, ifNotExists });
    };
    const first = await Promise.all(names.map((name, i) => create(name, i, false)));
    await Promise.all(first.map((task) => task.waitTillComplete(WAIT)));
    const again = await Promise.all(names.map((_, i) => create(target.uniqueName(), i, true)));
    expect(again.map(({ indexName }) => indexName)).toEqual(names);
    // Without the option, the server gives them new names.
    const renamed = await Promise.all(names.map((name, i) => create(`${name}r`, i, false)));
    await Promise.all(renamed.map((task) => task.waitTillComplete(WAIT)));
    const listed = (await session.listIndexes(set)).map(({ indexName }) => indexName).sort();
    expect(listed).toEqual(names.map((name) => `${name}r`).sort());
    const other = session.createIndex(set, { name: `${names[0]}r`, bin: "e", type: "integer", ifNotExists: true });
    await expect(other).rejects.toBeInstanceOf(IndexAlreadyExistsError);
    await Promise.all(listed.map(async (name) => (await session.dropIndex(set, name)).waitTillComplete(WAIT)));
  });

  it("of one namespace have nothing to do with those of another", async () => {
    const { session } = target;
    const name = target.uniqueName();
    const sets = [target.dataSet(), DataSet.of("bar", target.uniqueName())];
    for (const set of sets) await session.createIndex(set, { name, bin: "n", type: "integer" });
    const listed = (await session.listIndexes()).filter(({ indexName }) => indexName === name);
    expect(listed.map(({ namespace }) => namespace).sort()).toEqual(["bar", "test"]);
    const drops = await Promise.all(sets.map((set) => session.dropIndex(set, name)));
    await Promise.all(drops.map((drop) => drop.waitTillComplete(WAIT)));
  });
});
