import { describe, expect, test } from "vitest";
import type { AelParam } from "../../../../ael/params.js";
import { AelParseError } from "../../../../src/ael/ael-parse-error.js";
import { parseAel } from "../../../../src/ael/compile.js";
import {
  blob,
  bool,
  COUNT,
  CTX,
  EXISTS,
  Exp,
  f,
  float,
  geo,
  hex,
  hll,
  INVERTED,
  i,
  int,
  list,
  map,
  s,
  str,
  VALUE,
} from "./expected.js";

// Every row of the inventory's table of worked examples, on the canonical form.

const point = '{"type":"Point","coordinates":[-122.0,37.5]}';

const ROWS: readonly (readonly [text: string, expected: Exp, ...params: AelParam[]])[] = [
  ["$.a == 5", Exp.eq(int("a"), i(5))],
  ["5 < $.a", Exp.lt(i(5), int("a"))],
  ['$.a == "x"', Exp.eq(str("a"), s("x"))],
  ["$.a == 1.5", Exp.eq(float("a"), f(1.5))],
  ["$.a == true", Exp.eq(bool("a"), Exp.boolVal(true))],
  ["$.a:INT == $.b", Exp.eq(int("a"), int("b"))],
  ["$.a.get(type: STRING) == $.b", Exp.eq(str("a"), str("b"))],
  [
    "$.a > 1 and $.b < 2 and $.c == 3",
    Exp.and([Exp.gt(int("a"), i(1)), Exp.lt(int("b"), i(2)), Exp.eq(int("c"), i(3))]),
  ],
  [
    "$.a > 1 and ($.b < 2 or $.c == 3)",
    Exp.and([Exp.gt(int("a"), i(1)), Exp.or([Exp.lt(int("b"), i(2)), Exp.eq(int("c"), i(3))])]),
  ],
  ["not($.flag)", Exp.not(bool("flag"))],
  ["exclusive($.x, $.y, $.z)", Exp.xor([bool("x"), bool("y"), bool("z")])],
  ["$.a + 1 > 10", Exp.gt(Exp.numAdd([int("a"), i(1)]), i(10))],
  ["$.a + $.b * 2.5 > 10.0", Exp.gt(Exp.numAdd([float("a"), Exp.numMul([float("b"), f(2.5)])]), f(10))],
  ["$.a - 1 - 2 == 0", Exp.eq(Exp.numSub([int("a"), i(1), i(2)]), i(0))],
  ["2.0 ** 3.0 ** 2.0 == 512.0", Exp.eq(Exp.numPow(f(2), Exp.numPow(f(3), f(2))), f(512))],
  ["-$.a > -5", Exp.gt(Exp.numSub([i(0), int("a")]), i(-5))],
  ["~$.a & 0xFF == 1", Exp.eq(Exp.intAnd([Exp.intNot(int("a")), i(255)]), i(1))],
  ["$.a >> 2 == 1", Exp.eq(Exp.intArshift(int("a"), i(2)), i(1))],
  ["$.a >>> 2 == 1", Exp.eq(Exp.intRshift(int("a"), i(2)), i(1))],
  ["$.a:INT.toFloat() > 1.5", Exp.gt(Exp.toFloat(int("a")), f(1.5))],
  ["$.a:FLOAT.toInt() == 3", Exp.eq(Exp.toInt(float("a")), i(3))],
  ["$.a.exists()", Exp.ne(Exp.binType("a"), i(0))],
  ["$.l:LIST.count() > 2", Exp.gt(Exp.listSize(list("l")), i(2))],
  ["$.m.{}.count() > 2", Exp.gt(Exp.mapSize(map("m")), i(2))],
  ["$.l.[0] == 5", Exp.eq(Exp.listGetByIndex(VALUE, "int", 0, list("l")), i(5))],
  ['$.l.[-1].name == "x"', Exp.eq(Exp.mapGetByKey(VALUE, "string", "name", list("l"), CTX.listIndex(-1)), s("x"))],
  ["$.m.k == 5", Exp.eq(Exp.mapGetByKey(VALUE, "int", "k", map("m")), i(5))],
  ['$.m.5 == "x"', Exp.eq(Exp.mapGetByKey(VALUE, "string", 5, map("m")), s("x"))],
  ['$.m."5" == "x"', Exp.eq(Exp.mapGetByKey(VALUE, "string", "5", map("m")), s("x"))],
  ["$.m.{0}:INT", Exp.mapGetByIndex(VALUE, "int", 0, map("m"))],
  ["$.m.{#-1}:INT", Exp.mapGetByRank(VALUE, "int", -1, map("m"))],
  ["$.m.a.b.[#0] > 1", Exp.gt(Exp.listGetByRank(VALUE, "int", 0, map("m"), CTX.mapKey("a"), CTX.mapKey("b")), i(1))],
  ["$.m.{a-d}.count() == 2", Exp.eq(Exp.mapGetByKeyRange(COUNT, "a", "d", map("m")), i(2))],
  ["$.m.{!a,b}.count() == 0", Exp.eq(Exp.mapGetByKeyList(COUNT | INVERTED, ["a", "b"], map("m")), i(0))],
  ["$.l.[=1:10].get(return: COUNT) > 0", Exp.gt(Exp.listGetByValueRange(COUNT, 1, 10, list("l")), i(0))],
  ["$.l.[1:3]", Exp.listGetByIndexRangeCount(VALUE, 1, 2, list("l"))],
  ["$.l.[#-3:~5].count()", Exp.listGetByValueRelativeRankRange(COUNT, 5, -3, list("l"))],
  ["$.m.{=blue,}.exists()", Exp.mapGetByValueList(EXISTS, ["blue"], map("m"))],
  ['"x" in $.tags', Exp.listGetByValue(EXISTS, "x", list("tags"))],
  ['$.name in ["a", "b"]', Exp.listGetByValue(EXISTS, str("name"), Exp.listVal(["a", "b"]))],
  ["$.n in ?0", Exp.listGetByValue(EXISTS, int("n"), Exp.listVal([1, 2])), [1, 2]],
  ['$.setName() == "users"', Exp.eq(Exp.setName(), s("users"))],
  [
    "$.ttl() < 3600 and $.sinceUpdate() > 60000",
    Exp.and([Exp.lt(Exp.ttl(), i(3600)), Exp.gt(Exp.sinceUpdate(), i(60000))]),
  ],
  ["$.digestModulo(3) == 0", Exp.eq(Exp.digestModulo(3), i(0))],
  [
    `let (x = $.a + 1, y = \${x} * 2) then (\${y} > 10)`,
    Exp.let([
      Exp.def("x", Exp.numAdd([int("a"), i(1)])),
      Exp.def("y", Exp.numMul([Exp.var<"int">("x"), i(2)])),
      Exp.gt(Exp.var("y"), i(10)),
    ]),
  ],
  ['when ($.t == 1 => "a", default => "b") == "a"', Exp.eq(Exp.cond([Exp.eq(int("t"), i(1)), s("a"), s("b")]), s("a"))],
  ['when ($.t == 1 => "a", default => unknown)', Exp.cond([Exp.eq(int("t"), i(1)), s("a"), Exp.unknown()])],
  [`geoCompare($.loc, geoJson('${point}'))`, Exp.geoCompare(geo("loc"), Exp.geoVal(point))],
  ["$.h.hllCount() > 100", Exp.gt(Exp.hllGetCount(hll("h")), i(100))],
  ["max($.a, $.b, 10) == 10", Exp.eq(Exp.max([int("a"), int("b"), i(10)]), i(10))],
  ["$.b == X'0aff'", Exp.eq(blob("b"), Exp.blobVal(Uint8Array.of(10, 255)))],
  ['$.a:LOCAL:STRING == "x" and $.a:LOCAL:INT > 5', Exp.and([Exp.eq(str("a"), s("x")), Exp.gt(int("a"), i(5))])],
];

describe("worked examples", () => {
  for (const [text, expected, ...params] of ROWS) {
    test(text, () => {
      expect(hex(parseAel(text, ...params))).toBe(hex(expected));
    });
  }

  // The same forms byte by byte, so that text and factories can't be wrong together.
  test.each([
    ["$.a == 5", "9301935102a16105"],
    ['$.name in ["a", "b"]', "957f010093160d935103a46e616d65927e92a20361a20362"],
    ["$.m.{!a,b}.count() == 0", "9301957f0200936bce00010005927e92a20361a20362935105a16d00"],
    ["$.m.a.b.[#0] > 1", "9303957f020093ccff9422a2036122a2036293150700935105a16d01"],
    ["exclusive($.x, $.y, $.z)", "9413935101a178935101a179935101a17a"],
    ["$.digestModulo(3) == 0", "930192400300"],
    ["$.recordSize() > 1", "9303914a01"],
  ])("%s packs as %s", (text, packed) => {
    expect(hex(parseAel(text))).toBe(packed);
  });

  test.each(["$.a == 1 == 2", "$.123 == 1", "$.a. == 1", "10. == $.a", "$.a.exists(1)"])(
    "%s is a syntax error",
    (text) => {
      expect(() => parseAel(text)).toThrow(AelParseError);
    },
  );

  test.each([
    ['"x" == 5', "Cannot compare STRING to INT"],
    ["$.a.get(type: BOOL) > 5", "Cannot compare BOOL to INT"],
    ['"a" + 1 == 2', "Cannot calculate with STRING and INT"],
  ])("%s is refused: %s", (text, message) => {
    expect(() => parseAel(text)).toThrow(message);
  });
});
