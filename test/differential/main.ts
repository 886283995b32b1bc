import { parseArgs } from "node:util";
import { Emulator } from "../../emulator/index.js";
import { compare, type Sides } from "./compare.js";
import { describeStep } from "./describe.js";
import { randomSequence } from "./random-sequence.js";
import { shrink } from "./shrink.js";
import { Wire } from "./wire.js";

// Random commands on the emulator and on a server, which have to say the same:
//   AEROSPIKE_HOSTS=127.0.0.1:3000 npm run test:differential -- --commands 50000 --seed 1
// A difference is made small, printed, and makes the program fail. The server needs what the integration tests need.

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    commands: { type: "string", default: "50000" },
    /** Differences after which it stops. */
    most: { type: "string", default: "10" },
    /** Sequences under way at once; 1 finds out which one a server dies of. */
    lanes: { type: "string", default: "8" },
    verbose: { type: "boolean", default: false },
  },
});
const print = (line: string): void => void process.stdout.write(`${line}\n`);

const host = process.env["AEROSPIKE_HOSTS"];
if (host === undefined) throw new Error("AEROSPIKE_HOSTS is not set: name a server to compare with");
await using emulator = await Emulator.start({
  namespaces: [{ name: "test", nsupPeriod: 10, allowTtlWithoutNsup: true }],
});

const setName = `diff${Date.now().toString(36)}`;
const firstSeed = Number(values.seed);
const wanted = Number(values.commands);
let next = firstSeed;
let commands = 0;
let differences = 0;

const lanes = await Promise.all(Array.from({ length: Number(values.lanes) }, openSides));
const started = performance.now();
await Promise.all(lanes.map(runLane));
for (const { one, other } of lanes) {
  one.close();
  other.close();
}
const seconds = ((performance.now() - started) / 1000).toFixed(1);
print(`${commands} commands, seeds ${firstSeed} to ${next - 1}, ${differences} differences, ${seconds} s`);
process.exitCode = differences === 0 ? 0 : 1;

async function runLane(sides: Sides): Promise<void> {
  while (commands < wanted && differences < Number(values.most)) {
    const sequence = randomSequence(next++, setName);
    if (values.verbose) print(`seed ${sequence.seed}\n${sequence.steps.map(describeStep).join("\n")}`);
    commands += sequence.steps.length + sequence.keys.length;
    let difference: Awaited<ReturnType<typeof compare>>;
    try {
      difference = await compare(sides, sequence);
    } catch (error) {
      differences = Number.POSITIVE_INFINITY;
      print(`seed ${sequence.seed}: ${error}\n${sequence.steps.map(describeStep).join("\n")}`);
      return;
    }
    if (difference === undefined) continue;
    differences++;
    const { sequence: small, step, text } = await shrink(sides, difference, setName);
    print(`\nseed ${sequence.seed}, emulator and server: step ${step}: ${text}`);
    for (const [i, each] of small.steps.entries()) print(`  ${i}: ${describeStep(each)}`);
  }
}

async function openSides(): Promise<Sides> {
  return { one: await openWire(emulator.hosts), other: await openWire(host ?? "") };
}

function openWire(address: string): Promise<Wire> {
  const colon = address.lastIndexOf(":");
  return Wire.open(address.slice(0, colon), Number(address.slice(colon + 1)));
}
