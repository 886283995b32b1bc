import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build as esbuild } from "esbuild";
import { build as rolldown } from "rolldown";
import { beforeAll, expect, inject, test } from "vitest";
import { Emulator } from "../../emulator/index.js";
import { run } from "../support/run.js";
import { PROGRAM, PROGRAM_SAYS } from "./bundled-program.js";
import { consumer } from "./consumers.js";

const project = inject("documentsProject");
const input = join(project, "bundled.js");

beforeAll(() => writeFile(input, PROGRAM));

interface RollupBundle extends AsyncDisposable {
  write(options: object): Promise<unknown>;
  close(): Promise<void>;
}
interface Rollup {
  rollup(options: object): Promise<RollupBundle>;
}
interface NodeResolve {
  nodeResolve(options: object): object;
}
interface Vite {
  build(options: object): Promise<unknown>;
}
interface WebpackStats {
  toJson(options: object): { errors?: { message: string }[]; warnings?: { message: string }[] };
}
interface Webpack {
  default(options: object, done: (error: Error | null, stats?: WebpackStats) => void): void;
}

/** Some bundlers say that the optional package is not there; they leave its import as it is. */
function expectNone(warnings: readonly string[]): void {
  expect(warnings.filter((message) => !message.includes("wasmoon"))).toEqual([]);
}

/** Writes a program for Node.js; what a bundler says of it makes it fail. */
const bundlers: Readonly<Record<string, (folder: string, name: string) => Promise<void>>> = {
  async esbuild(folder, name) {
    const { warnings } = await esbuild({
      entryPoints: [input],
      outfile: join(folder, name),
      bundle: true,
      platform: "node",
      format: "esm",
      logLevel: "silent",
    });
    expectNone(warnings.map(({ text }) => text));
  },

  async rolldown(folder, name) {
    const warnings: string[] = [];
    await rolldown({
      input,
      platform: "node",
      onwarn: ({ message }) => void warnings.push(message),
      output: { file: join(folder, name), format: "esm", codeSplitting: false },
    });
    expectNone(warnings);
  },

  async rollup(folder, name) {
    const { rollup } = await consumer<Rollup>("rollup");
    const { nodeResolve } = await consumer<NodeResolve>("@rollup/plugin-node-resolve");
    const warnings: string[] = [];
    const bundle = await rollup({
      input,
      plugins: [nodeResolve({ exportConditions: ["node"], preferBuiltins: true })],
      external: [/^node:/, "module"],
      onwarn: ({ message }: { message: string }) => warnings.push(message),
    });
    // In one file Rollup puts what is loaded later behind the program, which waits for it at its top level.
    await bundle.write({ dir: folder, entryFileNames: name, chunkFileNames: "[name].mjs", format: "esm" });
    await bundle.close();
    expectNone(warnings);
  },

  async vite(folder, name) {
    const { build } = await consumer<Vite>("vite");
    const warnings: string[] = [];
    await build({
      root: project,
      configFile: false,
      logLevel: "silent",
      customLogger: {
        hasWarned: false,
        info() {},
        warn: (message: string) => warnings.push(message),
        warnOnce: (message: string) => warnings.push(message),
        error: (message: string) => warnings.push(message),
        clearScreen() {},
        hasErrorLogged: () => false,
      },
      ssr: { noExternal: true },
      build: { ssr: input, outDir: folder, emptyOutDir: false, rollupOptions: { output: { entryFileNames: name } } },
    });
    expectNone(warnings);
  },

  async webpack(folder, name) {
    const { default: webpack } = await consumer<Webpack>("webpack");
    const stats = await new Promise<WebpackStats | undefined>((resolve, reject) =>
      webpack(
        {
          mode: "production",
          // What takes its time, and is another package's.
          optimization: { minimize: false },
          target: "node20.19",
          context: project,
          entry: input,
          experiments: { outputModule: true },
          output: { path: folder, filename: name, module: true, chunkFormat: "module" },
        },
        (error, found) => (error ? reject(error) : resolve(found)),
      ),
    );
    const { errors = [], warnings = [] } = stats?.toJson({ all: false, errors: true, warnings: true }) ?? {};
    expectNone([...errors, ...warnings].map(({ message }) => message));
  },
};

// One after the other: the emulator that a program talks to is in this process, which bundlers keep busy.
test.each(Object.entries(bundlers))("%s bundles a program, which runs", async (bundler, bundle) => {
  // Beside the program's packages, so that nothing but the bundle can be what runs.
  const folder = join(project, "..", `bundled-by-${bundler}`);
  await bundle(folder, "program.mjs");
  await using emulator = await Emulator.start({ nodes: 2 });
  expect(JSON.parse(await run(process.execPath, [join(folder, "program.mjs"), emulator.hosts]))).toEqual(PROGRAM_SAYS);
});
