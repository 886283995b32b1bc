import { spawn } from "node:child_process";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Emulator } from "../../emulator/index.js";
import { connect, DataSet } from "../../src/index.js";
import { type Bundle, bundle } from "../support/bundle.js";
import { eventually } from "../support/faults/counted-runtime.js";
import { StrangeServer } from "../support/faults/strange-server.js";

let emulator: Emulator;
let programs: Bundle;

beforeAll(async () => {
  programs = await bundle("test/support/faults/programs/client.ts");
  emulator = await Emulator.start({ nodes: 3, namespaces: [{ name: "test" }], udf: "none" });
  await using client = await connect(emulator.hosts);
  await client.createSession().put(DataSet.of("test", "programs").id(1), { runs: 0 });
});

afterAll(async () => {
  await emulator.close();
  await programs[Symbol.asyncDispose]();
});

/** What a program of its own prints until it ends by itself. */
function run(
  what: string,
  hosts = emulator.hosts,
): Promise<{ readonly lines: string[]; readonly code: number | null }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [programs.file("client"), hosts, what], {
      stdio: ["ignore", "pipe", "inherit"],
      timeout: 30_000,
    });
    let output = "";
    child.stdout.on("data", (bytes) => {
      output += String(bytes);
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ lines: output.trim().split("\n"), code }));
  });
}

it.concurrent("a process ends though its client, idle after work of every kind, was never closed", async () => {
  expect(await run("idle")).toEqual({ lines: ["succeeded 1", "end of the program"], code: 0 });
});

it.concurrent("close() leaves no handle behind, and may be called again", async () => {
  expect(await run("close")).toEqual({ lines: ["left: ", "end of the program"], code: 0 });
});

it.concurrent("a process ends though it looks for a cluster in vain", async () => {
  const nobody = `127.0.0.1:${await StrangeServer.freePort()}`;
  expect(await run("nobody", nobody)).toEqual({ lines: ["ConnectionError", "end of the program"], code: 0 });
});

it("a process does not end while a command waits for its answer", async () => {
  const fault = emulator.faults.add({ command: "read", do: "stall" });
  const ended = run("read");
  await eventually("the command has come", () => fault.hits > 0);
  fault.lift();
  expect(await ended).toEqual({ lines: ["end of the program", expect.stringMatching(/^runs \d+$/)], code: 0 });
});

it("a process does not end while it waits for a task", async () => {
  const gate = emulator.faults.holdJobs();
  const questions = emulator.faults.add({ command: "info", do: "delay", ms: 0 });
  const ended = run("wait");
  await gate.whenHeld(1);
  const before = questions.hits;
  await eventually("the program goes on asking", () => questions.hits > before + 10);
  gate.release();
  questions.lift();
  expect(await ended).toEqual({ lines: ["end of the program", "state done"], code: 0 });
});
