// Builds what the package ships: one ESM bundle an entry, and the declarations.
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { build } from "esbuild";

rmSync("dist", { recursive: true, force: true });

await build({
  entryPoints: { index: "src/index.ts", emulator: "emulator/index.ts" },
  outdir: "dist",
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  // Installed beside the bundle, so that a user's lockfile decides their versions.
  packages: "external",
  sourcemap: true,
  legalComments: "none",
});
execFileSync("npx", ["tsc", "-p", "tsconfig.build.json"], { stdio: "inherit" });
