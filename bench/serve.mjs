// The process of one client, or a thread of it: does a slice of work whenever it is told to.
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { openAerowire } from "./clients/aerowire.mjs";
import { openNative } from "./clients/native.mjs";
import { prepare, Slices } from "./slice.mjs";
import { median, quantile } from "./statistics.mjs";

/**
 * What a program holds besides its client, some 20 MB. V8 counts memory outside of its heap, where large values are, only
 * once the heap itself has 8 MB, and a bare process has about that with either client: a few hundred kilobytes more or less
 * would decide between a major collection now and then and thirty a second.
 */
export const held = Array.from({ length: 250_000 }, (_, i) => ({ id: i, name: `held-${i}` }));

const options = isMainThread ? JSON.parse(process.argv[2]) : workerData;
const client = await (options.kind === "native" ? openNative(options) : openAerowire(options));
const slices = new Slices(client);
/** Threads of this process, as soon as some are asked for. */
let threads = [];

async function run(job) {
  if (job.do === "prepare") {
    await prepare(client, job);
    return {};
  }
  if (!isMainThread) return slices.run(job);
  if (job.threads !== undefined && threads.length !== job.threads) await startThreads(job.threads);
  const cpu = process.cpuUsage();
  const parts = job.threads === undefined ? [await slices.run(job)] : await runThreads(job);
  const { user, system } = process.cpuUsage(cpu);
  const done = parts.reduce((sum, part) => sum + part.done, 0);
  const latencies = Float64Array.from(parts.flatMap((part) => part.latencies)).sort();
  const late = parts.flatMap((part) => part.late);
  return {
    rate: parts.reduce((sum, part) => sum + part.done / part.seconds, 0),
    cpuUs: (user + system) / Math.max(1, done),
    p50Us: 1000 * quantile(latencies, 0.5),
    p99Us: 1000 * quantile(latencies, 0.99),
    ...(late.length > 0 && { lateMs: median(late) }),
    sockets: client.sockets?.(),
  };
}

async function startThreads(count) {
  for (const { worker } of threads) await worker.terminate();
  threads = Array.from({ length: count }, () => {
    const worker = new Worker(new URL(import.meta.url), { workerData: options });
    return { worker, ask: asker(worker, (job) => worker.postMessage(job)) };
  });
  for (const { ask } of threads) await ask({ do: "wait" });
}

function runThreads({ threads: count, inFlight, ...job }) {
  return Promise.all(threads.map(({ ask }) => ask({ ...job, inFlight: inFlight / count })));
}

/** Sends to a thread, and resolves to its next message. */
function asker(worker, send) {
  return (job) =>
    new Promise((resolve, reject) => {
      worker.once("error", reject);
      worker.once("message", (message) => {
        worker.off("error", reject);
        if (message.error === undefined) resolve(message);
        else reject(new Error(message.error));
      });
      send(job);
    });
}

const port = isMainThread ? process : parentPort;
const reply = (message) => (isMainThread ? process.send(message) : parentPort.postMessage(message));
port.on("message", async (job) => {
  if (job.do === "close") {
    await client.close();
    process.exit();
  }
  try {
    reply(job.do === "wait" ? {} : await run(job));
  } catch (error) {
    reply({ error: String(error?.stack ?? error) });
  }
});
// Who asks has ended, perhaps because another client could not start.
if (isMainThread) process.once("disconnect", () => process.exit(1));
