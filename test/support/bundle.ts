import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { build } from "esbuild";

export interface Bundle extends AsyncDisposable {
  /** The file to start for an entry, by the entry's name without its ending. */
  file(name: string): string;
}

/**
 * Bundles programs into files that stand alone, with all that they import but `wasmoon`. For programs that the tests start
 * again and again: read from their source, each start would take a second for itself.
 */
export async function bundle(...entries: readonly string[]): Promise<Bundle> {
  const outdir = await mkdtemp(join(tmpdir(), "aerowire-"));
  await build({
    entryPoints: [...entries],
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    platform: "node",
    format: "esm",
    target: "node20",
    external: ["wasmoon"],
    logLevel: "warning",
  });
  return {
    file: (name) => join(outdir, `${basename(name, ".ts")}.mjs`),
    [Symbol.asyncDispose]: () => rm(outdir, { recursive: true }),
  };
}
