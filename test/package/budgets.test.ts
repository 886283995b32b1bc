// How much of the package programs load: what bundlers make of it, minified and gzipped.
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { type OutputChunk, rolldown } from "rolldown";
import { describe, expect, inject, test } from "vitest";
import { Emulator } from "../../emulator/index.js";
import { run } from "../support/run.js";

const plainProject = inject("plainProject");

/**
 * What a program may load at its start, and with everything that it may ask for later, in bytes. The goals were 70,000 for
 * `connect`, 90,000 with background tasks and `Exp`, and 140,000 for everything; docs/decisions.md says what is in the way.
 */
const LIMITS = {
  "connect, get and put": { start: 146_700, total: 264_600 },
  "background tasks and Exp": { start: 152_900, total: 264_900 },
  everything: { start: 183_100, total: 272_700 },
} as const;

/** In one file, as bundlers make it that do not split. */
const LIMITS_OF_ONE_FILE = {
  DataSet: 12_500,
  Exp: 35_600,
  "Exp, parseAel": 71_300,
} as const;

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
  everything: 'export * from "aerowire";',
};

/** Bundles a program as Vite does: what is imported when it is needed is in files of its own. */
async function bundled(program: string): Promise<{ readonly start: OutputChunk[]; readonly all: OutputChunk[] }> {
  const folder = await mkdtemp(join(plainProject, "budget-"));
  const input = join(folder, "program.js");
  await writeFile(input, program);
  await using bundle = await rolldown({
    input,
    platform: "node",
    external: ["wasmoon"],
    transform: { target: "node20.19" },
  });
  const { output } = await bundle.generate({ format: "esm", minify: true });
  const all = output.filter((file) => file.type === "chunk");
  const byName = new Map(all.map((chunk) => [chunk.fileName, chunk]));
  const start = new Set(all.filter(({ isEntry }) => isEntry));
  // A set gives what is added while it is walked, too.
  for (const { imports } of start) {
    for (const name of imports) {
      const chunk = byName.get(name);
      if (chunk !== undefined) start.add(chunk);
    }
  }
  return { start: [...start], all };
}

function gzipped(chunks: readonly OutputChunk[]): number {
  return chunks.reduce((sum, { code }) => sum + gzipSync(code).length, 0);
}

describe.each(Object.entries(PROGRAMS))("%s", (name, program) => {
  test("stays within its budget", async () => {
    const { start, all } = await bundled(program);
    const sizes = { start: gzipped(start), total: gzipped(all) };
    const limits = LIMITS[name as keyof typeof LIMITS];
    const text = `${name}: ${sizes.start} bytes at the start of ${limits.start} allowed, in all ${sizes.total} of ${limits.total}`;
    console.log(text);
    expect(sizes.start, text).toBeLessThanOrEqual(limits.start);
    expect(sizes.total, text).toBeLessThanOrEqual(limits.total);
  });
});

test("connect, get and put need nothing beyond the files that they start with", async () => {
  const { start } = await bundled(PROGRAMS["connect, get and put"]);
  const folder = await mkdtemp(join(tmpdir(), "aerowire-start-"));
  await writeFile(join(folder, "package.json"), '{ "type": "module" }');
  for (const { fileName, code } of start) await writeFile(join(folder, fileName), code);
  const [entry] = start.filter(({ isEntry }) => isEntry);
  const emulator = await Emulator.start();
  try {
    expect(await run(process.execPath, [join(folder, entry?.fileName ?? ""), emulator.hosts])).toBe("36\n");
  } finally {
    await emulator.close();
  }
});

test.each(Object.entries(LIMITS_OF_ONE_FILE))("%s alone leaves the rest out", async (names, limit) => {
  const stdin = { contents: `export { ${names} } from "aerowire";`, resolveDir: plainProject };
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
  const text = `${names}: ${size} bytes of ${limit} allowed (${file?.contents.length} before gzip)`;
  console.log(text);
  expect(file?.contents.length, text).toBeGreaterThan(0);
  expect(size, text).toBeLessThanOrEqual(limit);
});
