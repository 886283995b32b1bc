import { describe, expect, test } from "vitest";
import { CountCommand } from "../../../../../protocol/command/query.js";
import { makeKey } from "../../../../../protocol/key/make-key.js";
import { ResultCode } from "../../../../../protocol/result-code.js";
import { latencyQuantile } from "../../../../../src/index.js";
import { PLAIN, World } from "../../../../support/fake/world.js";
import { execute, info, stream } from "../../../../support/operations.js";
import { readCommand, writeCommand } from "../../../../support/record-commands.js";

const key = makeKey("test", "users", "ada");
const put = writeCommand(key, { a: 1 });

describe("operations", () => {
  test("are counted by name, with how long they took", async () => {
    const world = new World();
    const cluster = await world.connect();
    world.fake.nodes[0]!.onRequest = () => ({ kind: "delay", ms: 30 });
    for (let i = 0; i < 3; i++) await world.runtime.until(execute(cluster, put, PLAIN));
    const { upsert, ...others } = cluster.metrics().operations;
    expect(upsert).toMatchObject({ errors: {}, retries: 0, inDoubt: 0, latency: { count: 3, sumUs: 90_000 } });
    expect(latencyQuantile(upsert!.latency, 0.5)).toBe(30_000);
    expect(others).toEqual({});
    await world.close(cluster);
  });

  test("that fail are counted by the code of their error", async () => {
    const world = new World();
    const cluster = await world.connect();
    for (let i = 0; i < 2; i++) {
      await world.runtime.until(execute(cluster, readCommand(key), PLAIN).catch(() => undefined));
    }
    const rejected = execute(cluster, writeCommand(key, {}), PLAIN);
    await world.runtime.until(rejected.catch(() => undefined));
    const { get, upsert } = cluster.metrics().operations;
    expect(get).toMatchObject({ errors: { RECORD_NOT_FOUND: 2 }, latency: { count: 2 } });
    expect(upsert!.errors).toEqual({ OTHER: 1 });
    await world.close(cluster);
  });

  test("count each further attempt, and the time from the first one on", async () => {
    const world = new World();
    const cluster = await world.connect();
    let requests = 0;
    world.fake.nodes[0]!.onRequest = () =>
      requests++ < 2 ? { kind: "code", code: ResultCode.DEVICE_OVERLOAD } : { kind: "delay", ms: 5 };
    await world.runtime.until(execute(cluster, put, { ...PLAIN, maxRetries: 2, retryDelayMs: 10 }));
    const { upsert } = cluster.metrics().operations;
    expect(upsert).toMatchObject({ errors: {}, retries: 2, latency: { count: 1 } });
    expect(upsert!.latency.sumUs).toBeGreaterThanOrEqual(10_000 + 5_000);
    await world.close(cluster);
  });

  test("tell which writes may have happened", async () => {
    const world = new World();
    const cluster = await world.connect();
    world.fake.nodes[0]!.onRequest = () => ({ kind: "silence" });
    await world.runtime.until(execute(cluster, put, { ...PLAIN, totalTimeoutMs: 50 }).catch(() => undefined));
    expect(cluster.metrics().operations.upsert).toMatchObject({
      errors: { TIMEOUT: 1 },
      inDoubt: 1,
      latency: { count: 1, maxUs: 50_000 },
    });
    await world.close(cluster);
  });

  test("that are info requests are of one kind; the tend's are none", async () => {
    const world = new World();
    const cluster = await world.connect();
    const node = cluster.nodes[0]!;
    await world.runtime.advance(5_000);
    expect(cluster.metrics().operations).toEqual({});
    await world.runtime.until(info(cluster, node, ["build"], 1_000));
    await world.runtime.until(info(cluster, node, ["namespaces"], 1_000));
    const count = new CountCommand({ namespace: "test", setName: "users", taskId: 1n, partitions: [0] });
    await world.runtime.until(stream(cluster, node, count, PLAIN));
    const { operations } = cluster.metrics();
    expect(Object.keys(operations)).toEqual(["info", "count"]);
    expect(operations.info!.latency.count).toBe(2);
    await world.close(cluster);
  });
});

describe("sockets", () => {
  test("are counted by node and purpose, with their bytes", async () => {
    const world = new World();
    const cluster = await world.connect();
    await world.runtime.until(execute(cluster, put, PLAIN));
    const { lanes } = cluster.metrics().nodes.A1!;
    const still = { opening: 0, closed: 0, failed: 0, kept: 0, pending: 0, waiting: 0, inUse: 0 };
    expect(lanes.short).toMatchObject({ ...still, open: 1, opened: 1 });
    expect(lanes.short!.bytesIn).toBeGreaterThan(8);
    expect(lanes.short!.bytesOut).toBeGreaterThan(lanes.short!.bytesIn);
    expect(lanes.streams).toEqual({ ...still, open: 0, opened: 0, bytesIn: 0, bytesOut: 0 });
    expect(lanes.tend).toMatchObject({ ...still, open: 1, opened: 1 });
    await world.close(cluster);
  });

  test("that are in use, close and can't be opened show", async () => {
    const world = new World();
    const cluster = await world.connect();
    world.fake.nodes[0]!.onRequest = () => ({ kind: "silence" });
    const waiting = execute(cluster, put, PLAIN).catch(() => undefined);
    await world.runtime.advance(10);
    expect(cluster.metrics().nodes.A1!.lanes.short).toMatchObject({ open: 1, inUse: 1, pending: 1 });
    world.fake.nodes[0]!.stop();
    await world.runtime.until(waiting);
    await world.runtime.until(execute(cluster, readCommand(key), PLAIN).catch(() => undefined));
    expect(cluster.metrics().nodes.A1!.lanes.short).toMatchObject({
      open: 0,
      inUse: 0,
      opened: 1,
      closed: 1,
      failed: 1,
    });
    await world.close(cluster);
  });

  test("that are few make others wait, and tell for how long", async () => {
    const world = new World();
    const cluster = await world.connect({ maxConnectionsPerNode: 1, pipelinedSockets: 1, pipelineDepth: 1 });
    world.fake.nodes[0]!.onRequest = () => ({ kind: "delay", ms: 20 });
    const all = Promise.all([put, put, put].map((each) => execute(cluster, each, PLAIN)));
    await world.runtime.advance(10);
    expect(cluster.metrics().nodes.A1!.lanes.short!.waiting).toBe(2);
    await world.runtime.until(all);
    const { socketWait, nodes } = cluster.metrics();
    expect(nodes.A1!.lanes.short!.waiting).toBe(0);
    expect(socketWait).toMatchObject({ count: 2, sumUs: 20_000 + 40_000 });
    await world.close(cluster);
  });
});

describe("the cluster", () => {
  test("counts tends, and those that fail", async () => {
    const world = new World();
    const cluster = await world.connect();
    await world.runtime.advance(3_000);
    const before = cluster.metrics();
    expect(before.tends.failures).toBe(0);
    expect(before.tends.latency.count).toBeGreaterThanOrEqual(3);
    expect(before.partitionMap).toMatchObject({ withoutMaster: 0 });
    expect(before.partitionMap.ageMs).toBeLessThanOrEqual(1_000);
    expect(before.partitionMap.changedMsAgo).toBeGreaterThanOrEqual(2_000);
    world.fake.nodes[0]!.stop();
    await world.runtime.advance(3_500);
    const after = cluster.metrics();
    expect(after.tends.failures).toBeGreaterThanOrEqual(2);
    expect(after.partitionMap.ageMs).toBeGreaterThan(2_500);
    expect(after.nodes.A1!.tends).toMatchObject({
      failures: after.tends.failures,
      failuresInARow: after.tends.failures,
    });
    await world.close(cluster);
  });

  test("counts nodes that come and go", async () => {
    const world = new World({ nodes: 3 });
    const cluster = await world.connect();
    expect(cluster.metrics()).toMatchObject({ nodesAdded: 3, nodesRemoved: 0 });
    world.fake.kill(world.fake.nodes[1]!);
    await world.runtime.advance(20_000);
    const { nodesRemoved, nodes } = cluster.metrics();
    expect({ nodesRemoved, nodes: Object.keys(nodes) }).toEqual({ nodesRemoved: 1, nodes: ["A1", "A3"] });
    await world.close(cluster);
  });

  test("shows the breaker of each node", async () => {
    const world = new World();
    const cluster = await world.connect({ maxErrorRate: 1, tendIntervalMs: 60_000 });
    const { breaker } = cluster.nodes[0]!;
    breaker.countError();
    expect(cluster.metrics().nodes.A1!.breaker).toEqual({ isOpen: false, errors: 1, limit: 1, openings: 0 });
    breaker.countError();
    breaker.countError();
    expect(cluster.metrics().nodes.A1!.breaker).toEqual({ isOpen: true, errors: 3, limit: 1, openings: 1 });
    await world.close(cluster);
  });

  test("gives plain data", async () => {
    const world = new World({ nodes: 2 });
    const cluster = await world.connect();
    await world.runtime.until(execute(cluster, put, PLAIN));
    const metrics = cluster.metrics();
    expect(structuredClone(metrics)).toEqual(metrics);
    expect(JSON.parse(JSON.stringify(metrics))).toEqual(metrics);
    await world.close(cluster);
  });
});
