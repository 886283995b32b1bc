import { connect, DataSet } from "../../src/index.js";

// What it costs that every slice of a campaign goes through the index of all records: the same work as one task, and in more
// and more slices. Run by hand, on a node of its own that allows the rate (background-query-max-rps):
//   AEROSPIKE_HOSTS=127.0.0.1:3100 RECORDS=1000000 RATE=1000000 node --import tsx test/campaigns/index-cost.ts

const env = process.env;
const records = Number(env["RECORDS"] ?? 1_000_000);
const rate = Number(env["RATE"] ?? 10_000);
const counts = (env["SLICES"] ?? "1,10,100").split(",").map(Number);
const PARTS = 1 << 20;
const set = DataSet.of<{ n: number; runs: number }>("test", "walked");

const cluster = await connect(env["AEROSPIKE_HOSTS"] ?? "127.0.0.1:3000");
const session = cluster.createSession();

/** Changes the records of some parts, as a slice does. */
async function change(begin: number, end: number): Promise<number> {
  const task = await session
    .backgroundTask()
    .update(set)
    .where(`$.digestModulo(${PARTS}) >= ${begin} and $.digestModulo(${PARTS}) < ${end}`)
    .bin("runs")
    .add(1)
    .recordsPerSecond(rate)
    .execute();
  const { succeeded } = await task.waitTillComplete({ pollIntervalMs: 10 });
  return succeeded ?? 0;
}

for (let first = 0; first < records; first += 5_000) {
  const ids = Array.from({ length: Math.min(5_000, records - first) }, (_, i) => first + i);
  await session.putMany(
    ids.map((n) => [set.id(n), { n, runs: 0 }] as const),
    { totalTimeout: 60_000 },
  );
}
for (const slices of counts) {
  const at = (i: number): number => Math.floor((PARTS * i) / slices);
  const startedAt = performance.now();
  let changed = 0;
  for (let i = 0; i < slices; i++) changed += await change(at(i), at(i + 1));
  const ms = performance.now() - startedAt;
  process.stdout.write(`${JSON.stringify({ slices, changed, seconds: ms / 1000, msPerSlice: ms / slices })}\n`);
}
// A slice that has next to nothing to change: what is left is the way through the index.
const walks: number[] = [];
for (let i = 0; i < 10; i++) {
  const startedAt = performance.now();
  await change(i, i + 1);
  walks.push(performance.now() - startedAt);
}
process.stdout.write(`${JSON.stringify({ walkMs: walks.sort((a, b) => a - b)[5] })}\n`);
await cluster.close();
