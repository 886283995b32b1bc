import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Emulator } from "../../../emulator/index.js";
import { type CliWorld, plainText, runCli } from "../../support/run-cli.js";

let emulator: Emulator;
let folder: string;
beforeAll(async () => {
  emulator = await Emulator.start({ nodes: 3 });
  folder = await mkdtemp(join(tmpdir(), "aerowire-cli-"));
  await writeFile(join(folder, "sums.lua"), "function add(rec, n) return (rec.a or 0) + n end\n");
});
afterAll(async () => {
  await emulator.close();
  await rm(folder, { recursive: true });
});

const cli = (argv: readonly string[], world: CliWorld = {}) => runCli(argv, { hosts: emulator.hosts, ...world });

test("nodes, sets and info", async () => {
  await cli(["put", "test.seen", "1", "a=1"]);
  const nodes = await cli(["nodes"], { columns: 200 });
  expect(plainText(nodes.out)).toContain("(3 nodes): stable");
  expect(plainText(nodes.out).match(/BB9AE\w+/g)).toHaveLength(3);
  const json = JSON.parse((await cli(["nodes", "--json"])).out) as {
    nodes: { latencyMs: number }[];
    isStable: boolean;
  };
  expect(json).toMatchObject({ isStable: true, nodes: { length: 3 } });
  for (const { latencyMs } of json.nodes) expect(latencyMs).toBeGreaterThan(0);
  expect((await cli(["sets", "test"])).out).toContain("test.seen");
  expect((await cli(["sets", "nope"])).exitCode).toBe(8);
  expect(JSON.parse((await cli(["info", "build", "--json"])).out)).toMatchObject({});
  expect((await cli(["info", "build"])).out.match(/8\.1\.2\.0/g)).toHaveLength(3);
  expect((await cli(["info", "build", "--node", "nope"])).exitCode).toBe(8);
  expect((await cli(["info", "nonsense"])).exitCode).toBe(1);
});

test("every table fits into 80 and into 40 columns", async () => {
  for (const columns of [40, 80]) {
    for (const argv of [["nodes"], ["sets"], ["jobs", "list"], ["index", "list"]]) {
      const { out } = await cli(argv, { columns });
      for (const line of plainText(out)
        .split("\n")
        .slice(argv[0] === "nodes" ? 1 : 0)) {
        expect(line.length, line).toBeLessThanOrEqual(columns);
      }
    }
  }
});

test("indexes are created, listed and dropped", async () => {
  const create = ["index", "create", "test.people"];
  expect((await cli([...create, "by_age", "--bin", "age", "--type", "integer"])).exitCode).toBe(0);
  expect((await cli([...create, "by_city", "--bin", "a", "--context", "$.a.city", "--type", "string"])).exitCode).toBe(
    0,
  );
  expect((await cli([...create, "x", "--bin", "b", "--context", "$.a.city", "--type", "string"])).err).toContain(
    'begins with the bin "a"',
  );
  expect((await cli([...create, "x"])).err).toContain("one of --bin, --expression and --whole-set");
  expect((await cli([...create, "x", "--bin", "a"])).err).toContain("--type: say one of");
  expect((await cli(["index", "list", "test.people"])).out).toMatch(/by_age +test\.people +age +integer +readable/);
  expect((await cli(["ael", "explain", "$.age > 30", "--on", "test.people"])).out).toContain("by_age");
  expect((await cli(["index", "drop", "test.people", "by_age"])).exitCode).toBe(4);
  expect((await cli(["index", "drop", "test.people", "by_age", "--yes"])).exitCode).toBe(0);
  expect((await cli(["index", "drop", "test.people", "by_age", "--yes"])).exitCode).toBe(8);
});

test("modules are registered, shown, run and removed; another source is asked for", async () => {
  const file = join(folder, "sums.lua");
  expect((await cli(["udf", "register", file])).exitCode).toBe(0);
  expect((await cli(["udf", "register", file])).exitCode).toBe(0);
  expect((await cli(["udf", "list"])).out).toContain("sums.lua");
  expect((await cli(["udf", "show", "sums.lua"])).out).toContain("function add(rec, n)");
  await cli(["put", "test.seen", "1", "a=1"]);
  expect((await cli(["udf", "run", "test.seen", "1", "sums.add", "41"])).out).toBe("42\n");
  expect((await cli(["udf", "run", "test.seen", "1", "sums"])).err).toContain('expected module.function, got "sums"');
  await writeFile(file, "function add(rec, n) return n end\n");
  expect((await cli(["udf", "register", file])).exitCode).toBe(4);
  expect((await cli(["udf", "register", join(folder, "none.lua")])).err).toContain("there is no such file");
  await writeFile(join(folder, "wrong.lua"), "function (");
  expect((await cli(["udf", "register", join(folder, "wrong.lua")])).exitCode).toBe(1);
  expect((await cli(["udf", "remove", "sums.lua"])).exitCode).toBe(4);
  expect((await cli(["udf", "remove", "sums.lua", "--yes"])).exitCode).toBe(0);
  expect((await cli(["udf", "remove", "sums.lua", "--yes"])).exitCode).toBe(8);
});

test("expressions need no cluster", async () => {
  const alone = (argv: readonly string[], world: CliWorld = {}) => runCli(["ael", ...argv], world);
  expect((await alone(["check", "$.age > ?0", "-p", "3"])).out).toContain("right; server");
  expect(await alone(["check", "$.age >"])).toMatchObject({ exitCode: 2, out: "" });
  expect((await alone(["format", "$.a>1 and ($.b==2)"])).out).toBe("$.a > 1 and $.b == 2\n");
  expect((await alone(["format", "-"], { stdin: "$.a>1\n" })).out).toBe("$.a > 1\n");
  expect((await alone(["explain", "$.age > 30"])).out).toContain("reads    age INT");
});

test("completion offers commands, options, sets, clusters and tasks", async () => {
  await cli(["put", "test.seen", "1", "a=1"]);
  const offered = async (...words: string[]): Promise<string[]> => {
    const { out, exitCode, err } = await cli(["__complete", "--", ...words]);
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: "" });
    return out
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => line.split("\t")[0] ?? "");
  };
  expect(await offered("ba")).toEqual(["background"]);
  expect(await offered("background", "")).toEqual(["update", "delete", "touch", "replace", "udf"]);
  expect(await offered("query", "test.se")).toEqual(["test.seen"]);
  expect(await offered("query", "test.seen", "--lim")).toEqual(["--limit"]);
  expect(await offered("query", "test.seen", "--format", "")).toEqual(["table", "jsonl", "csv"]);
  expect(await offered("info", "build", "--node", "")).toHaveLength(3);
  expect(await offered("completion", "z")).toEqual(["zsh"]);
  expect(await offered("-H", "127.0.0.1:1", "query", "")).toEqual([]);
  for (const shell of ["bash", "zsh", "fish"])
    expect((await cli(["completion", shell])).out).toContain("aerowire __complete");
});

test("the shell carries lines out, until one fails", async () => {
  await cli(["put", "test.seen", "1", "a=1"]);
  const lines = [
    "# a comment",
    "use test.seen",
    "$.a == 1",
    'query test.seen --where "$.a > 5" --count',
    "nonsense",
    "sets",
  ];
  const outcome = await cli(["shell"], { stdin: lines.join("\n") });
  expect(outcome.exitCode).toBe(2);
  expect(outcome.out).toContain('"bins":{"a":1}');
  expect(outcome.out).toMatch(/\n0\n$/);
  expect(outcome.err).toContain("unknown command 'nonsense'");
  const wrong = await cli(["shell", "--use", "test.seen"], { stdin: "$.a >> \n" });
  expect(wrong.err).toMatch(/\n {2}\$\.a >>\n {8}\^/);
  expect((await cli(["shell"], { stdin: "$.a == 1\n" })).err).toContain("say which by use <namespace.set>");
  expect((await cli(["shell"], { stdin: "help\nexit\nnonsense\n" })).exitCode).toBe(0);
});
