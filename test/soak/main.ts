import { parseArgs } from "node:util";
import { systemRuntime } from "../../runtime/system-runtime.js";
import { newSession } from "../../src/client/new-session.js";
import { ClusterCore } from "../../src/cluster/cluster-core.js";
import { Cluster, connect, DataSet, nodeTransport } from "../../src/index.js";
import { below, type Random, seededRandom } from "../support/faults/chance.js";
import { holdings } from "../support/faults/holdings.js";
import { Ledger } from "../support/faults/ledger.js";
import { type Nodes, type OutageKind, Outages } from "../support/faults/outages.js";
import { Traffic } from "../support/faults/traffic.js";
import { EmulatedNodes } from "./emulated-nodes.js";
import { hookNodes } from "./hook-nodes.js";
import { Lag } from "./lag.js";

const USAGE = `npm run test:soak -- [options]
  --seconds N     how long; default 60
  --rate N        calls a second; default 10000
  --kinds K,K     what befalls nodes: kill, freeze; "none" for nothing; default kill,freeze on the emulator, else none
  --longest MS    how long a node is away at most; default 4000
  --stall         the program computes for 0.1 to 5 s now and then
  --shortest MS   the shortest time limit that callers set; default 300. Short ones make many timeouts
  --aborts SHARE  of the calls that callers give up; default 0.02
  --clients N     so many clients opened and closed besides; default 0
  --hosts H:P,…   a cluster of yours, namespace test; default three emulated nodes in another process
  --hook COMMAND  takes its nodes away: see hook-nodes.ts
  --seed N        default 1`;

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    rate: { type: "string", default: "10000" },
    kinds: { type: "string" },
    longest: { type: "string", default: "4000" },
    stall: { type: "boolean", default: false },
    shortest: { type: "string", default: "300" },
    aborts: { type: "string", default: "0.02" },
    clients: { type: "string", default: "0" },
    hosts: { type: "string" },
    hook: { type: "string" },
    seed: { type: "string", default: "1" },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  console.log(USAGE);
  process.exit();
}

const TEND_MS = 1_000;
/** Timers and sockets of a machine that does other things, too. */
const SLACK_MS = 100;
/** Of a thousand calls three go through all of these, or a server would do nothing else. */
const RECORDS = 300;
const SCANS = 0.003;
/** A loop that is busy for longer makes short time limits run out. */
const BUSY_MS = Math.min(100, Number(values.shortest));
const LONGEST_TIMEOUT_MS = 1_000;
/** What the heap may grow from the first phase to the last: what was compiled, histograms, the ledger itself. */
const GROWTH_BYTES = 8 * 1024 * 1024;

/** Parts of the run with a rest behind each. */
const PHASES = 3;

const seconds = Number(values.seconds);
const rate = Number(values.rate);
const random = seededRandom(Number(values.seed));
const wrong: string[] = [];
const before = await holdings();
await run();
// Emulated nodes and the client are closed: nothing may be left of them.
await new Promise((resolve) => setTimeout(resolve, 1_500));
const after = await holdings();
for (const [name, count] of Object.entries(after.resources)) {
  if (count > (before.resources[name] ?? 0))
    wrong.push(`${count} ${name} are left, ${before.resources[name] ?? 0} there were`);
}
for (const line of wrong.slice(0, 40)) console.log("WRONG", line);
console.log(wrong.length === 0 ? "nothing is wrong" : `${wrong.length} things are wrong`);
process.exitCode = wrong.length === 0 ? 0 : 1;

async function run(): Promise<void> {
  await using emulated = values.hosts === undefined ? await EmulatedNodes.start() : undefined;
  const hosts = values.hosts ?? emulated?.hosts ?? "";
  const seeds = hosts.split(",").map((address) => {
    const at = address.lastIndexOf(":");
    return { host: address.slice(0, at), port: Number(address.slice(at + 1)) };
  });
  const cluster = await ClusterCore.connect({ seeds, transport: nodeTransport(), runtime: systemRuntime });
  await using client = new Cluster(cluster, newSession, {});
  const lag = new Lag();
  const ledger = new Ledger(client, cluster, random, {
    records: RECORDS,
    scans: SCANS,
    shortestTimeoutMs: Number(values.shortest),
    longestTimeoutMs: LONGEST_TIMEOUT_MS,
    aborts: Number(values.aborts),
    isSettled: false,
    // What was held up while the program computed is made up for at once, queries among it.
    crowds: values.stall,
    // What is late because the program was, is given as much time again.
    slackMs: (startedAt) => SLACK_MS + 2 * lag.since(startedAt),
  });
  await ledger.open();
  const nodes = emulated?.nodes ?? (values.hook === undefined ? undefined : hookNodes(values.hook, seeds.length));
  const stop = new AbortController();
  const others = [stall(random, stop.signal), openAndClose(hosts)];
  let early: number | undefined;
  for (let phase = 1; phase <= PHASES; phase++) {
    await runPhase(ledger, nodes, lag);
    // At rest, so that what is under way does not count.
    const { bytes, resources } = await holdings();
    const held = Object.entries(resources).map(([name, count]) => `${count} ${name}`);
    console.log(`phase ${phase}: ${(bytes / 1e6).toFixed(1)} MB, ${held.join(", ")}`);
    early ??= bytes;
    if (phase === PHASES && bytes - early > GROWTH_BYTES) wrong.push(`the heap has grown by ${bytes - early} bytes`);
  }
  stop.abort();
  await Promise.all(others);
  wrong.push(...ledger.crossed, ...ledger.unexpected, ...ledger.late, ...(await ledger.audit()));
  console.log(`the loop was late for ${(lag.total / 1_000).toFixed(1)} s in all`);
  lag.stop();
  console.log(Object.fromEntries([...ledger.outcomes].sort(([, a], [, b]) => b - a)));
  if (values.stall && kinds().length === 0) {
    // Nothing else goes wrong, and what comes in time is taken.
    const explained = new Set(["ok", "ABORTED"]);
    for (const [outcome, count] of ledger.outcomes)
      if (!explained.has(outcome)) wrong.push(`${count} calls ended with ${outcome}`);
  }
}

function kinds(): OutageKind[] {
  const text =
    values.kinds ?? (values.hosts === undefined ? "kill,freeze" : values.hook === undefined ? "none" : "kill");
  return text.split(",").filter((kind): kind is OutageKind => kind === "kill" || kind === "freeze");
}

/** A third of the time: traffic, and nodes that come and go. */
async function runPhase(ledger: Ledger, nodes: Nodes | undefined, lag: Lag): Promise<void> {
  const traffic = new Traffic(ledger, systemRuntime, { rate, mostAtOnce: 2 * rate });
  const options = { kinds: kinds(), longestMs: Number(values.longest), restMs: 4 * TEND_MS };
  const outages = nodes && kinds().length > 0 ? new Outages(nodes, systemRuntime, random, options) : undefined;
  traffic.start();
  outages?.start();
  await sleep((seconds * 1_000) / PHASES);
  await outages?.stop();
  await sleep(4 * TEND_MS);
  await traffic.stop();
  const share = (100 * traffic.begun) / (traffic.begun + traffic.leftOut);
  console.log(`${traffic.begun} calls, ${share.toFixed(1)} % of the rate`);
  for (const { node, kind, leftAt, wholeAt } of outages?.past ?? []) {
    const from = wholeAt + 2 * TEND_MS;
    const { answered, failed, codes } = traffic.between(from, from + 1_000);
    const away = `${kind} of node ${node}, away for ${((wholeAt - leftAt) / 1_000).toFixed(1)} s`;
    const busyMs = lag.longestBetween(from, from + 1_000);
    const reasons = failed === 0 ? "" : ` (${[...codes].join(", ")})`;
    const line = `${away}: ${answered} answered and ${failed} failed${reasons} in a second two tends later; the loop was busy for ${busyMs.toFixed(0)} ms at most`;
    console.log(line);
    const isFull = answered >= 0.9 * rate || busyMs > BUSY_MS;
    const isExplained = failed === 0 || busyMs > BUSY_MS;
    if (!isExplained || !isFull) wrong.push(line);
  }
}

async function stall(chance: Random, signal: AbortSignal): Promise<void> {
  while (values.stall && !signal.aborted) {
    await sleep(500 + below(chance, 10_000));
    const end = performance.now() + 100 + below(chance, chance() < 0.3 ? 4_900 : 900);
    while (performance.now() < end);
  }
}

/** Clients that do a little and go. */
async function openAndClose(hosts: string): Promise<void> {
  const set = DataSet.of("test", "visitors");
  for (let left = Number(values.clients); left > 0; left--) {
    try {
      await using visitor = await connect(hosts);
      const session = visitor.createSession();
      await session.put(set.id(left), { left });
      await session.query(set).where("$.left == ?0", left).collect();
    } catch {
      // Nodes come and go; what is looked at is what a visitor leaves behind.
    }
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
