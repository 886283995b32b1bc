import { afterAll, beforeAll, expect, test } from "vitest";
import { Emulator } from "../../../emulator/index.js";
import { type Cluster, connect, DataSet } from "../../../src/index.js";
import { type CliWorld, plainText, runCli } from "../../support/run-cli.js";

let emulator: Emulator;
let cluster: Cluster;
beforeAll(async () => {
  emulator = await Emulator.start({ nodes: 2 });
  cluster = await connect(emulator.hosts);
});
afterAll(async () => {
  await cluster.close();
  await emulator.close();
});

/** Writes records 1 to `count` of a set. */
async function fill(
  set: string,
  count: number,
  bins: (i: number) => { [bin: string]: string | number },
): Promise<void> {
  const keys = DataSet.of("test", set).ids(Array.from({ length: count }, (_, i) => i + 1));
  await cluster.createSession().putMany(keys.map((key, i) => [key, bins(i + 1)]));
}

const cli = (argv: readonly string[], world: CliWorld = {}) => runCli(argv, { hosts: emulator.hosts, ...world });

test("a record is written, read, asked for and deleted, with the types of its values", async () => {
  const bins = [
    "name=Ada",
    "age=36",
    "score=1.0",
    'tags=["a",2]',
    "big=9007199254740993",
    'raw={"$bytes":"AAE="}',
    "n=null",
  ];
  expect(await cli(["put", "test.records", "1", ...bins])).toMatchObject({
    exitCode: 0,
    out: "written, generation 1\n",
  });
  const read = await cli(["get", "test.records", "1"]);
  expect(read.exitCode).toBe(0);
  expect(JSON.parse(read.out)).toMatchObject({ set: "records", key: 1, generation: 1, ttl: -1 });
  expect(read.out).toContain('"age":36,');
  expect(read.out).toContain('"score":1.0,');
  expect(read.out).toContain('"tags":["a",2]');
  expect(read.out).toContain('"big":9007199254740993');
  expect(read.out).toContain('"raw":{"$bytes":"AAE="}');
  expect(read.out).not.toContain('"n"');
  expect(await cli(["exists", "test.records", "1", "2"])).toMatchObject({ exitCode: 8, out: "yes  1\nno   2\n" });
  expect(await cli(["delete", "test.records", "1", "2", "--yes"])).toMatchObject({
    exitCode: 8,
    out: "deleted 1 record\n",
    err: "no record: 2\n",
  });
  expect((await cli(["get", "test.records", "1"])).exitCode).toBe(8);
});

test.each([
  ["insert of a record that is there", ["put", "test.there", "1", "a=1", "--mode", "insert"], 1, "exists"],
  ["update of one that is not", ["put", "test.there", "2", "a=1", "--mode", "update"], 8, ""],
  ["another generation", ["put", "test.there", "1", "a=1", "--generation", "7"], 1, "generation"],
  ["no bin", ["put", "test.there", "1", "a"], 2, 'expected bin=value, got "a"'],
  ["a bin twice", ["put", "test.there", "1", "a=1", "a=2"], 2, '"a" is given twice'],
  ["a set that is none", ["put", "test", "1", "a=1"], 2, "expected namespace.set"],
  ["a namespace that is not there", ["get", "nope.x", "1"], 8, '"nope" does not exist'],
  ["JSON that is none", ["put", "test.there", "1", "a={"], 2, "a:"],
  ["a digest that is none", ["get", "test.there", "digest:12"], 2, "40 hexadecimal digits"],
])("%s is told in plain words", async (_name, argv, exitCode, words) => {
  await cli(["put", "test.there", "1", "a=1", "--mode", "replace"]);
  const outcome = await cli(argv);
  expect(outcome.exitCode).toBe(exitCode);
  expect(outcome.err).toContain(words);
  expect(outcome.err).not.toMatch(/\n\s+at /);
});

test("a deletion at a terminal is asked for, and nothing but a yes deletes", async () => {
  await cli(["put", "test.asked", "1", "a=1"]);
  for (const answers of [[false], [undefined]]) {
    const outcome = await cli(["delete", "test.asked", "1"], { columns: 80, answers });
    expect(outcome.exitCode).toBe(4);
    expect(outcome.asked).toEqual([`Delete record 1 of test.asked on cluster ${emulator.hosts} (2 nodes)?`]);
  }
  expect(await cli(["delete", "test.asked", "1"])).toMatchObject({ exitCode: 4 });
  expect((await cli(["exists", "test.asked", "1"])).exitCode).toBe(0);
  expect((await cli(["delete", "test.asked", "1"], { columns: 80, answers: [true] })).exitCode).toBe(0);
});

test("a query writes JSON lines, CSV or a table, counts, sorts and explains", async () => {
  await fill("people", 5, (i) => ({ name: `P${i}`, age: 10 * i }));
  const query = (...argv: string[]) => cli(["query", "test.people", ...argv]);
  expect((await query("--where", "$.age > ?0", "-p", "30", "--count")).out).toBe("2\n");
  expect((await query("--json")).out.trim().split("\n")).toHaveLength(5);
  const csv = (await query("--bins", "name,age", "--format", "csv")).out.trim().split("\n");
  expect(csv[0]).toBe("key,name,age");
  expect(
    csv
      .slice(1)
      .map((line) => line.split(",").slice(1).join())
      .sort(),
  ).toEqual(["P1,10", "P2,20", "P3,30", "P4,40", "P5,50"]);
  const sorted = await query("--sort", "-age", "--limit", "2", "--bins", "age");
  expect(sorted.out.match(/"age":\d+/g)).toEqual(['"age":50', '"age":40']);
  expect((await query("--where", "$.age > 30", "--explain")).out).toContain("where: $.age > 30");
  const table = await query("--limit", "2");
  expect(table.out.trim().split("\n")).toHaveLength(2);
  const shown = await cli(["query", "test.people", "--bins", "name"], { columns: 80 });
  expect(plainText(shown.out)).toMatch(/^key +name +gen +ttl\n/);
  expect(shown.err).toBe("5 records\n");
});

test("CSV refuses to leave out a bin that comes late", async () => {
  await fill("late", 1_100, (i) => (i === 1_100 ? { a: 1, b: 2 } : { a: 1 }));
  const outcome = await cli(["query", "test.late", "--format", "csv"]);
  // Which records come first, nobody knows: the bin is either among the first thousand, or an error.
  if (outcome.exitCode === 0) expect(outcome.out.split("\n")[0]).toMatch(/^key,(a,b|b,a)$/);
  else
    expect(outcome.err).toContain(
      'has the bin "b", which none of the first 1000 records has; name the columns with --bins',
    );
  const named = await cli(["query", "test.late", "--format", "csv", "--bins", "a,b"]);
  expect(named.out.trim().split("\n")).toHaveLength(1_101);
});

test("a wrong expression shows its place", async () => {
  const outcome = await cli(["query", "test.people", "--where", "$.age >> "]);
  expect(outcome.exitCode).toBe(2);
  expect(outcome.err).toMatch(/\n {2}\$\.age >> \n {11}\^\n/);
});

test("a reader that goes away ends a query without a word", async () => {
  await fill("long", 200, () => ({ text: "x".repeat(500) }));
  const outcome = await cli(["query", "test.long"], { closeAfter: 1_000 });
  expect(outcome).toMatchObject({ exitCode: 141, err: "" });
});

test("output that can't be written is an error", async () => {
  await fill("full", 2_500, () => ({ text: "x".repeat(500) }));
  for (const argv of [
    ["query", "test.full"],
    ["export", "test.full"],
  ]) {
    const outcome = await cli(argv, { closeAfter: 1_000, closeCode: "ENOSPC" });
    expect(outcome.exitCode).toBe(1);
    expect(outcome.err).toMatch(/error: The output could not be written: the disk is full\n$/);
  }
});
