import { expect, it } from "vitest";
import { runToEnd } from "../support/run.js";

// One thread: the others' work is the tests beside it, and sharing it out makes the compiler check some types twice.
const TSC = ["node_modules/typescript/bin/tsc", "-p", "test/types", "--singleThreaded"];

it("what is written here compiles, but for the lines that say that they don't", async () => {
  const { exitCode, stdout, stderr } = await runToEnd(process.execPath, TSC);
  expect(stdout + stderr).toBe("");
  expect(exitCode).toBe(0);
});
