import { describe, expect, it } from "vitest";
import { Emulator, MemoryNetwork } from "../../../../emulator/index.js";
import { VirtualRuntime } from "../../../../runtime/virtual-runtime.js";
import { DataSet } from "../../../../src/index.js";
import { Lab } from "../../../support/faults/lab.js";

const set = DataSet.of<{ n: number }>("test", "s");

describe("a node that is frozen", () => {
  it("takes requests, carries them out when it thaws, and not if it is killed first", async () => {
    await using lab = await Lab.open({ nodes: 1 });
    const session = await lab.session({ all: { totalTimeout: 100, maxRetries: 0 } });
    const [node] = lab.emulator.nodes;
    await lab.until(session.put(set.id(1), { n: 1 }));
    node?.freeze();
    expect(node).toMatchObject({ frozen: true, running: true });
    expect(await lab.failure(session.put(set.id(1), { n: 2 }))).toMatchObject({ code: "TIMEOUT", inDoubt: true });
    node?.thaw();
    await lab.runtime.advance(3_000);
    expect((await lab.until(session.get(set.id(1)))).bins.n).toBe(2);

    node?.freeze();
    expect(await lab.failure(session.put(set.id(1), { n: 3 }))).toMatchObject({ inDoubt: true });
    await lab.until(node!.stop());
    await lab.until(node!.start());
    expect(node?.frozen).toBe(false);
    await lab.runtime.advance(3_000);
    expect((await lab.until(session.get(set.id(1)))).bins.n).toBe(2);
  });

  it("lets its jobs rest", async () => {
    await using lab = await Lab.open({ nodes: 1 });
    const session = await lab.session();
    const keys = set.ids(Array.from({ length: 30 }, (_, n) => n));
    await lab.until(Promise.all(keys.map((key) => session.put(key, { n: 0 }))));
    await lab.until(session.backgroundTask().update(set).bin("n").add(1).recordsPerSecond(1).execute());
    const [node] = lab.emulator.nodes;
    const changed = async (): Promise<number> => {
      const records = await lab.until(Promise.all(keys.map((key) => session.get(key))));
      return records.reduce((sum, { bins }) => sum + bins.n, 0);
    };
    node?.freeze();
    await lab.runtime.advance(5_000);
    node?.thaw();
    expect(await changed()).toBeLessThan(30);
    await lab.runtime.advance(40_000);
    expect(await changed()).toBe(30);
  });

  it("is done without by the others", async () => {
    await using lab = await Lab.open({ nodes: 3 });
    const session = await lab.session();
    const keys = set.ids(Array.from({ length: 30 }, (_, n) => n));
    await lab.until(Promise.all(keys.map((key) => session.put(key, { n: 1 }))));
    lab.emulator.nodes[0]?.freeze();
    await lab.runtime.advance(5_000);
    for (const key of keys) expect((await lab.until(session.get(key))).bins.n).toBe(1);
  });
});

describe("a node that comes back on another port", () => {
  it("is found there, although the others never missed it", async () => {
    await using lab = await Lab.open({ nodes: 2, replicationFactor: 1 });
    const session = await lab.session();
    const keys = set.ids(Array.from({ length: 10 }, (_, n) => n));
    await lab.until(Promise.all(keys.map((key) => session.put(key, { n: 1 }))));
    const node = lab.emulator.nodes[1]!;
    const before = node.port;
    await lab.until(node.stop());
    await lab.until(node.start(0));
    expect(node.port).not.toBe(before);
    await lab.runtime.advance(5_000);
    for (const key of keys) expect((await lab.until(session.get(key))).bins.n).toBe(1);
  });

  it("takes a port number and nothing else", async () => {
    await using emulator = await Emulator.start({ listen: new MemoryNetwork(new VirtualRuntime()), udf: "none" });
    expect(() => emulator.nodes[0]?.start(65_536)).toThrow(
      "start(port): expected a whole number from 0 to 65535, got 65536",
    );
  });
});
