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
  const firstSeed = Number(values.seed);
  const end = firstSeed + Number(values.cases);
  let failures = 0;
  const spentBefore = process.cpuUsage().user;
  // Most cases end with an error, and its stack takes as long as the case: what is found is tried once more.
  Error.stackTraceLimit = 0;
  let seed = firstSeed;
  for (; seed < end && failures < Number(values.most) && performance.now() < endsAt; seed++) {
    if ((seed - firstSeed) % REPORT_EVERY === 0) print(`${seed - firstSeed} cases, ${failures} failures`);
    const started = performance.now();
    const first = await fuzzer.run(seed);
    if (first !== undefined) {
      failures++;
      Error.stackTraceLimit = 20;
      const finding = (await fuzzer.run(seed)) ?? first;
      Error.stackTraceLimit = 0;
      print(`seed ${seed}: ${JSON.stringify(finding, undefined, 1).replaceAll("\\n", "\n")}`);
    } else if (performance.now() - started > SLOW_MS) {
      // Once more, for what counts is not how busy the machine is with other things.
      const spent = process.cpuUsage();
      await fuzzer.run(seed);
      const taken = process.cpuUsage(spent).user / 1_000;
      if (taken > SLOW_MS) print(`seed ${seed}: ${taken.toFixed(0)} ms`);
    }
  }
  print(Object.fromEntries([...fuzzer.outcomes].sort(([, a], [, b]) => b - a)));
  const cases = seed - firstSeed;
  const spentMs = (process.cpuUsage().user - spentBefore) / 1_000;
  print(`${cases} cases, ${failures} failures; ${((1_000 * spentMs) / cases).toFixed(0)} microseconds of CPU a case`);
  process.exitCode = failures === 0 ? 0 : 1;
}

function print(line: unknown): void {
  console.log(line);
}
