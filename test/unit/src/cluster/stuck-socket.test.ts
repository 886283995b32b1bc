import { describe, expect, test } from "vitest";
import { Reader } from "../../../../protocol/bytes/reader.js";

import { makeKey } from "../../../../protocol/key/make-key.js";
import { VirtualRuntime } from "../../../../runtime/virtual-runtime.js";
import type { ClusterCore } from "../../../../src/cluster/cluster-core.js";
import { Dialer } from "../../../../src/cluster/dialer.js";
import type { Exchange } from "../../../../src/cluster/exchange.js";
import { ONE_ATTEMPT, requestInfo } from "../../../../src/cluster/info-operation.js";
import { Io } from "../../../../src/cluster/io.js";
import { resolveOptions } from "../../../../src/cluster/options.js";
import { PipelinedLane } from "../../../../src/cluster/pipelined-lane.js";
import { SocketBudget } from "../../../../src/cluster/socket-budget.js";
import { ConnectionError } from "../../../../src/errors/errors.js";
import { Deadline } from "../../../../src/time/deadline.js";
import { DeadlineHeap } from "../../../../src/time/deadline-heap.js";
import { writeInfoReply } from "../../../support/fake/request.js";
import { ScriptedTransport } from "../../../support/fake/scripted-transport.js";
import { PLAIN, World } from "../../../support/fake/world.js";
import { execute, type OperationSettings } from "../../../support/operations.js";
import { writeCommand } from "../../../support/record-commands.js";

function write(cluster: ClusterCore, i: number, settings: OperationSettings): Promise<unknown> {
  return execute(cluster, writeCommand(makeKey("test", "set", i), { i }), settings);
}

const REPLY = writeInfoReply(["node"], () => "A1");
/** Of the question for it: a header, the command and a line end. */
const REQUEST_SIZE = 8 + "node\n".length;

/** A lane of at most two sockets whose every event a test brings about itself. */
function scripted(): {
  readonly runtime: VirtualRuntime;
  readonly transport: ScriptedTransport;
  readonly lane: PipelinedLane;
  readonly ask: () => Promise<unknown>;
} {
  const runtime = new VirtualRuntime();
  const transport = new ScriptedTransport();
  const options = resolveOptions({ seeds: [{ host: "node", port: 3000 }], runtime, transport });
  const io = new Io(runtime, transport, options);
  const dialer = new Dialer(io, options, { host: "node", port: 3000 });
  const lane = new PipelinedLane(dialer, new SocketBudget(10), {
    reserve: { sockets: 2 },
    sockets: 2,
    depth: 64,
    limits: { maxSocketIdleMs: 60_000, minConnectionsPerNode: 0, connectTimeoutMs: 1_000 },
  });
  const host = { io, nudge: () => undefined };
  const channel = { name: "node", submit: (exchange: Exchange) => lane.submit(exchange) };
  const ask = (): Promise<unknown> =>
    requestInfo(host, channel, ["node"], ONE_ATTEMPT, new Deadline(new DeadlineHeap(runtime), 10_000));
  return { runtime, transport, lane, ask };
}

describe("a pipelined socket whose oldest request takes far longer than usual", () => {
  /** A cluster whose node delays certain writes, by the number of their record. */
  async function slow(delays: (i: number) => number): Promise<{ world: World; cluster: ClusterCore }> {
    const world = new World();
    // The integer of the only bin.
    world.fake.nodes[0]!.onRequest = ({ bins }) => ({
      kind: "delay",
      ms: delays(Number(new Reader(bins[0]!.value).i64())),
    });
    const cluster = await world.connect();
    return { world, cluster };
  }

  /** Notes how long each write takes, in order. */
  async function timed(world: World, work: Promise<unknown>): Promise<number> {
    const start = world.runtime.now();
    await work;
    return world.runtime.now() - start;
  }

  test("delays nobody who comes later", async () => {
    const { world, cluster } = await slow((i) => (i === 5 ? 3_000 : 1));
    const times: Promise<number>[] = [];
    const settings = { ...PLAIN, totalTimeoutMs: 10_000 };
    for (let i = 0; i < 40; i++) {
      times.push(timed(world, write(cluster, i, settings)));
      await world.runtime.advance(100);
    }
    const took = await world.runtime.until(Promise.all(times));
    expect(took[5]).toBe(3_000);
    took.splice(5, 1);
    expect(Math.max(...took)).toBeLessThan(20);
    expect(cluster.loadOf(cluster.nodes[0]!).sockets).toBe(2);
    await world.close(cluster);
  });

  test("lets a short time limit of an attempt be kept by the others", async () => {
    const { world, cluster } = await slow((i) => (i % 10 === 0 ? 3_000 : 1));
    const settings = { ...PLAIN, totalTimeoutMs: 1_000, socketTimeoutMs: 200 };
    const outcomes: Promise<string>[] = [];
    for (let i = 0; i < 40; i++) {
      outcomes.push(
        write(cluster, i, settings).then(
          () => "ok",
          (error: { code: string }) => error.code,
        ),
      );
      await world.runtime.advance(100);
    }
    const codes = await world.runtime.until(Promise.all(outcomes));
    for (const [i, code] of codes.entries()) expect(code, `write ${i}`).toBe(i % 10 === 0 ? "TIMEOUT" : "ok");
    await world.close(cluster);
  });

  test("holds up only what was sent behind it already, which is little", async () => {
    const { world, cluster } = await slow((i) => (i === 300 ? 3_000 : 0.2));
    const settings = { ...PLAIN, totalTimeoutMs: 10_000 };
    const took: number[] = [];
    let next = 0;
    const worker = async (): Promise<void> => {
      while (next < 1_000) {
        const i = next++;
        took[i] = await timed(world, write(cluster, i, settings));
      }
    };
    await world.runtime.until(Promise.all(Array.from({ length: 32 }, worker)));
    const held = took.filter((ms) => ms > 20);
    expect(took[300]).toBeGreaterThanOrEqual(3_000);
    expect(held.length).toBeLessThanOrEqual(8);
    await world.close(cluster);
  });

  test("is used again once it has answered", async () => {
    const { world, cluster } = await slow((i) => (i === 0 ? 500 : 1));
    const settings = { ...PLAIN, totalTimeoutMs: 10_000 };
    const first = write(cluster, 0, settings);
    await world.runtime.advance(50);
    await world.runtime.until(write(cluster, 1, settings));
    await world.runtime.until(first);
    const before = world.network.attempts.length;
    const all = Promise.all(Array.from({ length: 10 }, (_, i) => write(cluster, i + 2, settings)));
    await world.runtime.until(all);
    expect(world.network.attempts.length).toBe(before);
    await world.close(cluster);
  });

  test("is not taken for one if only this process was busy: what has arrived is read first", async () => {
    const { runtime, transport, lane, ask } = scripted();
    const first = ask();
    const { socket } = transport;
    socket.handler.onConnect();
    await runtime.advance(50);
    const second = ask();
    await runtime.settle();
    expect(lane.waiting).toBe(1);
    socket.handler.onData(REPLY);
    await runtime.settle();
    expect(socket.written).toHaveLength(2);
    socket.handler.onData(REPLY);
    await runtime.until(Promise.all([first, second]));
    await runtime.advance(1_000);
    expect(transport.sockets).toHaveLength(1);
    lane.close(new ConnectionError("The test is over"));
  });
});

test("a pipelined socket that is served faster than another gets more requests, so that all wait alike", async () => {
  const { runtime, transport, lane, ask } = scripted();
  const took: number[] = [];
  let isOver = false;
  const worker = async (): Promise<void> => {
    while (!isOver) {
      const start = runtime.now();
      await ask();
      took.push(runtime.now() - start);
    }
  };
  const all = Promise.all(Array.from({ length: 40 }, worker));
  transport.sockets[0]!.handler.onConnect();
  await runtime.settle();
  transport.sockets[1]!.handler.onConnect();
  const answered = [0, 0];
  for (let ms = 1; ms <= 1_000; ms++) {
    await runtime.advance(1);
    for (const [i, socket] of transport.sockets.entries()) {
      const asked = socket.written.reduce((sum, { length }) => sum + length, 0) / REQUEST_SIZE;
      if (ms % [1, 4][i]! !== 0 || asked === answered[i]) continue;
      answered[i]!++;
      socket.handler.onData(REPLY);
    }
    if (ms === 500) took.length = 0;
  }
  // In turn, those on the slow one would wait for 80 ms.
  expect(Math.max(...took)).toBeLessThan(50);
  isOver = true;
  lane.close(new ConnectionError("The test is over"));
  await expect(all).rejects.toThrow("The test is over");
});
