import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  AerospikeError,
  DataSet,
  type InfoCommands,
  InvalidNamespaceError,
  TimeoutError,
} from "../../../../src/index.js";
import { type FakeSession, openFakeSession } from "../../../support/fake/session.js";

let fake: FakeSession;
let info: InfoCommands;

beforeEach(async () => {
  fake = await openFakeSession({ nodes: 3 });
  info = fake.session.info();
});

afterEach(() => fake.until(fake.client.close()));

/** One answer for each node; the last one for those that are left. */
function answer(command: string, ...values: string[]): void {
  for (const [i, node] of fake.world.fake.nodes.entries()) node.answers.set(command, values[i] ?? values.at(-1) ?? "");
}

describe("questions", () => {
  test("build", async () => {
    answer("build", "8.1.2.0", "8.1.2.0", "8.1.1.0");
    expect(await fake.until(info.build())).toEqual(new Set(["8.1.2.0", "8.1.1.0"]));
  });

  test("namespaces", async () => {
    answer("namespaces", "test;bar", "test", "test;baz");
    expect(await fake.until(info.namespaces())).toEqual(new Set(["test", "bar", "baz"]));
  });

  test("details of a namespace", async () => {
    answer("namespace/test", "objects=5;strong-consistency=false");
    expect((await fake.until(info.namespaceDetails("test")))?.get("objects")).toBe("5");
    answer("namespace/nope", "type=unknown");
    expect(await fake.until(info.namespaceDetails("nope"))).toBeNull();
  });

  test("sets: those of any node, sorted, whole records apart", async () => {
    answer(
      "sets/test",
      "ns=test:set=b:objects=1:tombstones=0;ns=test:set=a:objects=0;",
      "",
      "ns=test:set=c,d:objects=1;",
    );
    expect(await fake.until(info.sets("test"))).toEqual(["a", "b", "c,d"]);
    await expect(fake.until(info.sets("nope"))).rejects.toBeInstanceOf(InvalidNamespaceError);
  });

  test("secondary indexes: merged by name, readable once every node has built them", async () => {
    const entry = (name: string, state: string): string =>
      `ns=test:indexname=${name}:set=users:bin=age:type=numeric:indextype=default:context=null:exp=null:state=${state}`;
    answer(
      "sindex-list:namespace=test;b64=true",
      `${entry("a", "RW")};${entry("b", "RW")}`,
      `${entry("a", "WO")};${entry("b", "RW")}`,
      entry("a", "RW"),
    );
    const indexes = await fake.until(info.secondaryIndexes("test"));
    expect(indexes.map(({ indexName, bin, type, readable }) => [indexName, bin, type, readable])).toEqual([
      ["a", "age", "integer", false],
      ["b", "age", "integer", true],
    ]);
    answer("sindex-list:b64=true", "");
    expect(await fake.until(info.secondaryIndexes())).toEqual([]);
    await expect(fake.until(info.secondaryIndexes("nope"))).rejects.toBeInstanceOf(InvalidNamespaceError);
  });

  test("details of an index, node by node", async () => {
    const command = "sindex-stat:namespace=test;indexname=i";
    answer(command, "entries=5;load_pct=100", "ERROR:201:no index", "entries=7;load_pct=50");
    const details = await fake.until(info.secondaryIndexDetails("test", "i"));
    expect([...(details ?? [])].map(([node, { entries, loadPercent }]) => [node, entries, loadPercent])).toEqual([
      ["A1", 5, 100],
      ["A3", 7, 50],
    ]);
    answer(command, "ERROR:201:no index");
    expect(await fake.until(info.secondaryIndexDetails("test", "i"))).toBeNull();
  });

  test("a stable cluster has one key", async () => {
    answer("cluster-stable:", "AB12");
    expect(await fake.until(info.isClusterStable())).toBe(true);
    answer("cluster-stable:", "AB12", "CD34");
    expect(await fake.until(info.isClusterStable())).toBe(false);
    answer("cluster-stable:", "AB12", "ERROR:7:unstable cluster");
    expect(await fake.until(info.isClusterStable())).toBe(false);
    answer("cluster-stable:", "ERROR:4:bad size");
    await expect(fake.until(info.isClusterStable())).rejects.toMatchObject({ code: "PARAMETER" });
  });

  test("any command, on one node or on all", async () => {
    answer("status", "ok");
    expect(await fake.until(info.info("status"))).toBe("ok");
    expect(await fake.until(info.infoOnAllNodes("status"))).toEqual({ A1: "ok", A2: "ok", A3: "ok" });
    expect(info.getClusterSize()).toBe(3);
  });
});

describe("nothing is swallowed", () => {
  test("a refusal", async () => {
    const failure = fake.until(info.info("no-such-command:x=1"));
    await expect(failure).rejects.toBeInstanceOf(AerospikeError);
    await expect(failure).rejects.toThrow("unrecognized command (info no-such-command)");
  });

  test("a refusal of one of the nodes", async () => {
    answer("build", "8.1.2.0", "ERROR:81:role violation", "8.1.2.0");
    await expect(fake.until(info.build())).rejects.toMatchObject({ code: "ROLE_VIOLATION" });
  });

  test("a node that does not answer", async () => {
    const [, silent] = fake.world.fake.nodes;
    if (silent !== undefined) silent.infoDelayMs = Number.POSITIVE_INFINITY;
    await expect(fake.until(info.build())).rejects.toBeInstanceOf(TimeoutError);
  });
});

test.each(["udf-get:filename=", "udf-get:filename=.", "udf-get:filename=a.lua;filename="])(
  "%s, which takes nodes down, is refused",
  async (command) => {
    await expect(fake.until(info.info(command))).rejects.toThrow(TypeError);
    await expect(fake.until(info.infoOnAllNodes(command))).rejects.toThrow("can take a node down");
    const asked = fake.world.fake.nodes.flatMap((node) => node.asked.flat());
    expect(asked.filter((text) => text.startsWith("udf-get"))).toEqual([]);
  },
);

test.each([5, undefined, null])("%j is no command", async (command) => {
  await expect(fake.until(Reflect.apply(info.info, info, [command]))).rejects.toThrow("a command is text");
});

describe("truncate", () => {
  const users = DataSet.of("test", "users");

  function sent(): string[] {
    return fake.world.fake.nodes.flatMap((node) => node.asked.flat()).filter((command) => command.startsWith("trunc"));
  }

  test("a set, a namespace, up to a moment", async () => {
    answer("truncate:namespace=test;set=users", "ok");
    answer("truncate-namespace:namespace=test", "ok");
    answer("truncate:namespace=test;set=users;lut=1700000000123000000", "ok");
    answer("truncate:namespace=test;set=users;lut=1700000000123456789", "ok");
    await fake.until(fake.session.truncate(users));
    await fake.until(fake.session.truncate(DataSet.ofNamespace("test")));
    await fake.until(fake.session.truncate(users, { before: new Date(1_700_000_000_123) }));
    await fake.until(fake.session.truncate(users, { before: 1_700_000_000_123_456_789n }));
    expect(sent()).toHaveLength(4);
  });

  test("what was written just before is no longer of the millisecond that the server is asked in", async () => {
    answer("truncate:namespace=test;set=users", "ok");
    const start = fake.world.runtime.wallClock();
    await fake.until(fake.session.truncate(users));
    expect(fake.world.runtime.wallClock() - start).toBeGreaterThanOrEqual(2);
  });

  test("one node is asked, once, even if the connection breaks", async () => {
    for (const node of fake.world.fake.nodes) node.infoDelayMs = 50;
    const failure = fake.session.truncate(users);
    const settled = expect(failure).rejects.toMatchObject({ code: "CONNECTION" });
    await fake.world.runtime.advance(5);
    for (const node of fake.world.fake.nodes) node.cutAll();
    await fake.world.runtime.advance(500);
    await settled;
    expect(sent()).toEqual([]);
  });

  test("a namespace that does not exist fails, though the server would say ok", async () => {
    await expect(fake.session.truncate(DataSet.of("nope", "x"))).rejects.toBeInstanceOf(InvalidNamespaceError);
    expect(sent()).toEqual([]);
  });

  test("a moment in the future is the server's to refuse", async () => {
    answer("truncate:namespace=test;set=users;lut=9000000000000000000", "ERROR:4:would truncate in the future");
    await expect(fake.until(fake.session.truncate(users, { before: 9_000_000_000_000_000_000n }))).rejects.toThrow(
      "would truncate in the future",
    );
  });

  test.each<[unknown, string]>([
    [new Date(Number.NaN), "truncate: before: expected a valid Date or a bigint of nanoseconds, got a Date"],
    [5, "got 5"],
    [new Date(0), "later than 1262304000000000000n (2010)"],
    [2n ** 63n, "expected nanoseconds since 1970"],
  ])("refuses before: %s", async (before, message) => {
    await expect(Reflect.apply(fake.session.truncate, fake.session, [users, { before }])).rejects.toThrow(message);
    await expect(Reflect.apply(fake.session.truncate, fake.session, ["users"])).rejects.toThrow("is no DataSet");
    expect(sent()).toEqual([]);
  });
});

describe("options that there are not", () => {
  const options: object = { timeoutMs: 5 };
  const users = DataSet.of("test", "users");

  test.each<[string, () => Promise<unknown>]>([
    ["build", () => info.build(options)],
    ["namespaces", () => info.namespaces(options)],
    ["namespaceDetails", () => info.namespaceDetails("test", options)],
    ["sets", () => info.sets("test", options)],
    ["secondaryIndexes", () => info.secondaryIndexes("test", options)],
    ["secondaryIndexDetails", () => info.secondaryIndexDetails("test", "i", options)],
    ["isClusterStable", () => info.isClusterStable(options)],
    ["info", () => info.info("build", options)],
    ["infoOnAllNodes", () => info.infoOnAllNodes("build", options)],
    ["truncate", () => fake.session.truncate(users, options)],
    ["registerUdf", () => fake.session.registerUdf("x = 1", "x.lua", options)],
    ["removeUdf", () => fake.session.removeUdf("x.lua", options)],
    ["listUdfs", () => fake.session.listUdfs(options)],
    ["getUdf", () => fake.session.getUdf("x.lua", options)],
    ["create", () => fake.session.index(users).onBin("a").named("i").integer().create(options)],
    ["drop", () => fake.session.index(users).named("i").drop(options)],
  ])("%s", async (method, call) => {
    const asked = (): number => fake.world.fake.nodes.flatMap((node) => node.asked).length;
    const askedBefore = asked();
    const error = await call().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).toContain(`${method}: there is no option "timeoutMs"`);
    expect(asked()).toBe(askedBefore);
  });
});
