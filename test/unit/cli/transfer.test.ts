import { mkdtemp, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Emulator } from "../../../emulator/index.js";
import { type Cluster, connect, DataSet, GeoJson } from "../../../src/index.js";
import { type CliWorld, runCli } from "../../support/run-cli.js";

let emulator: Emulator;
let cluster: Cluster;
let folder: string;
const RECORDS = 4_000;
/** So large that an export is written in several pieces. */
const FILLER = "x".repeat(1_000);

beforeAll(async () => {
  emulator = await Emulator.start();
  cluster = await connect(emulator.hosts);
  folder = await mkdtemp(join(tmpdir(), "aerowire-cli-"));
  const keys = DataSet.of("test", "big").ids(Array.from({ length: RECORDS }, (_, i) => i));
  await cluster.createSession().putMany(keys.map((key, i) => [key, { i, filler: FILLER }]));
});
afterAll(async () => {
  await cluster.close();
  await emulator.close();
  await rm(folder, { recursive: true });
});

const cli = (argv: readonly string[], world: CliWorld = {}) => runCli(argv, { hosts: emulator.hosts, ...world });
const inFolder = (name: string): string => join(folder, name);

test("what is exported is imported as it was: types, keys, times to live", async () => {
  const lines = [
    '{"set":"kinds","key":1,"bins":{"i":1,"d":1.0,"t":"x","b":true,"raw":{"$bytes":"AAE="},"m":{"$map":[[1,"a"]]},"l":[1,1.5]},"expires":null}',
    `{"set":"kinds","key":"text","bins":{"g":{"$geojson":${JSON.stringify(new GeoJson({ type: "Point", coordinates: [1, 2] }).text)}}},"ttl":1000}`,
    '{"set":"kinds","digest":"00112233445566778899aabbccddeeff00112233","bins":{"big":9223372036854775807},"expires":1}',
  ];
  await writeFile(inFolder("kinds.jsonl"), `${lines.join("\n")}\n\n`);
  const imported = await cli(["import", "test.kinds", inFolder("kinds.jsonl"), "--yes", "--json"]);
  expect(JSON.parse(imported.out)).toEqual({ written: 2, existed: 0, expired: 1 });
  const { out } = await cli(["export", "test.kinds"]);
  const exported = out.trim().split("\n").sort();
  expect(exported).toHaveLength(2);
  expect(exported.join("\n")).toContain(
    '"i":1,"d":1.0,"t":"x","b":true,"raw":{"$bytes":"AAE="},"m":{"$map":[[1,"a"]]},"l":[1,1.5]',
  );
  expect(exported.join("\n")).toContain('"key":"text"');
  expect(exported.join("\n")).toMatch(/"expires":\d{10}/);
  // There and back once more changes nothing.
  const again = await cli(["import", "test.kinds", "--yes"], { stdin: out });
  expect(again.exitCode).toBe(0);
  const bins = (text: string): string[] =>
    text
      .trim()
      .split("\n")
      .map((line) => line.replace(/,"generation".*/, ""))
      .sort();
  expect(bins((await cli(["export", "test.kinds"])).out)).toEqual(bins(out));
});

test.each(["big.jsonl", "big.jsonl.gz"])("an export to %s that was cut off goes on where it was", async (name) => {
  const file = inFolder(name);
  let presses = 0;
  const cut = await cli(["export", "test.big", file], {
    columns: 80,
    onOutput(text, pressCtrlC) {
      if (/records exported/.test(text) && presses++ === 0) pressCtrlC();
    },
  });
  if (cut.exitCode !== 0) {
    expect(cut.exitCode).toBe(130);
    expect(cut.err).toContain("--resume goes on from there");
    // As if the process had died while it wrote.
    await truncate(file, (await stat(file)).size + 100);
    expect((await cli(["export", "test.big", file, "--resume", "--where", "$.i > 1"])).exitCode).toBe(2);
    expect((await cli(["export", "test.big", file, "--resume"])).exitCode).toBe(0);
  }
  const bytes = await readFile(file);
  const text = String(name.endsWith(".gz") ? gunzipSync(bytes) : bytes);
  const found = text
    .trim()
    .split("\n")
    .map((line) => (JSON.parse(line) as { bins: { i: number } }).bins.i);
  expect(found.sort((a, b) => a - b)).toEqual(Array.from({ length: RECORDS }, (_, i) => i));
  expect((await cli(["export", "test.big", file, "--resume"])).err).toContain("was never begun, or it was finished");
  expect((await cli(["export", "test.big", file])).exitCode).toBe(4);
});

test.each([
  ["no JSON", "{", "line 2:"],
  ["no bins", '{"key":1}', "line 2: bins: expected an object"],
  ["no key", '{"bins":{}}', "line 2: expected key or digest"],
  [
    "another set's digest",
    '{"set":"other","digest":"00112233445566778899aabbccddeeff00112233","bins":{"a":1}}',
    "can't go to the set",
  ],
])("an import stops at a line with %s, and says how to go on", async (_name, line, words) => {
  const good = '{"key":"good","bins":{"a":1}}';
  const outcome = await cli(["import", "test.stops", "--yes"], { stdin: `${good}\n${line}\n${good}\n` });
  expect(outcome.exitCode).toBe(2);
  expect(outcome.err).toContain(words);
  expect(outcome.err).toContain("--from-line 2 goes on there");
});

test.each(["", "nothing.jsonl", "broken.jsonl.gz"])("an import of what can't be read says so: %j", async (name) => {
  await writeFile(inFolder("broken.jsonl.gz"), Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
  const { exitCode, err } = await cli(["import", "test.kinds", inFolder(name), "--yes"]);
  expect(exitCode).toBe(1);
  expect(err).toMatch(/error: (.*no such file|line 1: |.*it is a folder)/);
  expect(err).not.toMatch(/^ +at /m);
});

test("a folder is no file", async () => {
  const imported = await cli(["import", "test.things", folder]);
  expect(imported).toMatchObject({ exitCode: 1, asked: [] });
  expect(imported.err).toContain("it is a folder");
  const exported = await cli(["export", "test.things", join(folder, "none", "x.jsonl")]);
  expect(exported.exitCode).toBe(1);
  expect(exported.err).toContain("there is no such file or folder");
});

test("an import is asked for, a dry run is not, and insert leaves what is there", async () => {
  const line = '{"key":1,"bins":{"a":1}}\n';
  expect((await cli(["import", "test.asked"], { stdin: line })).exitCode).toBe(4);
  expect((await cli(["import", "test.asked", "-n"], { stdin: line })).err).toContain("Nothing was changed.");
  expect((await cli(["exists", "test.asked", "1"])).exitCode).toBe(8);
  await cli(["import", "test.asked", "--yes"], { stdin: line });
  const second = await cli(["import", "test.asked", "--yes", "--mode", "insert", "--json"], {
    stdin: '{"key":1,"bins":{"a":2}}\n',
  });
  expect(JSON.parse(second.out)).toMatchObject({ written: 0, existed: 1 });
  expect((await cli(["get", "test.asked", "1"])).out).toContain('"a":1');
});
