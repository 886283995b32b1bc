import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  AerospikeError,
  DataSet,
  InvalidNamespaceError,
  InvalidNodeError,
  UdfCompileError,
  UdfError,
} from "../../src/index.js";
import { connectTarget, type TestTarget } from "../support/connect-target.js";

const WAIT = { totalTimeout: 20_000 };

let target: TestTarget;

beforeAll(async () => {
  target = await connectTarget();
});

afterAll(async () => {
  await target[Symbol.asyncDispose]();
});

describe("Lua modules", () => {
  const source = (n: number): string => `function answer(rec)\n  return ${n}\nend\n`;

  it("are registered, listed, read, replaced and removed on every node", async () => {
    const { session } = target;
    const file = `${target.uniqueName()}.lua`;
    const task = await session.registerUdf(source(1), file);
    expect(inspect(task)).toContain("RegisterTask {");
    await task.waitTillComplete(WAIT);
    expect(await task.isDone()).toBe(true);
    expect((await session.listUdfs()).filter((module) => module.fileName === file)).toMatchObject([{ type: "LUA" }]);
    expect(await session.getUdf(file)).toBe(source(1));
    await (await session.registerUdf(new TextEncoder().encode(source(2)), file)).waitTillComplete(WAIT);
    expect(await session.getUdf(file)).toBe(source(2));
    const removal = await session.removeUdf(file);
    expect(inspect(removal)).toContain("UdfRemoveTask {");
    await removal.waitTillComplete(WAIT);
    expect((await session.listUdfs()).filter((module) => module.fileName === file)).toEqual([]);
    await expect(session.getUdf(file)).rejects.toBeInstanceOf(UdfError);
  });

  it("that do not compile say where, and are not registered", async () => {
    const file = `${target.uniqueName()}.lua`;
    const failure = target.session.registerUdf("function f(\nreturn 1", file);
    await expect(failure).rejects.toBeInstanceOf(UdfCompileError);
    await expect(failure).rejects.toMatchObject({ fileName: file, line: 2, code: "UDF", resultCode: 100 });
    await expect(failure).rejects.toThrow("<name> or '...' expected near 'return'");
    await expect(target.session.getUdf(file)).rejects.toThrow("there is no module of that name");
  });

  it("that are not there can be removed", async () => {
    await (await target.session.removeUdf(`${target.uniqueName()}.lua`)).waitTillComplete(WAIT);
  });
});

describe("truncate", () => {
  it("removes the records of a set, and no others", async () => {
    const { session } = target;
    const [gone, kept] = [target.dataSet<{ n: number }>(), target.dataSet<{ n: number }>()];
    await Promise.all([...gone.ids([1, 2, 3]), ...kept.ids([1, 2, 3])].map((key) => session.put(key, { n: 1 })));
    await session.truncate(gone);
    const left = await (await session.exists([...gone.ids([1, 2, 3]), ...kept.ids([1, 2, 3])]).execute()).collect();
    expect(left.map((row) => row.asBool())).toEqual([false, false, false, true, true, true]);
    await session.put(gone.id(1), { n: 2 });
    expect((await session.get(gone.id(1))).bins).toEqual({ n: 2 });
  });

  it("spares what was written since a moment", async () => {
    const { session } = target;
    const set = target.dataSet<{ n: number }>();
    await session.put(set.id(1), { n: 1 });
    await session.truncate(set, { before: new Date(Date.now() - 60_000) });
    expect((await session.get(set.id(1))).bins).toEqual({ n: 1 });
    await session.truncate(set, { before: BigInt(Date.now() - 60_000) * 1_000_000n });
    expect((await session.get(set.id(1))).bins).toEqual({ n: 1 });
  });

  it("does not reach into the future, nor into namespaces that do not exist", async () => {
    const { session } = target;
    const tomorrow = new Date(Date.now() + 86_400_000);
    const failure = session.truncate(target.dataSet(), { before: tomorrow });
    await expect(failure).rejects.toMatchObject({ code: "PARAMETER" });
    await expect(failure).rejects.toThrow("would truncate in the future");
    await expect(session.truncate(DataSet.of("nowhere", "x"))).rejects.toBeInstanceOf(InvalidNamespaceError);
  });
});

describe("what the Community Edition does not have", () => {
  it("is refused by name", async () => {
    const { session } = target;
    expect(target.client.supports("transactions")).toBe(false);
    const security = session.security();
    for (const ask of [
      () => security.users(),
      () => security.role("read"),
      () => security.createUser("u", "p", ["read"]),
    ]) {
      await expect(ask()).rejects.toMatchObject({ code: "SECURITY_NOT_SUPPORTED", resultCode: 51, inDoubt: false });
    }
    const filter = session.setXdrFilter({ datacenter: "berlin", namespace: "test", filter: "$.a > 1" });
    await expect(filter).rejects.toMatchObject({ code: "ENTERPRISE_ONLY", resultCode: 25 });
  });
});

describe("info", () => {
  it("tells of the cluster", async () => {
    const info = target.session.info();
    expect([...(await info.build())]).toEqual([...new Set(target.client.nodes.map(({ version }) => version))]);
    expect(await info.namespaces()).toEqual(new Set(target.client.namespaces));
    expect(await info.namespaceDetails("nowhere")).toBeNull();
    expect(await info.isClusterStable()).toBe(true);
    expect(info.getClusterSize()).toBe(target.client.nodes.length);
    expect(target.session.isNamespaceSc("test")).toBe(false);
    expect(() => target.session.isNamespaceSc("nowhere")).toThrow(InvalidNamespaceError);
  });

  it("is known by its nodes, its name and its version", async () => {
    const { client, session } = target;
    const [build] = await session.info().build();
    expect(client.serverVersion).toBe(build);
    expect(client.clusterName ?? "").toBe(await session.info().info("cluster-name"));
    const partitions = client.nodes.map((node) => node.masterPartitions["test"] ?? 0);
    expect(partitions.reduce((sum, count) => sum + count, 0)).toBe(4096);
    for (const { id, host, port, edition } of client.nodes) {
      expect(client.getNode(id)).toMatchObject({ id, address: `${host}:${port}`, edition, failures: 0 });
      expect(edition).toBe(await session.info().info("edition", { node: id }));
    }
    expect(client.supports("nestedIndex")).toBe(true);
    expect(client.supports("stringOperations")).toBe(/^(8\.[2-9]|9|[1-9]\d)/.test(client.serverVersion ?? ""));
  });

  it("adds up what the nodes have of a namespace and of a set", async () => {
    const { session, client } = target;
    const info = session.info();
    const set = target.dataSet<{ n: number }>();
    const ids = client.nodes.map(({ id }) => id).sort();
    await Promise.all(set.ids(Array.from({ length: 30 }, (_, i) => i)).map((key) => session.put(key, { n: 1 })));
    const namespace = await info.namespaceDetails("test");
    const copies = namespace?.effectiveReplicationFactor ?? 0;
    expect(copies).toBe(Math.min(2, ids.length));
    expect(namespace).toMatchObject({ strongConsistency: false, stopWrites: false, clusterSize: ids.length });
    expect(namespace?.masterObjects).toBeGreaterThanOrEqual(30);
    expect(namespace?.defaultTtl).toBe(0);
    expect([...(namespace?.perNode.keys() ?? [])].sort()).toEqual(ids);
    const each = [...(namespace?.perNode.values() ?? [])];
    expect(each.reduce((sum, { objects }) => sum + objects, 0)).toBe(namespace?.objects);
    const details = await info.set(set);
    expect(details).toMatchObject({ namespace: "test", setName: set.setName, objects: 30 * copies, truncating: false });
    expect((await info.sets("test")).map(({ setName }) => setName)).toContain(set.setName);
    expect((await info.sets()).map(({ setName }) => setName)).toContain(set.setName);
    expect(await info.set(DataSet.of("test", target.uniqueName()))).toBeNull();
    await expect(info.set(DataSet.ofNamespace("test"))).rejects.toThrow(TypeError);
    const nodes = await info.nodeDetails();
    expect([...nodes.keys()].sort()).toEqual(ids);
    expect(new Set([...nodes.values()].map(({ clusterKey }) => clusterKey)).size).toBe(1);
    for (const node of nodes.values()) {
      expect(node).toMatchObject({ clusterSize: ids.length, hasClusterIntegrity: true, migratingPartitions: 0 });
    }
  });

  it("sends any command and throws what is refused", async () => {
    const info = target.session.info();
    expect(await info.info("status")).toBe("ok");
    const ids = target.client.nodes.map(({ id }) => id);
    expect(await info.infoOnAllNodes("node")).toEqual(Object.fromEntries(ids.map((id) => [id, id])));
    for (const id of ids) expect(await info.info("node", { node: id })).toBe(id);
    await expect(info.info("node", { node: "BB0" })).rejects.toBeInstanceOf(InvalidNodeError);
    const failure = info.info("no-such-thing");
    await expect(failure).rejects.toBeInstanceOf(AerospikeError);
    await expect(failure).rejects.toThrow("unrecognized command");
    await expect(info.info("udf-get:filename=.")).rejects.toThrow(TypeError);
  });
});
