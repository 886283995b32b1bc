import { defineConfig } from "vitest/config";
import { integrationProjects } from "./test/support/integration-projects.js";

const results = process.env["AEROWIRE_TEST_RESULTS"];

export default defineConfig({
  test: {
    reporters: [
      "default",
      "./test/support/targets-reporter.ts",
      ...(results === undefined ? [] : [["json", { outputFile: results }] satisfies [string, object]]),
    ],
    projects: [
      { test: { name: "unit", include: ["test/unit/**/*.test.ts"], testTimeout: 30_000 } },
      { test: { name: "faults", include: ["test/faults/**/*.test.ts"], testTimeout: 60_000 } },
      {
        test: {
          name: "types",
          include: [],
          typecheck: { enabled: true, only: true, checker: "tsc", include: ["test/types/**/*.test-d.ts"] },
        },
      },
      ...integrationProjects(process.env),
    ],
  },
});
