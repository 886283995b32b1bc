import { expect, test } from "vitest";
import { VirtualRuntime } from "../../../../runtime/virtual-runtime.js";
import { Dialer } from "../../../../src/cluster/dialer.js";
import type { Exchange } from "../../../../src/cluster/exchange.js";
import { requestInfo } from "../../../../src/cluster/info-operation.js";
import { Io } from "../../../../src/cluster/io.js";
import { resolveOptions } from "../../../../src/cluster/options.js";
import { PipelinedLane } from "../../../../src/cluster/pipelined-lane.js";
import { SocketBudget } from "../../../../src/cluster/socket-budget.js";
import { Deadline } from "../../../../src/time/deadline.js";
import { ScriptedTransport } from "../../../support/fake/scripted-transport.js";

test("a request whose operation has more time than it had when the request was sent goes on, and names the limit when it ends", async () => {
  const runtime = new VirtualRuntime();
  const transport = new ScriptedTransport();
  const options = resolveOptions({ seeds: [{ host: "node", port: 3000 }], runtime, transport });
  const io = new Io(runtime, transport, options);
  const lane = new PipelinedLane(new Dialer(io, options, { host: "node", port: 3000 }), new SocketBudget(10), {
    reserve: { sockets: 2 },
    sockets: 2,
    depth: 64,
    limits: { maxSocketIdleMs: 60_000, minConnectionsPerNode: 0, connectTimeoutMs: 1_000 },
  });
  const channel = { name: "node", submit: (exchange: Exchange) => lane.submit(exchange) };
  const deadline = new Deadline(io.heap, 200);
  const host = { io, nudge: () => undefined };
  const reply = requestInfo(host, channel, ["node"], { socketTimeoutMs: 0, maxRetries: 0 }, deadline).catch(
    (error: unknown) => error,
  );
  transport.socket.handler.onConnect();
  await runtime.advance(199);
  // In the turn in which the sockets are read once more, the program computes, and another part of the operation goes on: it
  // finds the limit passed, and so has more time.
  runtime.setTimer(
    1,
    () => {
      runtime.stall(100);
      expect(deadline.hasTime()).toBe(true);
    },
    false,
  );
  await runtime.advance(1);
  const { endsAt } = deadline;
  expect(endsAt).toBe(400);
  await runtime.advance(endsAt - runtime.now() - 1);
  expect(await Promise.race([reply, Promise.resolve("waits")])).toBe("waits");
  await runtime.advance(5);
  expect(await reply).toMatchObject({ code: "TIMEOUT", message: expect.stringContaining("No reply within 200 ms") });
});
