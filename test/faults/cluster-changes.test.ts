import { describe, expect, it } from "vitest";
import { DataSet, type Session } from "../../src/index.js";
import { behaviorOf, Lab, placeOf } from "../support/faults/lab.js";

const RECORDS = 60;
const set = DataSet.of<{ n: number }>("test", "changes");
const keys = set.ids(Array.from({ length: RECORDS }, (_, id) => id));

async function open(options: Parameters<typeof Lab.open>[0] = {}) {
  const lab = await Lab.open({ nodes: 3, ...options });
  const { client, cluster } = await lab.connectCluster();
  const session = client.createSession();
  await lab.until(Promise.all(keys.map((key) => session.put(key, { n: 0 }))));
  return { lab, client, cluster, session };
}

function addToAll(lab: Lab, session: Session): Promise<unknown> {
  return lab.until(session.update(keys).bin("n").add(1).execute());
}

async function sumOfAll(lab: Lab, session: Session): Promise<number> {
  const records = await lab.until(Promise.all(keys.map((key) => session.get(key))));
  return records.reduce((sum, { bins }) => sum + bins.n, 0);
}

describe("a node that is taken away for good", () => {
  it("is read around at once, and written around once another has taken over", async () => {
    const { lab, client, cluster, session } = await open();
    await using _lab = lab;
    await lab.emulator.nodes[1]?.stop();
    // Its replicas answer although nobody has noticed yet.
    expect(await sumOfAll(lab, session)).toBe(0);
    await lab.until(lab.emulator.whenStable());
    await lab.runtime.advance(3_000);
    expect(client.nodes.map(({ id }) => placeOf(lab.emulator, id)).sort()).toEqual([0, 2]);
    expect(cluster.partitionOwners("test").size).toBe(2);
    const owned = [...cluster.partitionOwners("test").values()].reduce((sum, { length }) => sum + length, 0);
    expect(owned).toBe(4096);
    await addToAll(lab, session);
    expect(await sumOfAll(lab, session)).toBe(RECORDS);
  });

  it("costs a patient writer no write and makes none happen twice", async () => {
    const { lab, client } = await open();
    await using _lab = lab;
    const session = client.createSession(behaviorOf({ all: { maxRetries: 50, retryDelay: 50, totalTimeout: 20_000 } }));
    let confirmed = 0;
    let doubtful = 0;
    const writing = Promise.all(
      Array.from({ length: 4 }, async () => {
        for (const key of keys) {
          await session
            .update(key)
            .bin("n")
            .add(1)
            .execute()
            .then(
              () => confirmed++,
              (error: { inDoubt: boolean }) => {
                if (error.inDoubt) doubtful++;
              },
            );
          await new Promise<void>((resolve) => lab.runtime.setTimer(10, resolve, true));
        }
      }),
    );
    lab.runtime.setTimer(200, () => void lab.emulator.nodes[2]?.stop(), true);
    await lab.until(writing);
    expect(confirmed + doubtful).toBe(4 * RECORDS);
    const sum = await sumOfAll(lab, session);
    expect(sum).toBeGreaterThanOrEqual(confirmed);
    expect(sum).toBeLessThanOrEqual(confirmed + doubtful);
    // One on the way for each writer, and those that the others could not pass on before they noticed.
    expect(doubtful).toBeLessThanOrEqual(12);
  });

  it("leaves neither sockets nor timers of its own", async () => {
    const { lab } = await open();
    await using _lab = lab;
    const node = lab.emulator.nodes[1];
    await node?.stop();
    await lab.runtime.advance(30_000);
    expect(lab.transport.open.filter(({ endpoint }) => endpoint.port === node?.port)).toEqual([]);
  });
});

describe("nodes that come", () => {
  it("are found and get their part", async () => {
    const { lab, client, cluster, session } = await open();
    await using _lab = lab;
    await lab.emulator.nodes[2]?.stop();
    await lab.until(lab.emulator.whenStable());
    await lab.runtime.advance(10_000);
    expect(client.nodes.length).toBe(2);
    await lab.emulator.nodes[2]?.start();
    await lab.until(lab.emulator.whenStable());
    await lab.runtime.advance(3_000);
    expect(client.nodes.length).toBe(3);
    expect(cluster.partitionOwners("test").size).toBe(3);
    using reads = lab.emulator.faults.add({ node: 2, command: "read", do: "delay", ms: 0 });
    expect(await sumOfAll(lab, session)).toBe(0);
    expect(reads.hits).toBeGreaterThan(0);
  });

  it("are known to a client that came before them, by one seed alone", async () => {
    await using lab = await Lab.open({ nodes: 3 });
    await lab.emulator.nodes[2]?.stop();
    await lab.until(lab.emulator.whenStable());
    const [first] = lab.emulator.nodes;
    const { client } = await lab.connectCluster({ seeds: [{ host: first?.host ?? "", port: first?.port ?? 0 }] });
    expect(client.nodes.length).toBe(2);
    await lab.emulator.nodes[2]?.start();
    await lab.runtime.advance(5_000);
    expect(client.nodes.length).toBe(3);
  });
});

describe("a cluster that starts anew", () => {
  it.each([
    ["at once", 0],
    ["after a while", 5_000],
    ["after so long that every node was given up", 60_000],
  ])("is found again: %s", async (_, downMs) => {
    const { lab, client, session } = await open();
    await using _lab = lab;
    await Promise.all(lab.emulator.nodes.map((node) => node.stop()));
    const failure = await lab.failure(client.createSession(behaviorOf({ all: { maxRetries: 0 } })).get(set.id(1)));
    expect(failure).toMatchObject({ name: expect.stringMatching(/ConnectionError|InvalidNodeError/) });
    await lab.runtime.advance(downMs);
    await Promise.all(lab.emulator.nodes.map((node) => node.start()));
    await lab.until(lab.emulator.whenStable());
    await lab.runtime.advance(3_000);
    expect(client.nodes.length).toBe(3);
    await addToAll(lab, session);
    expect(await sumOfAll(lab, session)).toBe(RECORDS);
    const task = await lab.until(session.backgroundTask().update(set).bin("n").add(1).execute());
    expect((await lab.until(task.waitTillComplete())).succeeded).toBe(RECORDS);
  });

  it("node by node loses no read", async () => {
    const { lab, session } = await open({ migrationMs: 300 });
    await using _lab = lab;
    for (const node of lab.emulator.nodes) {
      await node.stop();
      expect(await sumOfAll(lab, session)).toBe(0);
      await lab.until(lab.emulator.whenStable());
      await lab.runtime.advance(2_000);
      expect(await sumOfAll(lab, session)).toBe(0);
      await node.start();
      await lab.until(lab.emulator.whenStable());
      await lab.runtime.advance(2_000);
    }
    await addToAll(lab, session);
    expect(await sumOfAll(lab, session)).toBe(RECORDS);
  });
});

describe("a node that is in trouble", () => {
  it("does not keep the others from being tended", async () => {
    const { lab, cluster, client } = await open();
    await using _lab = lab;
    using _silent = lab.emulator.faults.add({ node: 0, command: "info", do: "silence" });
    await lab.emulator.nodes[1]?.stop();
    await lab.until(lab.emulator.whenStable());
    await lab.runtime.advance(3_000);
    expect(client.nodes.map(({ id }) => placeOf(lab.emulator, id)).sort()).toEqual([0, 2]);
    // The one that answers has half of the partitions now, and the client knows.
    const owned = [...cluster.partitionOwners("test")].find(([{ id }]) => placeOf(lab.emulator, id) === 2);
    expect(owned?.[1].length).toBeGreaterThan(1_800);
  });

  it("that turns sockets away is not stormed with them", async () => {
    const { lab, client } = await open();
    await using _lab = lab;
    const session = client.createSession(behaviorOf({ all: { maxRetries: 3, totalTimeout: 500 } }));
    const node = lab.emulator.nodes[1];
    await node?.stop();
    await node?.start();
    using _ = lab.emulator.faults.refuseSockets(1);
    const before = lab.transport.opened;
    for (let round = 0; round < 20; round++) {
      await lab.until(Promise.allSettled(keys.map((key) => session.get(key))));
    }
    // 1,200 commands, a third of them for the node.
    expect(lab.transport.opened - before).toBeLessThan(300);
  });
});
