import { createRequire } from "node:module";
import { binsOf, bytesOf, JOB_SET, mapOf, NAMESPACE, SET, VALUES, VALUES_SET } from "../works.mjs";

/** The native client for Node.js. @param path where it is installed */
export async function openNative({ path, host, port, tls, keys }) {
  const aerospike = createRequire(import.meta.url)(path);
  const { operations } = aerospike;
  const wait = { totalTimeout: 30_000, socketTimeout: 0 };
  const client = await aerospike.connect({
    hosts: [{ addr: host, port, ...(tls !== undefined && { tlsname: tls.name }) }],
    ...(tls !== undefined && { tls: { enable: true, cafile: tls.ca } }),
    maxConnsPerNode: 1_200,
    policies: { read: wait, write: wait, operate: wait, batch: wait },
    log: { level: aerospike.log.OFF },
  });
  const key = (i) => new aerospike.Key(NAMESPACE, SET, i);
  const valueKey = (name) => new aerospike.Key(NAMESPACE, VALUES_SET, name);
  const map = mapOf(10_000);
  return {
    get: async (i) => (await client.get(key(i))).bins,
    put: (i) => client.put(key(i), binsOf(i)),
    operate: async (i) => {
      const { bins } = await client.operate(key(i), [operations.incr("age", 0), operations.read("age")]);
      return bins.age;
    },
    update: (i) => client.operate(key(i), [operations.incr("age", 0)]),
    batch: async (from, size) => {
      const wanted = [];
      for (let k = 0; k < size; k++) wanted.push({ key: key((from + k) % keys), readAllBins: true });
      const rows = await client.batchRead(wanted);
      return rows.map(({ record }) => record.bins.age);
    },
    scan: () =>
      new Promise((resolve, reject) => {
        let count = 0;
        let sum = 0;
        const stream = client.query(NAMESPACE, SET).foreach();
        stream.on("data", ({ bins }) => {
          count++;
          sum += bins.age;
        });
        stream.on("end", () => resolve([count, sum]));
        stream.on("error", reject);
      }),
    prepareJob: async (size) => {
      for (let i = 0; i < size; i++) await client.put(new aerospike.Key(NAMESPACE, JOB_SET, i), { a: i });
    },
    job: async () => {
      const job = await client.query(NAMESPACE, JOB_SET).operate([operations.incr("a", 1)]);
      await job.waitUntilDone();
      return undefined;
    },
    putBytes: (i, size) => client.put(valueKey(`${size}/${i % VALUES}`), { v: bytesOf(size) }),
    getBytes: async (i, size) => (await client.get(valueKey(`${size}/${i % VALUES}`))).bins.v,
    putMap: (i) => client.put(valueKey(`map/${i % VALUES}`), { v: map }),
    getMap: async (i) => (await client.get(valueKey(`map/${i % VALUES}`))).bins.v,
    close: () => client.close(),
  };
}
