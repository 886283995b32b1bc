// Adds a point to every active user over 30, on the servers, and shows how far each node has come.
// Ctrl-C stops the job on every node; what it has changed stays changed.
import { connect, DataSet, TaskAbortedError } from "aerowire";

interface User {
  age: number;
  active: boolean;
  score: number;
}

const hosts = process.argv[2] ?? process.env.AEROSPIKE_HOSTS ?? "localhost:3000";
const users = DataSet.of<User>("test", "example-update");

await using cluster = await connect(hosts);
const session = cluster.createSession();

try {
  const ids = Array.from({ length: 2_000 }, (_, id) => id);
  await Promise.all(ids.map((id) => session.put(users.id(id), { age: id % 80, active: id % 2 === 0, score: 0 })));

  const task = await session
    .backgroundTask()
    .update(users)
    .where("$.active == true and $.age > ?0", 30)
    .bin("score")
    .add(1)
    .recordsPerSecond(1_000) // on each node
    .execute();
  console.log(`task ${task.id} runs on ${task.nodes.length} nodes; Ctrl-C stops it`);

  const stop = () => task.abort();
  process.once("SIGINT", stop);
  let shown = -10;
  for await (const { state, percent, succeeded, perNode } of task) {
    if (state === "active" && percent !== null && percent < shown + 10) continue;
    shown = percent ?? shown;
    const nodes = Object.values(perNode).map(({ node, percent }) => `${node} ${percent?.toFixed(0) ?? "?"} %`);
    console.log(`${state}: ${percent?.toFixed(0) ?? "?"} %, ${succeeded} changed (${nodes.join(", ")})`);
  }
  process.off("SIGINT", stop);

  const { succeeded, failed, filteredByBins, runTimeMs } = await task.waitTillComplete();
  console.log(`${succeeded} changed, ${failed} failed, ${filteredByBins} left alone, ${runTimeMs} ms on the servers`);
} catch (error) {
  if (!(error instanceof TaskAbortedError)) throw error;
  console.log(`stopped: ${error.summary.succeeded} had been changed by then`);
} finally {
  await session.truncate(users);
}
