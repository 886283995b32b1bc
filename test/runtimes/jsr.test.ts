import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Emulator } from "../../emulator/index.js";
import { run, runToEnd } from "../support/run.js";
import { findRuntime } from "./find-runtimes.js";

/** A small program of a user of JSR, which has the files as they are written. */
const PROGRAM = `
import { connect, DataSet } from "./src/index.ts";
import { Emulator } from "./emulator/index.ts";

const own = await Emulator.start({ listen: "memory", udf: "none" });
for (const [hosts, options] of [[Deno.args[0], {}], [own.hosts, { transport: own.transport }]] as const) {
  await using client = await connect(hosts, options);
  const session = client.createSession();
  const numbers = DataSet.of<{ n: number }>("test", "jsr");
  await session.put(numbers.id(1), { n: 1 });
  const task = await session.backgroundTask().update(numbers).where("$.n == 1").bin("n").add(1).execute();
  await task.waitTillComplete();
  const plan = await session.backgroundTask().touch(numbers).where("$.n > 1").explain();
  console.log((await session.get(numbers.id(1))).bins.n, plan.kind);
}
await own.close();
`;

const deno = findRuntime("deno");
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "aerowire-jsr-"));
  await run(process.execPath, ["scripts/jsr.mjs", folder]);
});

afterAll(() => rm(folder, { recursive: true }));

test("JSR would take the package: declarations that need no inferring, imports of files, nothing global", async () => {
  const { exitCode, stderr } = await runToEnd(deno.command, ["publish", "--dry-run", "--allow-dirty"], { cwd: folder });
  expect({ exitCode, problems: stderr.match(/^(error|warning|TS\d+).*/gm) ?? [] }, stderr).toEqual({
    exitCode: 0,
    problems: [],
  });
}, 480_000);

test("what JSR takes runs", async () => {
  await writeFile(join(folder, "program.ts"), PROGRAM);
  await using emulator = await Emulator.start({ nodes: 2 });
  const program = ["run", "-A", "--config", "jsr.json", "program.ts", emulator.hosts];
  expect(await run(deno.command, program, { cwd: folder })).toBe("2 touch\n2 touch\n");
});
