// What can go wrong, and how a program tells one thing from another.
import {
  AbortError,
  AelParseError,
  AerospikeError,
  BatchError,
  ConnectionError,
  connect,
  DataSet,
  InvalidNamespaceError,
  RecordNotFoundError,
  TimeoutError,
} from "aerowire";

interface Account {
  owner: string;
  balance: number;
}

const hosts = process.argv[2] ?? process.env.AEROSPIKE_HOSTS ?? "localhost:3000";
const accounts = DataSet.of<Account>("test", "example-errors");

// Nobody listens: the error names every host and what it said.
try {
  await connect("localhost:1", { readyTimeoutMs: 1_000 });
} catch (error) {
  if (error instanceof ConnectionError) console.log(`connection: ${error.message.split("\n")[0]}`);
}

await using cluster = await connect(hosts);
const session = cluster.createSession();

// A record that is not there.
try {
  await session.get(accounts.id("nobody"));
} catch (error) {
  if (error instanceof RecordNotFoundError) console.log(`missing: code ${error.code}, result code ${error.resultCode}`);
}

// Several keys: execute() rejects with a BatchError that has every row, so that one bad key does not hide the others.
await session.delete(accounts.ids("ada", "eve")).execute(); // what an earlier run may have left
await session.insert(accounts.id("ada")).put({ owner: "Ada", balance: 10 }).execute();
try {
  await session.insert(accounts.ids("ada", "eve")).put({ owner: "?", balance: 0 }).execute();
} catch (error) {
  if (!(error instanceof BatchError)) throw error;
  for (const row of error.rows) console.log(`insert ${row.key.userKey}: ${row.isOk ? "done" : row.error?.code}`);
}

// Wrong arguments are TypeError and RangeError, thrown before anything is sent.
try {
  await session.backgroundTask().update(accounts).recordsPerSecond(0).bin("balance").add(1).execute();
} catch (error) {
  if (error instanceof RangeError) console.log(`wrong use: ${error.message}`);
}

// A mistake in an expression shows its place.
try {
  session.backgroundTask().delete(accounts).where("$.balance < 0 && $.owner == 'x'");
} catch (error) {
  if (error instanceof AelParseError) console.log(error.message);
}

// A namespace that the cluster does not have.
try {
  await session.backgroundTask().touch(DataSet.of("nowhere", "x")).execute();
} catch (error) {
  if (error instanceof InvalidNamespaceError) console.log(`namespace: ${error.message}`);
}

// Time ran out. What was started goes on: stop it if it is not wanted any more. When a single write times out, it may
// have happened all the same: `error.inDoubt` says so.
await session
  .upsert(accounts.ids(...Array(50).keys()))
  .put({ owner: "somebody", balance: 1 })
  .execute();
const slow = await session.backgroundTask().touch(accounts).recordsPerSecond(1).execute();
try {
  await slow.waitTillComplete({ totalTimeout: 100 });
} catch (error) {
  if (error instanceof TimeoutError) console.log(`timeout: ${error.message}`);
} finally {
  await slow.abort();
}

// The caller's own patience.
try {
  await session.get(accounts.id("ada"), undefined, { signal: AbortSignal.abort(new Error("the user left")) });
} catch (error) {
  if (error instanceof AbortError) console.log(`aborted: ${error.cause}`);
}

// Everything of this client is an AerospikeError, BatchError, with a stable code.
try {
  await session.update(accounts.id("ada")).bin("balance").add(1).ensureGenerationIs(7).execute();
} catch (error) {
  if (!(error instanceof AerospikeError)) throw error;
  console.log(`${error.name}: ${error.code}, result code ${error.resultCode}, node ${error.node}`);
}

await session.truncate(accounts);
