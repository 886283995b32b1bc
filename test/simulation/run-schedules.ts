import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { bundleWhole } from "../support/bundle.js";
import type { Report, Share } from "./share.js";

/**
 * Runs schedules, each share in a process of its own. They run from a bundle: in one file nothing is loaded while the
 * clock goes on, which would make a seed's run depend on the machine.
 */
export async function runSchedules(shares: readonly Share[], onReport: (report: Report) => void): Promise<void> {
  await using program = await bundleWhole(fileURLToPath(new URL("share.ts", import.meta.url)));
  await Promise.all(shares.map((share) => runShare(program.file("share.ts"), share, onReport)));
}

function runShare(file: string, share: Share, onReport: (report: Report) => void): Promise<void> {
  const child = fork(file, [JSON.stringify(share)], { execArgv: execArgv(share) });
  child.on("message", (report: Report) => onReport(report));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`A process of the simulation ended with ${code ?? signal}`));
    });
  });
}

/**
 * Many schedules keep short-lived objects long enough for a larger nursery to pay, and run through much code a few times:
 * compiled plainly at once it is faster, and kept although it may not run again for some schedules. The nursery is small
 * enough for one thread to clean: more of them share the work and do more in all. Errors are made by the thousand, so only
 * what runs one schedule says where they come from.
 */
function execArgv(share: Share): string[] {
  return [
    "--max-semi-space-size=32",
    "--always-sparkplug",
    "--no-flush-bytecode",
    "--single-threaded-gc",
    "knobs" in share ? "--enable-source-maps" : "--stack-trace-limit=0",
  ];
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
