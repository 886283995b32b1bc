import { describe, expect, test } from "vitest";
import { CountCommand } from "../../../../protocol/command/query.js";
import { makeKey } from "../../../../protocol/key/make-key.js";
import { ClusterCore } from "../../../../src/cluster/cluster-core.js";
import type { DiagnosticsChannel, Transport } from "../../../../src/transport/transport.js";
import { PLAIN, World } from "../../../support/fake/world.js";
import { execute, info, stream } from "../../../support/operations.js";
import { readCommand, writeCommand } from "../../../support/record-commands.js";

class Recorder implements DiagnosticsChannel {
  hasSubscribers = false;
  readonly messages: unknown[] = [];

  publish(message: unknown): void {
    this.messages.push(message);
  }
}

async function observed(subscribed: boolean) {
  const world = new World();
  const channels = new Map<string, Recorder>();
  const transport: Transport = {
    connect: (endpoint, handler) => world.network.connect(endpoint, handler),
    channel: (name) => {
      const recorder = new Recorder();
      recorder.hasSubscribers = subscribed;
      channels.set(name, recorder);
      return recorder;
    },
  };
  const cluster = await world.runtime.until(ClusterCore.connect(world.options({ transport })));
  const messages = (name: string): readonly unknown[] => channels.get(`aerowire:${name}`)?.messages ?? [];
  return { world, cluster, messages };
}

describe("aerowire:command", () => {
  test("tells of a command that went well", async () => {
    const { world, cluster, messages } = await observed(true);
    const startTime = world.runtime.wallClock();
    world.fake.nodes[0]!.onRequest = () => ({ kind: "delay", ms: 30 });
    await world.runtime.until(execute(cluster, writeCommand(makeKey("test", "users", "ada"), { a: 1 }), PLAIN));
    expect(messages("command")).toEqual([
      {
        attributes: {
          "db.system.name": "aerospike",
          "db.operation.name": "upsert",
          "db.namespace": "test",
          "db.collection.name": "users",
          "server.address": "10.0.0.1",
          "server.port": 3000,
        },
        startTime,
        durationMs: 30,
        node: "A1",
        attempts: 1,
        error: undefined,
      },
    ]);
    expect(JSON.stringify(messages("command"))).not.toContain("ada");
    await world.close(cluster);
  });

  test("tells when each of several commands of one operation began", async () => {
    const { world, cluster, messages } = await observed(true);
    world.fake.nodes[0]!.onRequest = () => ({ kind: "delay", ms: 30 });
    const startTime = world.runtime.wallClock();
    const deadline = cluster.deadline(1_000);
    for (const id of [1, 2]) {
      await world.runtime.until(cluster.execute(writeCommand(makeKey("test", "users", id), { a: 1 }), PLAIN, deadline));
    }
    expect(messages("command")).toMatchObject([
      { startTime, durationMs: 30 },
      { startTime: startTime + 30, durationMs: 30 },
    ]);
    await world.close(cluster);
  });

  test("tells of one that failed, with the server's answer", async () => {
    const { world, cluster, messages } = await observed(true);
    const error = await world.runtime.until(
      execute(cluster, readCommand(makeKey("test", "users", 1)), PLAIN).catch((reason: unknown) => reason),
    );
    expect(messages("command")).toEqual([
      expect.objectContaining({
        error,
        attributes: expect.objectContaining({ "error.type": "RECORD_NOT_FOUND", "db.response.status_code": "2" }),
      }),
    ]);
    await world.close(cluster);
  });

  test("tells of streams and info requests, but not of the tend", async () => {
    const { world, cluster, messages } = await observed(true);
    const node = cluster.nodes[0]!;
    const count = new CountCommand({ namespace: "test", setName: "users", taskId: 1n, partitions: [0] });
    await world.runtime.until(stream(cluster, node, count, PLAIN));
    await world.runtime.until(info(cluster, node, ["udf-put:content=secret"], 1_000));
    await world.runtime.advance(5_000);
    const server = { "server.address": "10.0.0.1", "server.port": 3000 };
    expect(messages("command")).toEqual([
      expect.objectContaining({
        node: "A1",
        attributes: {
          "db.system.name": "aerospike",
          "db.operation.name": "count",
          "db.namespace": "test",
          "db.collection.name": "users",
          ...server,
        },
      }),
      expect.objectContaining({
        attributes: { "db.system.name": "aerospike", "db.operation.name": "info udf-put", ...server },
      }),
    ]);
    await world.close(cluster);
  });

  test("tells of one that could not be encoded", async () => {
    const { world, cluster, messages } = await observed(true);
    const bad = execute(cluster, writeCommand(makeKey("test", "users", 1), {}), PLAIN);
    await world.runtime.until(bad.catch(() => undefined));
    expect(messages("command")).toEqual([
      expect.objectContaining({ attributes: expect.objectContaining({ "error.type": "TypeError" }) }),
    ]);
    await world.close(cluster);
  });
});

describe("aerowire:connection", () => {
  test("tells of sockets that open, close and fail", async () => {
    const { world, cluster, messages } = await observed(true);
    const opened = messages("connection").length;
    expect(messages("connection")[0]).toEqual({
      attributes: { "db.system.name": "aerospike", "server.address": "10.0.0.1", "server.port": 3000 },
      event: "opened",
      reason: undefined,
    });
    world.fake.nodes[0]!.stop();
    await world.runtime.until(execute(cluster, readCommand(makeKey("test", "users", 1)), PLAIN).catch(() => undefined));
    const later = messages("connection").slice(opened);
    expect(later).toContainEqual(expect.objectContaining({ event: "closed" }));
    expect(later).toContainEqual(
      expect.objectContaining({ event: "failed", reason: expect.stringContaining("ECONNREFUSED") }),
    );
    await world.close(cluster);
  });
});

test("without subscribers nothing is put together", async () => {
  const { world, cluster, messages } = await observed(false);
  await world.runtime.until(execute(cluster, writeCommand(makeKey("test", "users", 1), { a: 1 }), PLAIN));
  expect(messages("command")).toEqual([]);
  expect(messages("connection")).toEqual([]);
  await world.close(cluster);
});
