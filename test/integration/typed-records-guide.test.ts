import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import * as z from "zod";
import { DataSet, dateAsMilliseconds, dateAsText, SchemaError } from "../../src/index.js";
import { connectTarget, type TestTarget } from "../support/connect-target.js";
import { announced, blocksOf, runProgram } from "../support/run-guide.js";

let target: TestTarget;

beforeAll(async () => {
  target = await connectTarget();
});

afterAll(async () => {
  await target[Symbol.asyncDispose]();
});

it("what docs/typed-records.md shows runs, and prints what it says", async () => {
  const text = await readFile("docs/typed-records.md", "utf8");
  // Sets of this run's own, so that others can run the same beside it.
  const sets = new Map<string, string>();
  const programs = blocksOf(
    text.replaceAll(/(DataSet\.of(?:<[^(]*>)?\("test", )"(\w+)"/g, (_, call: string, name: string) => {
      const own = sets.get(name) ?? target.dataSet().setName;
      sets.set(name, own);
      return `${call}"${own}"`;
    }),
    "ts",
  );
  const given = { session: target.session, z, DataSet, dateAsMilliseconds, dateAsText, SchemaError };
  const printed = await Promise.all(programs.map((program) => runProgram(program, given)));
  for (const [i, program] of programs.entries()) {
    expect(printed[i], program).toEqual(expect.arrayContaining(announced(program)));
  }
  expect(printed).toEqual([
    ["Ada guest 1815 undefined"],
    ["2026-11-30T12:00:01.000Z,250"],
    ["3", "SCHEMA"],
    ["5", "10"],
    ["1"],
    ["writing name 1", "1 Ada", "2 SCHEMA", "age", "1"],
  ]);
});
