import { describe, expect, it } from "vitest";
import { parsePeers } from "../../../../protocol/info/peers.js";
import { ResultCode } from "../../../../protocol/result-code.js";
import { writeCommand } from "../../../support/record-commands.js";
import { encoded, keyOf, World } from "../support/world.js";

const HEARTBEAT_MS = 150;

describe("a cluster of three nodes", () => {
  it("splits the partitions, each with one master and one other replica", async () => {
    await using world = await World.start({ nodes: 3 });
    const masters = await world.masters();
    for (const node of [0, 1, 2]) {
      const count = masters.filter((master) => master === node).length;
      expect(Math.abs(count - 4096 / 3)).toBeLessThan(200);
    }
  });

  it("lets every node know the two others by their addresses", async () => {
    await using world = await World.start({ nodes: 3 });
    const { nodes } = world.emulator;
    for (const node of nodes) {
      const { peers } = parsePeers(await world.info("peers-clear-std", node.index));
      const others = nodes.filter((other) => other !== node);
      expect(peers).toEqual(others.map(({ id, host, port }) => ({ nodeId: id, tlsName: "", hosts: [{ host, port }] })));
    }
  });

  it("names one cluster key, and says so when asked for another size", async () => {
    await using world = await World.start({ nodes: 3 });
    const keys = await Promise.all([
      await world.info("cluster-stable:size=3"),
      await world.info("cluster-stable", 1),
      await world.info("cluster-stable", 2),
    ]);
    expect(new Set(keys).size).toBe(1);
    expect(await world.info("cluster-stable:size=2")).toBe("ERROR:7:cluster not specified size");
  });

  it("answers for another node's records as well", async () => {
    await using world = await World.start({ nodes: 3 });
    for (let id = 0; id < 30; id++) await world.write(id, { n: id }, id % 3);
    for (let id = 0; id < 30; id++) expect((await world.read(id, (id + 1) % 3))?.bins).toEqual({ n: id });
  });
});

describe("a node that is lost", () => {
  it("is missed after the heartbeat timeout: another replica masters its partitions and has every record", async () => {
    await using world = await World.start({ nodes: 3 });
    await world.fill(60);
    const before = await world.masters();
    const generation = Number(await world.info("partition-generation"));
    const peersGeneration = Number(await world.info("peers-generation"));
    await world.emulator.nodes[2]!.stop();
    expect(Number(await world.info("partition-generation"))).toBe(generation);

    await world.runtime.until(world.emulator.whenStable());
    expect(Number(await world.info("partition-generation"))).toBeGreaterThan(generation);
    expect(Number(await world.info("peers-generation"))).toBe(peersGeneration + 1);
    expect(parsePeers(await world.info("peers-clear-std")).peers.map((peer) => peer.nodeId)).toEqual([
      world.emulator.nodes[1]!.id,
    ]);
    const after = await world.masters();
    for (const [partition, master] of before.entries()) if (master !== 2) expect(after[partition]).toBe(master);
    for (let id = 0; id < 60; id++) expect((await world.read(id))?.bins).toEqual({ n: id });
  });

  it("leaves writes in doubt until it is missed", async () => {
    await using world = await World.start({ nodes: 3 });
    const masters = await world.masters();
    const lost = masters[keyOf(1).partition]!;
    const other = (lost + 1) % 3;
    await world.emulator.nodes[lost]!.stop();
    const began = world.runtime.now();
    expect(await world.codeOf(writeCommand(keyOf(1), { n: 1 }), other, 100)).toBe(ResultCode.TIMEOUT);
    expect(world.runtime.now() - began).toBeGreaterThanOrEqual(100);
    await world.runtime.advance(HEARTBEAT_MS);
    await world.write(1, { n: 2 }, other);
    expect((await world.read(1, other))?.bins).toEqual({ n: 2 });
  });

  it("keeps writes that wait for it as a replica waiting until it is missed: then they are done", async () => {
    await using world = await World.start({ nodes: 2 });
    const masters = await world.masters();
    await world.emulator.nodes[1]!.stop();
    const began = world.runtime.now();
    const id = Array.from({ length: 20 }, (_, i) => i).find((i) => masters[keyOf(i).partition] === 0)!;
    expect(await world.codeOf(writeCommand(keyOf(id), { n: 1 }), 0, 1000)).toBe(ResultCode.OK);
    expect(world.runtime.now() - began).toBe(HEARTBEAT_MS);
    expect((await world.read(id))?.generation).toBe(1);
  });

  it("ends the commands that wait in it for another: nothing of them is left", async () => {
    await using world = await World.start({ nodes: 3 });
    const masters = await world.masters();
    const lost = masters[keyOf(1).partition]!;
    const other = (lost + 1) % 3;
    await world.emulator.nodes[lost]!.stop();
    const socket = world.open(other);
    await world.runtime.until(socket.whenConnected());
    await world.runtime.advance(1);
    const before = world.runtime.pendingTimers;
    socket.write(encoded(writeCommand(keyOf(1), { n: 1 }), 60_000));
    await world.runtime.advance(1);
    expect(world.runtime.pendingTimers).toBe(before + 1);
    await world.emulator.nodes[other]!.stop();
    await world.runtime.until(world.emulator.whenStable());
    await world.emulator.close();
    await world.runtime.advance(1_000);
    expect(world.runtime.pendingTimers).toBe(0);
  });

  it("refuses sockets, and cuts those that were open", async () => {
    await using world = await World.start({ nodes: 2 });
    const socket = world.open(1);
    await world.runtime.until(socket.whenConnected());
    await world.emulator.nodes[1]!.stop();
    await world.runtime.until(socket.whenClosed());
    expect(world.emulator.nodes[1]).toMatchObject({ running: false, connections: 0 });
    const late = world.open(1);
    await world.runtime.until(late.whenClosed());
    expect(late.isConnected).toBe(false);
    expect(late.error?.message).toMatch(/ECONNREFUSED/);
  });

  it("takes the only copies with it, and brings them back", async () => {
    await using world = await World.start({ nodes: 2, replicationFactor: 1 });
    await world.fill(40);
    const masters = await world.masters();
    await world.emulator.nodes[1]!.stop();
    await world.runtime.until(world.emulator.whenStable());
    for (let id = 0; id < 40; id++) {
      const isThere = masters[keyOf(id).partition] === 0;
      expect(await world.read(id)).toEqual(isThere ? expect.objectContaining({ bins: { n: id } }) : undefined);
    }
    await world.emulator.nodes[1]!.start();
    await world.runtime.until(world.emulator.whenStable());
    for (let id = 0; id < 40; id++) expect((await world.read(id))?.bins).toEqual({ n: id });
  });

  it("keeps the version with the higher generation where both sides wrote meanwhile", async () => {
    await using world = await World.start({ nodes: 2, replicationFactor: 1 });
    const masters = await world.masters();
    const ids = Array.from({ length: 40 }, (_, id) => id).filter((id) => masters[keyOf(id).partition] === 1);
    const [twice, once] = [ids[0]!, ids[1]!];
    await world.write(twice, { from: "lost" });
    await world.write(once, { from: "lost" });
    await world.write(once, { from: "lost" });
    await world.emulator.nodes[1]!.stop();
    await world.runtime.until(world.emulator.whenStable());
    for (const id of [twice, twice, once]) await world.write(id, { from: "stayed" });
    await world.emulator.nodes[1]!.start();
    await world.runtime.until(world.emulator.whenStable());
    expect((await world.read(twice))?.bins).toEqual({ from: "stayed" });
    expect((await world.read(once))?.bins).toEqual({ from: "lost" });
  });
});

describe("a node that comes back", () => {
  it("is on the same port, and answers little until it is part of the cluster", async () => {
    await using world = await World.start({ nodes: 3 });
    await world.fill(30);
    const before = await world.masters();
    const node = world.emulator.nodes[1]!;
    const { port } = node;
    await node.stop();
    await world.runtime.until(world.emulator.whenStable());
    await node.start();
    expect(node.port).toBe(port);
    expect(await world.info("partition-generation", 1)).toBe("-1");
    expect(await world.codeOf(writeCommand(keyOf(1), { n: 1 }), 1)).toBe(ResultCode.PARTITION_UNAVAILABLE);
    expect(await world.info("cluster-stable", 1)).toBe("ERROR:7:unstable cluster");
    expect(await world.info("cluster-stable", 0)).toMatch(/^[0-9A-F]+$/);

    await world.runtime.until(world.emulator.whenStable());
    expect(Number(await world.info("partition-generation", 1))).toBeGreaterThan(0);
    expect(await world.masters()).toEqual(before);
    for (let id = 0; id < 30; id++) expect((await world.read(id, 1))?.bins).toEqual({ n: id });
  });

  it("has forgotten its jobs and its settings", async () => {
    await using world = await World.start({ nodes: 2 });
    expect(await world.info("set-config:context=service;query-max-done=7", 1)).toBe("ok");
    await world.emulator.nodes[1]!.stop();
    await world.emulator.nodes[1]!.start();
    await world.runtime.until(world.emulator.whenStable());
    expect(await world.info("get-config:context=service", 1)).toContain("query-max-done=100");
    expect(await world.info("query-show", 1)).toBe("");
  });

  it("masters its partitions only once the records have moved", async () => {
    await using world = await World.start({ nodes: 2, migrationMs: 1000 });
    const before = await world.masters();
    await world.emulator.nodes[1]!.stop();
    await world.runtime.until(world.emulator.whenStable());
    await world.emulator.nodes[1]!.start();
    await world.runtime.advance(HEARTBEAT_MS);
    expect(new Set(await world.masters())).toEqual(new Set([0]));
    expect(await world.info("cluster-stable")).toBe("ERROR:7:unstable cluster");
    expect(await world.info("cluster-stable:ignore-migrations=true")).toMatch(/^[0-9A-F]+$/);
    const generation = Number(await world.info("partition-generation"));
    await world.runtime.until(world.emulator.whenStable());
    expect(Number(await world.info("partition-generation"))).toBe(generation + 1);
    expect(await world.masters()).toEqual(before);
  });
});
