import { describe, expect, test, vi } from "vitest";
import { KeptMemory } from "../../../../protocol/bytes/memory.js";
import { makeKey } from "../../../../protocol/key/make-key.js";
import type { Runtime } from "../../../../runtime/runtime.js";
import { CircuitBreaker } from "../../../../src/cluster/circuit-breaker.js";
import type { ClusterCore } from "../../../../src/cluster/cluster-core.js";
import { PLAIN, World } from "../../../support/fake/world.js";
import { execute } from "../../../support/operations.js";
import { readCommand, writeCommand } from "../../../support/record-commands.js";

const ids = (cluster: ClusterCore): string[] => cluster.nodes.map(({ id }) => id).sort();

/** Who the client believes to be the master of each partition, in short. */
const masters = (cluster: ClusterCore): Record<string, number> =>
  Object.fromEntries([...cluster.partitionOwners("test")].map(([node, partitions]) => [node.id, partitions.length]));

async function connected(nodes: number, changes = {}): Promise<{ world: World; cluster: ClusterCore }> {
  const world = new World({ nodes });
  const cluster = await world.connect(changes);
  await world.runtime.advance(1_000);
  return { world, cluster };
}

describe("a tend", () => {
  test("asks each node for generations alone while nothing changes", async () => {
    const { world, cluster } = await connected(3);
    for (const node of world.fake.nodes) node.asked.length = 0;
    await world.runtime.advance(3_000);
    for (const node of world.fake.nodes) {
      expect(node.asked).toEqual(new Array(3).fill(["node", "peers-generation", "partition-generation"]));
    }
    await world.close(cluster);
  });

  test("does not hold the process", async () => {
    const { world, cluster } = await connected(2);
    expect(world.network.holding).toBe(0);
    await world.close(cluster);
  });

  test("lets go of memory for long requests that was not needed since the last", async () => {
    using trim = vi.spyOn(KeptMemory.prototype, "trim");
    const { world, cluster } = await connected(1);
    const before = trim.mock.calls.length;
    await world.runtime.advance(3_000);
    expect(trim.mock.calls.length - before).toBe(3);
    await world.close(cluster);
  });

  test("goes over a socket of its own that a busy node does not block", async () => {
    const { world, cluster } = await connected(1);
    const [node] = world.fake.nodes;
    node!.onRequest = () => ({ kind: "delay", ms: 5_000 });
    const slow = execute(cluster, writeCommand(makeKey("test", "set", 1), { a: 1 }), {
      ...PLAIN,
      totalTimeoutMs: 0,
    });
    node!.asked.length = 0;
    await world.runtime.advance(3_000);
    expect(node!.asked).toHaveLength(3);
    await world.runtime.until(slow);
    await world.close(cluster);
  });
});

describe("a node that joins", () => {
  test("is found through the others and gets its partitions", async () => {
    const { world, cluster } = await connected(2);
    const joined = world.fake.addNode();
    world.fake.settle(world.fake.nodes);
    await world.runtime.advance(2_000);
    expect(ids(cluster)).toEqual(["A1", "A2", "A3"]);
    expect(masters(cluster)).toEqual({ A1: 1_366, A2: 1_365, A3: 1_365 });
    const key = makeKey("test", "set", 1);
    await world.runtime.until(execute(cluster, writeCommand(key, { a: 1 }), PLAIN));
    expect(joined.requests.length + world.fake.nodes[0]!.requests.length + world.fake.nodes[1]!.requests.length).toBe(
      1,
    );
    await world.close(cluster);
  });

  test("that can't be reached is tried again and again, and holds nobody up", async () => {
    const { world, cluster } = await connected(2);
    const joined = world.fake.addNode();
    world.network.blackHoles.add("10.0.0.3:3000");
    world.fake.settle([world.fake.nodes[0]!, world.fake.nodes[1]!, joined]);
    world.fake.nodes[0]!.asked.length = 0;
    await world.runtime.advance(5_000);
    expect(ids(cluster)).toEqual(["A1", "A2"]);
    const rounds = world.fake.nodes[0]!.asked.filter(([first]) => first === "node").length;
    expect(rounds).toBeGreaterThanOrEqual(5);
    world.network.blackHoles.clear();
    await world.runtime.advance(3_000);
    expect(ids(cluster)).toEqual(["A1", "A2", "A3"]);
    await world.close(cluster);
  });

  test("is turned down when another node answers at its address", async () => {
    const { world, cluster } = await connected(2);
    const [first] = world.fake.nodes;
    first!.answers.set("peers-clear-std", "9,3000,[[A2,,[10.0.0.2:3000]],[C9,,[10.0.0.2:3000]]]");
    first!.peersGeneration = 9;
    await world.runtime.advance(3_000);
    expect(ids(cluster)).toEqual(["A1", "A2"]);
    await world.close(cluster);
  });
});

describe("a node that dies", () => {
  test("is let go once the others do not list it, and its partitions are found at their new masters", async () => {
    const { world, cluster } = await connected(3);
    world.fake.kill(world.fake.nodes[1]!);
    await world.runtime.advance(2_500);
    expect(ids(cluster)).toEqual(["A1", "A3"]);
    expect(masters(cluster)).toEqual({ A1: 2_048, A3: 2_048 });
    await world.close(cluster);
  });

  test("stays while the others still list it: only we may have lost it", async () => {
    const { world, cluster } = await connected(3);
    world.fake.nodes[1]!.stop();
    await world.runtime.advance(20_000);
    expect(ids(cluster)).toEqual(["A1", "A2", "A3"]);
    await world.close(cluster);
  });

  test("makes reads go to the replica at once", async () => {
    const { world, cluster } = await connected(3);
    const [victim] = world.fake.nodes;
    const keys = Array.from({ length: 60 }, (_, i) => makeKey("test", "set", i));
    for (const key of keys) await world.runtime.until(execute(cluster, writeCommand(key, { a: 1 }), PLAIN));
    victim!.stop();
    const settings = { ...PLAIN, maxRetries: 2, totalTimeoutMs: 500 };
    const read = Promise.all(keys.map((key) => execute(cluster, readCommand(key), settings)));
    expect(await world.runtime.until(read)).toHaveLength(60);
    await world.close(cluster);
  });

  test("comes back, with the same id at the same address", async () => {
    const { world, cluster } = await connected(3);
    const [, victim] = world.fake.nodes;
    world.fake.kill(victim!);
    await world.runtime.advance(3_000);
    expect(ids(cluster)).toEqual(["A1", "A3"]);
    world.fake.revive(victim!);
    await world.runtime.advance(3_000);
    expect(ids(cluster)).toEqual(["A1", "A2", "A3"]);
    expect(Object.keys(masters(cluster)).sort()).toEqual(["A1", "A2", "A3"]);
    await world.close(cluster);
  });

  test("is noticed before the next regular tend when its connection breaks", async () => {
    const { world, cluster } = await connected(3, { tendIntervalMs: 60_000 });
    const key = makeKey("test", "set", 1);
    await world.runtime.until(execute(cluster, writeCommand(key, { a: 1 }), PLAIN));
    const victim = world.fake.owner(key.partition)!;
    world.fake.kill(victim);
    await world.runtime.advance(500);
    expect(ids(cluster)).not.toContain(victim.id);
    await world.close(cluster);
  });
});

describe("a node that was restarted between two tends", () => {
  test("is asked for everything again, though its generations look the same", async () => {
    const { world, cluster } = await connected(2);
    const [first, second] = world.fake.nodes;
    world.fake.settle([second!, first!]);
    for (const node of world.fake.nodes) {
      node.partitionGeneration--;
      node.peersGeneration--;
      node.cutAll();
    }
    await world.runtime.advance(1_500);
    for (const [node, partitions] of cluster.partitionOwners("test")) {
      expect(partitions.every((partition) => world.fake.owner(partition)?.id === node.id)).toBe(true);
    }
    await world.close(cluster);
  });

  test("starts with a clean record of errors", async () => {
    const { world, cluster } = await connected(1, { maxErrorRate: 1, errorRateWindow: 1_000 });
    const [node] = world.fake.nodes;
    const key = makeKey("test", "set", 1);
    const write = () => execute(cluster, writeCommand(key, { a: 1 }), PLAIN);
    node!.onRequest = () => ({ kind: "code", code: 18 });
    for (let i = 0; i < 3; i++) await world.runtime.until(write().catch(() => undefined));
    node!.onRequest = () => undefined;
    await expect(world.runtime.until(write())).rejects.toMatchObject({ code: "MAX_ERROR_RATE" });
    node!.peersGeneration = 0;
    await world.runtime.advance(1_500);
    await world.runtime.until(write());
    await world.close(cluster);
  });

  test("knows nobody yet, which does not make the one that serves leave when that is slow once", async () => {
    const { world, cluster } = await connected(2);
    const [first, second] = world.fake.nodes;
    second!.cutAll();
    second!.answers.set("partition-generation", "-1").set("peers-generation", "0").set("peers-clear-std", "0,3000,[]");
    await world.runtime.advance(1_500);
    first!.infoDelayMs = 1_500;
    await world.runtime.advance(2_000);
    first!.infoDelayMs = 0;
    expect(ids(cluster)).toEqual(["A1", "A2"]);
    expect(masters(cluster)).toEqual({ A1: 2_048, A2: 2_048 });
    await world.close(cluster);
  });

  test("is not believed while its partitions are not settled", async () => {
    const { world, cluster } = await connected(2);
    const [first, second] = world.fake.nodes;
    let asked = 0;
    // Ready when it is asked for news, and not any more when it tells its partitions.
    first!.answers.set("partition-generation", () => (asked++ % 2 === 0 ? "99" : "-1"));
    first!.answers.set("replicas", `test:0,1,${"/".repeat(682)}8=`);
    // Nobody is there to claim back what was taken.
    second!.infoDelayMs = Number.POSITIVE_INFINITY;
    await world.runtime.advance(3_500);
    expect(asked).toBeGreaterThan(2);
    expect(masters(cluster)).toEqual({ A1: 2_048, A2: 2_048 });
    await world.close(cluster);
  });
});

describe("a tend out of turn", () => {
  test("follows when a partition is not available", async () => {
    const { world, cluster } = await connected(1, { tendIntervalMs: 60_000 });
    const [node] = world.fake.nodes;
    node!.onRequest = () => ({ kind: "code", code: 11 });
    node!.asked.length = 0;
    const read = execute(cluster, readCommand(makeKey("test", "set", 1)), PLAIN);
    await world.runtime.until(read.catch(() => undefined));
    await world.runtime.advance(200);
    expect(node!.asked).toHaveLength(1);
    await world.close(cluster);
  });

  test("comes once in an interval at most, whatever breaks", async () => {
    const { world, cluster } = await connected(1, { maxErrorRate: 0 });
    const [node] = world.fake.nodes;
    node!.onRequest = () => ({ kind: "cut", after: 0 });
    node!.asked.length = 0;
    for (let i = 0; i < 40; i++) {
      await world.runtime.until(execute(cluster, readCommand(makeKey("test", "set", 1)), PLAIN).catch(() => undefined));
      await world.runtime.advance(30);
    }
    const rounds = node!.asked.filter(([command]) => command === "node").length;
    expect(rounds).toBeGreaterThanOrEqual(2);
    expect(rounds).toBeLessThanOrEqual(5);
    await world.close(cluster);
  });

  test("ends no window of errors: those are counted in tends in turn", async () => {
    const { world, cluster } = await connected(1, { maxErrorRate: 0 });
    const [node] = world.fake.nodes;
    node!.onRequest = () => ({ kind: "cut", after: 0 });
    using onTend = vi.spyOn(CircuitBreaker.prototype, "onTend");
    node!.asked.length = 0;
    const end = world.runtime.now() + 10_000;
    while (world.runtime.now() < end) {
      await world.runtime.until(execute(cluster, readCommand(makeKey("test", "set", 1)), PLAIN).catch(() => undefined));
      await world.runtime.advance(30);
    }
    const windows = onTend.mock.calls.length;
    expect(windows).toBeGreaterThanOrEqual(9);
    expect(windows).toBeLessThanOrEqual(11);
    expect(node!.asked.filter(([command]) => command === "node").length).toBeGreaterThan(windows + 5);
    await world.close(cluster);
  });

  test("may follow each in turn, though timers are early by a little", async () => {
    const world = new World();
    const { runtime } = world;
    const early: Runtime = {
      now: () => runtime.now(),
      wallClock: () => runtime.wallClock(),
      random: () => runtime.random(),
      randomBigint64: () => runtime.randomBigint64(),
      setTimer: (ms, call, holdsProcess) => runtime.setTimer(ms * 0.999, call, holdsProcess),
    };
    const cluster = await world.connect({ runtime: early, maxErrorRate: 0 });
    const [node] = world.fake.nodes;
    node!.onRequest = () => ({ kind: "cut", after: 0 });
    for (let i = 0; i < 3; i++) {
      await runtime.advance(2_000);
      node!.asked.length = 0;
      await runtime.until(execute(cluster, readCommand(makeKey("test", "set", 1)), PLAIN).catch(() => undefined));
      await runtime.advance(110);
      expect(node!.asked.filter(([command]) => command === "node").length).toBeGreaterThan(0);
    }
    await world.close(cluster);
  });

  test("does not follow a tend that failed: a dead node is tried once in an interval", async () => {
    const { world, cluster } = await connected(2);
    world.fake.nodes[1]!.stop();
    await world.runtime.advance(2_000);
    const before = world.network.attempts.filter((address) => address === "10.0.0.2:3000").length;
    await world.runtime.advance(10_000);
    const tries = world.network.attempts.filter((address) => address === "10.0.0.2:3000").length - before;
    expect(tries).toBeGreaterThanOrEqual(9);
    expect(tries).toBeLessThanOrEqual(11);
    await world.close(cluster);
  });
});

describe("a slow node", () => {
  test("delays nothing but itself", async () => {
    const { world, cluster } = await connected(3);
    const [, slow] = world.fake.nodes;
    slow!.infoDelayMs = Number.POSITIVE_INFINITY;
    const joined = world.fake.addNode();
    world.fake.settle(world.fake.nodes);
    await world.runtime.advance(1_300);
    expect(ids(cluster)).toContain(joined.id);
    await world.close(cluster);
  });
});

describe("two nodes that fall silent one after the other", () => {
  async function silenced() {
    const { world, cluster } = await connected(4);
    for (const node of world.fake.nodes.slice(1, 3)) {
      node.infoDelayMs = Number.POSITIVE_INFINITY;
      await world.runtime.advance(400);
    }
    // From here on one of them is being asked at any time.
    await world.runtime.advance(3_000);
    return { world, cluster };
  }

  test("are looked at, as far as they reply in a tend", async () => {
    const { world, cluster } = await silenced();
    const before = cluster.changes;
    world.fake.settle([...world.fake.nodes].reverse());
    const looking = cluster.look();
    await world.runtime.advance(10);
    // What the others say is known at once.
    expect(cluster.changes).toBeGreaterThan(before);
    expect(await world.runtime.until(looking, 5_000)).toBe(false);
    await world.close(cluster);
  });

  test("are not waited for until all is quiet", async () => {
    const { world, cluster } = await silenced();
    await world.runtime.until(cluster.settle(), 5_000);
    await world.close(cluster);
  });
});

describe("a node under another id", () => {
  test("at a known address takes the place of the one that was there", async () => {
    const { world, cluster } = await connected(2);
    const [first, second] = world.fake.nodes;
    world.fake.kill(second!);
    const renamed = world.fake.addNode("A9", second!.host);
    world.fake.settle([first!, renamed]);
    await world.runtime.advance(3_000);
    expect(ids(cluster)).toEqual(["A1", "A9"]);
    await world.close(cluster);
  });
});

describe("a node that is quiesced", () => {
  test("stays in the cluster, gets no command, and gets its part back", async () => {
    const { world, cluster } = await connected(3);
    const [, second] = world.fake.nodes;
    const ofSecond = Array.from({ length: 50 }, (_, id) => makeKey("test", "set", id)).filter(
      ({ partition }) => world.fake.owner(partition) === second,
    );
    expect(ofSecond.length).toBeGreaterThan(5);
    world.fake.quiesce(second!);
    await world.runtime.advance(10_000);
    expect(ids(cluster)).toEqual(["A1", "A2", "A3"]);
    expect(masters(cluster)).toEqual({ A1: 2_048, A3: 2_048 });
    const before = second!.requests.length;
    for (const key of ofSecond) await world.runtime.until(execute(cluster, writeCommand(key, { a: 1 }), PLAIN));
    expect(second!.requests.length).toBe(before);
    world.fake.quiesce(second!, false);
    await world.runtime.advance(3_000);
    for (const key of ofSecond) await world.runtime.until(execute(cluster, readCommand(key), PLAIN));
    expect(second!.requests.length).toBe(before + ofSecond.length);
    await world.close(cluster);
  });
});

describe("a cluster that is split", () => {
  test("is served by the nodes that are reached, whatever each half believes, and is whole again", async () => {
    const { world, cluster } = await connected(3);
    const [first, second, third] = world.fake.nodes;
    // The third one has lost the others, believes that it owns everything, and is reached.
    const all = `test:0,1,${"/".repeat(682)}8=`;
    third!.answers.set("peers-clear-std", "99,3000,[]").set("peers-generation", "99");
    third!.answers.set("replicas", all).set("partition-generation", "99");
    world.fake.settle([first!, second!]);
    await world.runtime.advance(5_000);
    expect(masters(cluster)).toEqual({ A1: 2_048, A2: 2_048 });
    third!.answers.clear();
    world.fake.settle([first!, second!, third!]);
    third!.peersGeneration = third!.partitionGeneration = 200;
    await world.runtime.advance(5_000);
    expect(ids(cluster)).toEqual(["A1", "A2", "A3"]);
    expect(Object.keys(masters(cluster)).sort()).toEqual(["A1", "A2", "A3"]);
    await world.close(cluster);
  });
});

describe("a node that moves", () => {
  test("is followed to its new address", async () => {
    const { world, cluster } = await connected(2);
    const [first, second] = world.fake.nodes;
    world.fake.kill(second!);
    const moved = world.fake.addNode("A2", "10.9.9.9");
    world.fake.settle([first!, moved]);
    await world.runtime.advance(3_000);
    expect(cluster.nodes.map((node) => `${node}`).sort()).toEqual(["A1 (10.0.0.1:3000)", "A2 (10.9.9.9:3000)"]);
    await world.close(cluster);
  });

  test("is not one that a seed leads to under another name, once all of them were slow", async () => {
    const world = new World({ nodes: 2 });
    const [, second] = world.fake.nodes;
    world.network.listen("alias", 3000, (peer) => second?.accept(peer));
    const cluster = await world.connect({ seeds: [{ host: "alias", port: 3000 }] });
    await world.runtime.advance(2_500);
    const before = cluster.nodes;
    // From now on the seed does not lead to the address that the other node lists.
    second!.serviceHosts = "alias:3000";
    for (const node of world.fake.nodes) node.infoDelayMs = Number.POSITIVE_INFINITY;
    await world.runtime.advance(1_450);
    for (const node of world.fake.nodes) node.infoDelayMs = 0;
    await world.runtime.advance(5_000);
    expect(before.map(({ state }) => state.failedTends)).toEqual([1, 1]);
    expect(world.network.attempts.filter((address) => address === "alias:3000").length).toBeGreaterThan(1);
    expect(cluster.nodes.map((node) => `${node}`)).toEqual(["A2 (10.0.0.2:3000)", "A1 (10.0.0.1:3000)"]);
    expect(before.every(({ isActive, state }) => isActive && state.failures === 0)).toBe(true);
    await world.close(cluster);
  });

  test("is followed though the others list the new address while the old one still seems well", async () => {
    const { world, cluster } = await connected(3);
    const [first, second, third] = world.fake.nodes;
    const moved = world.fake.addNode("A2", "10.9.9.9");
    world.fake.settle([first!, moved, third!]);
    await world.runtime.advance(2_000);
    expect(cluster.nodes.map((node) => `${node}`)).toContain("A2 (10.0.0.2:3000)");
    second!.stop();
    await world.runtime.advance(2_000);
    expect(cluster.nodes.map((node) => `${node}`)).toContain("A2 (10.9.9.9:3000)");
    await world.close(cluster);
  });

  test("is followed though the others list the new address before another node answers at the old one", async () => {
    const { world, cluster } = await connected(3);
    const [first, second, third] = world.fake.nodes;
    const moved = world.fake.addNode("A2", "10.9.9.9");
    world.fake.settle([first!, moved, third!]);
    await world.runtime.advance(2_000);
    second!.answers.set("node", "A4");
    await world.runtime.advance(2_000);
    expect(cluster.nodes.map((node) => `${node}`)).toContain("A2 (10.9.9.9:3000)");
    await world.close(cluster);
  });
});

describe("when every node is gone", () => {
  test("the seeds are asked again, and lead to wherever the cluster is now", async () => {
    const { world, cluster } = await connected(2);
    const [first, second] = world.fake.nodes;
    // All addresses change at once; the seed's name now leads to one of the new ones.
    first!.stop();
    second!.stop();
    const replacement = world.fake.addNode("B1", "10.1.0.1");
    const other = world.fake.addNode("B2", "10.1.0.2");
    world.fake.settle([replacement, other]);
    world.network.listen(first!.host, first!.port, (peer) => replacement.accept(peer));
    await world.runtime.advance(10_000);
    expect(ids(cluster)).toEqual(["B1", "B2"]);
    const key = makeKey("test", "set", 1);
    await world.runtime.until(execute(cluster, writeCommand(key, { a: 1 }), PLAIN));
    await world.close(cluster);
  });

  test("that has to last for some tends in turn, however often tasks ask meanwhile", async () => {
    const { world, cluster } = await connected(1);
    const [node] = world.fake.nodes;
    node!.stop();
    for (let i = 0; i < 20; i++) {
      expect(await world.runtime.until(cluster.look())).toBe(false);
      await world.runtime.advance(100);
    }
    expect(ids(cluster)).toEqual(["A1"]);
    await world.runtime.advance(4_000);
    expect(ids(cluster)).toEqual([]);
    await world.close(cluster);
  });

  test("commands say that no node serves them, and are well again once one does", async () => {
    const { world, cluster } = await connected(1);
    const [node] = world.fake.nodes;
    const key = makeKey("test", "set", 1);
    node!.stop();
    await world.runtime.advance(10_000);
    expect(cluster.nodes).toEqual([]);
    const error = await world.runtime.until(
      execute(cluster, readCommand(key), PLAIN).catch((reason: unknown) => reason),
    );
    expect(error).toMatchObject({ code: "INVALID_NODE", message: expect.stringContaining("No node serves partition") });
    node!.start();
    await world.runtime.advance(2_000);
    await world.runtime.until(execute(cluster, writeCommand(key, { a: 1 }), PLAIN));
    await world.close(cluster);
  });
});

describe("the map", () => {
  test("is fetched again from a node that lost a partition to another", async () => {
    const { world, cluster } = await connected(2);
    const [first, second] = world.fake.nodes;
    // Only the first one's generation moves: the second has to be asked because it was displaced.
    world.fake.settle([second!, first!]);
    second!.partitionGeneration--;
    await world.runtime.advance(2_500);
    for (const [node, partitions] of cluster.partitionOwners("test")) {
      expect(partitions.every((partition) => world.fake.owner(partition)?.id === node.id)).toBe(true);
    }
    await world.close(cluster);
  });

  test("is not taken over by a node that has lost the others", async () => {
    const { world, cluster } = await connected(2);
    const [first, second] = world.fake.nodes;
    world.fake.settle([second!]);
    first!.answers.set("peers-clear-std", "9,3000,[[A2,,[10.0.0.2:3000]]]");
    second!.answers.set("peers-clear-std", "9,3000,[]");
    first!.peersGeneration = 9;
    await world.runtime.advance(3_000);
    expect(masters(cluster)).toEqual({ A1: 2_048, A2: 2_048 });
    await world.close(cluster);
  });

  test("survives a node that answers nonsense", async () => {
    const { world, cluster } = await connected(2);
    const [first] = world.fake.nodes;
    first!.answers.set("replicas", "test:0,1,not base64");
    first!.answers.set("peers-clear-std", "what?");
    first!.peersGeneration++;
    first!.partitionGeneration++;
    await world.runtime.advance(5_000);
    expect(masters(cluster)).toEqual({ A1: 2_048, A2: 2_048 });
    first!.answers.clear();
    await world.runtime.advance(2_000);
    expect(ids(cluster)).toEqual(["A1", "A2"]);
    await world.close(cluster);
  });

  test("has racks where the servers know them", async () => {
    const world = new World({ nodes: 2 });
    const [first, second] = world.fake.nodes;
    first!.answers.set("rack-ids", "test:1;bar:1");
    second!.answers.set("rack-ids", "test:2;bar:2");
    const cluster = await world.connect({ racks: [2, 1] });
    await world.runtime.advance(1_000);
    const keys = Array.from({ length: 20 }, (_, i) => makeKey("test", "set", i));
    for (const key of keys) await world.runtime.until(execute(cluster, writeCommand(key, { a: 1 }), PLAIN));
    for (const node of world.fake.nodes) node.requests.length = 0;
    const settings = { ...PLAIN, replica: "preferRack" } as const;
    for (const key of keys) await world.runtime.until(execute(cluster, readCommand(key), settings));
    expect(first!.requests).toHaveLength(0);
    expect(second!.requests).toHaveLength(20);
    await world.close(cluster);
  });
});

describe("sockets", () => {
  test("that nobody uses are closed before the server does it", async () => {
    const { world, cluster } = await connected(1, { maxSocketIdleMs: 5_000 });
    const key = makeKey("test", "set", 1);
    await world.runtime.until(execute(cluster, writeCommand(key, { a: 1 }), PLAIN));
    await world.runtime.until(execute(cluster, writeCommand(key, { a: 1 }), { ...PLAIN, dedicated: true }));
    expect(cluster.loadOf(cluster.nodes[0]!).sockets).toBe(2);
    await world.runtime.advance(7_000);
    expect(cluster.loadOf(cluster.nodes[0]!).sockets).toBe(0);
    await world.runtime.until(execute(cluster, readCommand(key), PLAIN));
    await world.close(cluster);
  });
});
