// A slice of work: so many requests in flight, for so long. Every value that is read is checked.
import { performance } from "node:perf_hooks";
import { VALUES } from "./works.mjs";

function expect(what, got, wanted) {
  if (got !== wanted) throw new Error(`${what}: expected ${wanted}, got ${got}`);
}

/** Each does work number `i` and resolves to how much that was, in the unit of its row. */
const ONE = {
  get: async (client, i) => {
    expect(`age of record ${i}`, (await client.get(i)).age, i % 100);
    return 1;
  },
  put: async (client, i) => {
    await client.put(i);
    return 1;
  },
  operate: async (client, i) => {
    expect(`age of record ${i}`, await client.operate(i), i % 100);
    return 1;
  },
  update: async (client, i) => {
    await client.update(i);
    return 1;
  },
  batch: async (client, i, { size, keys }) => {
    const from = (i * size) % keys;
    const ages = await client.batch(from, size);
    for (let k = 0; k < size; k++) expect(`age in row ${k} of a batch`, ages[k], ((from + k) % keys) % 100);
    return size;
  },
  scan: async (client, _, { keys }) => {
    const [count, sum] = await client.scan();
    expect("records of a scan", count, keys);
    expect("sum of ages", sum, (keys / 100) * 4_950);
    return count;
  },
  background: async (client, _, { late }) => {
    const ms = await client.job();
    if (ms !== undefined) late.push(ms);
    return 1;
  },
  putBytes: async (client, i, { size }) => {
    await client.putBytes(i, size);
    return 1;
  },
  getBytes: async (client, i, { size }) => {
    const bytes = await client.getBytes(i, size);
    expect("length of a value", bytes.length, size);
    expect("its first byte", bytes[0], size >>> 24);
    return 1;
  },
  putMap: async (client, i) => {
    await client.putMap(i);
    return 1;
  },
  getMap: async (client, i, { size }) => {
    const map = await client.getMap(i);
    expect("entry of a map", map[`entry-${String(size - 1).padStart(6, "0")}`], size - 1);
    return 1;
  },
};

/** Writes what the work reads. */
export async function prepare(client, { work, size }) {
  if (work === "background") await client.prepareJob(size);
  const put = { getBytes: client.putBytes, getMap: client.putMap }[work];
  if (put !== undefined) for (let i = 0; i < VALUES; i++) await put(i, size);
}

export class Slices {
  #client;
  #next = 0;

  constructor(client) {
    this.#client = client;
  }

  /** @returns how much was done, in how many seconds, and how long each took, in ms */
  async run({ work, size, keys, inFlight, ms, operations = Number.POSITIVE_INFINITY }) {
    const one = ONE[work];
    const latencies = [];
    const late = [];
    const context = { size, keys, late };
    const start = performance.now();
    const end = start + ms;
    let left = operations;
    let done = 0;
    const worker = async () => {
      for (;;) {
        const from = performance.now();
        if (from >= end || left-- <= 0) return;
        const count = await one(this.#client, this.#next++ % keys, context);
        done += count;
        latencies.push(performance.now() - from);
      }
    };
    await Promise.all(Array.from({ length: inFlight }, worker));
    return { done, seconds: (performance.now() - start) / 1000, latencies, late };
  }
}
