import { describe, expect, test } from "vitest";
import { CountCommand } from "../../../../protocol/command/query.js";
import { makeKey } from "../../../../protocol/key/make-key.js";
import type { ClusterCore } from "../../../../src/cluster/cluster-core.js";
import { ONE_ATTEMPT, requestInfo } from "../../../../src/cluster/info-operation.js";
import { Io } from "../../../../src/cluster/io.js";
import { type ClusterOptions, resolveOptions } from "../../../../src/cluster/options.js";
import { ConnectionError } from "../../../../src/errors/errors.js";
import { Deadline } from "../../../../src/time/deadline.js";
import { PLAIN, World } from "../../../support/fake/world.js";
import { execute, info, stream } from "../../../support/operations.js";
import { readCommand, writeCommand } from "../../../support/record-commands.js";

const LONG = { ...PLAIN, totalTimeoutMs: 60_000 };
const SCAN = { namespace: "test", setName: "set", taskId: 7n, partitions: [0, 1, 2] };

const scan = (cluster: ClusterCore): Promise<void> => stream(cluster, cluster.nodes[0]!, new CountCommand(SCAN), LONG);
const ask = (cluster: ClusterCore): Promise<unknown> => info(cluster, cluster.nodes[0]!, ["node"], 1_000);
const write = (cluster: ClusterCore, i: number, settings = LONG): Promise<unknown> =>
  execute(cluster, writeCommand(makeKey("test", "set", i), { i }), settings);

/** A cluster whose fake node speaks no TLS; what counts is how requests are spread over sockets. */
async function connected(
  tls: boolean,
  options: Partial<ClusterOptions> = {},
): Promise<{ world: World; cluster: ClusterCore }> {
  const world = new World();
  const [node] = world.fake.nodes;
  node!.answers.set("peers-tls-std", "1,4333,[]");
  node!.answers.set("service-tls-std", `${node!.host}:${node!.port}`);
  return { world, cluster: await world.connect({ tls, ...options }) };
}

/** How long something takes, in virtual milliseconds. */
async function duration(world: World, work: Promise<unknown>): Promise<number> {
  const start = world.runtime.now();
  await world.runtime.until(work);
  return world.runtime.now() - start;
}

describe.each([
  ["in the clear", false],
  ["over TLS", true],
])("%s", (_, tls) => {
  test("a hundred slow scans delay neither a get nor a question", async () => {
    const { world, cluster } = await connected(tls);
    world.fake.nodes[0]!.onRequest = ({ digest }) => (digest === undefined ? { kind: "delay", ms: 500 } : undefined);
    const scans = Promise.all(Array.from({ length: 100 }, () => scan(cluster)));
    await world.runtime.advance(50);
    const load = cluster.loadOf(cluster.nodes[0]!);
    expect(load.sockets).toBeGreaterThan(60);
    expect(load.waiting).toBeGreaterThan(0);
    expect(await duration(world, write(cluster, 1))).toBeLessThan(5);
    expect(await duration(world, execute(cluster, readCommand(makeKey("test", "set", 1)), LONG))).toBeLessThan(5);
    expect(await duration(world, ask(cluster))).toBeLessThan(5);
    await world.runtime.until(scans);
    await world.close(cluster);
  });

  test("commands that are stuck delay neither a stream nor a question", async () => {
    const { world, cluster } = await connected(tls);
    world.fake.nodes[0]!.onRequest = ({ digest }) => (digest === undefined ? undefined : { kind: "delay", ms: 200 });
    const writes = Promise.all(Array.from({ length: 300 }, (_, i) => write(cluster, i)));
    await world.runtime.advance(50);
    expect(await duration(world, scan(cluster))).toBeLessThan(5);
    expect(await duration(world, ask(cluster))).toBeLessThan(5);
    await world.runtime.until(writes);
    await world.close(cluster);
  });

  test("all sockets together stay within the limit, and everybody's turn comes", async () => {
    const { world, cluster } = await connected(tls, { maxConnectionsPerNode: 12, pipelinedSockets: 4 });
    world.fake.nodes[0]!.onRequest = () => ({ kind: "delay", ms: 20 });
    world.fake.nodes[0]!.infoDelayMs = 20;
    const work: Promise<unknown>[] = [];
    for (let i = 0; i < 60; i++) work.push(scan(cluster), write(cluster, i), ask(cluster));
    let most = 0;
    const all = Promise.allSettled(work).then((results) => results.every(({ status }) => status === "fulfilled"));
    for (let t = 0; t < 1_500; t += 10) {
      await world.runtime.advance(10);
      most = Math.max(most, cluster.loadOf(cluster.nodes[0]!).sockets);
    }
    expect(await world.runtime.until(all)).toBe(true);
    expect(most).toBeGreaterThan(8);
    expect(most).toBeLessThanOrEqual(12);
    await world.close(cluster);
  });
});

test("sockets that one lane does not use are closed for another that needs more", async () => {
  const { world, cluster } = await connected(true, { maxConnectionsPerNode: 20 });
  world.fake.nodes[0]!.onRequest = () => ({ kind: "delay", ms: 20 });
  await world.runtime.until(Promise.all(Array.from({ length: 40 }, () => scan(cluster))));
  // They lie idle in the lane for streams; five were kept for short commands, and one for questions.
  expect(cluster.loadOf(cluster.nodes[0]!)).toEqual({ sockets: 14, pending: 0, waiting: 0 });
  const writes = Promise.all(Array.from({ length: 40 }, (_, i) => write(cluster, i)));
  await world.runtime.advance(19);
  const load = cluster.loadOf(cluster.nodes[0]!);
  expect(load).toEqual({ sockets: 19, pending: 17, waiting: 23 });
  await world.runtime.until(writes);
  await world.close(cluster);
});

test("another I/O context has its own sockets to the same nodes", async () => {
  const { world, cluster } = await connected(false);
  const node = cluster.nodes[0]!;
  await world.runtime.until(write(cluster, 1));
  const options = resolveOptions(world.options());
  const other = new Io(world.runtime, world.network, options);
  const host = { io: other, nudge: () => undefined };
  const question = requestInfo(host, node, ["node"], ONE_ATTEMPT, new Deadline(host.io.heap, 1_000));
  expect((await world.runtime.until(question)).get("node")).toBe("A1");
  expect(other.socketsOf(node).load.sockets).toBe(1);
  expect(cluster.loadOf(node).sockets).toBe(1);
  await world.runtime.until(other.close(new ConnectionError("The request is over")));
  expect(other.openSockets).toBe(0);
  expect(await duration(world, write(cluster, 2))).toBeLessThan(5);
  await world.close(cluster);
});
