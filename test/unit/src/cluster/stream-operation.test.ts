import { describe, expect, test } from "vitest";
import { CountCommand, QueryCommand } from "../../../../protocol/command/query.js";
import { makeKey } from "../../../../protocol/key/make-key.js";
import { Info3 } from "../../../../protocol/message/flags.js";
import type { ClusterCore } from "../../../../src/cluster/cluster-core.js";
import type { StreamFlow } from "../../../../src/cluster/stream-operation.js";
import { writeReply } from "../../../support/fake/request.js";
import { PLAIN, World } from "../../../support/fake/world.js";
import { execute, stream } from "../../../support/operations.js";
import { writeCommand } from "../../../support/record-commands.js";

const RECORDS = 200;

interface Loaded {
  readonly world: World;
  readonly cluster: ClusterCore;
  /** Sockets to the node before any stream. */
  readonly before: number;
}

async function loaded(pieces?: (size: number) => readonly number[]): Promise<Loaded> {
  const world = new World(pieces === undefined ? {} : { pieces });
  const cluster = await world.connect();
  const writes = Array.from({ length: RECORDS }, (_, i) =>
    execute(cluster, writeCommand(makeKey("test", "set", i), { i }), PLAIN),
  );
  await world.runtime.until(Promise.all(writes));
  return { world, cluster, before: cluster.loadOf(cluster.nodes[0]!).sockets };
}

const request = { namespace: "test", setName: "set", taskId: 7n, partitions: [0, 1, 2] };

/** What a promise comes to, without an error thrown. */
const outcome = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);

/** Cuts bytes into pieces of a size. */
const inPieces =
  (most: number) =>
  (size: number): number[] =>
    Array.from({ length: Math.ceil(size / most) }, (_, i) => Math.min(most, size - i * most));

/** Several messages in one frame. */
function joined(...frames: readonly Uint8Array[]): Uint8Array {
  const bodies = frames.map((frame) => frame.subarray(8));
  const frame = Buffer.concat([frames[0]!.subarray(0, 8), ...bodies]);
  frame.writeUIntBE(frame.length - 8, 2, 6);
  return frame;
}

describe("a stream", () => {
  test("gives every message, and its socket is used again", async () => {
    const { world, cluster, before } = await loaded(inPieces(37));
    const node = cluster.nodes[0]!;
    for (let round = 0; round < 2; round++) {
      const count = new CountCommand(request);
      await world.runtime.until(stream(cluster, node, count, PLAIN));
      expect(count.count).toBe(RECORDS);
    }
    expect(cluster.loadOf(node).sockets).toBe(before + 1);
    await world.close(cluster);
  });

  test("has a socket of its own, so that commands pass it", async () => {
    const { world, cluster } = await loaded();
    const node = cluster.nodes[0]!;
    world.fake.nodes[0]!.onRequest = ({ digest }) => (digest === undefined ? { kind: "delay", ms: 500 } : undefined);
    const count = new CountCommand(request);
    const running = stream(cluster, node, count, PLAIN);
    const start = world.runtime.now();
    await world.runtime.until(execute(cluster, writeCommand(makeKey("test", "set", 1), { i: 1 }), PLAIN));
    expect(world.runtime.now() - start).toBeLessThan(5);
    await world.runtime.until(running);
    expect(count.count).toBe(RECORDS);
    await world.close(cluster);
  });

  test("that the server refuses fails with the refusal", async () => {
    const { world, cluster } = await loaded();
    world.fake.nodes[0]!.onRequest = () => ({ kind: "code", code: 22 });
    const error = await world.runtime.until(
      outcome(stream(cluster, cluster.nodes[0]!, new CountCommand(request), PLAIN)),
    );
    expect(error).toMatchObject({
      code: "FORBIDDEN",
      resultCode: 22,
      node: "A1",
      message: expect.stringContaining("(count, namespace test, set set, node A1)"),
    });
    await world.close(cluster);
  });

  test("that the server refuses leaves its socket to others, and the node in good standing", async () => {
    const world = new World();
    const cluster = await world.connect({ maxErrorRate: 10 });
    const node = world.fake.nodes[0]!;
    const connections = node.connections;
    node.onRequest = ({ digest }) => (digest === undefined ? { kind: "code", code: 201 } : undefined);
    for (let i = 0; i < 100; i++) {
      const count = stream(cluster, cluster.nodes[0]!, new CountCommand(request), PLAIN);
      expect(await world.runtime.until(outcome(count))).toMatchObject({ code: "INDEX_NOT_FOUND" });
    }
    expect(node.connections).toBe(connections + 1);
    await world.runtime.until(execute(cluster, writeCommand(makeKey("test", "set", 1), { i: 1 }), PLAIN));
    await world.close(cluster);
  });

  test.each([
    ["after rows, without a word that this is the end", [writeReply({}), writeReply({ resultCode: 4 })]],
    ["and goes on", [joined(writeReply({ resultCode: 4 }), writeReply({}))]],
  ])("that the server refuses %s is damaged", async (_how, frames) => {
    const { world, cluster, before } = await loaded();
    world.fake.nodes[0]!.onRequest = () => ({ kind: "bytes", bytes: Buffer.concat(frames) });
    const error = await world.runtime.until(
      outcome(stream(cluster, cluster.nodes[0]!, new CountCommand(request), PLAIN)),
    );
    expect(error).toMatchObject({ code: "BAD_REPLY" });
    expect(cluster.loadOf(cluster.nodes[0]!).sockets).toBe(before);
    await world.close(cluster);
  });

  test("is not asked of a node with too many errors", async () => {
    const { world, cluster } = await loaded();
    const node = cluster.nodes[0]!;
    while (!node.breaker.isOpen) node.breaker.countError();
    const requests = world.fake.nodes[0]!.requests.length;
    const error = await outcome(stream(cluster, node, new CountCommand(request), PLAIN));
    expect(error).toMatchObject({ code: "MAX_ERROR_RATE", isTransient: true });
    expect(world.fake.nodes[0]!.requests).toHaveLength(requests);
    await world.close(cluster);
  });

  test("that falls silent counts against its node; one that was too long in all does not", async () => {
    const world = new World({ pieces: inPieces(500) });
    const cluster = await world.connect({ maxErrorRate: 3, tendIntervalMs: 60_000 });
    const node = cluster.nodes[0]!;
    for (let i = 0; i < RECORDS; i++) {
      await world.runtime.until(execute(cluster, writeCommand(makeKey("test", "set", i), { i }), PLAIN));
    }
    for (let i = 0; i < 5; i++) {
      let flow: StreamFlow | undefined;
      const query = new QueryCommand(request, () => flow?.pause());
      const running = stream(cluster, node, query, { ...PLAIN, totalTimeoutMs: 20 }, undefined, (handle) => {
        flow = handle;
      });
      expect(await world.runtime.until(outcome(running))).toMatchObject({ code: "TIMEOUT" });
    }
    world.fake.nodes[0]!.onRequest = () => ({ kind: "silence" });
    const settings = { ...PLAIN, totalTimeoutMs: 0, socketTimeoutMs: 30 };
    for (let i = 0; i < 4; i++) {
      expect(node.breaker.isOpen).toBe(false);
      await world.runtime.until(outcome(stream(cluster, node, new CountCommand(request), settings)));
    }
    expect(node.breaker.isOpen).toBe(true);
    await world.close(cluster);
  });

  test("to a node that has left fails at once", async () => {
    const world = new World({ nodes: 2 });
    const cluster = await world.connect();
    const node = cluster.nodes.find(({ id }) => id === "A2")!;
    world.fake.kill(world.fake.nodes[1]!);
    await world.runtime.advance(2_000);
    const error = await outcome(stream(cluster, node, new CountCommand(request), PLAIN));
    expect(error).toMatchObject({ code: "INVALID_NODE", isTransient: true });
    await world.close(cluster);
  });

  test("that ends in the middle fails", async () => {
    const { world, cluster } = await loaded();
    world.fake.nodes[0]!.onRequest = () => ({ kind: "cut", after: 1_000 });
    const count = new CountCommand(request);
    const error = await world.runtime.until(outcome(stream(cluster, cluster.nodes[0]!, count, PLAIN)));
    expect(error).toMatchObject({ code: "CONNECTION" });
    expect(count.count).toBeGreaterThan(0);
    expect(count.count).toBeLessThan(RECORDS);
    await world.close(cluster);
  });

  test("that ends in the middle of a frame has given the messages before", async () => {
    const { world, cluster } = await loaded();
    const frame = joined(...Array.from({ length: 10 }, () => writeReply({})));
    world.fake.nodes[0]!.onRequest = () => ({ kind: "bytes", bytes: frame.subarray(0, -1) });
    const count = new CountCommand(request);
    const settings = { ...PLAIN, totalTimeoutMs: 20 };
    const error = await world.runtime.until(outcome(stream(cluster, cluster.nodes[0]!, count, settings)));
    expect(error).toMatchObject({ code: "TIMEOUT" });
    expect(count.count).toBe(9);
    await world.close(cluster);
  });

  test("whose last message comes before the end of its frame is damaged", async () => {
    const { world, cluster } = await loaded();
    const frame = joined(writeReply({ info3: Info3.LAST }), writeReply({}));
    world.fake.nodes[0]!.onRequest = () => ({ kind: "bytes", bytes: frame.subarray(0, -1) });
    const error = await world.runtime.until(
      outcome(stream(cluster, cluster.nodes[0]!, new CountCommand(request), PLAIN)),
    );
    expect(error).toMatchObject({
      code: "BAD_REPLY",
      message: expect.stringContaining("More follows the last message"),
    });
    await world.close(cluster);
  });

  test("that is damaged fails, and its socket is destroyed", async () => {
    const { world, cluster, before } = await loaded();
    world.fake.nodes[0]!.onRequest = () => ({
      kind: "bytes",
      bytes: writeReply({}, [{ name: "i", type: 1, value: new Uint8Array(1) }]),
    });
    const query = new QueryCommand(request, () => undefined);
    const error = await world.runtime.until(outcome(stream(cluster, cluster.nodes[0]!, query, PLAIN)));
    expect(error).toMatchObject({ code: "BAD_REPLY" });
    expect(cluster.loadOf(cluster.nodes[0]!).sockets).toBe(before);
    await world.close(cluster);
  });

  test("whose taker throws ends with the taker's error", async () => {
    const { world, cluster, before } = await loaded();
    const own = new RangeError("I have seen enough");
    const query = new QueryCommand(request, () => {
      throw own;
    });
    const error = await world.runtime.until(outcome(stream(cluster, cluster.nodes[0]!, query, PLAIN)));
    expect(error).toBe(own);
    expect(cluster.loadOf(cluster.nodes[0]!).sockets).toBe(before);
    await world.close(cluster);
  });

  test("that is aborted destroys its socket, so that the server stops", async () => {
    const { world, cluster } = await loaded();
    const [node] = world.fake.nodes;
    node!.onRequest = () => ({ kind: "delay", ms: 10_000 });
    const connections = node!.connections;
    const controller = new AbortController();
    const error = outcome(stream(cluster, cluster.nodes[0]!, new CountCommand(request), PLAIN, controller.signal));
    await world.runtime.advance(50);
    expect(node!.connections).toBe(connections + 1);
    controller.abort();
    expect(await error).toMatchObject({ name: "AbortError" });
    await world.runtime.advance(1);
    expect(node!.connections).toBe(connections);
    expect(cluster.nodes[0]?.breaker.isOpen).toBe(false);
    await world.close(cluster);
  });

  test("that takes too long in all times out", async () => {
    const { world, cluster } = await loaded();
    world.fake.nodes[0]!.onRequest = () => ({ kind: "silence" });
    const start = world.runtime.now();
    const error = await world.runtime.until(
      outcome(stream(cluster, cluster.nodes[0]!, new CountCommand(request), { ...PLAIN, totalTimeoutMs: 400 })),
    );
    expect(error).toMatchObject({
      code: "TIMEOUT",
      message: expect.stringContaining("Not finished within the totalTimeout of 400 ms (count"),
    });
    expect(world.runtime.now() - start).toBe(400);
    await world.close(cluster);
  });

  test("that falls silent times out, however long it may take in all", async () => {
    const { world, cluster } = await loaded();
    world.fake.nodes[0]!.onRequest = () => ({ kind: "silence" });
    const start = world.runtime.now();
    const settings = { ...PLAIN, totalTimeoutMs: 0, socketTimeoutMs: 300 };
    const error = await world.runtime.until(
      outcome(stream(cluster, cluster.nodes[0]!, new CountCommand(request), settings)),
    );
    expect(error).toMatchObject({ message: expect.stringContaining("No data for 300 ms (count") });
    expect(world.runtime.now() - start).toBe(300);
    await world.close(cluster);
  });

  test("that is held up reads nothing and does not time out for its silence", async () => {
    const { world, cluster } = await loaded(inPieces(500));
    let flow: StreamFlow | undefined;
    let seen = 0;
    const query = new QueryCommand(request, () => {
      if (++seen === 20) flow?.pause();
    });
    const settings = { ...PLAIN, totalTimeoutMs: 0, socketTimeoutMs: 300 };
    const running = stream(cluster, cluster.nodes[0]!, query, settings, undefined, (handle) => {
      flow = handle;
    });
    await world.runtime.advance(60_000);
    expect(seen).toBeLessThan(60);
    flow?.resume();
    await world.runtime.until(running);
    expect(seen).toBe(RECORDS);
    await world.close(cluster);
  });

  test("can be held up before it has a socket", async () => {
    const { world, cluster } = await loaded(inPieces(500));
    let flow: StreamFlow | undefined;
    let seen = 0;
    const query = new QueryCommand(request, () => seen++);
    const settings = { ...PLAIN, totalTimeoutMs: 0, socketTimeoutMs: 300 };
    const running = stream(cluster, cluster.nodes[0]!, query, settings, undefined, (handle) => {
      flow = handle;
      handle.pause();
    });
    await world.runtime.advance(60_000);
    expect(seen).toBe(0);
    flow?.resume();
    await world.runtime.until(running);
    expect(seen).toBe(RECORDS);
    await world.close(cluster);
  });

  test("that has ended can be held up and go on without effect", async () => {
    const { world, cluster } = await loaded();
    let flow: StreamFlow | undefined;
    const count = new CountCommand(request);
    const settings = { ...PLAIN, socketTimeoutMs: 300 };
    await world.runtime.until(
      stream(cluster, cluster.nodes[0]!, count, settings, undefined, (handle) => {
        flow = handle;
      }),
    );
    const timers = world.runtime.pendingTimers;
    flow?.pause();
    flow?.resume();
    expect(world.runtime.pendingTimers).toBe(timers);
    await world.close(cluster);
  });

  test("leaves its socket readable though it was held up at its end", async () => {
    const { world, cluster } = await loaded();
    let flow: StreamFlow | undefined;
    const query = new QueryCommand(request, () => flow?.pause());
    await world.runtime.until(
      stream(cluster, cluster.nodes[0]!, query, PLAIN, undefined, (handle) => {
        flow = handle;
      }),
    );
    const count = new CountCommand(request);
    await world.runtime.until(stream(cluster, cluster.nodes[0]!, count, PLAIN));
    expect(count.count).toBe(RECORDS);
    await world.close(cluster);
  });

  test("that is held up and given up before its request has left leaves its socket readable", async () => {
    const { world, cluster } = await loaded();
    const [node] = cluster.nodes;
    await world.runtime.until(stream(cluster, node!, new CountCommand(request), PLAIN));
    // What rested may have been closed meanwhile, which is looked at before anything is sent on it.
    await world.runtime.advance(2_000);
    const controller = new AbortController();
    const query = new QueryCommand(request, () => undefined);
    const settings = { ...PLAIN, totalTimeoutMs: 300 };
    const held = outcome(stream(cluster, node!, query, settings, controller.signal, (flow) => flow.pause()));
    controller.abort();
    expect(await held).toMatchObject({ name: "AbortError" });
    const count = new CountCommand(request);
    await world.runtime.until(stream(cluster, node!, count, settings));
    expect(count.count).toBe(RECORDS);
    await world.close(cluster);
  });

  test("before its turn sends nothing when it is aborted", async () => {
    const world = new World();
    const cluster = await world.connect({ maxConnectionsPerNode: 1 });
    const [node] = world.fake.nodes;
    node!.onRequest = () => ({ kind: "delay", ms: 100 });
    const first = outcome(stream(cluster, cluster.nodes[0]!, new CountCommand(request), PLAIN));
    const controller = new AbortController();
    const second = outcome(stream(cluster, cluster.nodes[0]!, new CountCommand(request), PLAIN, controller.signal));
    await world.runtime.advance(50);
    expect(cluster.loadOf(cluster.nodes[0]!).waiting).toBe(1);
    controller.abort();
    expect(await second).toMatchObject({ name: "AbortError" });
    await world.runtime.until(first);
    expect(node!.requests).toHaveLength(1);
    await world.close(cluster);
  });
});
