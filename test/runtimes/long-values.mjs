// Writes long values and reads them back, many at once: `long-values.mjs HOSTS`. Prints how many came back as they were,
// and how much of the memory stayed.
import { Buffer } from "node:buffer";
import process from "node:process";
import { Behavior, connect, DataSet } from "aerowire";

const IN_FLIGHT = 16;
const ROUNDS = 10;
const [hosts] = process.argv.slice(2);
const client = await connect(hosts, { connectTimeoutMs: 20_000, readyTimeoutMs: 30_000 });
const session = client.createSession(
  Behavior.DEFAULT.deriveWithChanges("patient", { all: { totalTimeout: 30_000, socketTimeout: 30_000 } }),
);
const set = DataSet.of("test", "longValues");

/** Each worker has a record of its own, which holds another value each time. */
async function writeAndRead(size, times) {
  let same = 0;
  const work = async (worker) => {
    for (let i = 0; i < times; i++) {
      const bytes = new Uint8Array(Buffer.alloc(size, `${worker}:${i};`));
      await session.put(set.id(worker), { bytes });
      const { bins } = await session.get(set.id(worker));
      if (Buffer.compare(bytes, bins.bytes) === 0) same++;
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, (_, worker) => work(worker)));
  return same;
}

const findings = [];
for (const [size, times] of [
  [100_000, 10],
  [1_000_000, 2],
]) {
  // What this takes it may keep: buffers, compiled code, what the runtime has not collected yet.
  let same = await writeAndRead(size, times);
  const before = process.memoryUsage().rss;
  for (let round = 0; round < ROUNDS; round++) same += await writeAndRead(size, times);
  const grownBytes = process.memoryUsage().rss - before;
  findings.push({ size, same, writtenBytes: ROUNDS * times * IN_FLIGHT * size, grownBytes });
}
await client.close();
console.log(JSON.stringify(findings));
