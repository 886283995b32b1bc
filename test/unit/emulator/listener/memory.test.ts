import { describe, expect, it } from "vitest";
import { MemoryNetwork, type MemoryNetworkOptions } from "../../../../emulator/index.js";
import { VirtualRuntime } from "../../../../runtime/virtual-runtime.js";
import { readCommand, writeCommand } from "../../../support/record-commands.js";
import { encoded, keyOf, messageOf, World } from "../support/world.js";

describe("nodes in memory", () => {
  it("have an address each, and the transport reaches them by it", async () => {
    await using world = await World.start({ nodes: 2 });
    expect(world.emulator.hosts).toBe("127.0.0.1:3000,127.0.0.1:3001");
    expect(await world.info("node", 0)).toBe(world.emulator.nodes[0]!.id);
    expect(await world.info("node", 1)).toBe(world.emulator.nodes[1]!.id);
  });

  it("listen on the ports that they are given", async () => {
    await using world = await World.start({ nodes: 2, host: "10.0.0.1", ports: [4000, 4010] });
    expect(world.emulator.hosts).toBe("10.0.0.1:4000,10.0.0.1:4010");
    expect(await world.info("service-clear-std", 1)).toBe("10.0.0.1:4010");
  });

  it("answer requests of one socket in their order", async () => {
    await using world = await World.start();
    const socket = world.open();
    for (let n = 1; n <= 50; n++) socket.write(encoded(writeCommand(keyOf(1), { n })));
    for (let n = 1; n <= 50; n++) {
      expect(messageOf((await world.runtime.until(socket.next())).body).generation).toBe(n);
    }
  });

  it("take requests that come byte by byte", async () => {
    await using world = await World.start();
    const socket = world.open();
    for (const byte of encoded(writeCommand(keyOf(1), { n: 1 }))) socket.write(Uint8Array.of(byte));
    expect(messageOf((await world.runtime.until(socket.next())).body).resultCode).toBe(0);
  });

  it("say nothing to what is no message, and close the socket a second later", async () => {
    await using world = await World.start();
    const socket = world.open();
    socket.write(new TextEncoder().encode("GET / HTTP/1.1\r\n\r\n"));
    await world.runtime.until(socket.whenClosed());
    expect(world.runtime.now()).toBeGreaterThanOrEqual(1000);
    expect(socket.received).toHaveLength(0);
  });

  it("count their sockets", async () => {
    await using world = await World.start();
    const sockets = [world.open(), world.open(), world.open()];
    for (const socket of sockets) await world.runtime.until(socket.whenConnected());
    expect(world.emulator.nodes[0]!.connections).toBe(3);
    sockets[0]!.close();
    await world.runtime.advance(1);
    expect(world.emulator.nodes[0]!.connections).toBe(2);
  });

  it("stop reading from a client that does not read, and go on when it does", async () => {
    await using world = await World.start();
    await world.write(1, { text: "x".repeat(900_000) });
    const socket = world.open();
    await world.runtime.until(socket.whenConnected());
    socket.pause();
    const request = encoded(readCommand(keyOf(1)));
    for (let i = 0; i < 10; i++) socket.write(request);
    await world.runtime.advance(100);
    expect(socket.received).toHaveLength(0);
    socket.resume();
    for (let i = 0; i < 10; i++) {
      expect((await world.runtime.until(socket.next())).body.length).toBeGreaterThan(900_000);
    }
  });

  it("give a client up that does not read for ten seconds", async () => {
    await using world = await World.start();
    await world.write(1, { text: "x".repeat(900_000) });
    const socket = world.open();
    await world.runtime.until(socket.whenConnected());
    socket.pause();
    for (let i = 0; i < 10; i++) socket.write(encoded(readCommand(keyOf(1))));
    await world.runtime.advance(9_900);
    expect(world.emulator.nodes[0]!.connections).toBe(2);
    await world.runtime.advance(200);
    expect(world.emulator.nodes[0]!.connections).toBe(1);
  });

  it("leave no timer behind when the emulator closes", async () => {
    const world = await World.start({ nodes: 3 });
    await world.fill(5);
    await world.emulator.close();
    await world.runtime.advance(1);
    expect(world.runtime.pendingTimers).toBe(0);
    await expect(world.emulator.close()).resolves.toBeUndefined();
  });
});

describe("bytes in memory", () => {
  /** What arrives at the other end of a socket, piece by piece, of these that are written at once. */
  async function arrivals(options: MemoryNetworkOptions, written: readonly string[]): Promise<string[]> {
    const runtime = new VirtualRuntime();
    const network = new MemoryNetwork(runtime, options);
    const pieces: string[] = [];
    network.open("10.0.0.1", 3000, () => ({
      onData: (bytes) => void pieces.push(new TextDecoder().decode(bytes)),
      onEnd: () => undefined,
      onDrain: () => undefined,
      onClose: () => undefined,
    }));
    const socket = network.connect(
      { host: "10.0.0.1", port: 3000 },
      { onConnect: () => undefined, onData: () => undefined, onClose: () => undefined, onDrain: () => undefined },
    );
    await runtime.advance(10);
    for (const text of written) socket.write(new TextEncoder().encode(text));
    await runtime.advance(100);
    expect(runtime.pendingTimers).toBe(0);
    return pieces;
  }

  it("come as they were written", async () => {
    expect(await arrivals({}, ["one", "two", "three"])).toEqual(["one", "two", "three"]);
  });

  it("come in the pieces that are asked for", async () => {
    expect(await arrivals({ pieces: (size) => [1, size - 1] }, ["one", "two"])).toEqual(["o", "ne", "t", "wo"]);
  });

  it("come together with what was written behind them, as far as that is wanted", async () => {
    expect(await arrivals({ joins: () => true }, ["one", "two", "three"])).toEqual(["onetwothree"]);
    let joins = 0;
    expect(await arrivals({ joins: () => joins++ === 0 }, ["one", "two", "three", "four"])).toEqual([
      "onetwo",
      "three",
      "four",
    ]);
  });

  it("don't overtake each other when each takes a time of its own, and join what is late", async () => {
    const latencies = [0, 30, 10, 1];
    const options = { latencyMs: () => latencies.shift() ?? 0 };
    expect(await arrivals(options, ["one", "two", "three"])).toEqual(["one", "two", "three"]);
  });
});
