import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { Emulator } from "../../../emulator/index.js";
import { type Cluster, connect, DataSet, type Session } from "../../../src/index.js";
import { type CliWorld, plainText, runCli } from "../../support/run-cli.js";

let emulator: Emulator;
let cluster: Cluster;
let session: Session;
const users = DataSet.of("test", "users");

beforeAll(async () => {
  emulator = await Emulator.start({ nodes: 3 });
  cluster = await connect(emulator.hosts);
  session = cluster.createSession();
});
afterAll(async () => {
  await cluster.close();
  await emulator.close();
});
beforeEach(async () => {
  await session.truncate(users);
  await session.putMany(
    users.ids(Array.from({ length: 20 }, (_, i) => i)).map((key, i) => [key, { age: i, score: 0, name: "x" }]),
  );
});

const cli = (argv: readonly string[], world: CliWorld = {}) => runCli(argv, { hosts: emulator.hosts, ...world });
const background = (...argv: string[]) => ["background", ...argv];
const score = async (): Promise<unknown[]> =>
  (await session.query(users).bins("score").collect()).map(({ bins }) => bins["score"]);

test("a dry run says what would be done, and does nothing", async () => {
  const outcome = await cli(
    background("update", "test.users", "--where", "$.age >= 15", "--add", "score=1", "--rps", "100", "-n"),
  );
  expect(outcome.exitCode).toBe(0);
  expect(outcome.out).toContain("where: $.age >= 15");
  expect(outcome.out).toContain("records now: 5");
  expect(outcome.out).toContain("3 of them, as they are:");
  expect(outcome.out).toMatch(/Nothing was changed\.\n$/);
  expect(await score()).toEqual(Array(20).fill(0));
});

test("a task runs after a yes that states count and cluster", async () => {
  const argv = background("update", "test.users", "--where", "$.age >= 15", "--add", "score=1");
  const refused = await cli(argv, { columns: 80, answers: [false] });
  expect(refused.exitCode).toBe(4);
  expect(refused.asked).toEqual([`Update 5 records of test.users on cluster ${emulator.hosts} (3 nodes)?`]);
  expect(await score()).toEqual(Array(20).fill(0));
  const done = await cli(argv, { columns: 80, answers: [true] });
  expect(done.exitCode).toBe(0);
  expect(plainText(done.out)).toMatch(/^done: 5 records changed, 0 failed, 15 left out, in /);
  expect(plainText(done.err)).toContain("all nodes");
  expect((await score()).filter((one) => one === 1)).toHaveLength(5);
});

test("without a terminal only --yes starts a task", async () => {
  const argv = background("update", "test.users", "--add", "score=1");
  const refused = await cli(argv);
  expect(refused.exitCode).toBe(4);
  expect(refused.err).toContain("--yes says that it is meant. Nothing was changed.");
  expect(await score()).toEqual(Array(20).fill(0));
  expect((await cli([...argv, "--yes"])).exitCode).toBe(0);
  expect(await score()).toEqual(Array(20).fill(1));
});

test("operations run in the order of the command line, across options", async () => {
  const argv = background(
    "update",
    "test.users",
    "--set",
    "score=2",
    "--add",
    "score=3",
    "--compute",
    "twice=$.score * 2",
    "--set",
    "score=1",
  );
  expect((await cli([...argv, "--yes"])).exitCode).toBe(0);
  const [record] = await session.query(users).collect();
  expect(record?.bins).toMatchObject({ score: 1, twice: 10 });
});

test("a deletion wants the name of the set", async () => {
  const argv = background("delete", "test.users", "--where", "$.age < 10");
  for (const answers of [["yes"], [undefined], ["user"]]) {
    expect((await cli(argv, { columns: 80, answers })).exitCode).toBe(4);
  }
  expect(await session.query(users).count()).toBe(20);
  const done = await cli(argv, { columns: 80, answers: ["users"] });
  expect(done.asked[0]).toContain("Delete 10 records of test.users");
  expect(done.asked[0]).toContain("Type the name of the set to go on (users)");
  expect(await session.query(users).count()).toBe(10);
});

test("records that failed are an exit code of their own, with the cause", async () => {
  const outcome = await cli(background("update", "test.users", "--add", "name=1", "--yes"));
  expect(outcome.exitCode).toBe(5);
  expect(outcome.out).toContain("0 records changed, 20 failed");
  expect(outcome.err).toContain('bin "name" holds a string');
});

test("--json gives events that a program can read", async () => {
  const outcome = await cli(background("touch", "test.users", "--yes", "--json"));
  const events = outcome.out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { event: string; state?: string });
  expect(events[0]).toMatchObject({ event: "started", nodes: { length: 3 } });
  expect(events.at(-1)).toMatchObject({ event: "ended", state: "done", succeeded: 20 });
});

test("replace and udf", async () => {
  const module = "function double(rec) rec.score = rec.age * 2; aerospike:update(rec) end";
  const folder = await mkdtemp(join(tmpdir(), "aerowire-cli-"));
  await writeFile(join(folder, "twice.lua"), module);
  expect((await cli(["udf", "register", join(folder, "twice.lua")])).exitCode).toBe(0);
  await rm(folder, { recursive: true });
  expect((await cli(background("udf", "test.users", "twice.double", "--yes"))).exitCode).toBe(0);
  expect([...(await score())].sort((a, b) => Number(a) - Number(b))).toEqual(
    Array.from({ length: 20 }, (_, i) => 2 * i),
  );
  const missing = await cli(background("udf", "test.users", "twice.nothing", "--yes"));
  expect(missing.exitCode).toBe(8);
  expect((await cli(background("replace", "test.users", "--set", "gone=true", "--yes"))).exitCode).toBe(0);
  const [record] = await session.query(users).collect();
  expect(record?.bins).toEqual({ gone: true });
});

test.each([
  ["nothing to do", ["update", "test.users", "--yes"], "say what to change"],
  ["a number that is none", ["update", "test.users", "--add", "score=x", "--yes"], 'expected a number, got "x"'],
  [
    "a rate that is none",
    ["update", "test.users", "--add", "score=1", "--rps", "fast"],
    "--rps: expected a whole number",
  ],
  ["a time that is none", ["touch", "test.users", "--ttl", "soon"], "--ttl: expected seconds"],
  ["a value without an expression", ["touch", "test.users", "-p", "1"], "there is no --where"],
  ["an expression that is no condition", ["touch", "test.users", "-w", "$.age +"], "line 1:"],
  ["an unknown option", ["touch", "test.users", "--wehre", "x"], "Did you mean --where?"],
  ["no target", ["touch"], "missing required argument 'target'"],
])("%s: nothing is sent", async (_name, argv, words) => {
  const outcome = await cli(background(...argv));
  expect(outcome.exitCode).toBe(2);
  expect(outcome.err).toContain(words);
  expect(outcome.err).not.toMatch(/\n\s+at /);
});

/** Holds jobs, and presses Ctrl-C once the bars are there. */
async function interrupted(answers: CliWorld["answers"], argv: string[] = [], onInterrupt = true) {
  const gate = emulator.faults.holdJobs();
  let isPressed = false;
  try {
    return await cli(background("update", "test.users", "--add", "score=1", "--yes", ...argv), {
      ...(answers !== undefined && { columns: 80, answers }),
      onOutput(text, pressCtrlC) {
        if (isPressed || !onInterrupt || !/active/.test(text + (/task \d+ on/.test(text) ? "active" : ""))) return;
        isPressed = true;
        setTimeout(pressCtrlC, 50);
      },
    });
  } finally {
    gate.release();
  }
}

test("Ctrl-C asks: leave it running", async () => {
  const outcome = await interrupted(["leave"]);
  expect(outcome.exitCode).toBe(130);
  expect(outcome.asked).toEqual(["The task runs on the servers. What now?"]);
  const id = /aerowire jobs watch (\d+)/.exec(outcome.err)?.[1] ?? "";
  const watched = await cli(["jobs", "watch", id]);
  expect(watched.exitCode).toBe(0);
  expect(await score()).toEqual(Array(20).fill(1));
});

test("Ctrl-C asks: abort it", async () => {
  const outcome = await interrupted(["abort"]);
  expect(outcome.exitCode).toBe(6);
  expect(plainText(outcome.out)).toContain("aborted:");
  expect(await score()).toEqual(Array(20).fill(0));
});

test("a second Ctrl-C while it asks leaves the task running", async () => {
  expect((await interrupted([undefined])).exitCode).toBe(130);
});

test("without a terminal an interrupted task goes on, unless it is said otherwise", async () => {
  expect((await interrupted(undefined)).exitCode).toBe(130);
  expect((await interrupted(undefined, ["--on-interrupt", "abort"])).exitCode).toBe(6);
});

test("jobs are listed and aborted", async () => {
  const gate = emulator.faults.holdJobs();
  const started = await cli(background("update", "test.users", "--add", "score=1", "--yes", "--detach"));
  const id = started.out.trim();
  expect(started.exitCode).toBe(0);
  const listed = await cli(["jobs", "list", "--active"], { columns: 200 });
  expect(plainText(listed.out)).toContain(id);
  expect((await cli(["jobs", "abort", id])).exitCode).toBe(4);
  expect((await cli(["jobs", "abort", id, "--yes"])).out).toContain("aborted on");
  gate.release();
  expect((await cli(["jobs", "watch", id])).exitCode).toBe(6);
  const unknown = await cli(["jobs", "watch", "12345"]);
  expect(unknown).toMatchObject({ exitCode: 8, out: "" });
  expect((await cli(["jobs", "abort", "12345", "--yes"])).exitCode).toBe(8);
});
