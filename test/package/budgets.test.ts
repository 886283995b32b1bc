// How much of the package programs load: what bundlers make of it, minified and gzipped.
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { type OutputChunk, rolldown } from "rolldown";
import { describe, expect, inject, test } from "vitest";
import { Emulator } from "../../emulator/index.js";
import { eventually } from "../support/faults/counted-runtime.js";
import { run } from "../support/run.js";

const plainProject = inject("plainProject");

/**
 * What a program may load, in bytes: at its start; when it is connected, which `connect` has loaded in the meantime; and with
 * everything that it may ask for later. The goals for the start were 70,000 for `connect`, 90,000 with background tasks and
 * `Exp`, and 140,000 for everything.
 */
const LIMITS = {
  "connect, get and put": { start: 38_000, connected: 150_800, total: 269_300 },
  "background tasks and Exp": { start: 67_700, connected: 158_600, total: 271_300 },
  "a configuration": { start: 44_850, connected: 157_700, total: 276_100 },
  everything: { start: 71_300, connected: 162_600, total: 274_500 },
} as const;

type Limits = { readonly start: number; readonly connected: number; readonly total: number };

/** In one file, as bundlers make it that do not split. */
const LIMITS_OF_ONE_FILE = [
  ['export { DataSet } from "aerowire";', 14_000],
  ['export { Exp } from "aerowire";', 36_100],
  ['export { Exp } from "aerowire"; export { parseAel } from "aerowire/ael";', 71_800],
  ['export * from "aerowire/ael";', 77_900],
] as const;

const USE = `
import { connect, DataSet } from "aerowire";
const users = DataSet.of("test", "users");
const client = await connect(process.argv[2]);
const session = client.createSession();
await session.put(users.id(1), { age: 36 });
`;

const PROGRAMS: Readonly<Record<keyof typeof LIMITS, string>> = {
  "connect, get and put": `${USE}
console.log((await session.get(users.id(1))).bins.age);
await client.close();`,
  "background tasks and Exp": `import { Exp } from "aerowire";${USE}
const task = await session.backgroundTask().update(users).where(Exp.gt(Exp.intBin("age"), Exp.intVal(30))).bin("age").add(1).execute();
await task.waitTillComplete();
console.log((await session.get(users.id(1))).bins.age);
await client.close();`,
  "a configuration": `import { DataSet } from "aerowire";
import { loadConfig } from "aerowire/config";
const users = DataSet.of("test", "users");
const config = await loadConfig("aerowire.json");
const client = await config.connect();
console.log((await client.createSession().get(users.id(1))).bins.age);`,
  everything: 'export * from "aerowire";',
};

/** Bundles a program as Vite does: what is imported when it is needed is in files of its own. */
async function bundled(program: string): Promise<{ readonly [Loaded in keyof Limits | "core"]: OutputChunk[] }> {
  const folder = await mkdtemp(join(plainProject, "budget-"));
  const input = join(folder, "program.js");
  await writeFile(input, program);
  await using bundle = await rolldown({
    input,
    platform: "node",
    external: ["wasmoon", "yaml"],
    transform: { target: "node20.19" },
  });
  const { output } = await bundle.generate({ format: "esm", minify: true });
  const all = output.filter((file) => file.type === "chunk");
  const byName = new Map(all.map((chunk) => [chunk.fileName, chunk]));
  const start = withImports(all.filter(({ isEntry }) => isEntry));
  const [cores, sessions] = [chunksWith("core"), chunksWith("session")];
  for (const chunk of [...cores, ...sessions]) expect(start, "connect alone loads these").not.toContain(chunk);
  const read = start.flatMap(({ moduleIds }) => moduleIds).filter((id) => id.endsWith("/dist/chunks/language.js"));
  expect(read, "a program that brings no text before it is connected loads no language").toEqual([]);
  const core = withImports([...start, ...cores]);
  return { start, core, connected: withImports([...core, ...sessions]), total: all };

  function chunksWith(name: string): OutputChunk[] {
    const found = all.filter(({ facadeModuleId, moduleIds }) =>
      [facadeModuleId, ...moduleIds].some((id) => id?.endsWith(`/dist/chunks/${name}.js`)),
    );
    expect(found, name).not.toEqual([]);
    return found;
  }

  function withImports(chunks: readonly OutputChunk[]): OutputChunk[] {
    const loaded = new Set(chunks);
    // A set gives what is added while it is walked, too.
    for (const { imports } of loaded) {
      for (const name of imports) {
        const chunk = byName.get(name);
        if (chunk !== undefined) loaded.add(chunk);
      }
    }
    return [...loaded];
  }
}

function gzipped(chunks: readonly OutputChunk[]): number {
  return chunks.reduce((sum, { code }) => sum + gzipSync(code).length, 0);
}

describe.each(Object.entries(PROGRAMS))("%s", (name, program) => {
  test("stays within its budget", async () => {
    const chunks = await bundled(program);
    const limits: Limits = LIMITS[name as keyof typeof LIMITS];
    for (const loaded of ["start", "connected", "total"] as const) {
      const size = gzipped(chunks[loaded]);
      const text = `${name}, ${loaded}: ${size} bytes of ${limits[loaded]} allowed`;
      console.log(text);
      expect.soft(size, text).toBeLessThanOrEqual(limits[loaded]);
    }
  });
});

test("connect, get and put need nothing beyond the files that connect loads", async () => {
  const { start, connected } = await bundled(PROGRAMS["connect, get and put"]);
  const folder = await mkdtemp(join(tmpdir(), "aerowire-start-"));
  await writeFile(join(folder, "package.json"), '{ "type": "module" }');
  for (const { fileName, code } of connected) await writeFile(join(folder, fileName), code);
  const [entry] = start.filter(({ isEntry }) => isEntry);
  const emulator = await Emulator.start();
  try {
    expect(await run(process.execPath, [join(folder, entry?.fileName ?? ""), emulator.hosts])).toBe("36\n");
  } finally {
    await emulator.close();
  }
});

test.each(["start", "core"] as const)(
  "what is missing beyond %s fails connect, and leaves no connection behind",
  async (loaded) => {
    const { [loaded]: files, start } = await bundled('export { connect } from "aerowire";');
    const folder = await mkdtemp(join(tmpdir(), "aerowire-start-"));
    await writeFile(join(folder, "package.json"), '{ "type": "module" }');
    for (const { fileName, code } of files) await writeFile(join(folder, fileName), code);
    const [entry] = start.filter(({ isEntry }) => isEntry);
    const { connect }: typeof import("../../src/index.js") = await import(join(folder, entry?.fileName ?? ""));
    const emulator = await Emulator.start();
    try {
      await expect(connect(emulator.hosts)).rejects.toMatchObject({ code: "ERR_MODULE_NOT_FOUND" });
      await eventually("nobody is connected", () => emulator.nodes.every(({ connections }) => connections === 0));
    } finally {
      await emulator.close();
    }
  },
);

test.each(LIMITS_OF_ONE_FILE)("%s leaves the rest out", async (contents, limit) => {
  const stdin = { contents, resolveDir: plainProject };
  const { outputFiles } = await build({
    stdin,
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    platform: "node",
  });
  const [file] = outputFiles;
  const size = gzipSync(file?.contents ?? "").length;
  const text = `${contents} ${size} bytes of ${limit} allowed (${file?.contents.length} before gzip)`;
  console.log(text);
  expect(file?.contents.length, text).toBeGreaterThan(0);
  expect(size, text).toBeLessThanOrEqual(limit);
});
