import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { type Bundle, bundle } from "../support/bundle.js";
import { programArgs } from "../support/program-args.js";
import { runToEnd } from "../support/run.js";

const hosts = inject("hosts");

/** What each example prints, among other things, whatever the server. */
const EXPECTED: Readonly<Record<string, readonly RegExp[]>> = {
  "attach-from-another-process.ts": [
    /^process \d+ started task \d+$/m,
    /finds it on \d nodes, in set example-attach$/m,
    /saw it end: done, 500 changed$/m,
  ],
  "background-udf.ts": [/^registered: true$/m, /^75 calls succeeded, 0 failed$/m, /^order 7: 70 and a fee of 10$/m],
  "background-update.ts": [/^active: 0 %/m, /^done: 100 %/m, /^600 changed, 0 failed, 1400 left alone/m],
  "connect-and-write.ts": [
    /^node \S+ at \S+ runs \d/m,
    /^Ada is 37: math, poetry \(written 2 times\)$/m,
    /^only the name: \{"name":"Ada"\}$/m,
    /^still there: false$/m,
  ],
  "delete-stale.ts": [
    /^29 records would be deleted$/m,
    /^on \d nodes: .* where \$\.lastSeen < \d+$/m,
    /^29 records were deleted, 91 are left$/m,
  ],
  "emulator-in-tests.ts": [/^\S+ pass 2$/m, /^\S+ fail 0$/m],
  "error-handling.ts": [
    /^connection: .*localhost:1.*ECONNREFUSED/m,
    /^missing: code RECORD_NOT_FOUND, result code 2$/m,
    /^insert ada: RECORD_EXISTS\ninsert eve: done$/m,
    /^wrong use: .*recordsPerSecond is 0/m,
    /^line 1:15: .*\n.*\n {16}\^\^$/m,
    /^namespace: .*"nowhere" does not exist/m,
    /^timeout: .* 100 ms/m,
    /^aborted: Error: the user left$/m,
    /^GenerationError: GENERATION, result code 3, node \S+$/m,
  ],
  "expressions.ts": [
    /^in code 45, as text 45, with values 45$/m,
    /^the same bytes: true$/m,
    /^a sample of some$/m,
    /^45 valued; product 57: 57 \* 7 = 399$/m,
  ],
  "observability.ts": [
    /^log: info: Node joined \(\S+\)$/m,
    /^log: info: Background task started \(background update\)$/m,
    /^event: task started with id \d+$/m,
    /^event: task ended, 50 changed$/m,
    /^log: info: Background task ended/m,
    /^metrics: get within a second, \d nodes$/m,
    /^metrics: some connections are idle$/m,
    /^spans: .*get example-observability/m,
  ],
  "ttl-touch.ts": [
    /^10 renewed, 0 failed$/m,
    /^customer 0 \(paid\) has 168 hours to live$/m,
    /^customer 1 \(free\) has 1 hours to live$/m,
  ],
  "worker-threads.ts": [/^2 threads read 1000 orders: 499500 in all$/m],
};

const isNode = process.versions["bun"] === undefined && process.versions["deno"] === undefined;
/** Written for the test runner of Node.js, which prints otherwise on other runtimes. */
const FOR_NODE = "emulator-in-tests.ts";

let programs: Bundle;

beforeAll(async () => {
  programs = await bundle(...Object.keys(EXPECTED).map((name) => `examples/${name}`));
});

afterAll(() => programs[Symbol.asyncDispose]());

test("every example is run here", async () => {
  const files = await readdir("examples");
  expect(files.filter((name) => name.endsWith(".ts")).sort()).toEqual(Object.keys(EXPECTED).sort());
});

const programsHere = Object.entries(EXPECTED).map(([name, lines]) => ({
  name,
  lines,
  isLeftOut: !isNode && name === FOR_NODE,
  title: name === FOR_NODE ? `${name} (Node.js only)` : name,
}));

// Each is a process of its own, most of which waits. They have the time limits that users have, a second for the most part,
// which a machine may stall for: only what fails each time is a failure.
test.concurrent.for(programsHere)("$title", { retry: 2 }, async ({ name, lines, isLeftOut }, { expect, skip }) => {
  skip(isLeftOut);
  const { exitCode, stdout, stderr } = await runToEnd(process.execPath, [...programArgs(programs.file(name)), hosts]);
  expect({ exitCode, stderr }, `${stdout}\n${stderr}`).toEqual({ exitCode: 0, stderr: "" });
  for (const line of lines) expect(stdout).toMatch(line);
});

// On Deno the signal reaches vitest itself as well, which ends the run.
const isDeno = process.versions["deno"] !== undefined;
test.skipIf(isDeno)("Ctrl-C stops the background update and says how far it came (not on Deno)", async () => {
  const args = [...programArgs(programs.file("background-update")), hosts];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    if (!printed.includes("active:") && text.includes("active:")) child.kill("SIGINT");
    printed += text;
  });
  const [exitCode] = await once(child, "close");
  expect(printed).toMatch(/^stopped: \d+ had been changed by then$/m);
  expect(exitCode).toBe(0);
});
