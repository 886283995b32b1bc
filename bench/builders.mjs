// What it costs to build and encode commands, without a network: a stand-in for the cluster encodes each into a buffer
// and replies at once.
import { build } from "esbuild";
import { median } from "./statistics.mjs";

const CALLS = 200_000;
const ROUNDS = 9;

const ENTRY = `
  export { Writer } from "./protocol/bytes/writer.js";
  export { writeCommand } from "./protocol/command/record-command.js";
  export { Session } from "./src/client/session.js";
  export { DataSet } from "./src/data/data-set.js";
  export { Behavior } from "./src/policy/behavior.js";
  export { createSessionContext } from "./src/policy/session-context.js";
  export { ServerVersion } from "./protocol/info/server-version.js";
`;

async function loadParts() {
  const { outputFiles } = await build({
    stdin: { contents: ENTRY, resolveDir: `${import.meta.dirname}/..`, loader: "ts" },
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    target: "es2022",
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
}

/** Nanoseconds of CPU a call; those that return promises are awaited a hundred at a time, as in a busy program. */
async function measure(one) {
  const start = process.cpuUsage();
  const awaitable = one() instanceof Promise;
  for (let i = 0; i < CALLS; i += 100) {
    const batch = [];
    for (let j = 0; j < 100; j++) batch.push(one());
    if (awaitable) await Promise.all(batch);
  }
  const { user, system } = process.cpuUsage(start);
  return ((user + system) * 1000) / CALLS;
}

/** @returns by what is done: nanoseconds of CPU, and how many times as many as a put */
export async function runBuilders() {
  const { Behavior, createSessionContext, DataSet, ServerVersion, Session, writeCommand, Writer } = await loadParts();
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
  const results = Object.entries(contenders).map(([what, one]) => ({ what, one, all: [] }));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const { one, all } of results) {
      const nanoseconds = await measure(one);
      // The first round warms up.
      if (round > 0) all.push(nanoseconds);
    }
  }
  const put = median(results[0].all);
  return results.map(({ what, all }) => ({ what, cpuNs: Math.round(median(all)), ofPut: median(all) / put }));
}
