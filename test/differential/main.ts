import { parseArgs } from "node:util";
import { Emulator } from "../../emulator/index.js";
import { compare, type Difference } from "./compare.js";
import { describeStep } from "./describe.js";
import { randomSequence, type Sequence } from "./random-sequence.js";
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
  },
});

interface Lane {
  readonly one: Wire;
  readonly other: Wire;
}

const host = process.env["AEROSPIKE_HOSTS"];
if (host === undefined) throw new Error("AEROSPIKE_HOSTS is not set: name a server to compare with");
await using emulator = await Emulator.start({
  namespaces: [{ name: "test", nsupPeriod: 10, allowTtlWithoutNsup: true }],
});

const setName = `diff${Date.now().toString(36)}`;
const firstSeed = Number(values.seed);
let next = firstSeed;
let commands = 0;
let differences = 0;

const started = performance.now();
const lanes = await Promise.all(Array.from({ length: Number(values.lanes) }, openLane));
await Promise.all(lanes.map(run));
for (const { one, other } of lanes) {
  one.close();
  other.close();
}
const seconds = ((performance.now() - started) / 1000).toFixed(1);
print(`${commands} commands, seeds ${firstSeed} to ${next - 1}, ${differences} differences, ${seconds} s`);
process.exitCode = differences === 0 ? 0 : 1;

async function run(lane: Lane): Promise<void> {
  while (commands < Number(values.commands) && differences < Number(values.most)) {
    const sequence = randomSequence(next++, setName);
    commands += sequence.steps.length + sequence.keys.length;
    let difference: Difference | undefined;
    try {
      difference = await compare(lane, sequence);
    } catch (error) {
      differences = Number.POSITIVE_INFINITY;
      print(`\nseed ${sequence.seed}: ${error}`);
      show(sequence);
      return;
    }
    if (difference === undefined) continue;
    differences++;
    const { sequence: small, step, text } = await shrink(lane, difference, setName);
    print(`\nseed ${sequence.seed}, emulator and server at step ${step}: ${text}`);
    show(small);
  }
}

function show({ steps }: Sequence): void {
  for (const [i, step] of steps.entries()) print(`  ${i}: ${describeStep(step)}`);
}

async function openLane(): Promise<Lane> {
  return { one: await openWire(emulator.hosts), other: await openWire(host ?? "") };
}

function openWire(address: string): Promise<Wire> {
  const colon = address.lastIndexOf(":");
  return Wire.open(address.slice(0, colon), Number(address.slice(colon + 1)));
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
