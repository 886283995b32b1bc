import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { type BuildOptions, build, type Plugin } from "esbuild";

export interface Bundle extends AsyncDisposable {
  /** The file to start for an entry, by the entry's name without its ending. */
  file(name: string): string;
}

/**
 * Bundles programs into files that stand alone, with all that they import but `wasmoon`. For programs that the tests start
 * again and again: read from their source, each start would take a second for itself.
 */
export function bundle(...entries: readonly string[]): Promise<Bundle> {
  return bundleWith({ splitting: true, external: ["wasmoon"] }, entries);
}

/** Bundles a program into one file, from which nothing is loaded later: under a virtual clock nothing waits for that. */
export function bundleWhole(entry: string): Promise<Bundle> {
  return bundleWith({ sourcemap: "inline", plugins: [samePlaces] }, [entry]);
}

/** What is not in the bundle is found where it would be without: files beside the sources of tests, and `wasmoon`. */
const samePlaces: Plugin = {
  name: "same-places",
  setup({ onLoad, onResolve }) {
    onLoad({ filter: /[\\/]test[\\/].*\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      return { loader: "ts", contents: source.replaceAll("import.meta.url", JSON.stringify(pathToFileURL(path).href)) };
    });
    onResolve({ filter: /^wasmoon$/ }, () => ({ path: import.meta.resolve("wasmoon"), external: true }));
  },
};

async function bundleWith(options: BuildOptions, entries: readonly string[]): Promise<Bundle> {
  const outdir = await mkdtemp(join(tmpdir(), "aerowire-"));
  await build({
    entryPoints: [...entries],
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    // Packages in CommonJS ask for the runtime's modules by it.
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
    logLevel: "warning",
    ...options,
  });
  return {
    file: (name) => join(outdir, `${basename(name, ".ts")}.mjs`),
    [Symbol.asyncDispose]: () => rm(outdir, { recursive: true }),
  };
}
