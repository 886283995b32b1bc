import { expect, test } from "vitest";
import { read, write } from "../../../../protocol/command/record-operation.js";
import { makeKey } from "../../../../protocol/key/make-key.js";
import { RunCutter } from "../../../../src/batch/run-cutter.js";
import type { CommandPolicy } from "../../../../src/policy/command-policy.js";
import { PLAIN } from "../../../support/fake/world.js";

const POLICY: CommandPolicy = {
  ...PLAIN,
  commitLevel: "all",
  sendKey: false,
  durableDeletes: false,
  batch: { inline: true, inlineSsd: false },
  errorDetails: "none",
};
const OPERATIONS = { r: read(), w: write({ n: 1 }) };

/** "r1 w2": a read of record 1, a write of record 2. */
function cut(text: string): string[] {
  const words = text.split(" ");
  const items = words.map((word) => ({
    key: makeKey("test", "s", Number(word.slice(1))),
    operation: word.startsWith("r") ? OPERATIONS.r : OPERATIONS.w,
    policy: POLICY,
  }));
  const cutter = new RunCutter(items);
  const runs: string[][] = [[]];
  for (const [index, item] of items.entries()) {
    if (cutter.beginsRun(item)) runs.push([]);
    runs.at(-1)!.push(words[index]!);
  }
  return runs.map((run) => run.join(" "));
}

test.each([
  ["records that differ are one run", "w1 w2 r3", ["w1 w2 r3"]],
  ["reads of one record may stand together", "r1 r1 r2 r1", ["r1 r1 r2 r1"]],
  ["a write of a record that was written begins another", "w1 w2 w1 w3", ["w1 w2", "w1 w3"]],
  ["a write of a record that was read, too", "r1 r2 w1", ["r1 r2", "w1"]],
  ["and a read of one that was written", "w1 r1 r1", ["w1", "r1 r1"]],
  ["three of one record are three", "w1 w1 w1", ["w1", "w1", "w1"]],
])("%s", (_, text, runs) => expect(cut(text)).toEqual(runs));

test("the same key in another namespace is another record", () => {
  const digest = makeKey("test", "s", 1);
  const other = { ...digest, namespace: "bar" };
  const all = [digest, other].map((key) => ({ key, operation: OPERATIONS.w, policy: POLICY }));
  const cutter = new RunCutter(all);
  expect(all.map((item) => cutter.beginsRun(item))).toEqual([false, false]);
});
