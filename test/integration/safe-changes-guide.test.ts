import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { connectTarget, type TestTarget } from "../support/connect-target.js";
import { announced, blocksOf, runProgram } from "../support/run-guide.js";

let target: TestTarget;

beforeAll(async () => {
  target = await connectTarget();
});

afterAll(async () => {
  await target[Symbol.asyncDispose]();
});

it("what docs/safe-changes.md shows runs from its beginning to its end, and prints what it says", async () => {
  const programs = blocksOf(await readFile("docs/safe-changes.md", "utf8"), "ts");
  expect(programs.length).toBeGreaterThan(5);
  const program = programs.join("\n");
  const given = { session: target.session, members: target.dataSet() };
  expect(await runProgram(program, given)).toEqual(announced(program));
}, 120_000);
