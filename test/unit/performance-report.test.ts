import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { runToEnd } from "../support/run.js";

it("docs/performance.md and its plots say what the results of the benchmark say", async () => {
  const report = fileURLToPath(new URL("../../bench/report.mjs", import.meta.url));
  const { exitCode, stderr } = await runToEnd(process.execPath, [report, "--check"]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
});
