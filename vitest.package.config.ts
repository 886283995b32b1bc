// Tests of what is published, not of the source: they build, pack and unpack it first. Too slow for every `npm test`.
import { defineConfig } from "vitest/config";
import { retry } from "./test/support/runs.js";

const test = { globalSetup: ["./test/support/unpack-package.ts"], testTimeout: 120_000, hookTimeout: 120_000 };

const results = process.env["AEROWIRE_TEST_RESULTS"];

export default defineConfig({
  test: {
    retry,
    reporters: [
      "default",
      ...(results === undefined ? [] : [["json", { outputFile: results }] satisfies [string, object]]),
    ],
    projects: [
      { test: { ...test, name: "package", include: ["test/package/**/*.test.ts"] } },
      // Needs no package: the site is made from the source.
      { test: { ...test, globalSetup: [], name: "site", include: ["test/site/**/*.test.ts"] } },
      { test: { ...test, name: "runtimes", include: ["test/runtimes/**/*.test.ts"] } },
    ],
  },
});
