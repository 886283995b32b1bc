import { fork } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Report, Share } from "./share.js";

/**
 * Runs schedules, each share in a process of its own. They run from a bundle: in one file nothing is loaded while the
 * clock goes on, which would make a seed's run depend on the machine.
 */
export async function runSchedules(shares: readonly Share[], onReport: (report: Report) => void): Promise<void> {
  const root = fileURLToPath(new URL("../../", import.meta.url));
  // Inside the tree, so that packages are found.
  const folder = await mkdtemp(join(root, "node_modules", ".simulation-"));
  const outfile = join(folder, "share.mjs");
  try {
    await build({
      entryPoints: [fileURLToPath(new URL("share.ts", import.meta.url))],
      outfile,
      bundle: true,
      format: "esm",
      platform: "node",
      packages: "external",
      sourcemap: "inline",
      logLevel: "error",
    });
    await Promise.all(shares.map((share) => runShare(outfile, share, onReport)));
  } finally {
    await rm(folder, { recursive: true });
  }
}

function runShare(file: string, share: Share, onReport: (report: Report) => void): Promise<void> {
  const child = fork(file, [JSON.stringify(share)], { execArgv: ["--enable-source-maps"] });
  child.on("message", (report: Report) => onReport(report));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`A process of the simulation ended with ${code ?? signal}`));
    });
  });
}

/** So many schedules, seed after seed, shared out among processes. */
export function sharesOf(first: number, schedules: number, processes: number): Share[] {
  const step = Math.max(1, Math.min(processes, schedules));
  return Array.from({ length: step }, (_, i) => ({
    first: first + i,
    schedules: Math.ceil((schedules - i) / step),
    step,
  }));
}
