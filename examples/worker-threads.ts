// One client computes on one core. Worker threads use more: each has a client of its own and a part of the work, and what
// passes between threads is plain data, ids here, never a client or a key.
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { connect, DataSet } from "aerowire";

interface Order {
  amount: number;
}

/** What a thread is given, and what it hands back. */
interface Part {
  readonly hosts: string;
  readonly ids: readonly number[];
}
interface Result {
  readonly sum: number;
}

const THREADS = 2;
const ORDERS = 1_000;
const orders = DataSet.of<Order>("test", "example-threads");

if (isMainThread) await share(process.argv[2] ?? process.env.AEROSPIKE_HOSTS ?? "localhost:3000");
else await work(workerData as Part);

async function share(hosts: string): Promise<void> {
  await using cluster = await connect(hosts);
  const session = cluster.createSession();
  try {
    const ids = Array.from({ length: ORDERS }, (_, id) => id);
    await session.putMany(ids.map((id) => [orders.id(id), { amount: id }] as const));
    const parts = Array.from({ length: THREADS }, (_, thread) => ids.filter((id) => id % THREADS === thread));
    const results = await Promise.all(parts.map((part) => inThread({ hosts, ids: part })));
    const sum = results.reduce((total, result) => total + result.sum, 0);
    console.log(`${THREADS} threads read ${ORDERS} orders: ${sum} in all`);
  } finally {
    await session.truncate(orders);
  }
}

function inThread(part: Part): Promise<Result> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: part });
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.once("exit", (code) => reject(new Error(`a thread ended with code ${code} and without a result`)));
  });
}

async function work({ hosts, ids }: Part): Promise<void> {
  await using cluster = await connect(hosts);
  const session = cluster.createSession();
  let sum = 0;
  let next = 0;
  // Many requests at a time: a thread that waits for each does no more than one core does.
  const worker = async (): Promise<void> => {
    while (next < ids.length) {
      // Not "sum += await": that would read the sum before the wait.
      const { bins } = await session.get(orders.id(ids[next++]!));
      sum += bins.amount;
    }
  };
  await Promise.all(Array.from({ length: 64 }, worker));
  parentPort?.postMessage({ sum } satisfies Result);
}
