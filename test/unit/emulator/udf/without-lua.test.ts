import { expect, it, vi } from "vitest";
import { Emulator } from "../../../../emulator/index.js";
import { VirtualRuntime } from "../../../../runtime/virtual-runtime.js";
import { TestSocket } from "../support/test-socket.js";
import { infoRequest } from "../support/world.js";

vi.mock("wasmoon", () => {
  throw new Error("Cannot find package 'wasmoon'");
});

it("without the package wasmoon an emulator starts, and says what functions need when one is registered", async () => {
  const runtime = new VirtualRuntime();
  await using emulator = await Emulator.start({ runtime, listen: "memory" });
  const socket = new TestSocket(emulator.transport, emulator.nodes[0]!);
  socket.write(infoRequest("udf-put:filename=a.lua;content=eD0x;content-len=4;udf-type=LUA;"));
  const answer = new TextDecoder().decode((await runtime.until(socket.next())).body);
  expect(answer).toContain("\tERROR:16:Lua functions need a Lua machine: add the package wasmoon");
});
