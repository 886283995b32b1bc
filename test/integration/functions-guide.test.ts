import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type DataSet, Filter, UdfError } from "../../src/index.js";
import { connectTarget, type TestTarget } from "../support/connect-target.js";
import { announced, blocksOf, runProgram } from "../support/run-guide.js";

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

it("what docs/functions.md shows runs, and prints what it says", async () => {
  // Modules and indexes have names of this run's own, so that others can run the same beside it.
  const unique = target.uniqueName();
  const text = (await readFile("docs/functions.md", "utf8"))
    .replaceAll(/"(scores|stats)(\.lua)?"/g, (_, name, ending = "") => `"${unique}${name}${ending}"`)
    .replaceAll(" // scores.lua ", ` // ${unique}scores.lua `)
    .replaceAll('"users_age"', `"${unique}age"`);
  const [scores, stats] = blocksOf(text, "lua");
  const programs = blocksOf(text, "ts");
  expect(programs.length).toBeGreaterThan(4);
  try {
    for (const program of programs) {
      const given = { session: target.session, users, scores, stats, Filter, UdfError };
      expect(await runProgram(program, given), program).toEqual(announced(program));
    }
  } finally {
    await target.session.index(users).named(`${unique}age`).drop();
    for (const module of ["scores", "stats"]) await target.session.removeUdf(`${unique}${module}.lua`);
  }
});
