// A program of its own, started by cost.test.ts with V8's compilers off: counts what calls cost the client, without a clock
// and without a network. Writes a line of JSON: what each call costs: objects that it makes, and blocks of code that it runs.
import { Session as Inspector } from "node:inspector/promises";
import { Emulator } from "../../../emulator/index.js";
import { Behavior, connect, DataSet } from "../../../src/index.js";
import { ReplayingTransport } from "../replaying-transport.js";

/** Sizes of two sets: what a scan costs for itself is no matter of its records. */
const FEW = 50;
const MANY = 200;
/** Few: to count every object costs a thousand times as much as to make it. */
const REPEATS = 4;

interface Cost {
  objects: number;
  blocks: number;
}

interface Bins {
  name: string;
  age: number;
  score: number;
}

await using emulator = await Emulator.start({ listen: "memory", udf: "none" });
const transport = new ReplayingTransport(emulator.transport);
// One socket for commands: on a slow machine others would be tried, which have no reply to give again.
await using cluster = await connect(emulator.hosts, { transport, tendIntervalMs: 3_600_000, pipelinedSockets: 1 });
const session = cluster.createSession(Behavior.DEFAULT);
const [few, many] = [DataSet.of<Bins>("test", "few"), DataSet.of<Bins>("test", "many")];
const binsOf = (i: number): Bins => ({ name: `user-${i}`, age: i % 100, score: i + 0.5 });
const rowsOf = (set: DataSet<Bins>, count: number) =>
  Array.from({ length: count }, (_, i) => [set.id(i), binsOf(i)] as const);
await session.putMany(rowsOf(few, FEW));
await session.putMany(rowsOf(many, MANY));

const key = few.id(7);
const bins = binsOf(7);
const keys = rowsOf(few, FEW).map(([each]) => each);
const scan = (set: DataSet<Bins>) => async () => (await session.query(set).execute()).collect();
const CALLS: Readonly<Record<string, () => unknown>> = {
  key: () => few.id(7),
  get: () => session.get(key),
  put: () => session.put(key, bins),
  operate: () => session.update(key).bin("age").add(0).bin("age").get().firstOrThrow(),
  update: () => session.update(key).bin("age").add(0).execute(),
  batch: () => session.getMany(keys),
  scanOfFew: scan(few),
  scanOfMany: scan(many),
};

const inspector = new Inspector();
inspector.connect();
await inspector.post("Profiler.enable");

async function repeat(call: () => unknown): Promise<void> {
  for (let i = 0; i < REPEATS; i++) await call();
}

async function objectsOf(call: () => unknown): Promise<number> {
  await inspector.post("HeapProfiler.startSampling", {
    samplingInterval: 1,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: true,
  });
  await repeat(call);
  const { profile } = await inspector.post("HeapProfiler.stopSampling");
  // Declared by the protocol, but not by the types of Node.js.
  const samples: unknown = Reflect.get(profile, "samples");
  if (!Array.isArray(samples)) throw new Error("this profile has no samples");
  return samples.length / REPEATS;
}

/** Runs of blocks without a branch: grows with every step that is taken, whatever the machine. */
async function blocksOf(call: () => unknown): Promise<number> {
  await inspector.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  await repeat(call);
  const { result } = await inspector.post("Profiler.takePreciseCoverage");
  await inspector.post("Profiler.stopPreciseCoverage");
  let blocks = 0;
  for (const { url, functions } of result) {
    if (!url.startsWith("file:")) continue;
    for (const { ranges } of functions) for (const { count } of ranges) blocks += count;
  }
  return blocks / REPEATS;
}

async function costOf(call: () => unknown): Promise<Cost> {
  // Against the emulator, to have replies and to be past what happens once.
  await repeat(call);
  transport.replays = true;
  await repeat(call);
  const cost = { objects: await objectsOf(call), blocks: await blocksOf(call) };
  transport.replays = false;
  return cost;
}

const counted: Record<string, Cost> = {};
for (const [name, call] of Object.entries(CALLS)) counted[name] = await costOf(call);
inspector.disconnect();
console.log(JSON.stringify({ records: { few: FEW, many: MANY }, counted }));
