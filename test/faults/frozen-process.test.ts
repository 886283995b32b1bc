import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Emulator } from "../../emulator/index.js";
import { type Bundle, bundle } from "../support/bundle.js";

/** Longer than a socket may rest before it is read first; the clock runs on while the process sleeps. */
const SLEEP_MS = 1_200;

let programs: Bundle;

beforeAll(async () => {
  programs = await bundle("test/support/faults/programs/sleeper.ts");
});

afterAll(() => programs[Symbol.asyncDispose]());

/** Starts the program, and hands over what it prints line by line. */
async function start(hosts: string): Promise<{ child: ChildProcess; lines: AsyncIterator<string> }> {
  const child = spawn(process.execPath, [programs.file("sleeper"), hosts], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  expect((await lines.next()).value).toBe("ready");
  return { child, lines };
}

// Windows has no such signals.
const itFreezes = it.skipIf(process.platform === "win32").concurrent;

itFreezes("a process that was frozen while its sockets died goes on without an error, and adds once", async () => {
  await using emulator = await Emulator.start({ nodes: 1, udf: "none" });
  const { child, lines } = await start(emulator.hosts);
  const [node] = emulator.nodes;
  for (let round = 2; round <= 3; round++) {
    child.kill("SIGSTOP");
    // As if its process were killed: sockets are cut.
    await node?.stop();
    await node?.start();
    await emulator.whenStable();
    await sleep(SLEEP_MS);
    // What wakes the program is there together with the ends of its sockets.
    child.stdin?.write("go\n");
    child.kill("SIGCONT");
    expect((await lines.next()).value).toBe(`n ${round}`);
  }
  child.stdin?.end();
  expect(await once(child, "close")).toEqual([0, null]);
});

itFreezes("one that was frozen without any harm just goes on", async () => {
  await using emulator = await Emulator.start({ nodes: 3, udf: "none" });
  const { child, lines } = await start(emulator.hosts);
  child.kill("SIGSTOP");
  await sleep(SLEEP_MS);
  child.stdin?.write("go\n");
  child.kill("SIGCONT");
  expect((await lines.next()).value).toBe("n 2");
  child.stdin?.end();
  expect(await once(child, "close")).toEqual([0, null]);
});
