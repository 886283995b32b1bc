// Single-record writes and reads from one process, Aerowire and the native client in turn on one server.
//   AEROSPIKE_HOSTS=127.0.0.1:3000 node records.mjs [operations] [concurrency] [rounds]
import aerospike from "aerospike";
import { connect, DataSet } from "aerowire";

const hosts = process.env.AEROSPIKE_HOSTS ?? "127.0.0.1:3000";
const [operations = 100_000, concurrency = 128, rounds = 5] = process.argv.slice(2).map(Number);

const bins = (id) => ({ id, name: `user ${id}`, age: id % 100, active: id % 2 === 0, score: id * 0.5 });

/** Runs `one` for every id, so many at a time; returns operations a second and CPU microseconds an operation. */
async function measure(one) {
  let next = 0;
  const cpu = process.cpuUsage();
  const start = process.hrtime.bigint();
  const worker = async () => {
    while (next < operations) await one(next++);
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  const { user, system } = process.cpuUsage(cpu);
  return { perSecond: operations / seconds, cpuMicros: (user + system) / operations };
}

const client = await connect(hosts);
const session = client.createSession();
const users = DataSet.of("test", "bench_aerowire");
const native = await aerospike.connect({ hosts, maxConnsPerNode: 300, log: { level: aerospike.log.OFF } });

const contenders = {
  "write, aerowire": (id) => session.put(users.id(id), bins(id)),
  "write, native": (id) => native.put(new aerospike.Key("test", "bench_native", id), bins(id)),
  "read, aerowire": (id) => session.get(users.id(id)),
  "read, native": (id) => native.get(new aerospike.Key("test", "bench_native", id)),
};

const results = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
for (let round = 0; round <= rounds; round++) {
  for (const [name, one] of Object.entries(contenders)) {
    const result = await measure(one);
    // The first round warms up.
    if (round > 0) results[name].push(result);
  }
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
console.log(`${operations} operations, ${concurrency} at a time, median of ${rounds} rounds, Node ${process.version}`);
console.table(
  Object.fromEntries(
    Object.entries(results).map(([name, runs]) => [
      name,
      {
        "a second": Math.round(median(runs.map((run) => run.perSecond))),
        lowest: Math.round(Math.min(...runs.map((run) => run.perSecond))),
        highest: Math.round(Math.max(...runs.map((run) => run.perSecond))),
        "CPU µs each": Number(median(runs.map((run) => run.cpuMicros)).toFixed(1)),
      },
    ]),
  ),
);

await session.truncate(users);
await native.truncate("test", "bench_native", 0);
await client.close();
native.close();
