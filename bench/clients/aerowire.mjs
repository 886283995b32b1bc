import { subscribe } from "node:diagnostics_channel";
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { binsOf, bytesOf, JOB_SET, mapOf, NAMESPACE, SET, VALUES, VALUES_SET } from "../works.mjs";

/** @param path of a build, with options of `connect` behind a question mark */
export async function openAerowire({ path, host, port, tls, keys }) {
  const [file, search] = path.split("?");
  const { Behavior, connect, DataSet } = await import(pathToFileURL(file).href);
  const options = Object.fromEntries([...new URLSearchParams(search)].map(([name, value]) => [name, Number(value)]));
  let open = 0;
  subscribe("aerowire:connection", ({ event }) => {
    if (event === "opened") open++;
    else if (event === "closed") open--;
  });
  const client = await connect(tls === undefined ? `${host}:${port}` : `${host}:${tls.name}:${port}`, {
    ...options,
    ...(tls !== undefined && { tls: { ca: await readFile(tls.ca) } }),
  });
  // A benchmark is to wait rather than to fail while the machine does something else.
  const session = client.createSession(
    Behavior.DEFAULT.deriveWithChanges("bench", { all: { totalTimeout: 30_000, socketTimeout: 0 } }),
  );
  const records = DataSet.of(NAMESPACE, SET);
  const job = DataSet.of(NAMESPACE, JOB_SET);
  const values = DataSet.of(NAMESPACE, VALUES_SET);
  const map = mapOf(10_000);
  return {
    get: async (i) => (await session.get(records.id(i))).bins,
    put: (i) => session.put(records.id(i), binsOf(i)),
    operate: async (i) => {
      const row = await session.update(records.id(i)).bin("age").add(0).bin("age").get().firstOrThrow();
      return row.operationResults[1];
    },
    update: (i) => session.update(records.id(i)).bin("age").add(0).execute(),
    batch: async (from, size) => {
      const wanted = [];
      for (let k = 0; k < size; k++) wanted.push(records.id((from + k) % keys));
      const rows = await session.getMany(wanted);
      return rows.map((row) => row.bins.age);
    },
    scan: async () => {
      let count = 0;
      let sum = 0;
      for await (const { bins } of await session.query(records).execute()) {
        count++;
        sum += bins.age;
      }
      return [count, sum];
    },
    prepareJob: (size) => Promise.all(Array.from({ length: size }, (_, i) => session.put(job.id(i), { a: i }))),
    job: async () => {
      const start = performance.now();
      const task = await session.backgroundTask().update(job).bin("a").add(1).execute();
      const { runTimeMs } = await task.waitTillComplete();
      return performance.now() - start - runTimeMs;
    },
    putBytes: (i, size) => session.put(values.id(`${size}/${i % VALUES}`), { v: bytesOf(size) }),
    getBytes: async (i, size) => (await session.get(values.id(`${size}/${i % VALUES}`))).bins.v,
    putMap: (i) => session.put(values.id(`map/${i % VALUES}`), { v: map }),
    getMap: async (i) => (await session.get(values.id(`map/${i % VALUES}`))).bins.v,
    sockets: () => open,
    close: () => client.close(),
  };
}
