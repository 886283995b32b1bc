import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  AelParseError,
  AerospikeError,
  type AnyBins,
  CTX,
  DataSet,
  Exp,
  type IndexBuilder,
  InvalidNamespaceError,
  SecondaryIndexError,
} from "../../../../src/index.js";
import { type FakeSession, openFakeSession } from "../../../support/fake/session.js";

const users = DataSet.of<{ age: number; name: string; doc: { a: number } }>("test", "users");
const STAT = "sindex-stat:namespace=test;indexname=idx";
const stat = (percent: number): string =>
  `entries=5;used_bytes=1;entries_per_bval=1;entries_per_rec=1;load_pct=${percent}`;

let fake: FakeSession;

beforeEach(async () => {
  fake = await openFakeSession({ nodes: 3 });
});

afterEach(() => fake.until(fake.client.close()));

function everywhere(command: string, value: string): void {
  for (const node of fake.world.fake.nodes) node.answers.set(command, value);
}

function asked(): string[] {
  return fake.world.fake.nodes.flatMap((node) => node.asked.flat()).filter((command) => command.startsWith("sindex-"));
}

describe("create", () => {
  type Builder = IndexBuilder<AnyBins>;

  test.each<[string, (b: Builder) => Builder, string]>([
    ["integers", (b) => b.onBin("age").integer(), "bin=age;type=NUMERIC"],
    ["strings", (b) => b.onBin("name").string(), "bin=name;type=STRING"],
    ["bytes", (b) => b.onBin("raw").blob(), "bin=raw;type=BLOB"],
    ["points", (b) => b.onBin("home").geo2dsphere(), "bin=home;type=GEO2DSPHERE"],
    ["elements", (b) => b.onBin("tags").collection("list").string(), "indextype=LIST;bin=tags;type=STRING"],
    ["keys", (b) => b.onBin("m").collection("mapKeys").string(), "indextype=MAPKEYS;bin=m;type=STRING"],
    ["values", (b) => b.onBin("m").collection("mapValues").integer(), "indextype=MAPVALUES;bin=m;type=NUMERIC"],
    [
      "a place inside",
      (b) => b.onBin("doc").context(CTX.mapKey("a")).integer(),
      "context=kiKiA2E=;bin=doc;type=NUMERIC",
    ],
    [
      "an expression",
      (b) => b.onExpression(Exp.numAdd([Exp.intBin("n"), Exp.intVal(1)])).integer(),
      "exp=kxSTUQKhbgE=;type=NUMERIC",
    ],
  ])("%s", async (_what, describeIndex, tail) => {
    const command = `sindex-create:namespace=test;set=users;indexname=idx;${tail}`;
    everywhere(command, "ok");
    const builder = fake.session.index(DataSet.of("test", "users")).named("idx");
    const task = await fake.until(describeIndex(builder).create());
    expect(asked()).toEqual([command]);
    expect(task).toMatchObject({ namespace: "test", indexName: "idx" });
  });

  test("text is compiled for the type that the index holds", async () => {
    const text = { "$.a + ?0": "exp=kxSTUQKhYQE=", "$.name": "exp=k1EDpG5hbWU=" };
    const [sum, name] = Object.values(text);
    everywhere(`sindex-create:namespace=test;set=users;indexname=idx;${sum};type=NUMERIC`, "ok");
    everywhere(`sindex-create:namespace=test;set=users;indexname=idx;${name};type=STRING`, "ok");
    const index = () => fake.session.index(users).named("idx");
    await fake.until(index().onExpression("$.a + ?0", 1).integer().create());
    await fake.until(index().onExpression("$.name").string().create());
    expect(asked()).toHaveLength(2);
    await expect(index().onExpression("$.a > 1").integer().create()).rejects.toThrow(
      "Expected INT; the result of $.a > 1 is BOOL",
    );
    await expect(index().onExpression("$.a + ?0").integer().create()).rejects.toBeInstanceOf(AelParseError);
    await expect(index().onExpression(Exp.stringBin("a")).integer().create()).rejects.toThrow(
      "an index of type integer takes an expression of type int; this one is string",
    );
    expect(() => index().onExpression("$.a +")).toThrow(AelParseError);
    expect(asked()).toHaveLength(2);
  });

  test("of a whole set", async () => {
    everywhere("sindex-create:namespace=test;set=users;indexname=idx;indextype=SET", "ok");
    await fake.until(fake.session.index(users).onSet().named("idx").create());
    await fake.until(fake.session.createIndex(users, { name: "idx", wholeSet: true }));
    expect(asked()).toHaveLength(2);
  });

  test("of a whole namespace", async () => {
    everywhere("sindex-create:namespace=test;indexname=idx;bin=age;type=NUMERIC", "ok");
    await fake.until(fake.session.index(DataSet.ofNamespace("test")).onBin("age").named("idx").integer().create());
    expect(asked()).toHaveLength(1);
  });

  test("the task is done when every node has loaded the index", async () => {
    everywhere("sindex-create:namespace=test;set=users;indexname=idx;bin=age;type=NUMERIC", "ok");
    everywhere(STAT, stat(100));
    const [, , late] = fake.world.fake.nodes;
    late?.answers.set(STAT, "ERROR:201:no index");
    const task = await fake.until(fake.session.index(users).onBin("age").named("idx").integer().create());
    expect(await fake.until(task.isDone())).toBe(false);
    late?.answers.set(STAT, stat(99));
    expect(await fake.until(task.isDone())).toBe(false);
    fake.world.runtime.setTimer(500, () => late?.answers.set(STAT, stat(100)), false);
    await fake.until(task.waitTillComplete({ totalTimeout: 5_000 }));
    late?.answers.set(STAT, "ERROR:20:namespace not found on node");
    await expect(fake.until(task.isDone())).rejects.toBeInstanceOf(InvalidNamespaceError);
  });

  test("the task tells how far each node is", async () => {
    everywhere("sindex-create:namespace=test;set=users;indexname=idx;bin=age;type=NUMERIC", "ok");
    const [first, second, third] = fake.world.fake.nodes;
    first?.answers.set(STAT, stat(100));
    second?.answers.set(STAT, stat(50));
    third?.answers.set(STAT, "ERROR:201:no index");
    const task = await fake.until(fake.session.createIndex(users, { name: "idx", bin: "age", type: "integer" }));
    expect(await fake.until(task.progress())).toEqual({ percent: 50, perNode: { A1: 100, A2: 50, A3: 0 } });
    const seen: number[] = [];
    fake.world.runtime.setTimer(300, () => third?.answers.set(STAT, stat(100)), false);
    fake.world.runtime.setTimer(600, () => second?.answers.set(STAT, stat(100)), false);
    await fake.until(task.waitTillComplete({ onProgress: ({ percent }) => seen.push(percent) }));
    expect(seen).toEqual([50, 83, 100]);
    await expect(Reflect.apply(task.waitTillComplete, task, [{ onProgress: 5 }])).rejects.toThrow(
      "onProgress: expected a function, got 5",
    );
    await expect(task.waitTillComplete({ totalTimeout: -1 })).rejects.toThrow(RangeError);
  });

  test("leaves an index of the same definition as it is, if asked to", async () => {
    const entry = (name: string, tail: string): string => `ns=test:indexname=${name}:set=users:${tail}`;
    const onBin = "bin=age:type=numeric:indextype=default:context=null:exp=null:state=RW";
    const inside = "bin=doc:type=numeric:indextype=default:context=kiKiA2E=:exp=null:state=RW";
    everywhere(
      "sindex-list:namespace=test;b64=true",
      [entry("old", onBin), entry("inside", inside), entry("all", "indextype=set")].join(";"),
    );
    const { session } = fake;
    const options = { ifNotExists: true };
    const found = [
      session.createIndex(users, { name: "new", bin: "age", type: "integer", ...options }),
      session.createIndex(users, { name: "x", bin: "doc", type: "integer", context: [CTX.mapKey("a")], ...options }),
      session.createIndex(users, { name: "x", wholeSet: true, ...options }),
    ];
    expect((await fake.until(Promise.all(found))).map(({ indexName }) => indexName)).toEqual(["old", "inside", "all"]);
    expect(asked().filter((command) => command.startsWith("sindex-create"))).toEqual([]);
    everywhere("sindex-create:namespace=test;set=users;indexname=new;bin=age;type=STRING", "ok");
    const made = await fake.until(session.createIndex(users, { name: "new", bin: "age", type: "string", ...options }));
    expect(made.indexName).toBe("new");
  });

  test("in a namespace that does not exist fails, though the server would say ok", async () => {
    const index = fake.session.index(DataSet.of("nope", "users")).onBin("age").named("idx").integer();
    await expect(index.create()).rejects.toThrow('The namespace "nope" does not exist; the cluster has "test", "bar"');
    await expect(index.drop()).rejects.toBeInstanceOf(InvalidNamespaceError);
    expect(asked()).toEqual([]);
  });

  test("a name that is taken", async () => {
    everywhere(
      "sindex-create:namespace=test;set=users;indexname=idx;bin=age;type=NUMERIC",
      "ERROR:200:'indexname' already exists with different definition",
    );
    const failure = fake.until(fake.session.index(users).onBin("age").named("idx").integer().create());
    await expect(failure).rejects.toBeInstanceOf(SecondaryIndexError);
    await expect(failure).rejects.toMatchObject({ code: "INDEX_EXISTS", resultCode: 200 });
  });

  test.each<[string, string, (b: Builder) => Builder, string]>([
    [
      "8.0.0.0",
      "expression",
      (b) => b.onExpression(Exp.intBin("n")).integer(),
      "It takes server 8.1 for an index on an expression",
    ],
    ["8.1.1.0", "a whole set", (b) => b.onSet(), "It takes server 8.1.2 for an index of a whole set"],
    ["6.4.0.0", "bytes", (b) => b.onBin("b").blob(), "It takes server 7.0 for an index of bytes"],
    [
      "6.0.0.0",
      "context",
      (b) => b.onBin("b").context(CTX.mapKey("a")).integer(),
      "It takes server 6.1 for an index in a context",
    ],
  ])("server %s and an index with %s", async (build, _what, describeIndex, message) => {
    const old = await openFakeSession({ build });
    const builder = old.session.index(DataSet.of("test", "users")).named("idx");
    const failure = describeIndex(builder).create();
    await expect(failure).rejects.toBeInstanceOf(AerospikeError);
    await expect(failure).rejects.toMatchObject({ code: "UNSUPPORTED_FEATURE" });
    await expect(failure).rejects.toThrow(message);
  });

  test("old servers are asked in their own words", async () => {
    const old = await openFakeSession({ build: "7.1.0.0" });
    const command = "sindex-create:ns=test;set=users;indexname=idx;indexdata=age,NUMERIC";
    for (const node of old.world.fake.nodes) node.answers.set(command, "ok");
    await old.until(old.session.index(users).onBin("age").named("idx").integer().create());
    expect(old.world.fake.nodes[0]?.asked.flat()).toContain(command);
  });

  test.each<[string, (b: Builder) => unknown, string]>([
    ["no name", (b) => b.onBin("a").integer().create(), "create: the index has no name"],
    ["no type", (b) => b.onBin("a").named("i").create(), "create: the index has no type"],
    ["nothing to index", (b) => b.named("i").integer().create(), "create: nothing to index"],
    ["bin and expression", (b) => b.named("i").onBin("a").onExpression(Exp.intBin("a")).integer().create(), "exclude"],
    [
      "context and expression",
      (b) => b.named("i").context(CTX.mapKey("a")).onExpression(Exp.intBin("a")).integer().create(),
      "context() and onExpression() exclude each other",
    ],
    [
      "points as map keys",
      (b) => b.named("i").onBin("a").collection("mapKeys").geo2dsphere().create(),
      "are no points",
    ],
    ["bin and set", (b) => b.named("i").onBin("a").onSet().create(), "onBin() and onSet() exclude each other"],
    ["a type for a whole set", (b) => b.named("i").onSet().integer().create(), "a type does not go with it"],
    ["a place in a whole set", (b) => b.named("i").onSet().context(CTX.mapKey("a")).create(), "context() does not go"],
    ["no true or false", (b) => Reflect.apply(b.named("i").create, b, [{ ifNotExists: 1 }]), "true or false, got 1"],
    ["drop without a name", (b) => b.drop(), "drop: the index has no name"],
  ])("%s is refused", async (_what, act, message) => {
    await expect(act(fake.session.index(DataSet.of("test", "users")))).rejects.toThrow(message);
    expect(asked()).toEqual([]);
  });

  test.each<[string, (b: Builder) => unknown, string]>([
    [
      "an expression that is always nil",
      (b) => b.onExpression(Exp.nil()),
      "expected a value that can be indexed, got nil",
    ],
    ["a long name", (b) => b.named("i".repeat(64)), "at most 63"],
    ["an empty name", (b) => b.named(""), "index name is empty"],
    ["a name with a separator", (b) => b.named("a;b"), "semicolon"],
    ["a long bin name", (b) => b.onBin("b".repeat(16)), "at most 15"],
    ["a collection that is none", (b) => Reflect.apply(b.collection, b, ["map"]), '"list", "mapKeys", "mapValues"'],
    ["an empty context", (b) => b.context(), "at least one step"],
    ["a context that creates", (b) => b.context(CTX.mapKeyCreate("a", 1)), "creates nothing"],
    [
      "an expression that is none",
      (b) => Reflect.apply(b.onExpression, b, [5]),
      "onExpression(expression): expected an expression or AEL text, got 5",
    ],
  ])("%s is refused at the call", (_what, act, message) => {
    expect(() => act(fake.session.index(DataSet.of("test", "users")))).toThrow(message);
  });

  test("something that is no data set", () => {
    expect(() => Reflect.apply(fake.session.index, fake.session, ["users"])).toThrow(
      'index: expected a DataSet, such as DataSet.of("test", "users"), got "users"',
    );
  });
});

test("drop waits until no node has it", async () => {
  everywhere("sindex-delete:namespace=test;indexname=idx", "ok");
  everywhere(STAT, stat(100));
  const task = await fake.until(fake.session.index(users).named("idx").drop());
  expect(await fake.until(task.isDone())).toBe(false);
  everywhere(STAT, "ERROR:201:no index");
  await fake.until(task.waitTillComplete());
  expect(await fake.until(task.isDone())).toBe(true);
});
