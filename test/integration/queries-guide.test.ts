import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Behavior, type DataSet, Filter } from "../../src/index.js";
import { connectTarget, type TestTarget } from "../support/connect-target.js";
import { announced, blocksOf, runProgram } from "../support/run-guide.js";

interface User {
  name: string;
  age: number;
  active: boolean;
}

let target: TestTarget;
let users: DataSet<User>;
let indexName: string;

beforeAll(async () => {
  target = await connectTarget();
  users = target.dataSet<User>();
  const names = ["Ada", "Bob", "Cyd", "Dan", "Eve"];
  await target.session.putMany(
    names.map((name, i) => [users.id(i + 1), { name, age: 20 + 10 * i, active: i % 2 === 0 }] as const),
  );
  indexName = target.uniqueName();
  const created = await target.session.index(users).onBin("name").named(indexName).string().create();
  await created.waitTillComplete({ totalTimeout: 20_000 });
});

afterAll(async () => {
  await target.session.index(users).named(indexName).drop();
  await target[Symbol.asyncDispose]();
});

it("what docs/queries.md shows runs, and prints what it says", async () => {
  const programs = blocksOf(await readFile("docs/queries.md", "utf8"), "ts");
  expect(programs.length).toBeGreaterThan(7);
  const given = { session: target.session, users, Filter, Behavior, signal: new AbortController().signal };
  for (const program of programs) {
    const printed = (await runProgram(program, given)).map((line) => line.split("\n")[0]);
    expect(printed, program).toEqual(announced(program));
  }
});
