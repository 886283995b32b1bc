import { exec, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { type Cluster, connect, DataSet, type RepeatedSlice, type SliceRange } from "../../src/index.js";

// Kills the process of a campaign, and nodes, at random moments, and counts how often each record was changed. Run by hand,
// on a cluster of its own:
//   AEROSPIKE_HOSTS=127.0.0.1:3100,127.0.0.1:3110 RECORDS=100000 KILLS=50 NODE_KILLS=10 NODES=3 \
//   KILL_NODE='kill -9 $(cat pid-of-%)' START_NODE='start-node %' node --import tsx test/campaigns/kill.ts
// % is the number of a node, from 1; each is killed when the one before is back and has its records again. Ends with 1 when a
// record was not changed exactly once, or, with CAMPAIGN_ONCE=0, more often than the slices say that were repeated.

const env = process.env;
const hosts = env["AEROSPIKE_HOSTS"] ?? "127.0.0.1:3000";
const records = Number(env["RECORDS"] ?? 100_000);
const kills = Number(env["KILLS"] ?? 50);
const nodeKills = Number(env["NODE_KILLS"] ?? 10);
const nodes = Number(env["NODES"] ?? 3);
const killWithinMs = Number(env["KILL_WITHIN_MS"] ?? 3_000);
const once = (env["CAMPAIGN_ONCE"] ?? "1") === "1";
const id = "kill";
const counters = DataSet.of<{ runs: number }>("test", "killed");
const BATCH = 2_000;

interface Line {
  readonly event?: string;
  readonly reason?: string;
  readonly done?: Summary;
  readonly error?: string;
  readonly code?: string;
}

/** What the last process printed of the end. */
interface Summary {
  readonly repeated: readonly RepeatedSlice[];
}

/** How often records were changed. */
interface Tally {
  /** Records by the number of their changes. */
  readonly runs: Readonly<Record<number, number>>;
  /** Those that were not changed, or more often than their slice was given to the servers. */
  readonly wrong: number;
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const say = (text: string): void => void process.stdout.write(`${new Date().toISOString()} ${text}\n`);

async function load(cluster: Cluster): Promise<void> {
  const session = cluster.createSession();
  await session.backgroundTask().campaigns("test").remove(id).catch(ignoreMissing);
  for (let first = 0; first < records; first += BATCH) {
    const size = Math.min(BATCH, records - first);
    const rows = Array.from({ length: size }, (_, i) => [counters.id(first + i), { runs: 0 }] as const);
    await session
      .replace(rows.map(([key]) => key))
      .bin("runs")
      .setTo(0)
      .execute({ totalTimeout: 30_000 });
  }
}

function ignoreMissing(error: unknown): void {
  if ((error as { readonly code?: unknown }).code !== "CAMPAIGN_NOT_FOUND") throw error;
}

/** The program of the processes in one file, so that it starts fast. */
async function buildWorker(directory: string): Promise<string> {
  const outfile = join(directory, "worker.mjs");
  const entry = fileURLToPath(new URL("worker.ts", import.meta.url));
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    external: ["wasmoon"],
  });
  return outfile;
}

/** Runs one process, and kills it after so long from its first line. */
function runWorker(
  program: string,
  killAfterMs: number | undefined,
  onLine: (line: Line) => void,
): Promise<"killed" | "ended"> {
  const child = spawn(process.execPath, [program], {
    env: { ...env, CAMPAIGN_ID: id },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let timer: NodeJS.Timeout | undefined;
  createInterface(child.stdout).on("line", (text) => {
    onLine(JSON.parse(text) as Line);
    if (killAfterMs !== undefined) timer ??= setTimeout(() => child.kill("SIGKILL"), killAfterMs);
  });
  return new Promise((resolve) => {
    child.on("close", (_code, signal) => {
      clearTimeout(timer);
      resolve(signal === "SIGKILL" ? "killed" : "ended");
    });
  });
}

/**
 * Kills nodes one after the other, each when the one before is back and has its records again: a namespace in memory with two
 * copies has lost records when two nodes are killed before.
 */
async function killNodes(isOver: () => boolean, onKill: (node: number) => void): Promise<void> {
  const { KILL_NODE: kill, START_NODE: start } = env;
  if (kill === undefined || start === undefined) return;
  const run = promisify(exec);
  for (let i = 0; i < nodeKills && !isOver(); i++) {
    await untilWhole();
    await sleep(Math.random() * 4_000);
    const node = 1 + Math.floor(Math.random() * nodes);
    onKill(node);
    await run(kill.replaceAll("%", String(node)));
    await sleep(1_500 + Math.random() * 2_000);
    await run(start.replaceAll("%", String(node)));
  }
}

/** All nodes are there, and no partition is on its way. */
async function untilWhole(): Promise<void> {
  for (;;) {
    await sleep(500);
    try {
      const cluster = await connect(hosts);
      try {
        const info = cluster.createSession().info();
        if (info.getClusterSize() === nodes && (await info.isClusterStable())) return;
      } finally {
        await cluster.close();
      }
    } catch {
      // Nodes are on their way.
    }
  }
}

/** @param repeated slices that say themselves that their records may have been changed again */
async function tally(repeated: readonly SliceRange[]): Promise<Tally> {
  const cluster = await connect(hosts);
  const runs: Record<number, number> = {};
  let wrong = 0;
  for await (const { key, bins } of await cluster.createSession().query(counters).execute()) {
    runs[bins.runs] = (runs[bins.runs] ?? 0) + 1;
    const part = partOf(key.digest);
    const most = once ? 1 : 1 + repeated.filter(({ begin, end }) => begin <= part && part < end).length;
    if (bins.runs < 1 || bins.runs > most) wrong++;
  }
  await cluster.close();
  return { runs, wrong };
}

/** The part of 1048576 that a digest belongs to: what servers make of `digestModulo`. */
function partOf(digest: Uint8Array): number {
  return new DataView(digest.buffer, digest.byteOffset).getUint32(16, true) % 1_048_576;
}

async function main(): Promise<void> {
  const cluster = await connect(hosts);
  await load(cluster);
  await cluster.close();
  say(`${records} records; kills ${kills} processes and ${nodeKills} nodes, ${once ? "with" : "without"} once()`);
  const startedAt = Date.now();
  const events: Record<string, number> = {};
  const reasons: Record<string, number> = {};
  let done: Summary | undefined;
  /** Its process was killed after the last slice, before it could say so. */
  let isOver = false;
  let killed = 0;
  let killedNodes = 0;
  const killing = killNodes(
    () => isOver,
    (node) => {
      killedNodes++;
      say(`kills node ${node}`);
    },
  );
  const directory = await mkdtemp(join(tmpdir(), "campaign-"));
  const program = await buildWorker(directory);
  while (!isOver) {
    const end = await runWorker(program, killed < kills ? Math.random() * killWithinMs : undefined, (line) => {
      if (line.done !== undefined) {
        done = line.done;
        isOver = true;
      }
      if (line.event !== undefined) events[line.event] = (events[line.event] ?? 0) + 1;
      if (line.event === "repeat") {
        const reason = (line.reason ?? "").replaceAll(/[0-9A-F]{2,}|\d+/g, "…").slice(0, 100);
        reasons[reason] = (reasons[reason] ?? 0) + 1;
      }
      if (line.code === "CAMPAIGN_ENDED") isOver = true;
      else if (line.error !== undefined && line.code !== "CAMPAIGN_BUSY") say(`error: ${line.error}`);
    });
    if (end === "killed" && ++killed % 10 === 0) say(`killed ${killed} processes`);
  }
  await killing;
  await rm(directory, { recursive: true });
  await untilWhole();
  const repeated = done?.repeated ?? (await repeatedSlices());
  const { runs, wrong } = await tally(repeated);
  const seconds = Math.round((Date.now() - startedAt) / 1000);
  say(
    JSON.stringify(
      { records, killed, killedNodes, seconds, events, reasons, runs, wrong, repeated, done },
      undefined,
      1,
    ),
  );
  const counted = Object.values(runs).reduce((sum, count) => sum + count, 0);
  if (wrong > 0 || counted !== records || repeated.length > killed + killedNodes) process.exitCode = 1;
}

/** Slices that were given to the servers again, as they are written down. */
async function repeatedSlices(): Promise<readonly RepeatedSlice[]> {
  const cluster = await connect(hosts);
  const campaigns = cluster.createSession().backgroundTask().campaigns("test");
  const { checkpoint } = await campaigns.show(id);
  await cluster.close();
  return checkpoint.repeated;
}

await main();
