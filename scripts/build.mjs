// Builds what the package ships: ESM bundles, and the declarations of what they export.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import { build } from "rolldown";

/** Bundles by what they share: those of one line have common code in a file of its own, the others share none. */
const bundles = [
  { index: "src/index.ts", workers: "src/workers/index.ts" },
  { emulator: "emulator/index.ts" },
  { "sockets-node": "src/transport/node.ts" },
  { "sockets-workers": "src/transport/workers.ts" },
  { "sockets-none": "src/transport/none.ts" },
  { lua: "lua/final-reduce.ts" },
];

/**
 * What `imports` in package.json stands for: the sockets, of which each runtime gets its own, and Lua, which is loaded
 * when an aggregation needs it.
 */
const apart = {
  name: "apart",
  resolveId(id, importer) {
    if (importer === undefined) return undefined;
    if (id.endsWith("/transport/node.js")) return { id: "#sockets", external: true };
    return id.endsWith("/lua/final-reduce.js") ? { id: "#lua", external: true } : undefined;
  },
};

rmSync("dist", { recursive: true, force: true });

// Rolldown keeps the names of classes that refer to themselves, which users see in
// errors and logs; esbuild puts an underscore before them.
for (const input of bundles) {
  await build({
    input,
    platform: "node",
    // Installed beside the bundle, so that a user's lockfile decides their versions.
    external: (id, importer) => importer !== undefined && !id.startsWith(".") && !isAbsolute(id),
    plugins: [apart],
    resolve: { extensionAlias: { ".js": [".ts"] } },
    transform: { target: "node20.19" },
    output: {
      dir: "dist",
      entryFileNames: "[name].js",
      chunkFileNames: "[name].js",
      // One file for what several of them share.
      codeSplitting: { groups: [{ name: "core", minShareCount: 2 }] },
      format: "esm",
      sourcemap: true,
      comments: false,
    },
  });
}

execFileSync("npx", ["tsc", "-p", "tsconfig.build.json"], { stdio: "inherit" });
removeUnreached("dist/types", ["src/index.d.ts", "src/workers/index.d.ts", "emulator/index.d.ts"]);

/** The compiler declares every module; what no entry leads to is nobody's business. */
function removeUnreached(folder, entries) {
  const reached = new Set(entries.map((entry) => join(folder, entry)));
  // A set gives what is added while it is walked, too.
  for (const file of reached) {
    for (const [, module] of readFileSync(file, "utf8").matchAll(/\b(?:from|import)\s*\(?"(\.[^"]+)\.js"/g)) {
      reached.add(join(dirname(file), `${module}.d.ts`));
    }
  }
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath ?? entry.path, entry.name);
    if (entry.isFile() && !reached.has(path)) rmSync(path);
  }
}
