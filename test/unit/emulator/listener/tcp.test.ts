import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Emulator } from "../../../../emulator/index.js";
import { type Bundle, bundle } from "../../../support/bundle.js";
import { readCommand, writeCommand } from "../../../support/record-commands.js";
import { run } from "../../../support/run.js";
import { type Connector, TestSocket } from "../support/test-socket.js";
import { encoded, infoRequest, keyOf, messageOf } from "../support/world.js";

const tcp: Connector = {
  connect({ host, port }, handler) {
    const socket: Socket = connect({ host, port, noDelay: true });
    socket.on("connect", () => handler.onConnect());
    socket.on("data", (bytes) => handler.onData(bytes));
    socket.on("drain", () => handler.onDrain());
    let failure: Error | undefined;
    socket.on("error", (error) => {
      failure = error;
    });
    socket.on("close", () => handler.onClose(failure));
    return {
      write: (bytes) => socket.write(bytes),
      pause: () => socket.pause(),
      resume: () => socket.resume(),
      destroy: () => socket.destroy(),
    };
  },
};

describe("nodes on TCP", () => {
  it("listen on free ports of 127.0.0.1 and answer what a client sends", async () => {
    await using emulator = await Emulator.start({ nodes: 3, udf: "none" });
    expect(emulator.hosts).toBe(emulator.nodes.map(({ host, port }) => `${host}:${port}`).join());
    for (const node of emulator.nodes) {
      const socket = new TestSocket(tcp, node);
      socket.write(infoRequest("node"));
      expect(new TextDecoder().decode((await socket.next()).body)).toBe(`node\t${node.id}\n`);
      socket.close();
    }
  });

  it("answer a pipeline of requests in their order, whatever the chunks", async () => {
    await using emulator = await Emulator.start({ udf: "none" });
    const socket = new TestSocket(tcp, emulator.nodes[0]!);
    const requests = Array.from({ length: 200 }, (_, n) => encoded(writeCommand(keyOf(1), { n })));
    const bytes = Buffer.concat(requests);
    for (let at = 0; at < bytes.length; at += 37) socket.write(bytes.subarray(at, at + 37));
    for (let n = 1; n <= 200; n++) expect(messageOf((await socket.next()).body).generation).toBe(n);
    socket.close();
  });

  it("answer what was asked before the client ended its side, then close", async () => {
    await using emulator = await Emulator.start({ udf: "none" });
    const { host, port } = emulator.nodes[0]!;
    const socket = connect({ host, port, allowHalfOpen: true });
    socket.end(encoded(writeCommand(keyOf(1), { n: 1 })));
    const chunks: Buffer[] = [];
    socket.on("data", (chunk) => chunks.push(chunk));
    await once(socket, "end");
    expect(messageOf(Buffer.concat(chunks).subarray(8)).resultCode).toBe(0);
    socket.destroy();
  });

  it("send an answer of many megabytes to a slow reader whole", async () => {
    await using emulator = await Emulator.start({ udf: "none" });
    const socket = new TestSocket(tcp, emulator.nodes[0]!);
    socket.write(encoded(writeCommand(keyOf(1), { text: "x".repeat(1_000_000) })));
    expect(messageOf((await socket.next()).body).resultCode).toBe(0);
    socket.pause();
    for (let i = 0; i < 20; i++) socket.write(encoded(readCommand(keyOf(1))));
    socket.resume();
    for (let i = 0; i < 20; i++) expect((await socket.next()).body.length).toBeGreaterThan(1_000_000);
    socket.close();
  });

  it("are gone when they are stopped, and back on the same port when they are started", async () => {
    await using emulator = await Emulator.start({ nodes: 2, heartbeatTimeoutMs: 60_000, udf: "none" });
    const node = emulator.nodes[1]!;
    const { port } = node;
    const open = new TestSocket(tcp, node);
    open.write(infoRequest("node"));
    await open.next();
    await node.stop();
    await open.whenClosed();
    const refused = new TestSocket(tcp, node);
    await refused.whenClosed();
    expect(refused.error).toMatchObject({ code: "ECONNREFUSED" });
    await node.start();
    expect(node.port).toBe(port);
    // It is back in the cluster only a minute from now: however slow this machine is, the node has no partitions yet.
    const again = new TestSocket(tcp, node);
    again.write(infoRequest("partition-generation"));
    expect(new TextDecoder().decode((await again.next()).body)).toBe("partition-generation\t-1\n");
    again.close();
  });

  it("can't start on a port that is taken", async () => {
    await using first = await Emulator.start({ udf: "none" });
    const ports = [first.nodes[0]!.port];
    await expect(Emulator.start({ ports, udf: "none" })).rejects.toMatchObject({
      code: "EADDRINUSE",
      message:
        `The emulator can't listen on port ${ports[0]} of 127.0.0.1: ` +
        "the port is in use: choose another one, or 0 for any that is free",
    });
    // Documentation addresses belong to no machine.
    await expect(Emulator.start({ host: "192.0.2.1", udf: "none" })).rejects.toThrow(
      "this machine has no such address",
    );
  });

  it("have no transport in memory", async () => {
    await using emulator = await Emulator.start({ udf: "none" });
    expect(() => emulator.transport).toThrow(/listen: "memory"/);
  });
});

describe("a process with an emulator", () => {
  let programs: Bundle;
  beforeAll(async () => {
    programs = await bundle("test/support/programs/emulator.ts");
  });
  afterAll(() => programs[Symbol.asyncDispose]());

  it.concurrent.each(["close", "unref"])("ends by itself after %s", async (end) => {
    expect(await run(process.execPath, [programs.file("emulator"), end])).toBe("done");
  });
});
