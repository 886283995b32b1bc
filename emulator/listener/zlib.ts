/** The runtime's zlib. @throws Error where it has none: only Node.js, Bun and Deno do */
export function runtimeZlib(): typeof import("node:zlib") {
  const zlib = process.getBuiltinModule("node:zlib");
  if (zlib === undefined) throw new Error("This runtime has no zlib, which compressed messages need");
  return zlib;
}
