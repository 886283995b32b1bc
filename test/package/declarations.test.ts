import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { runToEnd } from "../support/run.js";
import { TYPED_PROGRAM } from "./typed-program.js";

const project = inject("plainProject");
const TSC = join(process.cwd(), "node_modules", ".bin", "tsc");

async function errorsWith(...options: string[]): Promise<string> {
  const strict = ["--noEmit", "--strict", "--skipLibCheck", "false", "--exactOptionalPropertyTypes"];
  const { stdout, stderr } = await runToEnd(TSC, [...strict, ...options, "program.ts"], { cwd: project });
  return stdout + stderr;
}

beforeAll(() => writeFile(join(project, "program.ts"), TYPED_PROGRAM));

describe("programs compile against the declarations, which are checked as well", () => {
  test.each([
    ["nodenext", "nodenext"],
    ["esnext", "bundler"],
    ["preserve", "bundler"],
  ])("module %s, resolution %s", async (module, moduleResolution) => {
    expect(await errorsWith("--target", "es2022", "--module", module, "--moduleResolution", moduleResolution)).toBe("");
  });

  test("with the types of Node.js instead of the browser's", async () => {
    await mkdir(join(project, "node_modules", "@types"), { recursive: true });
    for (const name of ["@types/node", "undici-types"]) {
      await symlink(join(process.cwd(), "node_modules", name), join(project, "node_modules", name), "junction");
    }
    const node = ["--lib", "es2022", "--types", "node", "--typeRoots", join(project, "node_modules", "@types")];
    expect(await errorsWith("--target", "es2022", "--module", "nodenext", ...node)).toBe("");
  });

  test("with neither", async () => {
    const neither = ["--lib", "es2022", "--types", ""];
    expect(await errorsWith("--target", "es2022", "--module", "nodenext", ...neither)).toBe("");
  });

  test("from a CommonJS module, which Node.js and TypeScript let require ES modules", async () => {
    const cts = `import aerowire = require("aerowire");
import packing = require("aerowire/packed");
import emulator = require("aerowire/emulator");
export const users: aerowire.DataSet<{ age: number }> = aerowire.DataSet.of("test", "users");
export const bytes: Uint8Array = packing.packed(1);
export const started: Promise<emulator.Emulator> = emulator.Emulator.start();
`;
    await writeFile(join(project, "program.cts"), cts);
    const options = ["--noEmit", "--strict", "--target", "es2022", "--module", "nodenext", "--skipLibCheck", "false"];
    const { stdout, stderr } = await runToEnd(TSC, [...options, "program.cts"], { cwd: project });
    expect(stdout + stderr).toBe("");
  });

  test("with the newest language", async () => {
    expect(await errorsWith("--target", "esnext", "--module", "nodenext", "--noUncheckedIndexedAccess")).toBe("");
  });
});
