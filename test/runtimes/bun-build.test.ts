import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, inject, test } from "vitest";
import { Emulator } from "../../emulator/index.js";
import { PROGRAM, PROGRAM_SAYS } from "../package/bundled-program.js";
import { run } from "../support/run.js";
import { findRuntime } from "./find-runtimes.js";

// Bun's bundler comes with the runtime; the other bundlers are in test/package/bundlers.test.ts.

const project = inject("documentsProject");
const input = join(project, "bundled-by-bun.js");
const bun = findRuntime("bun");

beforeAll(() => writeFile(input, PROGRAM));

test.each([
  ["node", process.execPath],
  ["bun", bun.command],
])("bun build bundles a program for %s, which runs", async (target, runtime) => {
  // Beside the program's packages, so that nothing but the bundle can be what runs.
  const bundle = join(project, "..", `program-for-${target}.mjs`);
  await run(bun.command, [...bun.args, "build", input, `--target=${target}`, `--outfile=${bundle}`]);
  await using emulator = await Emulator.start({ nodes: 2 });
  expect(JSON.parse(await run(runtime, [bundle, emulator.hosts]))).toEqual(PROGRAM_SAYS);
});
