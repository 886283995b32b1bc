import { afterAll, beforeAll, describe, test } from "vitest";
import { DIFFERENCES } from "./differences.js";
import { entriesOf } from "./recorded.js";
import { Replay } from "./replay.js";

// Each file was recorded on a fresh server, in file order: entries build on what earlier ones of the file left behind.
const FILES = [
  "single-record",
  "values",
  "lists",
  "maps",
  "bits",
  "hll",
  "expressions",
  "query",
  "background",
  "index",
  "udf",
  "info",
  "errors",
  "batch",
  "addenda",
];

describe.each(FILES)("recorded exchanges: %s", (file) => {
  let replay: Replay;

  beforeAll(async () => {
    replay = await Replay.start();
  });

  afterAll(() => replay[Symbol.asyncDispose]());

  // Some to a test: reporting four thousand tests takes longer than replaying them.
  for (const entries of portionsOf(entriesOf(file), 25)) {
    test(`${entries[0]?.id} to ${entries.at(-1)?.id}`, async () => {
      for (const entry of entries) {
        if (DIFFERENCES.has(entry.id)) await replay.checkDiffers(entry);
        else await replay.check(entry);
      }
    });
  }
});

function portionsOf<T>(list: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size));
}
