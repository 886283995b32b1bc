// What it costs to build and encode commands, without a network: a stand-in for the cluster encodes each into a buffer
// and replies at once. Then, how many objects put and get make on the way to the cluster and back.
//   node builders.mjs [calls] [rounds]
import { Session as Inspector } from "node:inspector/promises";
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
  export { MessageReader } from "./protocol/message/message-reader.js";
  export { Reader } from "./protocol/bytes/reader.js";
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
const { Behavior, createSessionContext, DataSet, MessageReader, Reader, ServerVersion, Session, writeCommand, Writer } =
  await import(source);

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

/** Objects a call, by the function that makes them, once the compiler has left out those that nobody sees. */
async function objectsOf(one) {
  for (let i = 0; i < 100_000; i++) one();
  const inspector = new Inspector();
  inspector.connect();
  await inspector.post("HeapProfiler.startSampling", {
    samplingInterval: 1,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: true,
  });
  for (let i = 0; i < 1_000; i++) one();
  const { profile } = await inspector.post("HeapProfiler.stopSampling");
  inspector.disconnect();
  return profile.samples.length / 1_000;
}

// A reply with one bin: the record, its bins and what holds these are of the caller.
const record = Buffer.from("160000000000000000030000000000000000000000010000000d01010001610000000000000001", "hex");
const message = new MessageReader();
cluster.execute = (command) => {
  command.encode(writer, 1_000);
  writer.rewind(0);
  message.load(new Reader(record));
  message.next();
  command.decode(message);
  return reply;
};
const bins = { a: 1 };
const reading = await objectsOf(() => message.load(new Reader(record)));
for (const [name, one, own] of [
  ["get", () => session.get(key), 2],
  ["put", () => session.put(key, bins), 0],
]) {
  const objects = (await objectsOf(one)) - reading - own;
  console.log(`${name}: ${objects.toFixed(1)} objects besides the record and its bins`);
}
