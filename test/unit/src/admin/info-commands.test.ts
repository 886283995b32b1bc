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

  test("details of a namespace: counters are added, flags and settings are what they mean for all", async () => {
    answer(
      "namespace/test",
      "objects=5;master_objects=3;stop_writes=false;default-ttl=10;effective_replication_factor=2;data_total_bytes=100;data_avail_pct=50;dead_partitions=7;ns_cluster_size=3",
      "objects=6;master_objects=2;stop_writes=true;default-ttl=10;effective_replication_factor=2;data_total_bytes=100;data_avail_pct=40;dead_partitions=7;ns_cluster_size=3",
      "objects=4;master_objects=4;stop_writes=false;default-ttl=20;effective_replication_factor=1;ns_cluster_size=2",
    );
    const details = await fake.until(info.namespaceDetails("test"));
    expect(details).toMatchObject({
      objects: 15,
      masterObjects: 9,
      stopWrites: true,
      defaultTtl: undefined,
      nsupPeriod: 0,
      effectiveReplicationFactor: 1,
      dataTotalBytes: undefined,
      dataAvailablePercent: undefined,
      deadPartitions: 7,
      clusterSize: 2,
    });
    expect(details?.perNode.get("A2")).toMatchObject({ objects: 6, stopWrites: true, dataTotalBytes: 100 });
    answer("namespace/test", "objects=5", "type=unknown");
    expect([...((await fake.until(info.namespaceDetails("test")))?.perNode.keys() ?? [])]).toEqual(["A1"]);
    answer("namespace/nope", "type=unknown");
    expect(await fake.until(info.namespaceDetails("nope"))).toBeNull();
    answer("namespace/test", "objects=many");
    await expect(fake.until(info.namespaceDetails("test"))).rejects.toMatchObject({ code: "BAD_REPLY", node: "A1" });
  });

  test("sets: those of any node, by name, added up", async () => {
    answer(
      "sets/test",
      "ns=test:set=b:objects=1:tombstones=0:disable-eviction=true;ns=test:set=a:objects=0:default-ttl=4294967295;",
      "ns=test:set=b:objects=2:truncating=true:disable-eviction=false;",
      "ns=test:set=c,d:objects=1;",
    );
    const sets = await fake.until(info.sets("test"));
    expect(sets.map(({ setName }) => setName)).toEqual(["a", "b", "c,d"]);
    expect(sets[0]).toMatchObject({ objects: 0, defaultTtl: -1 });
    expect(sets[1]).toMatchObject({ namespace: "test", objects: 3, truncating: true, evictionDisabled: undefined });
    expect(sets[1]?.perNode.get("A2")).toMatchObject({ objects: 2 });
    expect(await fake.until(info.set(DataSet.of("test", "b")))).toEqual(sets[1]);
    expect(await fake.until(info.set(DataSet.of("test", "x")))).toBeNull();
    await expect(fake.until(info.sets("nope"))).rejects.toBeInstanceOf(InvalidNamespaceError);
    await expect(Reflect.apply(info.set, info, ["b"])).rejects.toThrow('expected a DataSet with a set name, got "b"');
  });

  test("the state of each node", async () => {
    answer("statistics", "uptime=5;cluster_size=3;cluster_key=AB;objects=7;migrate_partitions_remaining=2");
    const details = await fake.until(info.nodeDetails());
    expect([...details.keys()]).toEqual(["A1", "A2", "A3"]);
    expect(details.get("A3")).toMatchObject({ uptimeSeconds: 5, clusterKey: "AB", objects: 7, migratingPartitions: 2 });
    expect(details.get("A3")?.systemFreeMemoryPercent).toBeUndefined();
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
      // The third node does not have it yet.
      ["b", "age", "integer", false],
    ]);
    answer("sindex-list:namespace=test;b64=true", entry("a", "RW"));
    expect((await fake.until(info.secondaryIndexes("test"))).map(({ readable }) => readable)).toEqual([true]);
    answer("sindex-list:b64=true", "");
    expect(await fake.until(info.secondaryIndexes())).toEqual([]);
    await expect(fake.until(info.secondaryIndexes("nope"))).rejects.toBeInstanceOf(InvalidNamespaceError);
  });

  test("details of an index, node by node", async () => {
    const command = "sindex-stat:namespace=test;indexname=i";
    answer(command, "entries=5;load_pct=100", "ERROR:201:no index", "entries=7;load_pct=50");
    const details = await fake.until(info.secondaryIndexDetails("test", "i"));
    expect(details).toMatchObject({ entries: 12, loadPercent: 0, readable: false });
    expect(
      [...(details?.perNode ?? [])].map(([node, { entries, loadPercent }]) => [node, entries, loadPercent]),
    ).toEqual([
      ["A1", 5, 100],
      ["A3", 7, 50],
    ]);
    answer(command, "entries=5;load_pct=100", "entries=1;load_pct=100", "entries=7;load_pct=100");
    expect(await fake.until(info.secondaryIndexDetails("test", "i"))).toMatchObject({ entries: 13, readable: true });
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
    expect(await fake.until(info.info("status", { node: "A2" }))).toBe("ok");
    await expect(fake.until(info.info("status", { node: "A9" }))).rejects.toThrow(
      'info: there is no node "A9" in the cluster; it has A1, A2, A3',
    );
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

  test("is in doubt where the nodes took too long to agree", async () => {
    answer("truncate:namespace=test;set=users", "ERROR:9:timeout");
    await expect(fake.until(fake.session.truncate(users))).rejects.toMatchObject({ code: "TIMEOUT", inDoubt: true });
    answer("truncate:namespace=test;set=users", "ERROR:4:bad set");
    await expect(fake.until(fake.session.truncate(users))).rejects.toMatchObject({ code: "PARAMETER", inDoubt: false });
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
    await expect(Reflect.apply(fake.session.truncate, fake.session, ["users"])).rejects.toThrow("expected a DataSet");
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
    ["nodeDetails", () => info.nodeDetails(options)],
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
