// The benchmark: see README.md.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { Command, InvalidArgumentError } from "commander";
import { runBuilders } from "./builders.mjs";
import { NodeContender, ProgramContender } from "./contenders.mjs";
import { curvesOf } from "./curves.mjs";
import { runExpressions } from "./expressions.mjs";
import { runNodes } from "./nodes.mjs";
import { load, runWork, Targets } from "./run-works.mjs";
import { printTable } from "./tables.mjs";
import { WORKS } from "./works.mjs";

const DIST = fileURLToPath(new URL("../dist", import.meta.url));
const DEPTHS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];
/** What needs no server. */
const ALONE = { nodes: () => runNodes(DIST), builders: runBuilders, expressions: () => runExpressions(DIST) };
const GROUPS = {
  table: Object.keys(WORKS).filter((name) => !/^(get|put)-1000?$/.test(name)),
  sizes: Object.keys(WORKS).filter((name) => /^(get|put)-\d+$/.test(name)),
};

const whole = (text) => {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError("Expected a whole number from 1.");
  return value;
};
const list = (text) => text.split(",");
const pair = (text, before = []) => {
  const [name, value] = text.split(/=(.*)/s);
  if (!value) throw new InvalidArgumentError("Expected NAME=VALUE.");
  return [...before, [name, value]];
};

const program = new Command("node main.mjs")
  .description(
    "Compares clients on a server. All records of namespace test, sets bench, bench1k and bench_values, are written.",
  )
  .option("--host <host:port>", "the server", "127.0.0.1:3000")
  .option(
    "--works <names>",
    `table, sizes, depths, nodes, builders, expressions, or of ${Object.keys(WORKS).join(", ")}`,
    list,
    ["table"],
  )
  .option("--in-flight <numbers>", "requests in flight, in place of those of each work", (text) =>
    list(text).map(whole),
  )
  .option("--keys <count>", "records; a multiple of 100", whole, 100_000)
  .option("--rounds <count>", "slices that count, after one that warms up", whole, 5)
  .option("--ms <count>", "length of a slice", whole, 1_000)
  .option(
    "--warm-up <ms>",
    "length of the slice that warms up, no less than --ms: compilers need a second or two",
    whole,
    2_000,
  )
  .option("--peers <names>", "which to compare with, of native and those of --peer", list, [])
  .option("--native <path>", "the native client for Node.js", "aerospike")
  .option("--peer <name=command>", "a client in another language: see README.md", pair, [])
  .option("--build <name=path>", "builds of Aerowire, perhaps with ?option=number", pair, [])
  .option("--no-load", "the records are there already")
  .option("--server <text>", "what the results say of the server: its version and settings")
  .option("--storage <name>", "what the results are put down under: memory or device", "memory")
  .option("--server-pid <pid>", "the server on this machine, to tell how many cores it uses (Linux)", whole)
  .option("--cpu-prof <folder>", "writes a CPU profile of each client for Node.js there")
  .option("--out <file>", "JSON that the results are put into, in place of those of the same work");
program.parse();
const options = program.opts();

const colon = options.host.lastIndexOf(":");
const [host, port] = [options.host.slice(0, colon), Number(options.host.slice(colon + 1))];
const names = options.works.flatMap((name) => GROUPS[name] ?? name);
const unknown = names.find((name) => WORKS[name] === undefined && ALONE[name] === undefined && name !== "depths");
if (unknown !== undefined) program.error(`--works: there is no ${unknown}`);

const execArgv = options.cpuProf === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${options.cpuProf}`];
const builds = options.build.length > 0 ? options.build : [["aerowire", `${DIST}/index.js`]];
const programs = new Map(options.peer);
const contenders = [
  ...options.peers.map((name) => {
    if (name === "native") return new NodeContender(name, { kind: "native", path: options.native, execArgv });
    const command = programs.get(name);
    if (command === undefined) program.error(`--peers: ${name} is neither native nor given by --peer`);
    return new ProgramContender(name, command);
  }),
  ...builds.map(([name, path]) => new NodeContender(name, { kind: "aerowire", path, execArgv })),
];

/** Results of earlier runs stay, those of the same work are replaced. */
class Results {
  #all;

  constructor(file) {
    this.file = file;
    this.#all = file !== undefined && existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : { rows: [] };
    this.#all.machine = `${cpus().length} cores (${cpus()[0].model}), ${Math.round(totalmem() / 2 ** 30)} GiB`;
    this.#all.node = process.version;
    if (options.server !== undefined) this.#all.server = options.server;
  }

  get all() {
    return this.#all;
  }

  add(rows) {
    const isSame = (a) => (b) => a.storage === b.storage && a.work === b.work && a.inFlight === b.inFlight;
    this.#all.rows = [...this.#all.rows.filter((row) => !rows.some(isSame(row))), ...rows];
    this.#write();
  }

  put(name, results) {
    this.#all[name] = results;
    this.#write();
  }

  #write() {
    if (this.file === undefined) return;
    mkdirSync(dirname(this.file), { recursive: true });
    writeFileSync(this.file, `${JSON.stringify(this.#all, undefined, 2)}\n`);
  }
}

const results = new Results(options.out);
const targets = new Targets(host, port, options.keys);
const { keys, rounds, ms, warmUp: warmUpMs, storage, serverPid } = options;
try {
  const works = names.filter((name) => ALONE[name] === undefined);
  if (works.length > 0 && options.load) await load(contenders.at(-1), targets, keys);
  for (const name of works) {
    const isDepths = name === "depths";
    const work = isDepths ? "get" : name;
    for (const inFlight of options.inFlight ?? (isDepths ? DEPTHS : WORKS[work].at)) {
      const rows = await runWork(work, inFlight, { contenders, targets, keys, rounds, ms, warmUpMs, serverPid });
      results.add(rows.map((row) => ({ storage, ...row })));
      printTable(rows);
    }
  }
  for (const name of names.filter((each) => ALONE[each] !== undefined)) {
    results.put(name, await ALONE[name]());
    console.table(results.all[name]);
  }
  if (options.out !== undefined) {
    for (const { name, svg } of curvesOf(results.all))
      writeFileSync(options.out.replace(/\.json$/, `-${name}.svg`), svg);
  }
} finally {
  for (const contender of contenders) contender.close();
  targets.close();
}
