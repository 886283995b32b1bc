import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  AerospikeError,
  DataSet,
  InvalidNamespaceError,
  RegisterTask,
  UdfCompileError,
  UdfError,
  UdfRemoveTask,
} from "../../src/index.js";
import { connectTarget, type TestTarget } from "../support/connect-target.js";

const WAIT = { timeoutMs: 20_000 };

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
    expect(task).toBeInstanceOf(RegisterTask);
    await task.waitTillComplete(WAIT);
    expect(await task.isDone()).toBe(true);
    expect((await session.listUdfs()).filter((module) => module.fileName === file)).toMatchObject([{ type: "LUA" }]);
    expect(await session.getUdf(file)).toBe(source(1));
    await (await session.registerUdf(new TextEncoder().encode(source(2)), file)).waitTillComplete(WAIT);
    expect(await session.getUdf(file)).toBe(source(2));
    const removal = await session.removeUdf(file);
    expect(removal).toBeInstanceOf(UdfRemoveTask);
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

describe("info", () => {
  it("tells of the cluster", async () => {
    const info = target.session.info();
    expect([...(await info.build())]).toEqual([...new Set(target.client.nodes.map(({ version }) => version))]);
    expect(await info.namespaces()).toEqual(new Set(target.client.namespaces));
    expect((await info.namespaceDetails("test"))?.get("nsup-period")).toMatch(/^\d+$/);
    expect(await info.namespaceDetails("nowhere")).toBeNull();
    expect(await info.isClusterStable()).toBe(true);
    expect(info.getClusterSize()).toBe(target.client.nodes.length);
    expect(target.session.isNamespaceSc("test")).toBe(false);
    expect(() => target.session.isNamespaceSc("nowhere")).toThrow(InvalidNamespaceError);
  });

  it("knows the sets", async () => {
    const set = target.dataSet<{ n: number }>();
    await target.session.put(set.id(1), { n: 1 });
    expect(await target.session.info().sets("test")).toContain(set.setName);
  });

  it("sends any command and throws what is refused", async () => {
    const info = target.session.info();
    expect(await info.info("status")).toBe("ok");
    const ids = target.client.nodes.map(({ id }) => id);
    expect(await info.infoOnAllNodes("node")).toEqual(Object.fromEntries(ids.map((id) => [id, id])));
    const failure = info.info("no-such-thing");
    await expect(failure).rejects.toBeInstanceOf(AerospikeError);
    await expect(failure).rejects.toThrow("unrecognized command");
    await expect(info.info("udf-get:filename=.")).rejects.toThrow(TypeError);
  });
});
