import { parseArgs } from "node:util";
import { damagedAel } from "../support/random/damaged-ael.js";
import { Random } from "../support/random/random.js";
import { readAel } from "../support/read-ael.js";

// Texts, mostly wrong, for the compiler of expressions: each is compiled or refused with a place, soon.
//   node --import tsx test/fuzz/ael.ts --seed 1 --texts 10000000

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    texts: { type: "string", default: "1000000" },
    /** Failures after which it stops. */
    most: { type: "string", default: "20" },
  },
});

const SLOW_MS = 1_000;
const first = Number(values.seed);
const count = Number(values.texts);
let compiled = 0;
let failures = 0;
let seed = first;
for (; seed < first + count && failures < Number(values.most); seed++) {
  if ((seed - first) % 500_000 === 0) print(`${seed - first} texts, ${compiled} compiled, ${failures} failures`);
  const random = new Random(seed);
  const text = damagedAel(random);
  const started = performance.now();
  const spent = process.cpuUsage();
  try {
    if (readAel(text, random.oneIn(2) ? "any" : "8.2") !== undefined) compiled++;
  } catch (error) {
    failures++;
    print(`seed ${seed}: ${error}\n  ${JSON.stringify(text.slice(0, 300))}`);
  }
  // The clock is asked first, as it is the cheaper one; what counts is not how busy the machine is with other things.
  if (performance.now() - started < SLOW_MS) continue;
  const taken = process.cpuUsage(spent).user / 1_000;
  if (taken > SLOW_MS) print(`seed ${seed}: ${taken.toFixed(0)} ms for ${text.length} characters`);
}
print(`${seed - first} texts, ${compiled} compiled, ${failures} failures`);
process.exitCode = failures === 0 ? 0 : 1;

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
