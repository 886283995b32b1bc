import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { describe, expect, inject, test } from "vitest";
import { run, runToEnd } from "../support/run.js";

const plainProject = inject("plainProject");
const luaProject = inject("luaProject");

/** Writes a program into a project and runs it there. */
async function runIn(project: string, name: string, program: string): Promise<string> {
  await writeFile(join(project, name), program);
  return run(process.execPath, [name], { cwd: project });
}

const SETUP = `
const emulator = await Emulator.start({ nodes: 3 });
const client = await connect(emulator.hosts);
const session = client.createSession();
const users = DataSet.of("test", "users");
`;

const REGISTER = `
import { connect, DataSet } from "aerowire";
import { Emulator } from "aerowire/emulator";
${SETUP}
try {
  const registered = await session.registerUdf("function double(rec, bin) rec[bin] = rec[bin] * 2 aerospike:update(rec) end", "numbers.lua");
  await registered.waitTillComplete();
  await session.put(users.id(1), { age: 21 });
  const task = await session.backgroundTask().executeUdf(users).function("numbers", "double").passing("age").execute();
  await task.waitTillComplete();
  console.log((await session.get(users.id(1))).bins.age);
} catch (error) {
  console.log(error.message);
} finally {
  await client.close();
  await emulator.close();
}
`;

describe("on Node.js", () => {
  test("a program loads, updates and reads, and ends by itself", async () => {
    const printed = await runIn(
      plainProject,
      "update.js",
      `
import { connect, DataSet } from "aerowire";
import { Emulator } from "aerowire/emulator";
${SETUP}
for (let id = 0; id < 100; id++) await session.put(users.id(id), { age: id, active: id % 2 === 0, score: 0 });
const task = await session.backgroundTask().update(users).where("$.active == true and $.age > ?0", 30).bin("score").add(1).execute();
const { succeeded, filteredByBins } = await task.waitTillComplete();
const { bins, generation } = await session.get(users.id(32));
console.log(succeeded, filteredByBins, bins.score, generation);
await client.close();
await emulator.close();
`,
    );
    expect(printed).toBe("34 66 1 2\n");
  });

  test("require takes it, too", async () => {
    const printed = await runIn(
      plainProject,
      "require.cjs",
      `
const { AelParseError, Exp, VERSION } = require("aerowire");
const ael = require("aerowire/ael");
const { Emulator } = require("aerowire/emulator");
console.log(ael.aelOf(Exp.gt(Exp.intBin("age"), Exp.intVal(30))), ael.AelParseError === AelParseError);
console.log(typeof Exp.intBin, typeof Emulator.start, VERSION === require("aerowire/package.json").version);
`,
    );
    expect(printed).toBe("$.age > 30 true\nfunction function true\n");
  });

  test("classes have the names that they are exported by", async () => {
    const printed = await runIn(
      plainProject,
      "names.js",
      `
import * as client from "aerowire";
import * as ael from "aerowire/ael";
import * as emulator from "aerowire/emulator";
import { inspect } from "node:util";
for (const [name, value] of Object.entries({ ...client, ...ael, ...emulator })) {
  if (typeof value === "function" && value.name !== name) console.log(name, value.name);
}
console.log(inspect(new client.RecordNotFoundError("gone")).split("\\n")[0]);
console.log(inspect(client.CTX.listIndex(1)));
`,
    );
    // The class behind Exp has a name of its own in the source, too.
    expect(printed.split("\n").slice(0, 2)).toEqual(["Exp Expression", "RecordNotFoundError: gone"]);
    expect(printed).toContain("CTX {");
  });

  test("stacks name the functions of the source", async () => {
    await writeFile(join(plainProject, "wrong.js"), 'import { DataSet } from "aerowire"; DataSet.of("", "users");');
    const { stderr } = await runToEnd(process.execPath, ["wrong.js"], { cwd: plainProject });
    expect(stderr).toMatch(/at checkNamespace \(.*dist\/chunks\/\w+\.js:\d+/);
    expect(stderr).toMatch(/at DataSet\.of \(.*dist\/chunks\/\w+\.js:\d+/);
  });
});

describe("Lua in the emulator", () => {
  test("runs where wasmoon is installed", async () => {
    expect(await runIn(luaProject, "lua.js", REGISTER)).toBe("42\n");
  });

  test("is refused where it is not", async () => {
    expect(await runIn(plainProject, "lua.js", REGISTER)).toMatch(/wasmoon/);
  });
});

const AGGREGATE = `
import { connect, DataSet } from "aerowire";
import { Emulator } from "aerowire/emulator";
${SETUP}
const source = "function total(s) return s : map(function(r) return r.age end) : reduce(function(a, b) return a + b end) end";
try {
  for (let id = 0; id < 10; id++) await session.put(users.id(id), { age: id });
  const registered = await session.registerUdf(source, "stats.lua").catch(() => undefined);
  await registered?.waitTillComplete();
  console.log(await session.query(users).aggregate("stats", "total").collect({ sources: { stats: source } }));
} catch (error) {
  console.log(error.name + ": " + error.message);
} finally {
  await client.close();
  await emulator.close();
}
`;

describe("Lua in the client", () => {
  test("ends an aggregation where wasmoon is installed", async () => {
    expect(await runIn(luaProject, "aggregate.js", AGGREGATE)).toBe("[ 45 ]\n");
  });

  test("is refused where it is not, with what to install", async () => {
    expect(await runIn(plainProject, "aggregate.js", AGGREGATE)).toMatch(
      /^AerospikeError: aggregate: .* add the package wasmoon \(1\.16 or a later 1\.x\) to your project\n$/,
    );
  });
});

describe("bundled for a browser", () => {
  async function bundled(program: string): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), "aerowire-browser-"));
    const outfile = join(folder, "bundle.mjs");
    const stdin = { contents: program, resolveDir: plainProject };
    await build({ stdin, outfile, bundle: true, format: "esm", platform: "browser", logLevel: "silent" });
    return run(process.execPath, [outfile]);
  }

  test("expressions work", async () => {
    const program = 'import { Exp } from "aerowire"; console.log(Exp.eq(Exp.intBin("a"), Exp.intVal(1)).toBase64());';
    expect(await bundled(program)).toBe("kwGTUQKhYQE=\n");
  });

  test("connect says what is missing", async () => {
    const program = 'import { connect } from "aerowire"; connect("localhost").catch((e) => console.log(e.message));';
    expect(await bundled(program)).toMatch(/^There are no TCP sockets .* WebSocket gateway\.\n$/);
  });
});
