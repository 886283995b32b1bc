import { describe, expect, test } from "vitest";
import { CountCommand } from "../../../../protocol/command/query.js";
import { makeKey } from "../../../../protocol/key/make-key.js";
import type { RecordKey } from "../../../../protocol/key/record-key.js";
import { ResultCode } from "../../../../protocol/result-code.js";
import type { ClusterCore } from "../../../../src/cluster/cluster-core.js";
import {
  AbortError,
  type AerospikeError,
  ConnectionError,
  InvalidNamespaceError,
  InvalidNodeError,
  MaxErrorRateError,
  RecordNotFoundError,
  SerializationError,
  TimeoutError,
} from "../../../../src/errors/errors.js";
import type { FakeNode, Mischief } from "../../../support/fake/fake-node.js";
import { writeReply } from "../../../support/fake/request.js";
import { PLAIN, World } from "../../../support/fake/world.js";
import type { OperationSettings } from "../../../support/operations.js";
import { execute, executeOn, stream } from "../../../support/operations.js";
import { readCommand, writeCommand } from "../../../support/record-commands.js";

const SILENCE: Mischief = { kind: "silence" };
const CUT: Mischief = { kind: "cut", after: 0 };
const code = (resultCode: number): Mischief => ({ kind: "code", code: resultCode });

/** Lets each message in turn meet its mischief; what comes after is answered as it should be. */
function script(nodes: readonly FakeNode[], ...mischief: (Mischief | undefined)[]): { readonly asked: string[] } {
  const asked: string[] = [];
  for (const node of nodes) {
    node.onRequest = () => {
      asked.push(node.id);
      return mischief.shift();
    };
  }
  return { asked };
}

/** A key whose partition the node masters. */
function keyOf(world: World, node: FakeNode): RecordKey {
  for (let i = 0; ; i++) {
    const key = makeKey("test", "set", i);
    if (world.fake.owner(key.partition) === node) return key;
  }
}

/** What a promise rejects with, at its own pace. */
function rejection(promise: Promise<unknown>): Promise<AerospikeError> {
  return promise.then(
    () => {
      throw new Error("It did not fail");
    },
    (error) => error,
  );
}

/** As {@link rejection}, with the clock running as far as that takes. */
function failure(world: World, promise: Promise<unknown>): Promise<AerospikeError> {
  return world.runtime.until(rejection(promise));
}

function read(cluster: ClusterCore, key: RecordKey, changes: Partial<OperationSettings> = {}, signal?: AbortSignal) {
  return execute(cluster, readCommand(key), { ...PLAIN, ...changes }, signal);
}

function write(cluster: ClusterCore, key: RecordKey, changes: Partial<OperationSettings> = {}, signal?: AbortSignal) {
  return execute(cluster, writeCommand(key, { a: 1 }), { ...PLAIN, ...changes }, signal);
}

describe("a command", () => {
  test("goes to the master and brings back the answer", async () => {
    const world = new World({ nodes: 3 });
    const cluster = await world.connect();
    const [, second] = world.fake.nodes;
    const key = keyOf(world, second!);
    const { asked } = script(world.fake.nodes);
    await world.runtime.until(write(cluster, key));
    const record = await world.runtime.until(read(cluster, key));
    expect(record).toMatchObject({ generation: 1, voidTime: 0, bins: { a: 1 } });
    expect(asked).toEqual(["A2", "A2"]);
    await world.close(cluster);
  });

  test("that the server refuses fails with the class of the refusal", async () => {
    const world = new World();
    const cluster = await world.connect();
    const error = await failure(world, read(cluster, makeKey("test", "users", 1)));
    expect(error).toBeInstanceOf(RecordNotFoundError);
    expect(error).toMatchObject({
      code: "RECORD_NOT_FOUND",
      resultCode: 2,
      inDoubt: false,
      node: "A1",
      attempts: 1,
      message: "The record does not exist (get, namespace test, set users, node A1)",
    });
    await world.close(cluster);
  });

  test("on a namespace that does not exist is refused before anything is sent", async () => {
    const world = new World();
    const cluster = await world.connect();
    const { asked } = script(world.fake.nodes);
    const error = await failure(world, read(cluster, makeKey("tset", "users", 1)));
    expect(error).toBeInstanceOf(InvalidNamespaceError);
    expect(error.message).toBe('The namespace "tset" does not exist; the cluster has "test", "bar"');
    expect(asked).toEqual([]);
    await world.close(cluster);
  });

  test("for a node that could not be reached says what was tried", async () => {
    const world = new World({ nodes: 2 });
    const [, second] = world.fake.nodes;
    world.network.unlisten(second!.host, second!.port);
    const cluster = await world.connect({ failIfNotConnected: false, readyTimeoutMs: 1_000 });
    expect(cluster.nodes.map(({ id }) => id)).toEqual(["A1"]);
    const error = await failure(world, read(cluster, keyOf(world, second!), { replica: "master" }));
    expect(error).toMatchObject({
      code: "INVALID_NODE",
      message: expect.stringMatching(
        /^No node serves partition \d+; could not be reached: node A2: No connection to 10.0.0.2:3000: connect ECONNREFUSED \(get,/,
      ),
    });
    await world.close(cluster);
  });

  test("that can't be encoded rejects with what the encoding threw", async () => {
    const world = new World();
    const cluster = await world.connect();
    const { asked } = script(world.fake.nodes);
    const bad = writeCommand(makeKey("test", "set", 1), {});
    await expect(world.runtime.until(execute(cluster, bad, PLAIN))).rejects.toThrow(TypeError);
    const exclusive = { ...PLAIN, dedicated: true };
    await expect(world.runtime.until(execute(cluster, bad, exclusive))).rejects.toThrow(TypeError);
    expect(asked).toEqual([]);
    // The socket that was opened for it is free for the next one.
    await world.runtime.until(write(cluster, makeKey("test", "set", 1), { dedicated: true }));
    expect(cluster.loadOf(cluster.nodes[0]!)).toEqual({ sockets: 2, pending: 0, waiting: 0 });
    await world.close(cluster);
  });

  test("tells the server the smaller of its timeouts", async () => {
    const world = new World();
    const cluster = await world.connect();
    const key = makeKey("test", "set", 1);
    for (const [totalTimeoutMs, socketTimeoutMs] of [
      [1_000, 0],
      [1_000, 400],
      [300, 400],
      [0, 250],
      [0, 0],
    ] as const) {
      await world.runtime.until(write(cluster, key, { totalTimeoutMs, socketTimeoutMs }));
    }
    expect(world.fake.nodes[0]?.requests.map(({ timeoutMs }) => timeoutMs)).toEqual([1_000, 400, 300, 250, 0]);
    await world.close(cluster);
  });

  test("that gets a damaged reply fails once and for all", async () => {
    const world = new World();
    const cluster = await world.connect();
    const damaged = writeReply({}, [{ name: "a", type: 1, value: new Uint8Array(3) }]);
    const { asked } = script(world.fake.nodes, { kind: "bytes", bytes: damaged });
    const error = await failure(world, read(cluster, makeKey("test", "set", 1), { maxRetries: 3 }));
    expect(error).toBeInstanceOf(SerializationError);
    expect(error).toMatchObject({ code: "BAD_REPLY", inDoubt: false, attempts: 1 });
    expect(asked).toHaveLength(1);
    await world.close(cluster);
  });

  test("whose reply has bytes too many is damaged too, and a write is in doubt then", async () => {
    const world = new World();
    const cluster = await world.connect();
    const twice = writeReply({ generation: 1 });
    const body = new Uint8Array([...twice, ...twice.subarray(8)]);
    body[7] = body.length - 8;
    script(world.fake.nodes, { kind: "bytes", bytes: body });
    const error = await failure(world, write(cluster, makeKey("test", "set", 1)));
    expect(error).toBeInstanceOf(SerializationError);
    expect(error.inDoubt).toBe(true);
    expect(error.message).toContain("22 bytes follow the reply to the upsert");
    await world.close(cluster);
  });
});

describe("timeouts", () => {
  test("come when the total is over", async () => {
    const world = new World();
    const cluster = await world.connect();
    script(world.fake.nodes, SILENCE);
    const start = world.runtime.now();
    const error = await failure(world, read(cluster, makeKey("test", "set", 1), { totalTimeoutMs: 300 }));
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error.message).toBe("No reply within 300 ms (get, namespace test, set set, node A1)");
    expect(error).toMatchObject({ resultCode: 9, attempts: 1, inDoubt: false });
    expect(world.runtime.now() - start).toBeLessThan(301);
    await world.close(cluster);
  });

  test("of one attempt make room for the next", async () => {
    const world = new World();
    const cluster = await world.connect();
    const key = makeKey("test", "set", 1);
    await world.runtime.until(write(cluster, key));
    script(world.fake.nodes, SILENCE);
    const start = world.runtime.now();
    const record = await world.runtime.until(read(cluster, key, { socketTimeoutMs: 50, maxRetries: 1 }));
    expect(record.bins).toEqual({ a: 1 });
    expect(world.runtime.now() - start).toBeLessThan(60);
    await world.close(cluster);
  });

  test("of attempts never outlast the total", async () => {
    const world = new World();
    const cluster = await world.connect();
    script(world.fake.nodes, SILENCE, SILENCE, SILENCE, SILENCE);
    const start = world.runtime.now();
    const settings = { totalTimeoutMs: 120, socketTimeoutMs: 50, maxRetries: 9 };
    const error = await failure(world, read(cluster, makeKey("test", "set", 1), settings));
    expect(error).toMatchObject({ code: "TIMEOUT", attempts: 3 });
    expect(world.runtime.now() - start).toBeLessThanOrEqual(121);
    await world.close(cluster);
  });

  test("do not break the socket while it is only late", async () => {
    const world = new World();
    const cluster = await world.connect();
    const key = makeKey("test", "set", 1);
    await world.runtime.until(write(cluster, key));
    const before = world.network.attempts.length;
    script(world.fake.nodes, { kind: "delay", ms: 200 });
    const late = rejection(read(cluster, key, { totalTimeoutMs: 100 }));
    const behind = read(cluster, key);
    expect((await world.runtime.until(late)).code).toBe("TIMEOUT");
    expect((await world.runtime.until(behind)).bins).toEqual({ a: 1 });
    expect(world.network.attempts.length).toBe(before);
    await world.close(cluster);
  });

  test("send later commands around a socket that is stuck", async () => {
    const world = new World();
    const cluster = await world.connect({ drainTimeoutMs: 1_000 });
    const key = makeKey("test", "set", 1);
    script(world.fake.nodes, SILENCE);
    await failure(world, read(cluster, key, { totalTimeoutMs: 50 }));
    const start = world.runtime.now();
    await world.runtime.until(write(cluster, key));
    expect(world.runtime.now() - start).toBeLessThan(5);
    expect(cluster.loadOf(cluster.nodes[0]!).pending).toBe(1);
    await world.runtime.advance(1_100);
    expect(cluster.loadOf(cluster.nodes[0]!).pending).toBe(0);
    await world.close(cluster);
  });
});

describe("retries", () => {
  test.each([
    ["a lost connection", CUT],
    ["the server's timeout", code(ResultCode.TIMEOUT)],
    ["an overloaded device", code(ResultCode.DEVICE_OVERLOAD)],
    ["an unavailable partition", code(ResultCode.PARTITION_UNAVAILABLE)],
    ["silence", SILENCE],
  ])("of a read after %s ask another replica", async (_, mischief) => {
    const world = new World({ nodes: 3 });
    const cluster = await world.connect();
    const [first, second] = world.fake.nodes;
    const key = keyOf(world, first!);
    await world.runtime.until(write(cluster, key));
    const { asked } = script(world.fake.nodes, mischief);
    await world.runtime.until(read(cluster, key, { socketTimeoutMs: 100, maxRetries: 2 }));
    expect(asked).toEqual([first?.id, second?.id]);
    await world.close(cluster);
  });

  test.each([ResultCode.KEY_BUSY, ResultCode.PARAMETER_ERROR, ResultCode.SERVER_ERROR])(
    "are not made when the server's answer is %i",
    async (resultCode) => {
      const world = new World({ nodes: 3 });
      const cluster = await world.connect();
      const { asked } = script(world.fake.nodes, code(resultCode));
      const error = await failure(world, read(cluster, makeKey("test", "set", 1), { maxRetries: 5 }));
      expect(error.resultCode).toBe(resultCode);
      expect(asked).toHaveLength(1);
      await world.close(cluster);
    },
  );

  test("stay with the master when they are told to", async () => {
    const world = new World({ nodes: 3 });
    const cluster = await world.connect();
    const [first] = world.fake.nodes;
    const { asked } = script(world.fake.nodes, code(ResultCode.DEVICE_OVERLOAD), code(ResultCode.DEVICE_OVERLOAD));
    const key = keyOf(world, first!);
    await failure(world, read(cluster, key, { maxRetries: 1, replica: "master" }));
    expect(asked).toEqual(["A1", "A1"]);
    await world.close(cluster);
  });

  test("of a write after a refusal go to another replica", async () => {
    const world = new World({ nodes: 3 });
    const cluster = await world.connect();
    const { asked } = script(world.fake.nodes, code(ResultCode.DEVICE_OVERLOAD));
    await world.runtime.until(write(cluster, keyOf(world, world.fake.nodes[0]!), { maxRetries: 1 }));
    expect(asked).toEqual(["A1", "A2"]);
    await world.close(cluster);
  });

  test.each([
    ["a timeout of the server", code(ResultCode.TIMEOUT)],
    ["silence", SILENCE],
    ["a lost connection", CUT],
  ])("are not made of a write that may have happened: after %s", async (_, mischief) => {
    const world = new World({ nodes: 3 });
    const cluster = await world.connect();
    const { asked } = script(world.fake.nodes, mischief);
    const key = keyOf(world, world.fake.nodes[0]!);
    const error = await failure(world, write(cluster, key, { maxRetries: 5, socketTimeoutMs: 100 }));
    expect(error).toMatchObject({ attempts: 1, inDoubt: true });
    expect(asked).toEqual(["A1"]);
    await world.close(cluster);
  });

  test("of a linearized read leave the master only when it surely did not answer", async () => {
    const world = new World({ nodes: 3 });
    const cluster = await world.connect();
    const key = keyOf(world, world.fake.nodes[0]!);
    await world.runtime.until(write(cluster, key));
    const { asked } = script(world.fake.nodes, code(ResultCode.TIMEOUT), CUT);
    await world.runtime.until(read(cluster, key, { maxRetries: 2, linearize: true }));
    expect(asked).toEqual(["A1", "A1", "A2"]);
    await world.close(cluster);
  });

  test("pause, but not before they ask another replica for the first time", async () => {
    const world = new World({ nodes: 3, replicationFactor: 2 });
    const cluster = await world.connect();
    const overloaded = code(ResultCode.DEVICE_OVERLOAD);
    script(world.fake.nodes, overloaded, overloaded, overloaded);
    const start = world.runtime.now();
    await failure(world, read(cluster, keyOf(world, world.fake.nodes[0]!), { maxRetries: 2, retryDelayMs: 100 }));
    const took = world.runtime.now() - start;
    expect(took).toBeGreaterThanOrEqual(100);
    expect(took).toBeLessThan(110);
    await world.close(cluster);
  });

  test("end when the pause would last longer than the total", async () => {
    const world = new World();
    const cluster = await world.connect();
    script(world.fake.nodes, code(ResultCode.DEVICE_OVERLOAD));
    const settings = { totalTimeoutMs: 50, maxRetries: 5, retryDelayMs: 60, replica: "master" } as const;
    const start = world.runtime.now();
    const error = await failure(world, read(cluster, makeKey("test", "set", 1), settings));
    expect(error.code).toBe("DEVICE_OVERLOAD");
    expect(world.runtime.now() - start).toBeLessThan(10);
    await world.close(cluster);
  });

  test("are counted in the error of the last attempt", async () => {
    const world = new World({ nodes: 3 });
    const cluster = await world.connect();
    const overloaded = code(ResultCode.DEVICE_OVERLOAD);
    script(world.fake.nodes, overloaded, overloaded, overloaded);
    const error = await failure(world, read(cluster, makeKey("test", "users", 1), { maxRetries: 2 }));
    expect(error.attempts).toBe(3);
    expect(error.message).toMatch(/\(get, namespace test, set users, node A\d, attempt 3\)$/);
    await world.close(cluster);
  });
});

describe("in doubt", () => {
  test.each([
    ["a write without an answer", SILENCE, true],
    ["a write whose connection broke", CUT, true],
    ["a write for which the server ran out of time", code(ResultCode.TIMEOUT), true],
    ["a write that the server turned down", code(ResultCode.DEVICE_OVERLOAD), false],
    ["a write that broke a rule", code(ResultCode.GENERATION_ERROR), false],
  ])("%s", async (_, mischief, inDoubt) => {
    const world = new World();
    const cluster = await world.connect();
    script(world.fake.nodes, mischief);
    const error = await failure(world, write(cluster, makeKey("test", "set", 1), { totalTimeoutMs: 200 }));
    expect(error.inDoubt).toBe(inDoubt);
    await world.close(cluster);
  });

  test("never a read", async () => {
    const world = new World();
    const cluster = await world.connect();
    script(world.fake.nodes, SILENCE);
    const error = await failure(world, read(cluster, makeKey("test", "set", 1), { totalTimeoutMs: 200 }));
    expect(error.inDoubt).toBe(false);
    await world.close(cluster);
  });

  test("not a write whose every attempt was turned down", async () => {
    const world = new World();
    const cluster = await world.connect();
    script(world.fake.nodes, code(ResultCode.DEVICE_OVERLOAD), code(ResultCode.GENERATION_ERROR));
    const error = await failure(world, write(cluster, makeKey("test", "set", 1), { maxRetries: 1 }));
    expect(error).toMatchObject({ code: "GENERATION", attempts: 2, inDoubt: false });
    await world.close(cluster);
  });

  test("not a write that never left", async () => {
    const world = new World();
    const cluster = await world.connect();
    const [node] = world.fake.nodes;
    world.network.blackHoles.add(`${node?.host}:${node?.port}`);
    node?.cutAll();
    const error = await failure(world, write(cluster, makeKey("test", "set", 1), { totalTimeoutMs: 100 }));
    expect(error).toMatchObject({ code: "TIMEOUT", inDoubt: false });
    expect(world.fake.records.size).toBe(0);
    // Neither does it leave later, when nobody expects it any more.
    world.network.blackHoles.clear();
    await world.runtime.advance(5_000);
    expect(world.fake.records.size).toBe(0);
    await world.close(cluster);
  });

  test("a write that was aborted after it left", async () => {
    const world = new World({ latency: () => 5 });
    const cluster = await world.connect();
    const controller = new AbortController();
    await world.runtime.until(write(cluster, makeKey("test", "set", 1)));
    const error = rejection(write(cluster, makeKey("test", "set", 2), {}, controller.signal));
    await world.runtime.advance(2);
    controller.abort("enough");
    expect(await error).toMatchObject({ name: "AbortError", code: "ABORTED", inDoubt: true, cause: "enough" });
    await world.close(cluster);
  });
});

describe("an abort", () => {
  test("before the start sends nothing", async () => {
    const world = new World();
    const cluster = await world.connect();
    const { asked } = script(world.fake.nodes);
    const error = await failure(world, write(cluster, makeKey("test", "set", 1), {}, AbortSignal.abort()));
    expect(error).toBeInstanceOf(AbortError);
    expect(error).toMatchObject({ inDoubt: false, attempts: 0 });
    await world.runtime.advance(100);
    expect(asked).toEqual([]);
    await world.close(cluster);
  });

  test("in the same tick sends nothing either", async () => {
    const world = new World();
    const cluster = await world.connect();
    await world.runtime.until(write(cluster, makeKey("test", "set", 0)));
    const { asked } = script(world.fake.nodes);
    const controller = new AbortController();
    const error = rejection(write(cluster, makeKey("test", "set", 1), {}, controller.signal));
    controller.abort();
    expect(await error).toMatchObject({ code: "ABORTED", inDoubt: false });
    await world.runtime.advance(100);
    expect(asked).toEqual([]);
    await world.close(cluster);
  });

  test("ends the pause before a retry", async () => {
    const world = new World();
    const cluster = await world.connect();
    const { asked } = script(world.fake.nodes, code(ResultCode.DEVICE_OVERLOAD));
    const controller = new AbortController();
    const settings = { maxRetries: 1, retryDelayMs: 500, replica: "master" } as const;
    const error = rejection(read(cluster, makeKey("test", "set", 1), settings, controller.signal));
    await world.runtime.advance(100);
    controller.abort();
    expect((await error).code).toBe("ABORTED");
    await world.runtime.advance(1_000);
    expect(asked).toHaveLength(1);
    await world.close(cluster);
  });

  test("leaves no listener behind once the command is over", async () => {
    const world = new World();
    const cluster = await world.connect();
    const listeners = { added: 0, removed: 0 };
    const { signal } = new AbortController();
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners.added++;
      add(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listeners.removed++;
      remove(...args);
    };
    await world.runtime.until(write(cluster, makeKey("test", "set", 1), {}, signal));
    expect(listeners).toEqual({ added: 1, removed: 1 });
    await world.close(cluster);
  });
});

describe("a command that waits for its turn", () => {
  const settings = { totalTimeoutMs: 5_000, socketTimeoutMs: 200 };

  test("waits on while its node serves others, as long as the operation may take", async () => {
    const world = new World();
    const cluster = await world.connect({ pipelinedSockets: 1, pipelineDepth: 1 });
    for (const node of world.fake.nodes) node.onRequest = () => ({ kind: "delay", ms: 50 });
    const start = world.runtime.now();
    const writes = Array.from({ length: 30 }, (_, i) => write(cluster, makeKey("test", "set", i), settings));
    await world.runtime.until(Promise.all(writes));
    expect(world.runtime.now() - start).toBeGreaterThanOrEqual(1_500);
    const late = Array.from({ length: 30 }, (_, i) =>
      write(cluster, makeKey("test", "set", i), { ...settings, totalTimeoutMs: 300 }).then(
        () => "written",
        ({ code, inDoubt }: AerospikeError) => `${code} ${inDoubt}`,
      ),
    );
    const outcomes = await world.runtime.until(Promise.all(late));
    expect(outcomes.filter((outcome) => outcome === "written").length).toBeGreaterThan(3);
    expect(outcomes.at(-1)).toBe("TIMEOUT false");
    await world.close(cluster);
  });

  test("gives up after the time of an attempt when its node serves nobody", async () => {
    const world = new World();
    const cluster = await world.connect({ pipelinedSockets: 1, pipelineDepth: 1 });
    script(world.fake.nodes, SILENCE);
    const start = world.runtime.now();
    const writes = Array.from({ length: 3 }, (_, i) => rejection(write(cluster, makeKey("test", "set", i), settings)));
    for (const error of await world.runtime.until(Promise.all(writes))) {
      expect(error).toMatchObject({ code: "TIMEOUT" });
    }
    expect(world.runtime.now() - start).toBe(200);
    await world.close(cluster);
  });
});

describe("commands of one operation", () => {
  test("share its limit", async () => {
    const world = new World();
    const cluster = await world.connect();
    for (const node of world.fake.nodes) node.onRequest = () => ({ kind: "delay", ms: 400 });
    const deadline = cluster.deadline(1_000);
    const start = world.runtime.now();
    const writes = async () => {
      for (let i = 0; i < 5; i++) {
        await cluster.execute(writeCommand(makeKey("test", "set", i), { i }), PLAIN, deadline);
      }
    };
    expect(await failure(world, writes())).toMatchObject({ code: "TIMEOUT", inDoubt: true });
    expect(world.runtime.now() - start).toBe(1_000);
    await world.close(cluster);
  });
});

describe("a command whose operation has had its time", () => {
  test("is not sent, and is not in doubt", async () => {
    const world = new World();
    const cluster = await world.connect();
    const { asked } = script(world.fake.nodes);
    const deadline = cluster.deadline(100);
    await world.runtime.advance(100);
    const key = makeKey("test", "set", 1);
    const error = await failure(world, cluster.execute(writeCommand(key, { a: 1 }), PLAIN, deadline));
    expect(error).toMatchObject({
      code: "TIMEOUT",
      inDoubt: false,
      attempts: 0,
      message: "Not sent within 100 ms (upsert, namespace test, set set)",
    });
    await world.runtime.advance(10);
    expect(asked).toEqual([]);
    await world.close(cluster);
  });
});

describe("a command to a certain node", () => {
  test("goes there, whoever owns what", async () => {
    const world = new World({ nodes: 3 });
    const cluster = await world.connect();
    const node = cluster.nodes.find(({ id }) => id === "A3");
    const { asked } = script(world.fake.nodes);
    await world.runtime.until(
      executeOn(cluster, node!, writeCommand(keyOf(world, world.fake.nodes[0]!), { a: 1 }), PLAIN),
    );
    expect(asked).toEqual(["A3"]);
    await world.close(cluster);
  });

  test("is retried there, a write as long as it surely left no trace", async () => {
    const world = new World({ nodes: 3 });
    const cluster = await world.connect();
    const [node] = cluster.nodes;
    const key = makeKey("test", "set", 1);
    const { asked } = script(world.fake.nodes, code(ResultCode.DEVICE_OVERLOAD));
    await failure(world, executeOn(cluster, node!, readCommand(key), { ...PLAIN, maxRetries: 1 }));
    expect(asked).toEqual([node?.id, node?.id]);
    const second = script(world.fake.nodes, code(ResultCode.DEVICE_OVERLOAD), code(ResultCode.TIMEOUT));
    const write = executeOn(cluster, node!, writeCommand(key, { a: 1 }), { ...PLAIN, maxRetries: 5 });
    expect(await failure(world, write)).toMatchObject({ code: "TIMEOUT", inDoubt: true });
    expect(second.asked).toEqual([node?.id, node?.id]);
    await world.close(cluster);
  });

  test("fails at once when the node has left", async () => {
    const world = new World({ nodes: 3 });
    const cluster = await world.connect();
    const node = cluster.nodes.find(({ id }) => id === "A3")!;
    world.fake.kill(world.fake.nodes[2]!);
    await world.runtime.advance(2_000);
    expect(node.isActive).toBe(false);
    const error = await failure(world, executeOn(cluster, node, readCommand(makeKey("test", "set", 1)), PLAIN));
    expect(error).toBeInstanceOf(InvalidNodeError);
    expect(error.message).toBe("Node A3 (10.0.0.3:3000) has left the cluster (get)");
    await world.close(cluster);
  });
});

describe("without a node for its partition, a command", () => {
  test("pauses before it looks again", async () => {
    const world = new World();
    const cluster = await world.connect();
    world.fake.nodes[0]!.stop();
    await world.runtime.advance(10_000);
    expect(cluster.nodes).toEqual([]);
    const start = world.runtime.now();
    const error = await failure(world, read(cluster, makeKey("test", "set", 1), { maxRetries: 4 }));
    expect(error).toMatchObject({ code: "INVALID_NODE", attempts: 5 });
    expect(world.runtime.now() - start).toBe(200);
    await world.close(cluster);
  });
});

describe("a node in trouble", () => {
  test("is none because streams on it were aborted", async () => {
    const world = new World();
    const cluster = await world.connect({ maxErrorRate: 1 });
    const [node] = cluster.nodes;
    script(world.fake.nodes, ...new Array<Mischief>(4).fill({ kind: "delay", ms: 5_000 }));
    for (let i = 0; i < 4; i++) {
      const controller = new AbortController();
      const request = { namespace: "test", setName: "set", taskId: 1n, partitions: [1] };
      const running = rejection(stream(cluster, node!, new CountCommand(request), PLAIN, controller.signal));
      await world.runtime.advance(10);
      controller.abort();
      await running;
    }
    await world.runtime.until(write(cluster, makeKey("test", "set", 1)));
    await world.close(cluster);
  });

  test("is left in peace for the rest of the window", async () => {
    const world = new World();
    const cluster = await world.connect({ maxErrorRate: 3 });
    const key = makeKey("test", "set", 1);
    script(world.fake.nodes, ...new Array<Mischief>(4).fill(code(ResultCode.DEVICE_OVERLOAD)));
    for (let i = 0; i < 4; i++) expect((await failure(world, write(cluster, key))).code).toBe("DEVICE_OVERLOAD");
    const error = await failure(world, write(cluster, key));
    expect(error).toBeInstanceOf(MaxErrorRateError);
    expect(error).toMatchObject({ code: "MAX_ERROR_RATE", inDoubt: false });
    await world.runtime.advance(1_100);
    await world.runtime.until(write(cluster, key));
    await world.close(cluster);
  });
});

describe("a node whose sockets", () => {
  const key = makeKey("test", "set", 1);

  test("break is left in peace: each counts once, whatever waited on it, until the window is over", async () => {
    const world = new World();
    const cluster = await world.connect({ maxErrorRate: 2, errorRateWindow: 1_000_000 });
    const { breaker } = cluster.nodes[0]!;
    for (let i = 1; i <= 3; i++) {
      script(world.fake.nodes, { kind: "cut", after: 1 });
      const reads = [1, 2, 3].map(() => rejection(read(cluster, key)));
      for (const error of await world.runtime.until(Promise.all(reads))) expect(error.code).toBe("CONNECTION");
      expect(breaker.errors).toBe(i);
    }
    expect((await failure(world, read(cluster, key))).code).toBe("MAX_ERROR_RATE");
    await world.close(cluster);
  });

  test("can't be opened is left in peace", async () => {
    const world = new World();
    const cluster = await world.connect({ maxErrorRate: 2, errorRateWindow: 1_000_000, connectTimeoutMs: 100 });
    const [node] = cluster.nodes;
    world.network.blackHoles.add(node!.address);
    for (let i = 1; i <= 3; i++) {
      expect((await failure(world, read(cluster, key))).code).toBe("CONNECTION");
      expect(node!.breaker.errors).toBeGreaterThanOrEqual(i);
    }
    expect((await failure(world, read(cluster, key))).code).toBe("MAX_ERROR_RATE");
    await world.close(cluster);
  });
});

describe("close", () => {
  test("ends the pause before a retry", async () => {
    const world = new World();
    const cluster = await world.connect();
    script(world.fake.nodes, code(ResultCode.DEVICE_OVERLOAD));
    const settings = { maxRetries: 1, retryDelayMs: 500, replica: "master" } as const;
    const pending = rejection(read(cluster, makeKey("test", "set", 1), settings));
    await world.runtime.advance(100);
    const closing = cluster.close();
    expect(await pending).toMatchObject({ code: "CLIENT_CLOSED", attempts: 1 });
    await world.runtime.until(closing);
    expect(world.runtime.pendingTimers).toBe(0);
  });

  test("fails what is under way, says whether it is in doubt, and forbids what comes after", async () => {
    const world = new World();
    const cluster = await world.connect();
    const key = makeKey("test", "set", 1);
    await world.runtime.until(write(cluster, key));
    script(world.fake.nodes, SILENCE);
    const pending = rejection(write(cluster, key, { maxRetries: 5 }));
    await world.runtime.advance(10);
    const closing = cluster.close();
    expect(await pending).toMatchObject({ code: "CLIENT_CLOSED", inDoubt: true, attempts: 1 });
    await world.runtime.until(closing);
    const error = await failure(world, write(cluster, key));
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error).toMatchObject({ code: "CLIENT_CLOSED", inDoubt: false });
    expect(world.network.links.size).toBe(0);
    expect(world.runtime.pendingTimers).toBe(0);
    await cluster.close();
  });
});
