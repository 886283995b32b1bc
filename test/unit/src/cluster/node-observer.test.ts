import { describe, expect, test } from "vitest";
import { makeKey } from "../../../../protocol/key/make-key.js";
import { ClusterCore } from "../../../../src/cluster/cluster-core.js";
import type { NodeEvent, TendEvent } from "../../../../src/cluster/diagnostics.js";
import { Io } from "../../../../src/cluster/io.js";
import { NodeObserver } from "../../../../src/cluster/node-observer.js";
import { type ClusterOptions, resolveOptions } from "../../../../src/cluster/options.js";
import type { LogEntry } from "../../../../src/index.js";
import type { Transport } from "../../../../src/transport/transport.js";
import { PLAIN, World } from "../../../support/fake/world.js";
import { execute } from "../../../support/operations.js";
import { readCommand, writeCommand } from "../../../support/record-commands.js";
import { warningsOf } from "../../../support/warnings.js";

const key = makeKey("test", "users", "ada");
const ioOf = (world: World): Io => new Io(world.runtime, world.network, resolveOptions(world.options()));

async function observed(nodes: number, changes: Partial<ClusterOptions> = {}) {
  const world = new World({ nodes });
  const nodeEvents: NodeEvent[] = [];
  const tendEvents: TendEvent[] = [];
  const kept = new Map<string, unknown[]>([
    ["aerowire:node", nodeEvents],
    ["aerowire:tend", tendEvents],
  ]);
  const transport: Transport = {
    connect: (endpoint, handler) => world.network.connect(endpoint, handler),
    channel: (name) => {
      const messages = kept.get(name);
      return messages && { hasSubscribers: true, publish: (message) => void messages.push(message) };
    },
  };
  const cluster = await world.runtime.until(ClusterCore.connect(world.options({ transport, ...changes })));
  return { world, cluster, nodeEvents, tendEvents };
}

async function logged(changes: Partial<ClusterOptions> = {}) {
  const world = new World({ nodes: 2 });
  const entries: LogEntry[] = [];
  const cluster = await world.connect({ logger: (entry) => void entries.push(entry), ...changes });
  return { world, cluster, entries };
}

const attributesOf = (i: number) => ({
  "db.system.name": "aerospike",
  "server.address": `10.0.0.${i}`,
  "server.port": 3000,
});

describe("aerowire:node", () => {
  test("tells of each node that is found", async () => {
    const { world, cluster, nodeEvents } = await observed(2);
    expect(nodeEvents).toEqual([
      { attributes: attributesOf(1), event: "added", node: "A1", reason: undefined },
      { attributes: attributesOf(2), event: "added", node: "A2", reason: undefined },
    ]);
    await world.close(cluster);
    expect(nodeEvents).toHaveLength(2);
  });

  test("tells once that a node does not respond, and that it responds again", async () => {
    const { world, cluster, nodeEvents } = await observed(1);
    nodeEvents.length = 0;
    const [node] = world.fake.nodes;
    node!.stop();
    await world.runtime.advance(2_500);
    expect(nodeEvents).toEqual([
      { attributes: attributesOf(1), event: "unreachable", node: "A1", reason: expect.stringContaining("10.0.0.1") },
    ]);
    node!.start();
    await world.runtime.advance(5_000);
    expect(nodeEvents.slice(1)).toEqual([
      { attributes: attributesOf(1), event: "returned", node: "A1", reason: undefined },
    ]);
    await world.close(cluster);
  });

  test("tells that a node has left, and why", async () => {
    const { world, cluster, nodeEvents } = await observed(3);
    nodeEvents.length = 0;
    world.fake.kill(world.fake.nodes[1]!);
    await world.runtime.advance(20_000);
    expect(nodeEvents.filter(({ event }) => event === "removed")).toEqual([
      {
        attributes: attributesOf(2),
        event: "removed",
        node: "A2",
        reason: "Node A2 (10.0.0.2:3000) has left the cluster",
      },
    ]);
    await world.close(cluster);
  });
});

describe("aerowire:tend", () => {
  test("tells of each question, how long it took and why it failed", async () => {
    const { world, cluster, tendEvents } = await observed(1);
    tendEvents.length = 0;
    const startTime = world.runtime.wallClock();
    await world.runtime.advance(1_500);
    expect(tendEvents.at(0)).toEqual({
      attributes: attributesOf(1),
      node: "A1",
      startTime: expect.any(Number),
      durationMs: expect.any(Number),
      error: undefined,
    });
    expect(tendEvents[0]!.startTime).toBeGreaterThanOrEqual(startTime);
    world.fake.nodes[0]!.stop();
    await world.runtime.advance(3_000);
    expect(tendEvents.at(-1)).toMatchObject({
      attributes: { "error.type": "CONNECTION" },
      error: expect.objectContaining({ code: "CONNECTION" }),
    });
    await world.close(cluster);
  });
});

describe("logger", () => {
  test("hears of nodes from the level info on, by default", async () => {
    const { world, cluster, entries } = await logged();
    expect(entries).toEqual([
      { level: "info", message: "Node joined", fields: { ...attributesOf(1), node: "A1" } },
      { level: "info", message: "Node joined", fields: { ...attributesOf(2), node: "A2" } },
    ]);
    world.fake.nodes[1]!.stop();
    await world.runtime.advance(3_000);
    expect(entries).toContainEqual({
      level: "warn",
      message: "Node does not respond",
      fields: { ...attributesOf(2), node: "A2", reason: expect.any(String) },
    });
    expect(entries.filter(({ level }) => level === "debug")).toEqual([]);
    await world.close(cluster);
  });

  test("hears less from a higher level on", async () => {
    const { world, cluster, entries } = await logged({ logLevel: "error" });
    world.fake.nodes[1]!.stop();
    await world.runtime.advance(3_000);
    expect(entries).toEqual([]);
    await world.close(cluster);
  });

  test("hears of writes that may have happened, without their keys", async () => {
    const { world, cluster, entries } = await logged({ logLevel: "warn" });
    for (const node of world.fake.nodes) node.onRequest = () => ({ kind: "silence" });
    const settings = { ...PLAIN, totalTimeoutMs: 50 };
    await world.runtime.until(execute(cluster, writeCommand(key, { a: 1 }), settings).catch(() => undefined));
    expect(entries).toEqual([
      {
        level: "warn",
        message: "Write failed and may have happened",
        fields: expect.objectContaining({ "db.operation.name": "upsert", inDoubt: true, attempts: 1, durationMs: 50 }),
      },
    ]);
    expect(JSON.stringify(entries)).not.toContain("ada");
    await world.close(cluster);
  });

  test("hears at the level debug of tends, sockets and commands that fail, and of none that goes well", async () => {
    const { world, cluster, entries } = await logged({ logLevel: "debug" });
    await world.runtime.until(execute(cluster, writeCommand(key, { a: 1 }), PLAIN));
    await world.runtime.until(execute(cluster, readCommand(makeKey("test", "users", 7)), PLAIN).catch(() => undefined));
    await world.runtime.advance(1_500);
    const messages = new Set(entries.map(({ message }) => message));
    expect(messages).toEqual(new Set(["Socket opened", "Node joined", "Node was asked for news", "Command failed"]));
    expect(entries.filter(({ message }) => message === "Command failed")).toMatchObject([
      { level: "debug", fields: { "error.type": "RECORD_NOT_FOUND", "db.response.status_code": "2" } },
    ]);
    await world.close(cluster);
  });

  test("hears that the breaker of a node opens, and that the node is tried again", async () => {
    const { world, cluster, entries } = await logged({ maxErrorRate: 2 });
    entries.length = 0;
    const node = cluster.nodes[0]!;
    for (let i = 0; i < 3; i++) node.breaker.countError();
    const fields = { ...attributesOf(1), node: "A1" };
    const opened = { level: "warn", message: "Node fails too often, and is left alone for now" };
    expect(entries).toEqual([{ ...opened, fields: { ...fields, errors: 3, limit: 2 } }]);
    await world.runtime.advance(1_100);
    expect(entries.at(-1)).toEqual({
      level: "info",
      message: "Node is tried again",
      fields: { ...fields, errors: 0, limit: 1 },
    });
    expect(entries).toHaveLength(2);
    await world.close(cluster);
  });

  test("that throws harms no command, and the runtime warns of it once", async () => {
    const warnings = await warningsOf(async () => {
      const world = new World({ nodes: 2 });
      const logger = (): void => {
        throw new Error("the disk is full");
      };
      const cluster = await world.connect({ logger, logLevel: "debug" });
      await world.runtime.until(execute(cluster, writeCommand(key, { a: 1 }), PLAIN));
      world.fake.nodes[1]!.stop();
      await world.runtime.advance(3_000);
      await expect(
        world.runtime.until(execute(cluster, readCommand(makeKey("test", "users", 7)), PLAIN)),
      ).rejects.toMatchObject({ code: expect.any(String) });
      await world.close(cluster);
    });
    expect(warnings).toEqual([
      expect.stringContaining("The logger has thrown, which harms nothing but itself: Error: the disk is full"),
    ]);
  });
});

test.each([
  [
    "no tracer",
    {
      begin(): never {
        throw new Error("no tracer");
      },
    },
  ],
  [
    "no exporter",
    {
      begin: () => () => {
        throw new Error("no exporter");
      },
    },
  ],
])("telemetry that throws harms no command, and the runtime warns of it: %s", async (error, telemetry) => {
  const warnings = await warningsOf(async () => {
    const world = new World();
    const cluster = await world.connect({ telemetry });
    await world.runtime.until(execute(cluster, writeCommand(key, { a: 1 }), PLAIN));
    await world.close(cluster);
  });
  expect(warnings).toEqual([
    expect.stringContaining(`The telemetry has thrown, which harms nothing but itself: Error: ${error}`),
  ]);
});

test("telemetry that can't be ended does not keep the client from closing", async () => {
  const warnings = await warningsOf(async () => {
    const world = new World();
    const detach = (): never => {
      // No error, and nothing that could be made text of.
      throw Object.create(null);
    };
    const cluster = await world.connect({ telemetry: { begin: () => () => undefined, attach: () => detach } });
    await world.close(cluster);
    expect(world.runtime.pendingTimers).toBe(0);
  });
  expect(warnings).toEqual([
    expect.stringContaining("The telemetry has thrown, which harms nothing but itself: an object"),
  ]);
});

describe("aerowire:breaker", () => {
  test("nothing is put together while nobody listens", async () => {
    const world = new World({ nodes: 1 });
    const cluster = await world.connect({ maxErrorRate: 1 });
    const node = cluster.nodes[0]!;
    const asked: PropertyKey[] = [];
    const watched = new Proxy(node, {
      get(target, name) {
        asked.push(name);
        return Reflect.get(target, name, target);
      },
    });
    const observer = new NodeObserver(ioOf(world));
    observer.breaker(watched, true);
    observer.added(watched);
    expect(asked).toEqual([]);
    await world.close(cluster);
  });
});
