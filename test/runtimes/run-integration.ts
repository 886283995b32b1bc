// Runs the integration suite on another runtime: `npm run test:runtime -- bun`, with what vitest may be told behind it.
// vitest itself runs there, so that tests, matchers and reports are the same on all of them.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { findRuntime } from "./find-runtimes.js";

const VITEST = fileURLToPath(new URL("../../node_modules/vitest/vitest.mjs", import.meta.url));

const [id = "", ...rest] = process.argv.slice(2);
const { name, command, args } = findRuntime(id);
const { status } = spawnSync(command, [...args, VITEST, "run", "--project", "integration*", ...rest], {
  stdio: ["ignore", "inherit", "inherit"],
  env: { ...process.env, AEROWIRE_RUNTIME: name },
});
process.exitCode = status ?? 1;
