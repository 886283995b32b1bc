import { parseArgs } from "node:util";

/** Something that tries one case for each seed; what it answers is wrong. */
export interface Fuzzer {
  run(seed: number): Promise<{ readonly text: string } | undefined>;
  readonly outcomes: ReadonlyMap<string, number>;
}

const SLOW_MS = 1_000;
const REPORT_EVERY = 100_000;

/** Tries as many cases as the program's arguments say: `--seed`, `--cases`, `--seconds` at most, `--most` failures. */
export async function runCases(fuzzer: Fuzzer): Promise<void> {
  const { values } = parseArgs({
    options: {
      seed: { type: "string", default: "1" },
      cases: { type: "string", default: "1000000" },
      seconds: { type: "string", default: "Infinity" },
      /** Failures after which it stops. */
      most: { type: "string", default: "20" },
    },
  });
  const endsAt = performance.now() + 1_000 * Number(values.seconds);
  const first = Number(values.seed);
  const end = first + Number(values.cases);
  let failures = 0;
  let seed = first;
  for (; seed < end && failures < Number(values.most) && performance.now() < endsAt; seed++) {
    if ((seed - first) % REPORT_EVERY === 0) print(`${seed - first} cases, ${failures} failures`);
    const started = performance.now();
    const spent = process.cpuUsage();
    const finding = await fuzzer.run(seed);
    if (finding !== undefined) {
      failures++;
      print(`seed ${seed}: ${JSON.stringify(finding, undefined, 1).replaceAll("\\n", "\n")}`);
    }
    // The clock is asked first, as it is the cheaper one; what counts is not how busy the machine is with other things.
    if (performance.now() - started < SLOW_MS) continue;
    const taken = process.cpuUsage(spent).user / 1_000;
    if (taken > SLOW_MS) print(`seed ${seed}: ${taken.toFixed(0)} ms`);
  }
  print(Object.fromEntries([...fuzzer.outcomes].sort(([, a], [, b]) => b - a)));
  print(`${seed - first} cases, ${failures} failures`);
  process.exitCode = failures === 0 ? 0 : 1;
}

function print(line: unknown): void {
  console.log(line);
}
