import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, inject, test } from "vitest";
import { runToEnd } from "../support/run.js";
import { consumerFolder } from "./consumers.js";
import { TYPED_PROGRAM } from "./typed-program.js";

const project = inject("plainProject");
/** README names the first one as the oldest; the newest is what all other tests compile with. */
const VERSIONS = ["5.4", "5.6", "5.7", "5.9", "6.0"];

beforeAll(() => writeFile(join(project, "old-program.ts"), TYPED_PROGRAM));

// These are written in JavaScript: types of browsers and of Node.js, which take them ten seconds, are for the newest one.
test.each(VERSIONS)("TypeScript %s compiles a program, and all declarations", { timeout: 300_000 }, async (version) => {
  const tsc = join(consumerFolder(`typescript-${version}`), "bin", "tsc");
  const strict = ["--noEmit", "--strict", "--skipLibCheck", "false", "--exactOptionalPropertyTypes"];
  const language = ["--target", "es2022", "--lib", "es2022", "--module", "nodenext"];
  const nothingElse = ["--typeRoots", join(project, "none")];
  const { stdout, stderr } = await runToEnd(
    process.execPath,
    [tsc, ...strict, ...language, ...nothingElse, "old-program.ts"],
    { cwd: project },
  );
  expect(stdout + stderr).toBe("");
});
