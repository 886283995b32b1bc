// What a cluster of many nodes costs a client: its tend, and finding the node of a record, on emulated nodes in a process
// of their own.
import { fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";

/** The first warms up. */
const COUNTS = [1, 1, 2, 4, 8, 16, 32, 64, 128];
const REST_MS = 2_000;
const TEND_MS = 3_000;
const GETS = 30_000;
const IN_FLIGHT = 128;
const KEYS = 2_000;

async function emulate(dist, nodes) {
  const { Emulator } = await import(pathToFileURL(`${dist}/emulator.js`).href);
  const emulator = await Emulator.start({ nodes, udf: "none" });
  process.once("disconnect", () => process.exit());
  process.send(emulator.hosts);
}

function cpuMs(since) {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
}

async function measure(connect, DataSet, hosts, nodes) {
  const client = await connect(hosts);
  const session = client.createSession();
  const set = DataSet.of("test", "bench");
  await session.putMany(
    Array.from({ length: KEYS }, (_, i) => [set.id(i), { age: i }]),
    { totalTimeout: 60_000 },
  );
  const gets = async () => {
    let next = 0;
    const worker = async () => {
      while (next < GETS) await session.get(set.id(next++ % KEYS));
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  };
  await gets();
  const before = process.cpuUsage();
  await gets();
  const getUs = (1000 * cpuMs(before)) / GETS;
  // What the runtime compiles and collects after so many gets is not the tend's.
  await sleep(REST_MS);
  const idle = process.cpuUsage();
  await sleep(TEND_MS);
  const tendMs = (1000 * cpuMs(idle)) / TEND_MS;
  await client.close();
  return { nodes, tendMs, getUs };
}

/** @returns by number of nodes: CPU of the tend in ms a second, and of a get in microseconds */
export async function runNodes(dist) {
  const { connect, DataSet } = await import(pathToFileURL(`${dist}/index.js`).href);
  const results = [];
  for (const nodes of COUNTS) {
    const child = fork(fileURLToPath(import.meta.url), ["--emulate", dist, String(nodes)]);
    const [hosts] = await once(child, "message");
    results.push(await measure(connect, DataSet, hosts, nodes));
    child.disconnect();
    await once(child, "exit");
  }
  return results.slice(1);
}

if (process.argv[2] === "--emulate") await emulate(process.argv[3], Number(process.argv[4]));
