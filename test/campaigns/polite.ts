import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { connect, DataSet, type Politeness } from "../../src/index.js";

// What readers see of a campaign beside them: 5,000 reads a second by a process of their own, with no campaign, with one at full
// rate, and with a polite one. Run by hand, on a node of its own:
//   AEROSPIKE_HOSTS=127.0.0.1:3100 RECORDS=200000 SECONDS=20 CEILING=10 node --import tsx test/campaigns/polite.ts

const env = process.env;
const hosts = env["AEROSPIKE_HOSTS"] ?? "127.0.0.1:3000";
const records = Number(env["RECORDS"] ?? 200_000);
const seconds = Number(env["SECONDS"] ?? 20);
const maxLatencyMs = Number(env["CEILING"] ?? 10);
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
  let sent = 0;
  const startedAt = performance.now();
  setInterval(() => {
    const due = ((performance.now() - startedAt) * perSecond) / 1000;
    for (; sent < due; sent++) {
      const begun = performance.now();
      const done = (): void => void times.push(performance.now() - begun);
      session.get(set.id(Math.floor(Math.random() * records))).then(done, done);
    }
  }, 1);
  setInterval(() => {
    const sorted = times.sort((a, b) => a - b);
    times = [];
    print({ reads: sorted.length, p50: at(sorted, 0.5), p99: at(sorted, 0.99) });
  }, 1_000);
}

interface Second {
  readonly reads: number;
  readonly p50: number;
  readonly p99: number;
}

function summary(name: string, all: readonly Second[]): object {
  const p99 = all.map((one) => one.p99).sort((a, b) => a - b);
  const reads = all.reduce((sum, one) => sum + one.reads, 0);
  return {
    name,
    seconds: all.length,
    readsPerSecond: Math.round(reads / Math.max(1, all.length)),
    medianP99: at(p99, 0.5),
    worstP99: at(p99, 1),
    secondsAboveCeiling: p99.filter((ms) => ms > maxLatencyMs).length,
  };
}

async function measure(): Promise<void> {
  const cluster = await connect(hosts);
  const session = cluster.createSession();
  const pad = new Uint8Array(1_000);
  for (let first = 0; first < records; first += 2_000) {
    const ids = Array.from({ length: Math.min(2_000, records - first) }, (_, i) => first + i);
    await session.putMany(
      ids.map((n) => [set.id(n), { n, runs: 0, pad }] as const),
      { totalTimeout: 60_000 },
    );
  }
  let seen: Second[] = [];
  const reader = spawn(process.execPath, ["--import", "tsx", fileURLToPath(import.meta.url), "read"], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  createInterface(reader.stdout).on("line", (line) => seen.push(JSON.parse(line) as Second));
  await sleep(8_000);
  seen = [];
  await sleep(seconds * 1_000);
  print(summary("no campaign", seen));
  for (const [name, politeness] of [
    ["full rate", undefined],
    ["polite", { maxLatencyMs }],
  ] as const satisfies readonly (readonly [string, Politeness | undefined])[]) {
    const rates: (number | undefined)[] = [];
    await session
      .backgroundTask()
      .campaigns("test")
      .remove(name)
      .catch(() => undefined);
    seen = [];
    const startedAt = performance.now();
    const campaign = await session
      .backgroundTask()
      .update(set)
      .bin("runs")
      .add(1)
      .campaign(name, {
        sliceSeconds: 1,
        politeness,
        count: "none",
        onEvent: (event) => {
          if (event.event === "rate") rates.push(event.to);
        },
      })
      .execute();
    await Promise.race([campaign.waitTillComplete(), sleep(seconds * 1_000)]);
    const { succeeded } = campaign.progress;
    const took = (performance.now() - startedAt) / 1000;
    print({ ...summary(name, seen), changed: succeeded, changedPerSecond: Math.round(succeeded / took), rates });
    await campaign.abort();
    await sleep(2_000);
  }
  reader.kill();
  await cluster.close();
}

await (process.argv[2] === "read" ? read() : measure());
