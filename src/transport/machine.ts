import type { Zlib } from "../../protocol/frame/compressed.js";
import type { DiagnosticsChannel } from "./transport.js";

/** The built-in modules of Node.js, Bun and Deno; undefined elsewhere. */
const builtins = (): Pick<typeof process, "getBuiltinModule"> | undefined =>
  typeof process === "object" && typeof process.getBuiltinModule === "function" ? process : undefined;

/** The runtime's channel of that name; undefined where it has none. */
export function findChannel(name: string): DiagnosticsChannel | undefined {
  return builtins()?.getBuiltinModule("node:diagnostics_channel")?.channel(name);
}

/** The runtime's compression; undefined where it has none that answers at once, as the streams of the web don't. */
export function findZlib(): Zlib | undefined {
  const zlib = builtins()?.getBuiltinModule("node:zlib");
  if (zlib === undefined) return undefined;
  // Whoever compresses for the network is in a hurry.
  const options = { level: zlib.constants.Z_BEST_SPEED };
  return {
    deflate: (bytes) => plain(zlib.deflateSync(bytes, options)),
    // The least that may be said is 1.
    inflate: (bytes, most) => plain(zlib.inflateSync(bytes, { maxOutputLength: Math.max(1, most) })),
  };
}

/** Without the methods that Buffers have of their own. */
function plain({ buffer, byteOffset, byteLength }: Uint8Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** A variable of the environment; undefined when it is not set, or empty, or there is no environment. */
export function environment(name: string): string | undefined {
  const value = typeof process === "object" ? process.env?.[name] : undefined;
  return value === "" ? undefined : value;
}

/** Tells whoever runs the program of something that no caller can be told, where the runtime has a way for that. */
export function warn(text: string): void {
  if (typeof process === "object") process.emitWarning?.(text, "AerowireWarning");
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
