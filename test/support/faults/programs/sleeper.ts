// A program that is put to sleep: for each line that it reads it uses its client in every way at once, and says what
// came of it. The client was idle before, so its sockets are those of the time before the sleep.
import { createInterface } from "node:readline";
import { connect, DataSet } from "../../../../src/index.js";

const [hosts = ""] = process.argv.slice(2);
await using client = await connect(hosts);
const session = client.createSession();
const records = DataSet.of<{ n: number }>("test", "sleeper");
const use = () =>
  Promise.allSettled([
    session.exists(records.id(2)).execute(),
    // An add is sent once only, whatever becomes of it.
    session.upsert(records.id(1)).bin("n").add(1).execute(),
    session.backgroundTask().touch(records).count(),
  ]);
await use();
console.log("ready");

for await (const _ of createInterface({ input: process.stdin })) {
  const outcomes = await use();
  const errors = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [String(outcome.reason)] : []));
  console.log(errors.length > 0 ? errors.join(" | ") : `n ${(await session.get(records.id(1))).bins.n}`);
}
