import { spawn } from "node:child_process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Bundle, bundle } from "../../../support/bundle.js";
import { TcpNode } from "../../../support/fake/tcp-node.js";

let programs: Bundle;

beforeAll(async () => {
  programs = await bundle("test/support/programs/client.ts");
});

afterAll(() => programs[Symbol.asyncDispose]());

/** What a program of its own prints until it ends. */
function run(port: number, what: string): Promise<{ readonly lines: readonly string[]; readonly code: number | null }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [programs.file("client"), String(port), what], {
      stdio: ["ignore", "pipe", "inherit"],
      timeout: 20_000,
    });
    let output = "";
    child.stdout.on("data", (bytes) => {
      output += String(bytes);
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ lines: output.trim().split("\n"), code }));
  });
}

const NOT_FOUND = expect.stringContaining("The record does not exist");

describe("a process", () => {
  test("ends though a connected client was never closed", async () => {
    await using node = await TcpNode.start();
    const { lines, code } = await run(node.port, "idle");
    expect(code).toBe(0);
    expect(lines).toEqual([NOT_FOUND, NOT_FOUND, "end of the program"]);
  });

  test("does not end while a command waits for its answer", async () => {
    await using node = await TcpNode.start();
    node.node.onRequest = () => ({ kind: "delay", ms: 500 });
    const { lines, code } = await run(node.port, "pending");
    expect(code).toBe(0);
    expect(lines).toEqual(["end of the program", NOT_FOUND]);
  });

  test("has no handle left after close()", async () => {
    await using node = await TcpNode.start();
    const { lines, code } = await run(node.port, "close");
    expect(code).toBe(0);
    expect(lines).toEqual([NOT_FOUND, "nothing left", "end of the program"]);
  });
});
