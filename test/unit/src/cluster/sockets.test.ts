import { describe, expect, test } from "vitest";
import { makeKey } from "../../../../protocol/key/make-key.js";
import type { ClusterCore } from "../../../../src/cluster/cluster-core.js";
import { PLAIN, World } from "../../../support/fake/world.js";
import type { OperationSettings } from "../../../support/operations.js";
import { execute } from "../../../support/operations.js";
import { readCommand, writeCommand } from "../../../support/record-commands.js";

const EXCLUSIVE = { ...PLAIN, dedicated: true };

function write(cluster: ClusterCore, i: number, settings: OperationSettings = PLAIN): Promise<unknown> {
  return execute(cluster, writeCommand(makeKey("test", "set", i), { i }), settings);
}

const load = (cluster: ClusterCore) => cluster.loadOf(cluster.nodes[0]!);

describe("pipelined sockets", () => {
  test("carry a thousand commands over two sockets, and what finds no room waits", async () => {
    const world = new World({ latency: () => 1 });
    const cluster = await world.connect({ pipelineDepth: 64, pipelinedSockets: 2 });
    const before = world.network.attempts.length;
    const all = Promise.all(Array.from({ length: 1_000 }, (_, i) => write(cluster, i)));
    await world.runtime.advance(2);
    expect(load(cluster)).toEqual({ sockets: 2, pending: 128, waiting: 872 });
    await world.runtime.until(all);
    expect(load(cluster)).toEqual({ sockets: 2, pending: 0, waiting: 0 });
    expect(world.network.attempts.length - before).toBe(2);
    expect(world.fake.records.size).toBe(1_000);
    await world.close(cluster);
  });

  test("are one as long as that is enough", async () => {
    const world = new World();
    const cluster = await world.connect();
    await world.runtime.until(Promise.all(Array.from({ length: 10 }, (_, i) => write(cluster, i))));
    expect(load(cluster)?.sockets).toBe(1);
    await world.close(cluster);
  });

  test("that can't be opened fail those who wait for them, once, without a storm of connections", async () => {
    const world = new World();
    const cluster = await world.connect({ maxErrorRate: 0 });
    const [node] = world.fake.nodes;
    world.network.unlisten(node!.host, node!.port);
    const before = world.network.attempts.length;
    const outcomes = Promise.allSettled(Array.from({ length: 1_000 }, (_, i) => write(cluster, i)));
    const results = await world.runtime.until(outcomes);
    expect(results.every(({ status }) => status === "rejected")).toBe(true);
    expect(world.network.attempts.length - before).toBe(1);
    await world.close(cluster);
  });

  test("that are refused once one is open leave those that wait to it, without a storm of connections", async () => {
    const world = new World();
    const cluster = await world.connect({ pipelineDepth: 4 });
    const [node] = world.fake.nodes;
    await world.runtime.until(write(cluster, 1));
    world.network.unlisten(node!.host, node!.port);
    node!.onRequest = () => ({ kind: "delay", ms: 20 });
    const before = world.network.attempts.length;
    const settings = { ...PLAIN, totalTimeoutMs: 10_000 };
    await world.runtime.until(Promise.all(Array.from({ length: 100 }, (_, i) => write(cluster, i, settings))));
    expect(world.network.attempts.length - before).toBeLessThanOrEqual(21);
    await world.close(cluster);
  });

  test("let those who wait leave at their own deadline", async () => {
    const world = new World();
    const cluster = await world.connect({ pipelineDepth: 1, pipelinedSockets: 1 });
    world.fake.nodes[0]!.onRequest = () => ({ kind: "delay", ms: 500 });
    const first = write(cluster, 1);
    const second = write(cluster, 2, { ...PLAIN, totalTimeoutMs: 100 }).catch((error: unknown) => error);
    const start = world.runtime.now();
    expect(await world.runtime.until(second)).toMatchObject({ code: "TIMEOUT", inDoubt: false });
    expect(world.runtime.now() - start).toBe(100);
    await world.runtime.until(first);
    expect(world.fake.records.size).toBe(1);
    await world.close(cluster);
  });

  test("that have slept longer than the server allows are not used again", async () => {
    const world = new World();
    // No tend comes to close the socket in time, as when the whole process was asleep.
    const cluster = await world.connect({ maxSocketIdleMs: 1_000, tendIntervalMs: 1_000_000 });
    await world.runtime.until(write(cluster, 1));
    const before = world.network.attempts.length;
    await world.runtime.advance(5_000);
    await world.runtime.until(write(cluster, 2));
    expect(world.network.attempts.length - before).toBe(1);
    expect(load(cluster)?.sockets).toBe(1);
    await world.close(cluster);
  });
});

describe("dedicated sockets", () => {
  test("carry one exchange at a time, up to the limit, and keep the order of those who wait", async () => {
    const world = new World();
    // Three for them, and one each is kept for short commands and for questions.
    const cluster = await world.connect({ maxConnectionsPerNode: 5 });
    const [node] = world.fake.nodes;
    node!.onRequest = () => ({ kind: "delay", ms: 10 });
    const ended: number[] = [];
    const all = Array.from({ length: 9 }, (_, i) => write(cluster, i, EXCLUSIVE).then(() => ended.push(i)));
    await world.runtime.advance(5);
    expect(load(cluster)).toEqual({ sockets: 3, pending: 3, waiting: 6 });
    await world.runtime.until(Promise.all(all));
    expect(ended).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(load(cluster)).toEqual({ sockets: 3, pending: 0, waiting: 0 });
    await world.close(cluster);
  });

  test("are not opened all at once", async () => {
    const world = new World({ latency: () => 10 });
    const cluster = await world.connect();
    const before = world.network.attempts.length;
    const all = Promise.all(Array.from({ length: 50 }, (_, i) => write(cluster, i, EXCLUSIVE)));
    await world.runtime.advance(1);
    expect(world.network.attempts.length - before).toBe(8);
    await world.runtime.until(all);
    await world.close(cluster);
  });

  test("are reused, the last one first", async () => {
    const world = new World();
    const cluster = await world.connect({ maxSocketIdleMs: 10_000 });
    await world.runtime.until(Promise.all(Array.from({ length: 5 }, (_, i) => write(cluster, i, EXCLUSIVE))));
    expect(load(cluster)?.sockets).toBe(5);
    for (let i = 0; i < 10; i++) {
      await world.runtime.advance(1_500);
      await world.runtime.until(write(cluster, i, EXCLUSIVE));
    }
    expect(load(cluster)?.sockets).toBe(1);
    await world.close(cluster);
  });

  test("take a late reply off before they are used again", async () => {
    const world = new World();
    const cluster = await world.connect({ maxConnectionsPerNode: 1 });
    const [node] = world.fake.nodes;
    node!.onRequest = () => ({ kind: "delay", ms: 300 });
    const late = write(cluster, 1, { ...EXCLUSIVE, totalTimeoutMs: 100 }).catch((error: unknown) => error);
    expect(await world.runtime.until(late)).toMatchObject({ code: "TIMEOUT" });
    node!.onRequest = () => undefined;
    const before = world.network.attempts.length;
    const read = execute(cluster, readCommand(makeKey("test", "set", 1)), EXCLUSIVE);
    expect((await world.runtime.until(read)).bins).toEqual({ i: 1 });
    expect(world.network.attempts.length).toBe(before);
    await world.close(cluster);
  });

  test("that can't be opened fail those who wait for them", async () => {
    const world = new World();
    const cluster = await world.connect({ maxErrorRate: 0 });
    const [node] = world.fake.nodes;
    world.network.unlisten(node!.host, node!.port);
    const before = world.network.attempts.length;
    const outcomes = Promise.allSettled(Array.from({ length: 100 }, (_, i) => write(cluster, i, EXCLUSIVE)));
    const results = await world.runtime.until(outcomes);
    expect(results.every(({ status }) => status === "rejected")).toBe(true);
    await world.runtime.advance(10);
    expect(world.network.attempts.length - before).toBe(8);
    expect(load(cluster)).toEqual({ sockets: 0, pending: 0, waiting: 0 });
    await world.close(cluster);
  });

  test("that are refused once some are open leave those that wait to these, without a storm of connections", async () => {
    const world = new World();
    const cluster = await world.connect();
    const [node] = world.fake.nodes;
    await world.runtime.until(Promise.all([write(cluster, 1, EXCLUSIVE), write(cluster, 2, EXCLUSIVE)]));
    world.network.unlisten(node!.host, node!.port);
    node!.onRequest = () => ({ kind: "delay", ms: 50 });
    const before = world.network.attempts.length;
    const settings = { ...EXCLUSIVE, totalTimeoutMs: 10_000 };
    await world.runtime.until(Promise.all(Array.from({ length: 20 }, (_, i) => write(cluster, i, settings))));
    expect(world.network.attempts.length - before).toBeLessThan(60);
    expect(load(cluster)).toEqual({ sockets: 2, pending: 0, waiting: 0 });
    await world.close(cluster);
  });

  test("hold the process while somebody waits for one to open", async () => {
    const world = new World({ latency: () => 10 });
    const cluster = await world.connect();
    const pending = write(cluster, 1, EXCLUSIVE);
    await world.runtime.advance(5);
    expect(world.network.holding).toBe(1);
    await world.runtime.until(pending);
    expect(world.network.holding).toBe(0);
    await world.close(cluster);
  });
});

describe("over TLS", () => {
  test("no socket carries two requests at a time", async () => {
    const world = new World();
    const [node] = world.fake.nodes;
    // The fake one speaks no TLS; what counts is how requests are dealt out.
    node!.answers.set("peers-tls-std", "1,4333,[]");
    node!.answers.set("service-tls-std", `${node!.host}:${node!.port}`);
    const cluster = await world.connect({ tls: true, maxConnectionsPerNode: 6 });
    node!.onRequest = () => ({ kind: "delay", ms: 10 });
    const all = Promise.all(Array.from({ length: 12 }, (_, i) => write(cluster, i)));
    await world.runtime.advance(5);
    expect(load(cluster)).toEqual({ sockets: 4, pending: 4, waiting: 8 });
    await world.runtime.until(all);
    await world.close(cluster);
  });
});
