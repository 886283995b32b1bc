import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseAel } from "../../src/ael/index.js";
import { double, GeoJson, type Value } from "../../src/index.js";
import { connectTarget, type TestTarget } from "../support/connect-target.js";

// The examples of docs/ael.md that servers of 8.1.2 can work out, worked out there.

const page = readFileSync(new URL("../../docs/ael.md", import.meta.url), "utf8");

function blocks(language: string): string[] {
  return Array.from(page.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, "gm")), (match) => match[1] ?? "");
}

/** Texts and what they give: from one arrow to the next. */
const examples = blocks("ael").flatMap((block) =>
  Array.from(block.matchAll(/([^→]*)→ *(.*)\n/g), ([, text = "", expected = ""]) => ({ text: text.trim(), expected })),
);

let target: TestTarget;
beforeAll(async () => {
  target = await connectTarget();
});
afterAll(() => target[Symbol.asyncDispose]());

function shown(value: unknown): string {
  if (value === null || value === undefined) return "unknown";
  return JSON.stringify(value).replaceAll(",", ", ");
}

test("every example gives what the page says", async () => {
  const { session } = target;
  const key = target.dataSet().id("ada");
  const bins: Record<string, Value> = JSON.parse(blocks("json")[0] ?? "");
  const photo = Uint8Array.of(0, 255, 16);
  const home = new GeoJson('{"type":"Point","coordinates":[-122.0,37.5]}');
  await session
    .upsert(key)
    .put({ ...bins, score: double(2.5), photo, home })
    .execute();
  await session
    .upsert(key)
    .bin("seen")
    .hllAdd(["a", "b", "c"], { config: { indexBits: 8 } })
    .execute();
  const differing: string[] = [];
  for (const { text, expected } of examples) {
    // The set has another name here, and the time to live and the stored key are settings.
    if (/setName|ttl|\$\.key\(/.test(text)) continue;
    const row = await session.query(key).bin("out").selectFrom(text, { ignoreEvalFailure: true }).first();
    const [found] = row?.operationResults ?? [];
    // JSON knows no FLOAT.
    if (shown(found) !== expected.replace(/\b(\d+)\.0\b/g, "$1"))
      differing.push(`${text} → ${shown(found)}, not ${expected}`);
  }
  expect(differing).toEqual([]);
  expect(examples.length).toBeGreaterThan(90);
});

test("NUMBER compares by value at the edges of both kinds", async () => {
  const { session } = target;
  const set = target.dataSet();
  const edge = 2n ** 53n;
  const values = [
    ...[-1n, 0n, 2n, edge - 1n, edge, edge + 1n, 2n ** 63n - 1n, -(2n ** 63n)],
    ...[-0.5, 0, 2, 2.5, 2 ** 53, 2 ** 53 + 2, 2 ** 63, -(2 ** 63), 1e300],
  ];
  await session.putMany(values.map((n, i) => [set.id(i), { n: typeof n === "number" ? double(n) : n }]));
  const keys = values.map((_, i) => set.id(i));
  for (const constant of values) {
    const param = typeof constant === "number" ? double(constant) : constant;
    const stream = await session
      .query(keys)
      .bin("less")
      .selectFrom(parseAel("$.n:NUMBER < ?0", param))
      .bin("atLeast")
      .selectFrom(parseAel("?0 <= $.n:NUMBER", param))
      .bin("equal")
      .selectFrom(parseAel("$.n:NUMBER == ?0", param))
      .bin("found")
      .selectFrom(parseAel("$.n:NUMBER in ?0", [param]))
      .execute();
    const found = (await stream.collect()).map(({ operationResults }) => operationResults);
    // By value: neither is of the other's type.
    const expected = values.map((n) => {
      const isEqual = n >= constant && n <= constant;
      return [n < constant, n >= constant, isEqual, isEqual];
    });
    expect(found, String(constant)).toEqual(expected);
  }
});
