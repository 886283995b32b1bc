import { readFile } from "node:fs/promises";
import { transform } from "esbuild";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { parseConfig } from "../../src/config/index.js";
import * as aerowire from "../../src/index.js";
import { openTelemetry } from "../../src/opentelemetry/index.js";
import { connectTarget, type TestTarget } from "../support/connect-target.js";

interface User {
  name: string;
  age: number;
  active: boolean;
}

let target: TestTarget;
let users: aerowire.DataSet<User>;

beforeAll(async () => {
  target = await connectTarget();
  users = target.dataSet<User>();
});

beforeEach(async () => {
  const names = ["Ada", "Bob", "Cyd", "Dan", "Eve"];
  await target.session.putMany(
    names.map((name, i) => [users.id(i + 1), { name, age: 20 + 10 * i, active: i % 2 === 0 }] as const),
  );
});

afterAll(async () => {
  await target[Symbol.asyncDispose]();
});

/** The programs of a guide. Those that need TLS and users, which the target may not have, are compiled elsewhere only. */
async function programsOf(guide: string): Promise<string[]> {
  const [host = "", port] = target.hosts.split(",")[0]?.split(":") ?? [];
  // Sets that a guide makes itself are of this run's own, so that others can run the same beside it.
  const text = (await readFile(guide, "utf8"))
    .replaceAll('"test", "users"', `"test", "${target.dataSet().setName}"`)
    .replaceAll('"db1.example.org", 3000', `"${host}", ${port}`);
  return Array.from(text.matchAll(/^```ts\n(.*?)^```$/gms), ([, code = ""]) => code)
    .filter((code) => !code.includes("tls"))
    .map((code) => code.replace(/^import .*;$/gm, "").replaceAll("db1.example.org:3000", target.hosts));
}

it.each([
  "docs/getting-started.md",
  "docs/values.md",
  "docs/migration.md",
  "docs/operations.md",
  "docs/connecting.md",
  "docs/configuration.md",
  "docs/security.md",
  "docs/observability.md",
  "docs/behaviors.md",
  "docs/errors-and-retries.md",
  "docs/indexes.md",
  "docs/administration.md",
])("what %s shows runs, and prints what it says", async (guide) => {
  const programs = await programsOf(guide);
  expect(programs.length).toBeGreaterThan(0);
  const [, yaml = ""] = /^```yaml\n(.*?)^```$/ms.exec(await readFile(guide, "utf8")) ?? [];
  const document = yaml.replace("db1.example.org:3000", target.hosts);
  for (const program of programs) {
    const expected = Array.from(program.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm), ([, line]) => line);
    const printed: string[] = [];
    const log = (...values: readonly unknown[]): void => void printed.push(values.map(String).join(" "));
    const given = {
      ...aerowire,
      openTelemetry,
      parseConfig,
      loadConfig: () => parseConfig(document),
      cluster: target.client,
      session: target.session,
      users,
      signal: new AbortController().signal,
      console: { log },
    };
    const [host = ""] = target.hosts.split(",");
    const source = `export async function run() {\n${program.replaceAll("localhost:3000", host)}\n}`;
    const { code } = await transform(source, { loader: "ts", format: "cjs", target: "node20" });
    const body = `const module = { exports: {} };\n${code}\nreturn module.exports.run();`;
    await new Function(...Object.keys(given), body)(...Object.values(given));
    expect(printed, program).toEqual(expected);
  }
});
