import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { connect, DataSet, type Politeness, type Session } from "../../src/index.js";
import type { PoliteRun, PoliteSecond, PoliteTrial } from "./polite-run.js";

// What readers see of a campaign beside them: 5,000 reads a second by a process of their own, with no campaign, with one at full
// rate, and with a polite one. Run by hand, on a node of its own:
//   AEROSPIKE_HOSTS=127.0.0.1:3100 RECORDS=200000 SECONDS=20 CEILING=10 OUT=run.json node --import tsx test/campaigns/polite.ts
// `plot-polite.ts` draws the file.

const env = process.env;
const hosts = env["AEROSPIKE_HOSTS"] ?? "127.0.0.1:3000";
const records = Number(env["RECORDS"] ?? 200_000);
const seconds = Number(env["SECONDS"] ?? 20);
const maxLatencyMs = Number(env["CEILING"] ?? 10);
const recordBytes = 1_000;
const perSecond = 5_000;
const set = DataSet.of<{ n: number; runs: number; pad: Uint8Array }>("test", "polite");
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const print = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

function at(sorted: readonly number[], share: number): number {
  return Math.round(10 * (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0)) / 10;
}

/** Reads at a steady rate, whatever the last ones take, and says of each second how long they took. */
async function read(): Promise<void> {
  const cluster = await connect(hosts);
  const session = cluster.createSession();
  let times: number[] = [];
  let failed = 0;
  let sent = 0;
  const startedAt = performance.now();
  setInterval(() => {
    const due = ((performance.now() - startedAt) * perSecond) / 1000;
    for (; sent < due; sent++) {
      const begun = performance.now();
      session.get(set.id(Math.floor(Math.random() * records))).then(
        () => void times.push(performance.now() - begun),
        () => void failed++,
      );
    }
  }, 1);
  setInterval(() => {
    const sorted = times.sort((a, b) => a - b);
    const above = sorted.filter((ms) => ms > maxLatencyMs).length;
    const second: PoliteSecond = { reads: sorted.length, failed, p50: at(sorted, 0.5), p99: at(sorted, 0.99), above };
    print(second);
    times = [];
    failed = 0;
  }, 1_000);
}

async function load(session: Session): Promise<void> {
  const pad = new Uint8Array(recordBytes);
  for (let first = 0; first < records; first += 2_000) {
    const ids = Array.from({ length: Math.min(2_000, records - first) }, (_, i) => first + i);
    await session.putMany(
      ids.map((n) => [set.id(n), { n, runs: 0, pad }] as const),
      { totalTimeout: 60_000 },
    );
  }
}

/** Campaigns one after the other until the time is over. @returns how many records were changed */
async function change(
  session: Session,
  politeness: Politeness | undefined,
  rates: PoliteTrial["rates"],
): Promise<number> {
  const until = performance.now() + seconds * 1_000;
  let changed = 0;
  while (performance.now() < until) {
    const campaign = await session
      .backgroundTask()
      .update(set)
      .bin("runs")
      .add(1)
      .campaign(`polite-${Date.now()}`, {
        sliceSeconds: 1,
        politeness,
        count: "none",
        onEvent: (event) => {
          if (event.event === "rate" && event.to !== undefined) rates.push(event.to);
        },
      })
      .execute();
    await Promise.race([campaign.waitTillComplete(), sleep(until - performance.now())]);
    changed += campaign.progress.succeeded;
    if (campaign.progress.state !== "done") await campaign.abort();
  }
  return changed;
}

function sumOf(seconds: readonly PoliteSecond[], what: "reads" | "failed" | "above"): number {
  return seconds.reduce((sum, one) => sum + one[what], 0);
}

function summary({ name, seconds: all, changed }: PoliteTrial): object {
  const p99 = all.map((one) => one.p99).sort((a, b) => a - b);
  return {
    name,
    seconds: all.length,
    readsPerSecond: Math.round(sumOf(all, "reads") / Math.max(1, all.length)),
    percentAboveCeiling: Math.round((10_000 * sumOf(all, "above")) / sumOf(all, "reads")) / 100,
    failedReads: sumOf(all, "failed"),
    medianP50: at(
      all.map((one) => one.p50).sort((a, b) => a - b),
      0.5,
    ),
    medianP99: at(p99, 0.5),
    worstP99: at(p99, 1),
    secondsAboveCeiling: p99.filter((ms) => ms > maxLatencyMs).length,
    changedPerSecond: Math.round(changed / Math.max(1, all.length)),
  };
}

async function measure(): Promise<void> {
  const cluster = await connect(hosts);
  const session = cluster.createSession();
  const server = await session.info().info("build");
  await load(session);
  const seen: PoliteSecond[] = [];
  const reader = spawn(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), "read"], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  createInterface(reader.stdout).on("line", (line) => seen.push(JSON.parse(line) as PoliteSecond));
  await sleep(6_000);
  const trials: PoliteTrial[] = [];
  for (const [name, work] of [
    ["no campaign", undefined],
    ["full rate", {}],
    ["polite", { politeness: { maxLatencyMs, probesPerSecond: 200 } }],
  ] as const satisfies readonly (readonly [string, { readonly politeness?: Politeness } | undefined])[]) {
    seen.length = 0;
    const rates: number[] = [];
    let changed = 0;
    if (work === undefined) await sleep(seconds * 1_000);
    else changed = await change(session, "politeness" in work ? work.politeness : undefined, rates);
    const trial = { name, seconds: [...seen], changed, rates };
    trials.push(trial);
    print(summary(trial));
    await sleep(3_000);
  }
  reader.kill();
  await cluster.close();
  const run: PoliteRun = { server, records, recordBytes, readsPerSecond: perSecond, maxLatencyMs, trials };
  if (env["OUT"] !== undefined) await writeFile(env["OUT"], `${JSON.stringify(run)}\n`);
}

await (process.argv[2] === "read" ? read() : measure());
