import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { bundle } from "../../../support/bundle.js";
import { runToEnd } from "../../../support/run.js";

const PROGRAM = fileURLToPath(new URL("../../../support/programs/cost.ts", import.meta.url));

interface Cost {
  readonly objects: number;
  readonly blocks: number;
}

interface Counted {
  readonly records: { readonly few: number; readonly many: number };
  readonly counted: Readonly<Record<string, Cost>>;
}

let costs: Readonly<Record<string, Cost>>;

beforeAll(async () => {
  await using program = await bundle(PROGRAM);
  // Without compilers every object that the code makes is made, numbers included that are no small integers.
  const flags = ["--no-opt", "--no-maglev", "--no-sparkplug", "--sampling-heap-profiler-suppress-randomness"];
  const { exitCode, stdout, stderr } = await runToEnd(process.execPath, [...flags, program.file(PROGRAM)]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  const { records, counted }: Counted = JSON.parse(stdout);
  const each = ({ objects, blocks }: Cost, count: number): Cost => ({
    objects: objects / count,
    blocks: blocks / count,
  });
  const { batch, scanOfFew, scanOfMany, ...single } = counted;
  const scanned = {
    objects: scanOfMany!.objects - scanOfFew!.objects,
    blocks: scanOfMany!.blocks - scanOfFew!.blocks,
  };
  costs = {
    ...single,
    "row of a batch": each(batch!, records.few),
    "record of a scan": each(scanned, records.many - records.few),
  };
}, 120_000);

/**
 * What each costs today, and a little more: whoever needs more raises the limit knowingly, whoever saves lowers it. On a
 * machine that is busy timers are late, which costs a few steps.
 */
const LIMITS: Readonly<Record<string, Cost>> = {
  key: { objects: 262, blocks: 31 },
  get: { objects: 475, blocks: 334 },
  put: { objects: 287, blocks: 330 },
  operate: { objects: 485, blocks: 457 },
  update: { objects: 335, blocks: 360 },
  "row of a batch": { objects: 262, blocks: 175 },
  "record of a scan": { objects: 340, blocks: 170 },
};

describe("what a call costs the client", () => {
  it.each(Object.entries(LIMITS))("%s makes no more objects and takes no more steps than it did", (name, limit) => {
    const { objects, blocks } = costs[name]!;
    expect(objects, "objects").toBeGreaterThan(0);
    expect(objects, "objects").toBeLessThanOrEqual(limit.objects);
    expect(blocks, "blocks of code").toBeGreaterThan(0);
    expect(blocks, "blocks of code").toBeLessThanOrEqual(limit.blocks);
  });
});
