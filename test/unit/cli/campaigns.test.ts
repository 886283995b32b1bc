import { afterAll, beforeAll, expect, test } from "vitest";
import { Emulator } from "../../../emulator/index.js";
import { type Cluster, connect, DataSet, type Session } from "../../../src/index.js";
import { type CliWorld, plainText, runCli } from "../../support/run-cli.js";

let emulator: Emulator;
let cluster: Cluster;
let session: Session;
const users = DataSet.of("test", "users");

beforeAll(async () => {
  emulator = await Emulator.start({ nodes: 2 });
  cluster = await connect(emulator.hosts);
  session = cluster.createSession();
  const keys = users.ids(Array.from({ length: 300 }, (_, i) => i));
  await session.putMany(keys.map((key, i) => [key, { age: i, score: 0 }]));
});
afterAll(async () => {
  await cluster.close();
  await emulator.close();
});

const cli = (argv: readonly string[], world: CliWorld = {}) => runCli(argv, { hosts: emulator.hosts, ...world });
const update = (...argv: string[]) => ["background", "update", "test.users", "--add", "score=1", ...argv];
const scores = async (): Promise<unknown[]> => [
  ...new Set((await session.query(users).bins("score").collect()).map(({ bins }) => bins["score"])),
];

test("a campaign runs in slices, is listed, shown, verified and forgotten", async () => {
  const done = await cli(update("--campaign", "first", "--once", "--yes"));
  expect(done.err).not.toContain("error");
  expect(done.exitCode).toBe(0);
  expect(done.out).toMatch(/^campaign first done: 300 records changed, 0 failed, in \d+ slice/);
  expect(await scores()).toEqual([1]);
  expect((await cli(["campaigns", "list"])).out).toMatch(/first +test\.users +update +done/);
  expect((await cli(["campaigns", "show", "first"])).out).toContain("once: yes");
  expect((await cli(["campaigns", "verify", "first"])).exitCode).toBe(0);
  const again = await cli(update("--campaign", "first", "--once", "--yes"));
  expect(again.exitCode).toBe(1);
  expect(again.err).toContain('"campaigns resume" goes on with it, "campaigns remove" forgets it');
  expect((await cli(["campaigns", "remove", "first"])).exitCode).toBe(4);
  expect((await cli(["campaigns", "remove", "first", "--yes"])).exitCode).toBe(0);
  expect((await cli(["campaigns", "show", "first"])).exitCode).toBe(8);
});

test("Ctrl-C pauses a campaign, and resume goes on with it", async () => {
  const before = (await scores())[0] as number;
  const gate = emulator.faults.holdJobs();
  let isPressed = false;
  const paused = await cli(update("--campaign", "second", "--once", "--yes"), {
    columns: 80,
    answers: ["pause"],
    onOutput(text, pressCtrlC) {
      if (isPressed || !plainText(text).includes("campaign ")) return;
      isPressed = true;
      setTimeout(() => {
        pressCtrlC();
        gate.release();
      }, 50);
    },
  });
  gate.release();
  expect(paused.exitCode).toBe(130);
  expect(paused.asked).toEqual(["This process runs the campaign second. What now?"]);
  expect(plainText(paused.err)).toContain("aerowire campaigns resume second");
  expect((await cli(["campaigns", "resume", "second"])).exitCode).toBe(4);
  expect((await cli(["campaigns", "resume", "second", "--yes"])).exitCode).toBe(0);
  expect(await scores()).toEqual([before + 1]);
});

test.each([
  ["an option of campaigns alone", update("--once", "--yes"), "--once is for campaigns: give it an id with --campaign"],
  [
    "a campaign that is to run by itself",
    update("--campaign", "x", "--detach", "--yes"),
    "--detach: a campaign is run by this process",
  ],
  [
    "a latency that is none",
    update("--campaign", "x", "--max-latency", "low"),
    "--max-latency: expected a whole number",
  ],
])("%s is refused", async (_name, argv, words) => {
  const outcome = await cli(argv);
  expect(outcome.exitCode).toBe(2);
  expect(outcome.err).toContain(words);
});

test("a dry run shows what records would become, on copies", async () => {
  const before = await scores();
  const outcome = await cli(update("-w", "$.age == 7", "-n", "--preview-changes"));
  expect(outcome.exitCode).toBe(0);
  expect(outcome.out).toMatch(/"score":\d+.*\n.*-> .*"score":\d+/);
  expect(outcome.out).toContain("Nothing but copies was changed.");
  expect(await scores()).toEqual(before);
});
