// Gives the records of paying customers another week to live, and leaves the others to expire.
import { connect, DataSet } from "aerowire";

interface Customer {
  plan: "free" | "paid";
}

const hosts = process.argv[2] ?? process.env.AEROSPIKE_HOSTS ?? "localhost:3000";
const customers = DataSet.of<Customer>("test", "example-touch");

await using cluster = await connect(hosts);
const session = cluster.createSession();

try {
  for (let id = 0; id < 50; id++) {
    const plan = id % 5 === 0 ? "paid" : "free";
    await session.upsert(customers.id(id)).put({ plan }).expireRecordAfterSeconds(3_600).execute();
  }

  const builder = session.backgroundTask().touch(customers).where("$.plan == 'paid'").expireRecordAfterSeconds(604_800);
  // A namespace without expiry (nsup-period 0) refuses a time to live, record by record: explain says so beforehand.
  for (const warning of (await builder.explain()).warnings) console.log(`warning: ${warning}`);

  const task = await builder.execute();
  const { succeeded, failed } = await task.waitTillComplete({ totalTimeout: 60_000 });
  console.log(`${succeeded} renewed, ${failed} failed`);

  for (const id of [0, 1]) {
    const { bins, ttl } = await session.get(customers.id(id));
    console.log(`customer ${id} (${bins.plan}) has ${Math.round(ttl / 3_600)} hours to live`);
  }
} finally {
  await session.truncate(customers);
}
