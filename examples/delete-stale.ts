// Deletes the sessions that nobody has used for 90 days: counts them first, looks at what would be sent, then deletes.
import { connect, DataSet } from "aerowire";
import { prepareAel } from "aerowire/ael";

interface LoginSession {
  user: string;
  lastSeen: number;
}

const DAY_MS = 86_400_000;
const hosts = process.argv[2] ?? process.env.AEROSPIKE_HOSTS ?? "localhost:3000";
const sessions = DataSet.of<LoginSession>("test", "example-stale");

await using cluster = await connect(hosts);
const session = cluster.createSession();

try {
  const now = Date.now();
  for (let days = 0; days < 120; days++) {
    await session.put(sessions.id(days), { user: `user ${days}`, lastSeen: now - days * DAY_MS });
  }

  const isStale = prepareAel("$.lastSeen < ?0"); // read once, used with any value
  const builder = session
    .backgroundTask()
    .delete(sessions)
    .where(isStale, now - 90 * DAY_MS);

  console.log(`${await builder.count()} records would be deleted`);
  const plan = await builder.explain();
  console.log(`on ${plan.nodes.length} nodes: ${plan.operations.join(", ")} where ${plan.where}`);
  for (const warning of plan.warnings) console.log(`warning: ${warning}`);

  const task = await builder.execute();
  const { succeeded } = await task.waitTillComplete({ totalTimeout: 60_000 });
  console.log(`${succeeded} records were deleted, ${await session.backgroundTask().delete(sessions).count()} are left`);
} finally {
  await session.truncate(sessions);
}
