import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Plugin } from "vitest/config";

const root = fileURLToPath(new URL("../../", import.meta.url));
const rooms = ["protocol", "ael", "runtime", "lua", "src", "emulator", "cli"];
/** Under the project, so that what the sources import from packages is found. */
const target = join(root, ".transpiled");

/**
 * Turns the sources into JavaScript once for the whole run, and has tests import these files natively. Vitest would
 * transform each of 900 modules once more for each of its projects, and evaluate them through its module runner.
 * Tests and what is in test/support are read by Vitest as ever.
 */
export function transpiledSources(): Plugin {
  let active = true;
  return {
    name: "transpiled-sources",
    enforce: "pre",
    // Whoever watches wants tests to run again when a source changes, and Vitest to know what imports what.
    configResolved(config) {
      active = config.server.watch === null;
    },
    buildStart: () => (active ? transpile() : undefined),
    resolveId(source, importer) {
      if (!active || importer === undefined || !source.startsWith(".")) return undefined;
      const path = relative(root, resolve(dirname(importer), source));
      if (!rooms.includes(path.split("/")[0] ?? "") || !path.endsWith(".js")) return undefined;
      return { id: join(target, path), external: true };
    },
  };
}

let transpiling: Promise<void> | undefined;

/** Once for all projects of a run. */
function transpile(): Promise<void> {
  transpiling ??= writeTranspiled();
  return transpiling;
}

async function writeTranspiled(): Promise<void> {
  const { outputFiles } = await build({
    entryPoints: rooms.map((room) => join(root, room, "**/*.ts")),
    outdir: target,
    outbase: root,
    write: false,
    format: "esm",
    platform: "node",
    target: "node20",
    sourcemap: "inline",
    sourcesContent: false,
    logLevel: "warning",
  });
  await Promise.all(outputFiles.map(({ path, text }) => writeChanged(path, text)));
}

/** Leaves a file that is as it should be alone: another run may be reading it. */
async function writeChanged(path: string, text: string): Promise<void> {
  if ((await readFile(path, "utf8").catch(() => undefined)) === text) return;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
