import { type ChildProcess, spawn } from "node:child_process";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { runToEnd } from "../support/run.js";

const cli = join(inject("plainProject"), "node_modules", "aerowire", "dist", "cli.js");

let emulator: ChildProcess;
let hosts: string;

beforeAll(async () => {
  emulator = spawn(process.execPath, [cli, "emulator", "--port", "0", "--nodes", "3"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  hosts = await new Promise((resolve) => emulator.stdout?.once("data", (chunk) => resolve(String(chunk).trim())));
});
afterAll(() => emulator.kill("SIGINT"));

const aerowire = (...argv: string[]) => runToEnd(process.execPath, [cli, "--host", hosts, ...argv]);

test("the command line stays small", async () => {
  expect((await stat(cli)).size).toBeLessThan(400_000);
});

test("it runs from the package, with nothing else installed", async () => {
  expect(await aerowire("put", "test.users", "1", "name=Ada", "age=36")).toMatchObject({ exitCode: 0 });
  const read = await aerowire("query", "test.users", "--where", "$.age > 30");
  expect(read.exitCode).toBe(0);
  expect(JSON.parse(read.stdout)).toMatchObject({ bins: { name: "Ada", age: 36 } });
  expect(await aerowire("background", "update", "test.users", "--add", "age=1")).toMatchObject({ exitCode: 4 });
  expect(await aerowire("background", "update", "test.users", "--add", "age=1", "--yes")).toMatchObject({
    exitCode: 0,
  });
  expect(await aerowire("--version")).toMatchObject({ exitCode: 0 });
});

test("Ctrl-C ends the emulator as it is meant to", async () => {
  const other = spawn(process.execPath, [cli, "emulator", "--port", "0"], { stdio: ["ignore", "pipe", "ignore"] });
  await new Promise((resolve) => other.stdout.once("data", resolve));
  other.kill("SIGINT");
  expect(await new Promise((resolve) => other.once("exit", resolve))).toBe(0);
});

test("a reader that goes away is no crash", async () => {
  const script = `"${process.execPath}" "${cli}" -H "${hosts}" query test.users | true; exit \${PIPESTATUS[0]}`;
  const { exitCode, stderr } = await runToEnd("bash", ["-c", script]);
  expect([0, 141]).toContain(exitCode);
  expect(stderr).toBe("");
});
