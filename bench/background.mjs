// How soon the end of a background job over 1,000 records is noticed.
//   AEROSPIKE_HOSTS=127.0.0.1:3000 node background.mjs [jobs]
import { connect, DataSet } from "aerowire";

const hosts = process.env.AEROSPIKE_HOSTS ?? "127.0.0.1:3000";
const [jobs = 30] = process.argv.slice(2).map(Number);

const client = await connect(hosts);
const session = client.createSession();
const users = DataSet.of("test", "bench_background");
await Promise.all(Array.from({ length: 1_000 }, (_, id) => session.put(users.id(id), { score: id })));

const runs = [];
for (let i = 0; i < jobs; i++) {
  const start = performance.now();
  const task = await session.backgroundTask().update(users).bin("score").add(1).execute();
  const summary = await task.waitTillComplete({ totalTimeout: 30_000 });
  const noticed = performance.now() - start;
  // The node's own figures tell when it finished: how long it ran, and how long ago that was when it was asked.
  const ended = await session.backgroundTask().list();
  const job = ended.find(({ taskId }) => taskId === task.id);
  runs.push({ ran: summary.runTimeMs, noticed, late: noticed - summary.runTimeMs, since: job.msSinceDone });
}
const sorted = (key) => runs.map((run) => run[key]).sort((a, b) => a - b);
const row = (key) => {
  const values = sorted(key);
  return { median: values[values.length >> 1].toFixed(1), highest: values[values.length - 1].toFixed(1) };
};
console.log(`${jobs} jobs over 1000 records; ms, start of the request to the end of the wait`);
console.table({
  "ran on the server": row("ran"),
  "end of the wait": row("noticed"),
  "noticed after the end": row("late"),
});
await session.truncate(users);
await client.close();
