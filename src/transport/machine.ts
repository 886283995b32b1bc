import type { DiagnosticsChannel } from "./transport.js";

/** The built-in modules of Node.js, Bun and Deno; undefined elsewhere. */
const builtins = (): Pick<typeof process, "getBuiltinModule"> | undefined =>
  typeof process === "object" && typeof process.getBuiltinModule === "function" ? process : undefined;

/** The runtime's channel of that name; undefined where it has none. */
export function findChannel(name: string): DiagnosticsChannel | undefined {
  return builtins()?.getBuiltinModule("node:diagnostics_channel")?.channel(name);
}

/** A variable of the environment; undefined when it is not set, or empty, or there is no environment. */
export function environment(name: string): string | undefined {
  const value = typeof process === "object" ? process.env?.[name] : undefined;
  return value === "" ? undefined : value;
}

/** A file, by its path or `file://` URL. @throws where there are no files, and what the runtime throws */
export async function readFile(path: string | URL): Promise<Uint8Array> {
  const files = builtins()?.getBuiltinModule("node:fs/promises");
  if (files === undefined) throw new TypeError("This runtime has no files");
  return files.readFile(path);
}

/** A path, as seen from the folder that another file is in; absolute ones stay as they are. */
export function beside(file: string | URL, path: string): string {
  const paths = builtins()?.getBuiltinModule("node:path");
  const urls = builtins()?.getBuiltinModule("node:url");
  if (paths === undefined || urls === undefined) return path;
  return paths.resolve(paths.dirname(file instanceof URL ? urls.fileURLToPath(file) : file), path);
}
