import { describe, expect, it } from "vitest";
import { AerospikeError, DataSet } from "../../src/index.js";
import { Lab, placeOf } from "../support/faults/lab.js";

// A client that keeps to one of several nodes: it passes on what others own.

const set = DataSet.of<{ n: number }>("test", "single");
const KEYS = Array.from({ length: 200 }, (_, id) => set.id(id));

describe("a client that keeps to one node of three", () => {
  it("reads and writes what the others own through it, and opens no socket to them", async () => {
    await using lab = await Lab.open({ nodes: 3 });
    const { client, cluster } = await lab.connectCluster({ forceSingleNode: true });
    const session = client.createSession();
    await lab.until(session.upsert(KEYS).put({ n: 1 }).execute());
    for (const key of KEYS.slice(0, 20)) await lab.until(session.update(key).bin("n").add(1).execute());
    const records = await lab.until(session.getMany(KEYS));
    expect(records.map((record) => record?.bins.n)).toEqual(KEYS.map((_, id) => (id < 20 ? 2 : 1)));
    expect(await lab.until(session.get(set.id(3)))).toMatchObject({ bins: { n: 2 } });
    expect(await lab.until(session.delete(set.id(4)).execute())).toBeDefined();
    await lab.runtime.advance(5_000);
    expect(cluster.nodes).toHaveLength(1);
    expect(new Set(lab.transport.open.map(({ endpoint }) => endpoint.port)).size).toBe(1);
    // The others have them: the records were not all kept by one node.
    const whole = await lab.session();
    expect(await lab.until(whole.query(set).count())).toBe(KEYS.length - 1);
  });

  it("refuses what every node has a part in, before anything is sent", async () => {
    await using lab = await Lab.open({ nodes: 3 });
    const session = await lab.session({}, { forceSingleNode: true });
    await lab.until(session.put(set.id(1), { n: 1 }));
    const asked: readonly (() => Promise<unknown>)[] = [
      () => session.query(set).collect(),
      () => session.query(set).count(),
      () => session.backgroundTask().update(set).bin("n").add(1).execute(),
      () => session.backgroundTask().touch(set).count(),
      () => session.backgroundTask().list(),
      () => session.query(set).aggregate("m", "f").collect(),
      () => session.info().sets("test"),
      async () => (await session.createIndex(set, { name: "i", bin: "n", type: "integer" })).waitTillComplete(),
    ];
    for (const ask of asked) {
      const error = await lab.failure(ask());
      expect(error).toBeInstanceOf(AerospikeError);
      expect(error).toMatchObject({ code: "UNSUPPORTED_FEATURE" });
      expect(String(error)).toContain("all 3 nodes");
    }
    expect(await lab.until(session.get(set.id(1)))).toMatchObject({ bins: { n: 1 }, generation: 1 });
  });

  it("does all of it where there is no other node", async () => {
    await using lab = await Lab.open();
    const session = await lab.session({}, { forceSingleNode: true });
    await lab.until(session.upsert(KEYS).put({ n: 1 }).execute());
    expect(await lab.until(session.query(set).count())).toBe(KEYS.length);
    const task = await lab.until(session.backgroundTask().update(set).bin("n").add(1).execute());
    expect(await lab.until(task.waitTillComplete())).toMatchObject({ succeeded: KEYS.length });
  });

  it("goes on with another one of its hosts when the node is lost, and stays there", async () => {
    await using lab = await Lab.open({ nodes: 3 });
    const { client, cluster } = await lab.connectCluster({ forceSingleNode: true });
    const session = client.createSession();
    await lab.until(session.upsert(KEYS).put({ n: 1 }).execute());
    const [before] = cluster.nodes;
    await lab.emulator.nodes[placeOf(lab.emulator, before!.id)]?.stop();
    await lab.runtime.advance(10_000);
    expect(cluster.nodes).toHaveLength(1);
    expect(cluster.nodes[0]?.id).not.toBe(before?.id);
    await lab.until(session.upsert(KEYS).put({ n: 2 }).execute());
    const records = await lab.until(session.getMany(KEYS));
    expect(records.every((record) => record?.bins.n === 2)).toBe(true);
  });

  it("takes no table of a whole cluster, and gives none", async () => {
    await using lab = await Lab.open({ nodes: 3 });
    const whole = await lab.connect();
    await lab.runtime.advance(2_000);
    const table = whole.exportTable();
    expect(table).toBeDefined();
    await expect(lab.connect({ forceSingleNode: true, table })).rejects.toThrow(/forceSingleNode is true, and a table/);
    const single = await lab.connect({ forceSingleNode: true });
    await lab.runtime.advance(2_000);
    expect(single.exportTable()).toBeUndefined();
  });
});
