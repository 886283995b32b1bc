import { describe, expect, it } from "vitest";
import { Emulator, type EmulatorOptions } from "../../../emulator/index.js";
import { VirtualRuntime } from "../../../runtime/virtual-runtime.js";
import { World } from "./support/world.js";

describe("options", () => {
  it.each<[string, EmulatorOptions]>([
    ["nodes: 0 is not a whole number from 1 to 8", { nodes: 0 }],
    ["nodes: 9 is not a whole number from 1 to 8", { nodes: 9 }],
    ["nodes: 1.5 is not a whole number from 1 to 8", { nodes: 1.5 }],
    ["replicationFactor: 0 is not a whole number from 1 to 8", { replicationFactor: 0 }],
    ["ports: 65536 is not a whole number from 0 to 65535", { ports: [65_536] }],
    ["queryMaxDone: -1 is not a whole number from 0 to 10000", { queryMaxDone: -1 }],
    ["heartbeatTimeoutMs: NaN is not a whole number from 0 to 2147483647", { heartbeatTimeoutMs: Number.NaN }],
    ["namespaces: the list is empty", { namespaces: [] }],
    ['namespaces: "a" is given twice', { namespaces: [{ name: "a" }, { name: "a" }] }],
    ['namespaces: "" has 0 bytes, not 1 to 31', { namespaces: [{ name: "" }] }],
    [`namespaces: "${"ü".repeat(16)}" has 32 bytes, not 1 to 31`, { namespaces: [{ name: "ü".repeat(16) }] }],
    ['namespaces: "a;b" holds one of ; : = / or a line end', { namespaces: [{ name: "a;b" }] }],
    [
      "backgroundQueryMaxRps: 0 is not a whole number from 1 to 1000000",
      { namespaces: [{ name: "a", backgroundQueryMaxRps: 0 }] },
    ],
  ])("are checked: %s", async (message, options) => {
    await expect(Emulator.start(options)).rejects.toThrow(new RangeError(message));
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

  it("refuse functions when there is nothing to run them", async () => {
    await using world = await World.start({ udf: "none" });
    const put = "udf-put:filename=a.lua;content=eD0x;content-len=4;udf-type=LUA;";
    expect(await world.info(put)).toBe("ERROR:16:the emulator was started without functions");
    expect(await world.info("udf-list")).toBe("");
  });
});
