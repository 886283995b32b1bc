import { readFile } from "node:fs/promises";
import { transform } from "esbuild";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type DataSet, Filter, UdfError } from "../../src/index.js";
import { connectTarget, type TestTarget } from "../support/connect-target.js";

interface User {
  name: string;
  age: number;
  active: boolean;
  score?: number;
}

let target: TestTarget;
let users: DataSet<User>;

beforeAll(async () => {
  target = await connectTarget();
  users = target.dataSet<User>();
  const names = ["Ada", "Bob", "Cyd", "Dan", "Eve"];
  await target.session.putMany(
    names.map((name, i) => [users.id(i + 1), { name, age: 20 + 10 * i, active: i % 2 === 0 }] as const),
  );
});

afterAll(async () => {
  await target[Symbol.asyncDispose]();
});

function blocks(text: string, language: string): string[] {
  return Array.from(text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms")), ([, code = ""]) => code);
}

it("what docs/functions.md shows runs, and prints what it says", async () => {
  // Modules and indexes have names of this run's own, so that others can run the same beside it.
  const unique = target.uniqueName();
  const text = (await readFile("docs/functions.md", "utf8"))
    .replaceAll(/"(scores|stats)(\.lua)?"/g, (_, name, ending = "") => `"${unique}${name}${ending}"`)
    .replaceAll(" // scores.lua ", ` // ${unique}scores.lua `)
    .replaceAll('"users_age"', `"${unique}age"`);
  const [scores, stats] = blocks(text, "lua");
  const programs = blocks(text, "ts");
  expect(programs.length).toBeGreaterThan(4);
  try {
    for (const program of programs) {
      const expected = Array.from(program.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm), ([, line]) => line);
      const printed: string[] = [];
      const log = (...values: readonly unknown[]): void => void printed.push(values.map(String).join(" "));
      const { code } = await transform(`export async function run() {\n${program}\n}`, { loader: "ts", format: "cjs" });
      const names = ["session", "users", "scores", "stats", "Filter", "UdfError", "console"];
      const body = `const module = { exports: {} };\n${code}\nreturn module.exports.run();`;
      const given = [target.session, users, scores, stats, Filter, UdfError, { log }];
      await new Function(...names, body)(...given);
      expect(printed, program).toEqual(expected);
    }
  } finally {
    await target.session.index(users).named(`${unique}age`).drop();
    for (const module of ["scores", "stats"]) await target.session.removeUdf(`${unique}${module}.lua`);
  }
});
