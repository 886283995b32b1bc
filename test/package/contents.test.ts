import { stat } from "node:fs/promises";
import { expect, inject, test } from "vitest";
import { run, runToEnd } from "../support/run.js";

const tarball = inject("tarball");

async function files(): Promise<string[]> {
  const list = await run("tar", ["tzf", tarball]);
  return list
    .trim()
    .split("\n")
    .map((path) => path.replace(/^package\//, ""));
}

test("the package has bundles, their declarations and nothing else", async () => {
  const all = await files();
  const bundles = [
    "ael",
    "config",
    "emulator",
    "index",
    "lua",
    "opentelemetry",
    "packed",
    "sockets-node",
    "sockets-none",
    "sockets-workers",
    "workers",
  ].map((name) => `dist/${name}.js`);
  expect(all.filter((path) => !/^dist\/(types\/.*\.d\.ts|chunks\/[a-z-]+\.js)$/.test(path)).sort()).toEqual(
    [
      "LICENSE",
      "README.md",
      "dist/cli.js",
      "dist/cli.licenses.txt",
      "dist/watch.html",
      ...bundles,
      "package.json",
    ].sort(),
  );
});

test("the package stays small", async () => {
  expect((await stat(tarball)).size).toBeLessThan(650_000);
  const list = await run("tar", ["tzvf", tarball]);
  const sizes = list.split("\n").map((line) => Number(/^\S+\s+\S+\s+(\d+)/.exec(line)?.[1] ?? 0));
  expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(2_010_000);
});

// One character beyond it, and V8 keeps the whole file in two bytes a character.
test("programs are ASCII", async () => {
  const programs = (await files()).filter((path) => path.endsWith(".js"));
  expect(programs.length).toBeGreaterThan(10);
  for (const path of programs) {
    expect(await run("tar", ["xzOf", tarball, `package/${path}`]), path).toMatch(/^\p{ASCII}+$/u);
  }
});

test("declarations of what no entry leads to are left out", async () => {
  const all = await files();
  expect(all).toContain("dist/types/src/background/execute-task.d.ts");
  expect(all.filter((path) => path.startsWith("dist/types/emulator/cdt/"))).toEqual([]);
});

test("publint finds nothing", async () => {
  expect(await runToEnd("npx", ["publint", "--strict", tarball])).toMatchObject({ exitCode: 0 });
});

test("resolvers of every kind find the declarations", async () => {
  expect(await runToEnd("npx", ["attw", tarball, "--profile", "esm-only"])).toMatchObject({ exitCode: 0 });
});
