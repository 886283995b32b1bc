import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { runtimePackage } from "../find-runtimes.js";

const CERTIFICATE = fileURLToPath(new URL("../../support/tls/localhost.pem", import.meta.url));
const PROGRAM = new URL("./worker.mjs", import.meta.url);

/** What this needs of miniflare. */
interface Miniflare {
  readonly ready: Promise<URL>;
  dispatchFetch(url: string): Promise<{ json(): Promise<unknown> }>;
  dispose(): Promise<void>;
}
interface MiniflareModule {
  readonly Miniflare: new (options: object) => Miniflare;
}

/** A Worker in workerd. */
export interface Worker extends AsyncDisposable {
  /** What it answers to a path with parameters. */
  ask(what: string, parameters?: Readonly<Record<string, string | number>>): Promise<unknown>;
}

/** What requests to the programs of worker.mjs come to. */
export interface Found {
  readonly found: unknown;
  /** Sockets that the request opened: all of them, and at a time. */
  readonly sockets: { readonly opened: number; readonly most: number };
}

/**
 * Bundles a Worker as wrangler would, with the package as it is installed in a project.
 * @param program its source; that of the tests' own Worker unless given
 */
export async function bundleWorker(project: string, program?: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: program ?? (await readFile(PROGRAM, "utf8")), resolveDir: project },
    bundle: true,
    write: false,
    format: "esm",
    conditions: ["workerd", "worker", "browser"],
    external: ["cloudflare:*", "wasmoon"],
    logLevel: "error",
  });
  return outputFiles[0]?.text ?? "";
}

/** Starts it in workerd, without any compatibility flag. */
export async function startWorker(
  script: string,
  bindings: Readonly<Record<string, string>>,
  durableObject = "Keeper",
): Promise<Worker> {
  // Read when the module is loaded: the authority that workerd trusts besides the public ones.
  process.env["NODE_EXTRA_CA_CERTS"] = CERTIFICATE;
  const { Miniflare } = await runtimePackage<MiniflareModule>("miniflare");
  const miniflare = new Miniflare({
    modules: [{ type: "ESModule", path: "worker.mjs", contents: script }],
    compatibilityDate: "2026-01-01",
    bindings,
    durableObjects: { OBJECT: durableObject },
  });
  await miniflare.ready;
  return {
    async ask(what, parameters = {}) {
      const query = new URLSearchParams();
      for (const [name, value] of Object.entries(parameters)) query.set(name, String(value));
      return (await miniflare.dispatchFetch(`http://worker/${what}?${query}`)).json();
    },
    [Symbol.asyncDispose]: () => miniflare.dispose(),
  };
}
