import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ResultType } from "../../../../emulator/exp/result-type.js";
import { CTX } from "../../../../protocol/cdt/context.js";
import { ListReturnType, MapReturnType } from "../../../../protocol/cdt/flags.js";
import { PathSelectFlags } from "../../../../protocol/cdt/path.js";
import { Hll } from "../../../../protocol/value/hll.js";
import { aelOf } from "../../../../src/ael/ael-of.js";
import { parseAel } from "../../../../src/ael/compile.js";
import { Exp } from "../../../../src/exp/exp.js";
import { Random } from "../../../support/random/random.js";
import { RandomAel } from "../../../support/random/random-ael.js";
import { type ExpressionType, RandomExpression } from "../../../support/random/random-expression.js";
import { runs } from "../../../support/runs.js";
import { carriedBy, expressionIn } from "./vector-message.js";

// Text of any expression, and back: the same bytes.

const hex = (exp: Exp): string => Buffer.from(exp.packed).toString("hex");

function vectors<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../../../vectors/${name}.json`, import.meta.url), "utf8"));
}

/** Whether all of it has words; what has reads back byte by byte. */
function readsBack(exp: Exp): boolean {
  const text = aelOf(exp);
  if (text.includes("Exp.")) return false;
  expect(hex(parseAel(text)), text).toBe(hex(exp));
  return true;
}

/** Expressions that may be refused before they are sent. */
function tryRead(bytes: Uint8Array): Exp | undefined {
  try {
    return Exp.fromBytes(bytes);
  } catch {
    return undefined;
  }
}

describe("aelOf", () => {
  const types = Object.values(ResultType).filter((type): type is ExpressionType => type < 10);

  test("random expressions of every type", () => {
    const random = new Random(20_261_130);
    const expressions = new RandomExpression(random, [Uint8Array.of(0, 4, ...new Array<number>(21).fill(0))]);
    let read = 0;
    let said = 0;
    for (let i = 0; i < runs(1000); i++) {
      const exp = tryRead(expressions.expression(random.pick(types), random.below(5)));
      if (exp === undefined) continue;
      read++;
      if (readsBack(exp)) said++;
    }
    // Sketches, variables of bins' own types, and literals of maps in no order are many among random ones.
    expect(said).toBeGreaterThan(read * 0.5);
  });

  test("recorded expressions of the native client", () => {
    const recorded = vectors<readonly { readonly request: string }[]>("expressions").flatMap(({ request }) => {
      const { filter, ops } = carriedBy(request);
      return [...(filter === undefined ? [] : [filter]), ...ops.map(({ payload }) => expressionIn(payload))];
    });
    const found = recorded
      .map((bytes) => (bytes.length === 0 ? undefined : tryRead(bytes)))
      .filter((e) => e !== undefined);
    const said = found.filter(readsBack).length;
    expect(said).toBeGreaterThan(found.length * 0.8);
  });

  test.each<[Exp, string]>([
    [Exp.listAppend(undefined, "x", Exp.listBin("l")), '$.l.append("x")'],
    [
      Exp.listAppendItems({ order: 0, flags: 5 }, [1, 2], Exp.listBin("l")),
      "$.l.appendItems([1, 2]):ADD_UNIQUE:NO_FAIL",
    ],
    [parseAel("$.l:UNSORTED_PAD.[1].setTo(5)"), "$.l:UNSORTED_PAD.[1].setTo(5)"],
    [Exp.listSet(2, 1, 5, Exp.listBin("l")), "$.l.[1].setTo(5)"],
    [Exp.listSort(2, Exp.listBin("l")), "$.l.sort():DROP_DUPS"],
    [Exp.listClear(Exp.listBin("l")), "$.l:LIST.clear()"],
    [Exp.mapClear(Exp.mapBin("m"), CTX.mapKey("a")), "$.m.a:MAP.clear()"],
    [Exp.mapPut({ order: 1, flags: 2 }, "k", 1, Exp.mapBin("m")), "$.m:KEY_ORDERED.k.update(1)"],
    [Exp.mapRemoveByKeyRange(MapReturnType.NONE, "a", null, Exp.mapBin("m")), "$.m.{@a:}.remove()"],
    [
      Exp.bitAdd(0, 8, 5, { signed: true, overflow: 0, flags: 0 }, Exp.blobBin("b")),
      "$.b.bitAdd(offset: 0, size: 8, value: 5, signed: true)",
    ],
    [parseAel("$.h.hllAdd(['a'], indexBits: 8)"), '$.h.hllAdd(["a"], indexBits: 8)'],
    [Exp.strUpper(undefined, Exp.stringBin("s")), "$.s.upper()"],
    [Exp.numAdd([Exp.intBin("a")]), 'Exp.numAdd([Exp.intBin("a")])'],
    [Exp.bin("a", "nil"), 'Exp.nilBin("a")'],
    [Exp.mapKeys(Exp.mapBin("m")), 'Exp.mapKeys(Exp.mapBin("m"))'],
  ])("%s", (exp, text) => {
    expect(aelOf(exp)).toBe(text);
    expect(readsBack(exp)).toBe(!text.includes("Exp."));
  });

  // As docs/ael.md lists them.
  test.each<[why: string, exp: Exp]>([
    ["a sketch", Exp.hllVal(new Hll(Uint8Array.of(0, 4, ...new Array<number>(21).fill(0))))],
    ["an infinite number", Exp.floatVal(Number.POSITIVE_INFINITY)],
    ["a bin of no type", Exp.bin("a", "nil")],
    ["a comparison with nil", Exp.eq(Exp.bin("a", "nil"), Exp.nil())],
    ["`in` as an operation of its own", Exp.inList(Exp.intBin("a"), Exp.listBin("l"))],
    ["keys as an operation of their own", Exp.mapKeys(Exp.mapBin("m"))],
    ["values as an operation of their own", Exp.mapValues(Exp.mapBin("m"))],
    ["a chain of one", Exp.numMul([Exp.intBin("a")])],
    ["a chain within one", Exp.numAdd([Exp.numAdd([Exp.intBin("a"), Exp.intVal(1)]), Exp.intVal(2)])],
    ["all with a value, but their count", Exp.listGetByValue(ListReturnType.VALUE, 1, Exp.listBin("l"))],
    [
      "how many places, as one read",
      Exp.selectByPath("int", PathSelectFlags.COUNT, Exp.listBin("l"), CTX.allChildren()),
    ],
    [
      "a read that skips what fails",
      Exp.selectByPath("list", PathSelectFlags.VALUES, Exp.listBin("l"), CTX.allChildren(), { noFail: true }),
    ],
    ["a fold of a sketch", Exp.hllFold(4, Exp.hllBin("h"))],
  ])("%s has no text", (_why, exp) => {
    expect(aelOf(exp)).toContain("Exp.");
  });

  test.each([
    "$.a in [1.0, 2.5]",
    '$.a in ["x", 5]',
    '$.a:INT in ["x", 5]',
    '$.a in [{"a": 1}]',
    "$.l.[=1:INF]",
    "$.l.[=NIL:]",
    "$.m.{!@:INF}.getKeys()",
    "($.u + $.v.upper()).strlen() == 3",
  ])("%s is said as it is", (text) => {
    expect(aelOf(parseAel(text))).toBe(text);
    expect(readsBack(parseAel(text))).toBe(true);
  });

  test("random texts", () => {
    const kept: string[] = [];
    let read = 0;
    for (let seed = 0; seed < runs(400); seed++) {
      const random = new Random(seed);
      const { text } = new RandomAel(random, random.oneIn(3)).text(random.between(1, 4));
      read++;
      if (!readsBack(parseAel(text))) kept.push(text);
    }
    // A sum within a sum, behind a sign that is not sent.
    expect(kept.length).toBeLessThanOrEqual(read * 0.005);
  });

  test("is for expressions", () => {
    const text: unknown = "$.a > 1";
    // @ts-expect-error: text is text already
    expect(() => aelOf(text)).toThrow('aelOf: expected an Exp, got "$.a > 1"');
  });

  test("texts of server 8.2", () => {
    const texts = vectors<readonly { readonly text: string; readonly asText?: boolean }[]>("ael-8.2");
    const unsaid = texts.filter(({ text, asText }) => asText !== true && !readsBack(parseAel(text)));
    // What runs on older servers in another form, and steps to several places that end a path of their own.
    expect(unsaid.map(({ text }) => text)).toEqual(["$.l.[0:2].name", "$.m.{#-1:}.getKeyValues()"]);
  });
});
