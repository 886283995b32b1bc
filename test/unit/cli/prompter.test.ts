import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { terminalPrompter } from "../../../cli/output/prompter.js";
import { plainText } from "../../support/run-cli.js";

/** What a question comes to when somebody types that, and what the screen shows. */
async function asked(
  keys: readonly string[],
): Promise<{ readonly answer: boolean | undefined; readonly shown: string }> {
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => undefined });
  const output = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 24 });
  let shown = "";
  output.on("data", (chunk: Buffer) => {
    shown += String(chunk);
  });
  const answer = terminalPrompter(input, output).confirm("Change 5 records?");
  for (const key of keys) {
    input.write(key);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { answer: await answer, shown: plainText(shown) };
}

test.each([
  [["y", "\r"], true],
  [["Y", "e", "s", "\r"], true],
  [["n", "\r"], false],
  [["\r"], false],
  [["\x03"], undefined],
])("%j is the answer %s", async (keys, expected) => {
  const { answer, shown } = await asked(keys);
  expect(answer).toBe(expected);
  expect(shown).toContain("Change 5 records? (y/N)");
});

test("another word is asked about again", async () => {
  const { answer, shown } = await asked(["o", "k", "\r", "\x7f", "\x7f", "y", "\r"]);
  expect(answer).toBe(true);
  expect(shown).toContain("y or n");
});
