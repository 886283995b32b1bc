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

  for (const entry of entriesOf(file)) {
    const difference = DIFFERENCES.get(entry.id);
    if (difference === undefined) test(`${entry.id} ${entry.title}`, () => replay.check(entry));
    else test(`${entry.id} ${entry.title}: ${difference}`, () => replay.checkDiffers(entry));
  }
});
