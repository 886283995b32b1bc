import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { generate } from "selfsigned";
import { expect, it } from "vitest";
import { Emulator } from "../../emulator/index.js";
import * as aerowire from "../../src/index.js";
import { blocksOf, runProgram } from "../support/run-guide.js";

type Work = () => Promise<void>;

/** A test runner, as far as the guide needs one. */
class Runner {
  readonly #beforeAll: Work[] = [];
  readonly #before: Work[] = [];
  readonly #after: Work[] = [];
  readonly #afterAll: Work[] = [];
  readonly #tests = new Map<string, Work>();
  readonly given = {
    beforeAll: (work: Work) => void this.#beforeAll.push(work),
    afterAll: (work: Work) => void this.#afterAll.push(work),
    beforeEach: (work: Work) => void this.#before.push(work),
    afterEach: (work: Work) => void this.#after.push(work),
    test: (name: string, work: Work) => void this.#tests.set(name, work),
  };

  async run(): Promise<readonly string[]> {
    for (const each of this.#beforeAll) await each();
    for (const work of this.#tests.values()) {
      for (const each of [...this.#before, work, ...this.#after]) await each();
    }
    for (const each of this.#afterAll) await each();
    return [...this.#tests.keys()];
  }
}

it("the tests that docs/testing.md shows pass", async () => {
  const programs = blocksOf(await readFile("docs/testing.md", "utf8"), "ts");
  const passed: string[] = [];
  for (const program of programs) {
    const runner = new Runner();
    await runProgram(program.replace(/^import .*;$/gm, ""), {
      ...aerowire,
      Emulator,
      assert,
      expect,
      generate,
      ...runner.given,
    });
    passed.push(...(await runner.run()));
  }
  expect(passed).toEqual([
    "a visit is counted",
    "everybody gets a point",
    "who leaves is gone",
    "the next test sees everybody again",
    "a login ends after an hour",
    "a write whose reply is lost says that it may have happened",
    "an app that may only read writes nothing",
  ]);
});
