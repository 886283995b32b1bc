// Background tasks at work: loads people into a set, changes, renews and deletes them by jobs that run on the servers,
// and checks every count against what was loaded. On an emulator of three nodes, or on AEROSPIKE_HOSTS.
import { Emulator } from "../emulator/index.js";
import { AerospikeError, type Cluster, connect, DataSet, type ExecuteTask, type Session } from "../src/index.js";
import { interruptions } from "./interruptions.js";
import { load } from "./load.js";
import type { Person } from "./people.js";
import { LUA, STEPS, type Stage, type StepResult } from "./steps.js";
import { createView, type View } from "./view.js";

const TOTAL = 100_000;
const interruption = interruptions();
const view = createView(process.stdout);
let running: ExecuteTask | undefined;

try {
  process.exitCode = await main();
} catch (error) {
  if (interruption.by === undefined) {
    console.error(error instanceof AerospikeError ? `${error.name}: ${error.message}` : error);
    process.exitCode = 1;
  } else {
    interruption.end();
  }
}

async function main(): Promise<number> {
  const hosts = process.env["AEROSPIKE_HOSTS"];
  if (hosts !== undefined && hosts !== "") return onServer(hosts);
  view.heading("An emulator of three nodes, over TCP");
  await using emulator = await Emulator.start({ nodes: 3 });
  view.line(emulator.hosts);
  return await onServer(emulator.hosts);
}

async function onServer(hosts: string): Promise<number> {
  await using cluster = await connect(hosts);
  const nodes = cluster.nodes.map(({ id, address }) => `${id} at ${address}`);
  view.line(`connected to ${nodes.join(", ")}`);
  return await demonstrate(cluster);
}

async function demonstrate(cluster: Cluster): Promise<number> {
  const session = cluster.createSession();
  const run = `demo${process.pid}x${Date.now().toString(36)}`;
  const people = DataSet.of<Person>("test", run);
  const stage: Stage = {
    session,
    people,
    total: TOTAL,
    module: run,
    view,
    signal: interruption.signal,
    onTask(task) {
      running = task;
      view.line(`task ${task.id} runs on ${task.nodes.length === 1 ? "1 node" : `${task.nodes.length} nodes`}`);
    },
  };
  try {
    view.heading(`Loading ${TOTAL} records into ${people}`);
    await load(session, people, TOTAL, view, interruption.signal);
    const registered = await session.registerUdf(LUA, `${run}.lua`);
    await registered.waitTillComplete({ totalTimeout: 30_000, signal: interruption.signal });
    const results: StepResult[] = [];
    for (const step of STEPS) {
      interruption.signal.throwIfAborted();
      results.push(await step(stage));
    }
    return report(results, view);
  } finally {
    if (interruption.by !== undefined) await running?.abort().catch(() => undefined);
    await cleanUp(session, people, `${run}.lua`);
  }
}

/** Says what it could not do, rather than to hide why the demo ended. */
async function cleanUp(session: Session, people: DataSet<Person>, module: string): Promise<void> {
  try {
    await session.truncate(people);
    await session.removeUdf(module);
    view.line(`${people} is empty again`);
  } catch (error) {
    console.error(`${people} or ${module} could not be cleaned up: ${error}`);
  }
}

function report(results: readonly StepResult[], { heading, table, line }: View): number {
  heading("Summary");
  table(
    ["job", "ended", "changed", "filtered", "ms", "expected", "ok"],
    results.map((r) => [r.job, r.state, r.changed, r.filtered, r.runTimeMs, r.expected, r.verified ? "yes" : "NO"]),
  );
  const wrong = results.filter((step) => !step.verified);
  line(wrong.length === 0 ? "Every count is as expected." : `Not as expected: ${wrong.map((r) => r.job).join(", ")}`);
  return wrong.length === 0 ? 0 : 1;
}
