import { describe, expect, it } from "vitest";
import { DataSet, type ReadModeSc, type Session } from "../../src/index.js";
import { infoOf } from "../support/faults/info-of.js";
import { behaviorOf, Lab } from "../support/faults/lab.js";

// A cluster of three nodes whose namespace keeps two copies in strong consistency, as nodes are killed and come back.

const set = DataSet.of<{ n: number }>("test", "s");
const keys = set.ids(Array.from({ length: 30 }, (_, id) => id));

async function open() {
  const lab = await Lab.open({ nodes: 3, namespaces: [{ name: "test", strongConsistency: true }] });
  const { client, cluster } = await lab.connectCluster({ maxErrorRate: 0 });
  const session = client.createSession(behaviorOf({ all: { maxRetries: 2, retryDelay: 10, totalTimeout: 2_000 } }));
  const calm = client.createSession();
  await lab.until(Promise.all(keys.map((key) => calm.put(key, { n: 1 }))));
  const stop = async (...places: number[]): Promise<void> => {
    await lab.until(Promise.all(places.map((place) => lab.emulator.nodes[place]!.stop())));
    await settle();
  };
  const start = async (...places: number[]): Promise<void> => {
    await lab.until(Promise.all(places.map((place) => lab.emulator.nodes[place]!.start())));
    await settle();
  };
  const settle = async (): Promise<void> => {
    await lab.until(lab.emulator.whenStable());
    await lab.runtime.advance(4_000);
  };
  /** How many of the records can be read, and how many written. */
  const reach = async (from: Session = session): Promise<[number, number]> => {
    const count = async (work: (key: (typeof keys)[number]) => Promise<unknown>): Promise<number> => {
      const done = await lab.until(Promise.allSettled(keys.map(work)));
      return done.filter(({ status }) => status === "fulfilled").length;
    };
    return [await count((key) => from.get(key)), await count((key) => from.update(key).bin("n").setTo(1).execute())];
  };
  return { lab, client, cluster, stop, start, reach };
}

const readingBy = (readModeSc: ReadModeSc) => behaviorOf({ readsSc: { readModeSc }, all: { totalTimeout: 2_000 } });

describe("a namespace in strong consistency", () => {
  it("goes on without one of three nodes", async () => {
    const { lab, stop, start, reach } = await open();
    await using _lab = lab;
    await stop(1);
    expect(await reach()).toEqual([30, 30]);
    await start(1);
    expect(await reach()).toEqual([30, 30]);
  });

  it("serves nothing where two of three are gone, but stale reads to those who ask for them", async () => {
    const { lab, client, stop, start, reach } = await open();
    await using _lab = lab;
    await stop(1);
    await stop(2);
    expect(await reach()).toEqual([0, 0]);
    expect(await infoOf(lab, 0, "namespace/test")).toMatch(/;dead_partitions=0;unavailable_partitions=4096;/);
    expect((await reach(client.createSession(readingBy("allowReplica"))))[0]).toBe(0);
    await start(1);
    expect(await reach()).toEqual([30, 30]);
    await start(2);
    expect(await reach()).toEqual([30, 30]);
  });

  it("gives up what two nodes had alone that were killed at once, until it is revived", async () => {
    const { lab, stop, start, reach } = await open();
    await using _lab = lab;
    await stop(1, 2);
    await start(1, 2);
    const [read, written] = await reach();
    expect(read).toBe(written);
    expect(read).toBeGreaterThan(0);
    expect(read).toBeLessThan(30);
    // A client that comes now can connect all the same.
    expect((await lab.connect()).isConnected).toBe(true);
    expect(await infoOf(lab, 2, "revive:namespace=test")).toBe("ok");
    expect(await infoOf(lab, 2, "recluster:")).toBe("ok");
    await lab.runtime.advance(4_000);
    expect(await reach()).toEqual([30, 30]);
  });

  it("takes linearized reads, and deletes only with a tombstone", async () => {
    const { lab, client } = await open();
    await using _lab = lab;
    const session = client.createSession(readingBy("linearize"));
    const [key] = keys;
    if (key === undefined) throw new Error("there is no key");
    expect((await lab.until(session.get(key))).bins.n).toBe(1);
    expect(await lab.failure(session.delete(key).withoutDurableDelete().execute())).toMatchObject({
      code: "FORBIDDEN",
    });
    expect((await lab.until(session.delete(key).firstOrThrow())).isOk).toBe(true);
  });

  it("is known whole to a client from its first command on", async () => {
    const { lab } = await open();
    await using _lab = lab;
    const { cluster } = await lab.connectCluster();
    const partitions = [...cluster.partitionOwners("test").values()].reduce((sum, { length }) => sum + length, 0);
    expect(partitions).toBe(4096);
  });
});
