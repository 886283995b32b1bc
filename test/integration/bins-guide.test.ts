import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Exp, type GeoJson, type Hll, MapOrder } from "../../src/index.js";
import { connectTarget, type TestTarget } from "../support/connect-target.js";
import { announced, blocksOf, runProgram } from "../support/run-guide.js";

interface Player {
  name: string;
  score: number;
  tags: string[];
  stock: { [name: string]: number };
  items: { name: string; price: number }[];
  flags: Uint8Array;
  seen: Hll;
  home: GeoJson;
}

let target: TestTarget;

beforeAll(async () => {
  target = await connectTarget();
});

afterAll(async () => {
  await target[Symbol.asyncDispose]();
});

it("what docs/bins.md shows runs, and prints what it says", async () => {
  const programs = blocksOf(await readFile("docs/bins.md", "utf8"), "ts");
  expect(programs.length).toBeGreaterThan(3);
  const given = { session: target.session, players: target.dataSet<Player>(), Exp, MapOrder };
  for (const program of programs) {
    expect(await runProgram(program, given), program).toEqual(announced(program));
  }
});
