import { describe, expect, it } from "vitest";
import { Emulator, type EmulatorOptions } from "../../../emulator/index.js";
import { VirtualRuntime } from "../../../runtime/virtual-runtime.js";
import { World } from "./support/world.js";

describe("options", () => {
  it.each<[string, EmulatorOptions]>([
    ["nodes: expected a whole number from 1 to 128, got 0", { nodes: 0 }],
    ["nodes: expected a whole number from 1 to 128, got 129", { nodes: 129 }],
    ["nodes: expected a whole number from 1 to 128, got 1.5", { nodes: 1.5 }],
    ["replicationFactor: expected a whole number from 1 to 128, got 0", { replicationFactor: 0 }],
    ["ports: expected a whole number from 0 to 65535, got 65536", { ports: [65_536] }],
    ["queryMaxDone: expected a whole number from 0 to 10000, got -1", { queryMaxDone: -1 }],
    ["heartbeatTimeoutMs: expected a whole number from 0 to 2147483647, got NaN", { heartbeatTimeoutMs: Number.NaN }],
    ["namespaces: expected at least one, got none", { namespaces: [] }],
    ['namespaces: "a" is given twice', { namespaces: [{ name: "a" }, { name: "a" }] }],
    ['namespaces: expected a name of 1 to 31 bytes, got "" of 0', { namespaces: [{ name: "" }] }],
    [
      `namespaces: expected a name of 1 to 31 bytes, got "${"ü".repeat(16)}" of 32`,
      { namespaces: [{ name: "ü".repeat(16) }] },
    ],
    ['namespaces: expected a name without ; : = / and line ends, got "a;b"', { namespaces: [{ name: "a;b" }] }],
    [
      "mrtDuration: expected a whole number from 1 to 120, got 121",
      { namespaces: [{ name: "a", strongConsistency: true, mrtDuration: 121 }] },
    ],
    [
      "backgroundQueryMaxRps: expected a whole number from 1 to 1000000, got 0",
      { namespaces: [{ name: "a", backgroundQueryMaxRps: 0 }] },
    ],
  ])("are checked: %s", async (message, options) => {
    await expect(Emulator.start(options)).rejects.toThrow(new RangeError(message));
  });

  it.each<[string, unknown]>([
    ['Emulator.start(options): there is no option "node". Did you mean nodes?', { node: 3 }],
    ['Emulator.start(options): there is no option "socket". Known: nodes, replicationFactor, ', { socket: true }],
    [
      'Emulator.start(options): namespaces: there is no option "ttl". Known: name, ',
      { namespaces: [{ name: "a", ttl: 1 }] },
    ],
    ["Emulator.start(options): expected an object of options, got 3", 3],
    ['listen: expected "tcp", "memory" or a MemoryNetwork, got "udp"', { listen: "udp" }],
    ["namespaces: expected a name, got undefined", { namespaces: [{}] }],
    ['namespaces: expected an array such as [{ name: "test" }], got an Object', { namespaces: { test: {} } }],
    ["strongConsistency: expected true or false, got 1", { namespaces: [{ name: "a", strongConsistency: 1 }] }],
    [
      "mrtDuration: there are transactions in strong-consistency namespaces only",
      { namespaces: [{ name: "a", mrtDuration: 5 }] },
    ],
  ])("that do not exist are refused: %s", async (message, options) => {
    const started = Emulator.start(options as EmulatorOptions);
    await expect(started).rejects.toThrow(TypeError);
    await expect(started).rejects.toThrow(message);
  });

  it("have defaults: one node, namespaces test and bar, Lua", async () => {
    await using emulator = await Emulator.start({ listen: "memory", runtime: new VirtualRuntime() });
    expect(emulator.nodes).toHaveLength(1);
    await using world = await World.start({ namespaces: [{ name: "test" }, { name: "bar" }] });
    expect(await world.info("namespaces")).toBe("test;bar");
  });

  it("set what the nodes say of themselves", async () => {
    await using world = await World.start({ clusterName: "gold", build: "8.0.0.1" });
    expect(await world.info("cluster-name")).toBe("gold");
    expect(await world.info("build")).toBe("8.0.0.1");
    expect(await world.info("edition")).toBe("Aerospike Community Edition");
  });

  it("may name an IPv6 host, which is announced in brackets", async () => {
    await using world = await World.start({ nodes: 2, host: "::1", ports: [3000, 4000] });
    const [node, other] = world.emulator.nodes;
    expect(world.emulator.hosts).toBe("[::1]:3000,[::1]:4000");
    expect(await world.info("service-clear-std")).toBe("[::1]:3000");
    expect(await world.info("peers-clear-std")).toBe(`1,3000,[[${other!.id},,[[::1]:4000]]]`);
    expect(await world.info("peers-clear-std", 1)).toBe(`1,3000,[[${node!.id},,[[::1]]]]`);
    expect(await world.info("services")).toBe("[::1]:4000");
  });

  it("refuse functions when there is nothing to run them", async () => {
    await using world = await World.start({ udf: "none" });
    const put = "udf-put:filename=a.lua;content=eD0x;content-len=4;udf-type=LUA;";
    expect(await world.info(put)).toBe("ERROR:16:the emulator was started without functions");
    expect(await world.info("udf-list")).toBe("");
  });
});
