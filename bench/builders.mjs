// What it costs to build and encode commands, without a network: a stand-in for the cluster encodes each into a buffer
// and replies at once.
//   node builders.mjs [calls] [rounds]
import { build } from "esbuild";

const [calls = 200_000, rounds = 9] = process.argv.slice(2).map(Number);

const entry = `
  export { Writer } from "./protocol/bytes/writer.js";
  export { writeCommand } from "./protocol/command/record-command.js";
  export { Session } from "./src/client/session.js";
  export { DataSet } from "./src/data/data-set.js";
  export { Behavior } from "./src/policy/behavior.js";
  export { createSessionContext } from "./src/policy/session-context.js";
  export { ServerVersion } from "./protocol/info/server-version.js";
`;
const { outputFiles } = await build({
  stdin: { contents: entry, resolveDir: `${import.meta.dirname}/..`, loader: "ts" },
  bundle: true,
  write: false,
  format: "esm",
  platform: "node",
  target: "es2022",
});
const source = `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`;
const { Behavior, createSessionContext, DataSet, ServerVersion, Session, writeCommand, Writer } = await import(source);

const writer = new Writer();
const reply = Promise.resolve({ isOk: true });
const cluster = {
  runtime: { now: () => 0, wallClock: () => 0 },
  minVersion: new ServerVersion(8, 1, 2),
  isStrongConsistency: () => false,
  deadline: () => undefined,
  execute(command) {
    command.encode(writer, 1_000);
    writer.rewind(0);
    return reply;
  },
};
const context = createSessionContext(cluster, Behavior.DEFAULT);
const session = new Session(context);
const users = DataSet.of("test", "users");
const key = users.id(1);

/** What `execute` does before it waits for the first time. */
function encode(builder) {
  const { segment } = builder;
  const policy = context.policy(segment.verb.kind, "point", key.namespace);
  const operation = segment.verb.operationOf(segment, { policy, filter: undefined, accepts: [] });
  writeCommand(writer, segment.keys[0], operation, 1_000);
  writer.rewind(0);
}

const contenders = {
  "put of one bin": () => session.put(key, { a: 1 }),
  "get of all bins": () => session.get(key),
  'update().bin("a").add(1), built and encoded': () => encode(session.update(key).bin("a").add(1)),
  "upsert().put() of one bin, built and encoded": () => encode(session.upsert(key).put({ a: 1 })),
  "upsert().put() of one bin, execute": () => session.upsert(key).put({ a: 1 }).execute(),
  'update().bin("a").add(1), execute': () => session.update(key).bin("a").add(1).execute(),
  'update().bin("a").add(1), built alone': () => session.update(key).bin("a").add(1),
  "background update with where and add, built alone": () =>
    session.backgroundTask().update(users).bin("a").add(1).recordsPerSecond(5_000),
};

/** Nanoseconds of CPU a call; those that return promises are awaited a hundred at a time, as in a busy program. */
async function measure(one) {
  const start = process.cpuUsage();
  const awaitable = one() instanceof Promise;
  for (let i = 0; i < calls; i += 100) {
    const batch = [];
    for (let j = 0; j < 100; j++) batch.push(one());
    if (awaitable) await Promise.all(batch);
  }
  const { user, system } = process.cpuUsage(start);
  return ((user + system) * 1000) / calls;
}

const results = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
for (let round = 0; round <= rounds; round++) {
  for (const [name, one] of Object.entries(contenders)) {
    const nanoseconds = await measure(one);
    // The first round warms up.
    if (round > 0) results[name].push(nanoseconds);
  }
}

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const base = median(results["put of one bin"]);
console.log(`${calls} calls, median of ${rounds} rounds, Node ${process.version}`);
console.table(
  Object.fromEntries(
    Object.entries(results).map(([name, values]) => [
      name,
      { "CPU ns each": Math.round(median(values)), "of put": Number((median(values) / base).toFixed(2)) },
    ]),
  ),
);
