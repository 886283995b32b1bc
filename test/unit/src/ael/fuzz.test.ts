import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AelParam } from "../../../../ael/params.js";
import { AelParseError } from "../../../../src/ael/ael-parse-error.js";
import { parseAel } from "../../../../src/ael/compile.js";
import { parseCtx } from "../../../../src/ael/context.js";
import { formatAel } from "../../../../src/ael/format.js";
import { prepareAel } from "../../../../src/ael/prepared.js";
import { explainAel } from "../../../../src/query/explain-ael.js";
import { anyText } from "../../../support/arbitrary-text.js";
import { runs } from "../../../support/runs.js";
import { hex } from "./expected.js";

const PARAMS: readonly AelParam[] = [1, "x", [1, 2], 2.5, null];

/** As many values as the text may have placeholders for. */
function paramsOf(text: string): readonly AelParam[] {
  return PARAMS.slice(0, Math.max(0, ...[...text.matchAll(/\?(\d+)/g)].map((match) => Number(match[1]) + 1)));
}

/** Right texts, to be damaged. */
const SEEDS = [
  '$.age > 30 and $.country == "US" or not($.flag)',
  "$.m.{!a,b}.count() >= 0x10 and $.l.[#-3:~5].get(return: COUNT) == 1",
  `let (x = $.a + 1, y = \${x} * 2) then (\${y} > 10)`,
  "when ($.t == 1 => 'a', default => unknown) == ?1",
  "$.name =~ /^a\\/b.*/im // comment\n and $.n in [1, 2, {3: X'00ff'}]",
  "geoCompare($.loc, geoJson('{}')) and $.h.hllUnionCount($.j) ** 2 > .5",
  "$.books.[?(@.price < 15.0 and @key != 'k')].*.title.exists() /* c */",
  "$.a.orElse(-9223372036854775808) between ~1 and $.b >>> 3 % ?0",
  '$.m.5."k".{1-3}.{=true:}.mapKeys().[0].is(type: STRING) == null',
  "exclusive($.a.get(type: BOOL), $.b.exists(), max($.c, 1, 2.5) != -$.ttl())",
];

const PIECES = [
  ...new Set(SEEDS.flatMap((seed) => seed.match(/\w+|\s+|[^\w\s]+/g) ?? [])),
  "(",
  ")",
  "${",
  "}",
  "?0",
  "$.",
  "0x",
  "1e5",
  '"',
  "'",
  "/",
  "\\",
  "\u0000",
  "😀",
  "\ud800",
];

const random = anyText(200);
const pieces = fc.array(fc.constantFrom(...PIECES), { maxLength: 60 }).map((parts) => parts.join(""));
const spaced = fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }).map((parts) => parts.join(" "));
const damaged = fc
  .tuple(fc.constantFrom(...SEEDS), fc.nat(), fc.nat({ max: 6 }), fc.oneof(random, fc.constantFrom(...PIECES)))
  .map(([seed, at, drop, insert]) => {
    const from = at % (seed.length + 1);
    return seed.slice(0, from) + insert + seed.slice(from + drop);
  });

/** Everything that reads text either does or says AelParseError; TypeErrors may come only from values. */
function readAll(text: string): void {
  for (const read of [
    () => parseAel(text, ...paramsOf(text)),
    () => formatAel(text),
    () => explainAel(text, { params: paramsOf(text) }),
    () => parseCtx(text),
    () => prepareAel(text).bind(...paramsOf(text)),
  ]) {
    try {
      read();
    } catch (error) {
      if (!(error instanceof AelParseError)) throw error;
      expect(error.line).toBeGreaterThan(0);
      expect(error.column).toBeGreaterThan(0);
    }
  }
}

describe("any text", () => {
  test.each([
    ["random characters", random],
    ["pieces of right texts", pieces],
    ["pieces with blanks between", spaced],
    ["right texts, damaged", damaged],
  ])("%s: read, or refused with a place", (_name, texts) => {
    fc.assert(fc.property(texts, readAll), { numRuns: runs(300) });
  });

  test("what compiles is formatted, printed and prepared without changing its meaning", () => {
    let compiled = 0;
    fc.assert(
      fc.property(fc.oneof(damaged, spaced), (text) => {
        let packed: string;
        try {
          packed = hex(parseAel(text, ...paramsOf(text)));
        } catch {
          return;
        }
        compiled++;
        expect(hex(parseAel(formatAel(text), ...paramsOf(text)))).toBe(packed);
        expect(hex(prepareAel(text).bind(...paramsOf(text)))).toBe(packed);
      }),
      { numRuns: runs(600) },
    );
    expect(compiled).toBeGreaterThan(0);
  });

  test("a path behind a test of one, which fuzzing found", () => {
    expect(() => prepareAel("$.a.*.title.exists().*").bind()).toThrow("A wildcard looks into a LIST or MAP");
  });
});
