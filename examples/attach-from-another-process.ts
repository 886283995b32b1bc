// A task outlives the program that started it: this one starts a slow job, hands its id to another process and leaves
// the watching to that one.
import { fork } from "node:child_process";
import { once } from "node:events";
import { connect, DataSet, type Session } from "aerowire";

const hosts = process.argv[2] ?? process.env.AEROSPIKE_HOSTS ?? "localhost:3000";
const taskId = process.argv[3];

await using cluster = await connect(hosts);
const session = cluster.createSession();
if (taskId === undefined) await start(session);
else await follow(session, BigInt(taskId));

async function start(session: Session): Promise<void> {
  const visits = DataSet.of<{ count: number }>("test", "example-attach");
  try {
    await Promise.all(Array.from({ length: 500 }, (_, id) => session.put(visits.id(id), { count: id })));
    const task = await session.backgroundTask().update(visits).bin("count").add(1).recordsPerSecond(500).execute();
    console.log(`process ${process.pid} started task ${task.id}`);

    const other = fork(process.argv[1] ?? "", [hosts, String(task.id)]);
    await once(other, "exit");
  } finally {
    await session.truncate(visits);
  }
}

async function follow(session: Session, id: bigint): Promise<void> {
  const running = await session.backgroundTask().list({ namespace: "test" });
  const parts = running.filter((job) => job.taskId === id);
  console.log(`process ${process.pid} finds it on ${parts.length} nodes, in set ${parts[0]?.setName}`);

  const { state, succeeded } = await session.backgroundTask().attach(id).waitTillComplete({ totalTimeout: 60_000 });
  console.log(`process ${process.pid} saw it end: ${state}, ${succeeded} changed`);
}
