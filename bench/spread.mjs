// How requests are spread over sockets: rate and latency by the number of requests in flight, each contender in a
// process of its own, in turn, in short slices on one server, so that whatever else the machine does meets all alike.
//   AEROSPIKE_HOSTS=127.0.0.1:3000 node spread.mjs [get|put] [in flight,…] [rounds] [slice ms]
//   NATIVE=path    the native client; default: the one installed here
//   BUILDS=name=path?option=number&…,…    builds of Aerowire to compare, with options of connect; default:
//                  aerowire=../dist/index.js
//   ONLY=name,…    leaves out the others
// Run it on a namespace in memory and on one that lies on a device: a client that is fast on the one may be slow on the
// other.
import { fork } from "node:child_process";
import { subscribe } from "node:diagnostics_channel";
import { createRequire } from "node:module";
import { performance } from "node:perf_hooks";
import { fileURLToPath, pathToFileURL } from "node:url";

const HOSTS = process.env.AEROSPIKE_HOSTS ?? "127.0.0.1:3000";
const KEYS = Number(process.env.KEYS ?? 100_000);
const SET = "spread";
const bins = (i) => ({ name: `user-${String(i).padStart(15, "0")}`, age: i % 100, score: i + 0.5 });

async function openNative() {
  const aerospike = createRequire(import.meta.url)(process.env.NATIVE ?? "aerospike");
  const client = await aerospike.connect({
    hosts: HOSTS,
    maxConnsPerNode: 600,
    log: { level: aerospike.log.OFF },
  });
  const key = (i) => new aerospike.Key("test", SET, i);
  return {
    get: async (i) => (await client.get(key(i))).bins,
    put: (i) => client.put(key(i), bins(i)),
    close: () => client.close(),
  };
}

async function openAerowire(build) {
  const [path, search] = build.split("?");
  const { Behavior, connect, DataSet } = await import(pathToFileURL(path).href);
  const options = [...new URLSearchParams(search)].map(([name, value]) => [name, Number(value)]);
  let open = 0;
  subscribe("aerowire:connection", ({ event }) => {
    if (event === "opened") open++;
    else if (event === "closed") open--;
  });
  const client = await connect(HOSTS, Object.fromEntries(options));
  // The native client does not send user keys unless told to.
  const session = client.createSession(Behavior.DEFAULT.deriveWithChanges("bench", { all: { sendKey: false } }));
  const set = DataSet.of("test", SET);
  return {
    get: async (i) => (await session.get(set.id(i))).bins,
    put: (i) => session.put(set.id(i), bins(i)),
    sockets: () => open,
    close: () => client.close(),
  };
}

/** The process of one contender: does a slice of work whenever it is told to. */
async function serve(path) {
  const client = await (path === "native" ? openNative() : openAerowire(path));
  let next = 0;
  const one = {
    get: async (i) => {
      const { age } = await client.get(i);
      if (age !== i % 100) throw new Error(`record ${i} has age ${age}`);
    },
    put: (i) => client.put(i),
  };
  const slice = async ({ work, inflight, ms, operations = Number.POSITIVE_INFINITY }) => {
    const latencies = [];
    const cpu = process.cpuUsage();
    const start = performance.now();
    const end = start + ms;
    let left = operations;
    const worker = async () => {
      for (;;) {
        const from = performance.now();
        if (from >= end || left-- <= 0) return;
        await one[work](next++ % KEYS);
        latencies.push(performance.now() - from);
      }
    };
    await Promise.all(Array.from({ length: inflight }, worker));
    const seconds = (performance.now() - start) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    latencies.sort((a, b) => a - b);
    const quantile = (q) => 1000 * (latencies[Math.min(latencies.length - 1, Math.floor(q * latencies.length))] ?? 0);
    return {
      rate: latencies.length / seconds,
      p50: quantile(0.5),
      p99: quantile(0.99),
      cpu: (user + system) / Math.max(1, latencies.length),
      sockets: client.sockets?.(),
    };
  };
  // The one who asks has ended, perhaps because another contender could not start.
  process.once("disconnect", () => process.exit(1));
  process.on("message", async (job) => {
    if (job === "close") {
      await client.close();
      process.exit();
    }
    try {
      process.send(await slice(job));
    } catch (error) {
      process.send({ error: String(error?.stack ?? error) });
    }
  });
  process.send("ready");
}

class Contender {
  constructor(name, path) {
    this.name = name;
    this.child = fork(fileURLToPath(import.meta.url), ["--serve", path]);
    this.ready = this.#reply();
  }

  async run(job) {
    const reply = this.#reply();
    this.child.send(job);
    const result = await reply;
    if (result.error !== undefined) throw new Error(`${this.name}: ${result.error}`);
    return result;
  }

  #reply() {
    return new Promise((resolve, reject) => {
      const onExit = () => reject(new Error(`${this.name} has ended`));
      this.child.once("exit", onExit);
      this.child.once("message", (message) => {
        this.child.off("exit", onExit);
        resolve(message);
      });
    });
  }
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

async function lead() {
  const [work = "get", depths = "1,16,128,512", rounds = "5", ms = "1000"] = process.argv.slice(2);
  const here = fileURLToPath(new URL("../dist/index.js", import.meta.url));
  const builds = (process.env.BUILDS ?? `aerowire=${here}`).split(",").map((build) => build.split(/=(.*)/s, 2));
  const only = process.env.ONLY?.split(",");
  const contenders = [["native", "native"], ...builds]
    .filter(([name]) => only === undefined || only.includes(name))
    .map(([name, path]) => new Contender(name, path));
  for (const contender of contenders) await contender.ready;
  if (process.env.LOADED === undefined) {
    await contenders.at(-1).run({ work: "put", inflight: 64, ms: 600_000, operations: KEYS });
  }
  const rows = [];
  for (const inflight of depths.split(",").map(Number)) {
    const results = new Map(contenders.map((contender) => [contender, []]));
    for (let round = 0; round <= Number(rounds); round++) {
      for (let i = 0; i < contenders.length; i++) {
        const contender = contenders[(i + round) % contenders.length];
        const result = await contender.run({ work, inflight, ms: Number(ms) });
        // The first round warms up.
        if (round > 0) results.get(contender).push(result);
      }
    }
    const base = results.get(contenders[0]).map(({ rate }) => rate);
    for (const [contender, runs] of results) {
      const of = (field) => median(runs.map((run) => run[field]));
      rows.push({
        work,
        "in flight": inflight,
        client: contender.name,
        "a second": Math.round(of("rate")),
        [`x ${contenders[0].name}`]: Number(median(runs.map(({ rate }, i) => rate / base[i])).toFixed(2)),
        "p50 us": Math.round(of("p50")),
        "p99 us": Math.round(of("p99")),
        "CPU us": Number(of("cpu").toFixed(1)),
        sockets: of("sockets") ?? "",
      });
    }
  }
  console.table(rows);
  for (const { child } of contenders) child.send("close");
}

await (process.argv[2] === "--serve" ? serve(process.argv[3]) : lead());
