import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { integrationProjects } from "./test/support/integration-projects.js";
import { retry, times } from "./test/support/runs.js";
import { transpiledSources } from "./test/support/transpiled-sources.js";

const results = process.env["AEROWIRE_TEST_RESULTS"];

export default defineConfig({
  plugins: [transpiledSources()],
  test: {
    retry,
    reporters: [
      "default",
      "./test/support/targets-reporter.ts",
      ...(results === undefined ? [] : [["json", { outputFile: results }] satisfies [string, object]]),
    ],
    // Files share a process, and what they import is read once: no test leaves anything behind that another could see.
    isolate: false,
    setupFiles: ["./test/support/loaded-later.ts", "./test/support/default-runs.ts"],
    // One more than cores: files wait for timers, processes and what is transformed for them.
    maxWorkers: availableParallelism() + 1,
    // Tests that wait side by side are mostly processes: more at once would wait for each other.
    maxConcurrency: 3,
    server: { deps: { external: [/\/\.transpiled\//] } },
    projects: [
      { extends: true, test: { name: "unit", include: ["test/unit/**/*.test.ts"], testTimeout: 30_000 * times } },
      { extends: true, test: { name: "faults", include: ["test/faults/**/*.test.ts"], testTimeout: 60_000 * times } },
      {
        extends: true,
        test: { name: "simulation", include: ["test/simulation/**/*.test.ts"], testTimeout: 120_000 * times },
      },
      ...integrationProjects(process.env),
      // Runs a compiler and nothing of ours: what the other projects load for their tests is no use here.
      { test: { name: "types", include: ["test/types/types.test.ts"], testTimeout: 300_000 } },
    ],
  },
});
