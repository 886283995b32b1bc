import { describe, expect, test } from "vitest";
import { double } from "../../../../protocol/value/double.js";
import { parseAel } from "../../../../src/ael/compile.js";
import { blob, bool, EXISTS, Exp, f, float, geo, hex, hll, i, int, list, map, s, str, VALUE } from "./expected.js";

const a = int("a");
const b = int("b");
const gt0 = (exp: Exp<"int">) => Exp.gt(exp, i(0));

const ROWS: readonly (readonly [text: string, expected: Exp])[] = [
  // Precedence, from loose to tight, and which way operators lean.
  ["$.a == 1 or $.b == 1 and $.c == 1", Exp.or([Exp.eq(a, i(1)), Exp.and([Exp.eq(b, i(1)), Exp.eq(int("c"), i(1))])])],
  [
    "($.a == 1 or $.b == 1) and $.c == 1",
    Exp.and([Exp.or([Exp.eq(a, i(1)), Exp.eq(b, i(1))]), Exp.eq(int("c"), i(1))]),
  ],
  ["$.a & $.b == 1", Exp.eq(Exp.intAnd([a, b]), i(1))],
  ["$.a | $.b & 3 == 1", Exp.eq(Exp.intOr([a, Exp.intAnd([b, i(3)])]), i(1))],
  ["$.a ^ 1 << 2 == 1", Exp.eq(Exp.intXor([a, Exp.intLshift(i(1), i(2))]), i(1))],
  ["$.a << 1 + 2 > 0", gt0(Exp.intLshift(a, Exp.numAdd([i(1), i(2)])))],
  ["$.a + $.b * 2 > 0", gt0(Exp.numAdd([a, Exp.numMul([b, i(2)])]))],
  ["($.a + $.b) * 2 > 0", gt0(Exp.numMul([Exp.numAdd([a, b]), i(2)]))],
  ["$.a - $.b - 1 > 0", gt0(Exp.numSub([a, b, i(1)]))],
  ["$.a - ($.b - 1) > 0", gt0(Exp.numSub([a, Exp.numSub([b, i(1)])]))],
  ["$.a / 2 * 3 > 0", gt0(Exp.numMul([Exp.numDiv([a, i(2)]), i(3)]))],
  ["$.a % 4 % 3 > 0", gt0(Exp.numMod(Exp.numMod(a, i(4)), i(3)))],
  ["-2.0 ** 2.0 == 4.0", Exp.eq(Exp.numPow(f(-2), f(2)), f(4))],
  ["~-$.a > 0", gt0(Exp.intNot(Exp.numSub([i(0), a])))],
  ["+$.a > +1", Exp.gt(a, i(1))],
  ["--5 == $.a", Exp.eq(Exp.numSub([i(0), i(-5)]), a)],
  // Literals.
  ["$.a == 0xFF", Exp.eq(a, i(255))],
  ["$.a == 0b101", Exp.eq(a, i(5))],
  ["$.a == 007", Exp.eq(a, i(7))],
  ["$.a == -0", Exp.eq(a, i(0))],
  ["$.a == 9223372036854775807", Exp.eq(a, i(9223372036854775807n))],
  ["$.a == -9223372036854775808", Exp.eq(a, i(-9223372036854775808n))],
  ["$.a == 9007199254740993", Exp.eq(a, i(9007199254740993n))],
  ["$.a == .5", Exp.eq(float("a"), f(0.5))],
  ["$.a == -0.0", Exp.eq(float("a"), f(-0))],
  ["$.a == 5.asFloat()", Exp.eq(float("a"), f(5))],
  ["$.a == 5.9.asInt()", Exp.eq(a, i(5))],
  ["$.a == 'x'", Exp.eq(str("a"), s("x"))],
  [`$.a == "it's"`, Exp.eq(str("a"), s("it's"))],
  ['$.a == ""', Exp.eq(str("a"), s(""))],
  ["$.a == b64'Cv8='", Exp.eq(blob("a"), Exp.blobVal(Uint8Array.of(10, 255)))],
  ["$.a == x'0AFF'", Exp.eq(blob("a"), Exp.blobVal(Uint8Array.of(10, 255)))],
  ["$.a == []", Exp.eq(list("a"), Exp.listVal([]))],
  ["$.a == {}", Exp.eq(map("a"), Exp.mapVal({}))],
  [
    "$.a == [1, -2.5, 'x', true, [2], {\"k\": X'00'}]",
    Exp.eq(list("a"), Exp.listVal([1, -2.5, "x", true, [2], { k: Uint8Array.of(0) }])),
  ],
  ["$.a == [1.0]", Exp.eq(list("a"), Exp.listVal([double(1)]))],
  [
    "$.a == {2: 'b', \"a\": 1, 1: 'c'}",
    Exp.eq(
      map("a"),
      Exp.mapVal(
        new Map<number | string, number | string>([
          [1, "c"],
          [2, "b"],
          ["a", 1],
        ]),
      ),
    ),
  ],
  // Functions.
  ["abs($.a) > 0", gt0(Exp.numAbs(a))],
  ["abs($.a) > 1.5", Exp.gt(Exp.numAbs(float("a")), f(1.5))],
  ["ceil($.a) > 1.5", Exp.gt(Exp.numCeil(float("a")), f(1.5))],
  ["floor($.a) == 1.0", Exp.eq(Exp.numFloor(float("a")), f(1))],
  ["log(value: $.a, base: 10.0) == 2.0", Exp.eq(Exp.numLog(float("a"), f(10)), f(2))],
  ["pow(base: $.a, exponent: 2.0) > 4.0", Exp.gt(Exp.numPow(float("a"), f(2)), f(4))],
  ["min($.a, 2.5) > 1.5", Exp.gt(Exp.min([float("a"), f(2.5)]), f(1.5))],
  ["max($.a, $.b, $.c) > 0", gt0(Exp.max([a, b, int("c")]))],
  ["countOneBits($.a) > 0", gt0(Exp.intCount(a))],
  ["findBitLeft($.a, true) > 0", gt0(Exp.intLscan(a, Exp.boolVal(true)))],
  ["findBitRight($.a, $.f) > 0", gt0(Exp.intRscan(a, bool("f")))],
  ["geoCompare($.a, $.b)", Exp.geoCompare(geo("a"), geo("b"))],
  // Metadata.
  ["$.deviceSize() > 0", gt0(Exp.deviceSize())],
  ["$.memorySize() > 0", gt0(Exp.memorySize())],
  ["$.recordSize() > 0", gt0(Exp.recordSize())],
  ["$.isTombstone()", Exp.isTombstone()],
  ["$.keyExists()", Exp.keyExists()],
  ["$.lastUpdate() > 0", gt0(Exp.lastUpdate())],
  ["$.voidTime() == -1", Exp.eq(Exp.voidTime(), i(-1))],
  ["$.digestModulo(-3) == 0", Exp.eq(Exp.digestModulo(-3), i(0))],
  // Membership.
  ["$.a in [1, 2]", Exp.listGetByValue(EXISTS, a, Exp.listVal([1, 2]))],
  ["$.a IN [1, 2]", Exp.listGetByValue(EXISTS, a, Exp.listVal([1, 2]))],
  ["$.a In [1.5, null]", Exp.listGetByValue(EXISTS, float("a"), Exp.listVal([1.5, null]))],
  ["$.a + 1 in [1, 2]", Exp.listGetByValue(EXISTS, Exp.numAdd([a, i(1)]), Exp.listVal([1, 2]))],
  ["1 in $.l", Exp.listGetByValue(EXISTS, 1, list("l"))],
  ["$.a.get(type: INT) in $.l", Exp.listGetByValue(EXISTS, a, list("l"))],
  ['"x" in $.m.tags', Exp.listGetByValue(EXISTS, "x", Exp.mapGetByKey(VALUE, "list", "tags", map("m")))],
  ["[1] in $.l", Exp.listGetByValue(EXISTS, Exp.listVal([1]), list("l"))],
  ["not($.a in [1])", Exp.not(Exp.listGetByValue(EXISTS, a, Exp.listVal([1])))],
  ["$.a:FLOAT in [1.0, 2.0]", Exp.listGetByValue(EXISTS, float("a"), Exp.listVal([double(1), double(2)]))],
  // HyperLogLog.
  ["$.h.hllDescribe() == [8, 0]", Exp.eq(Exp.hllDescribe(hll("h")), Exp.listVal([8, 0]))],
  ["$.h.hllMayContain(['a']) == 1", Exp.eq(Exp.hllMayContain(["a"], hll("h")), i(1))],
  ["$.h.hllUnionCount($.j) > 0", gt0(Exp.hllGetUnionCount(hll("j"), hll("h")))],
  ["$.h.hllIntersectCount($.j) > 0", gt0(Exp.hllGetIntersectCount(hll("j"), hll("h")))],
  ["$.h.hllSimilarity($.j:HLL) > 0.5", Exp.gt(Exp.hllGetSimilarity(hll("j"), hll("h")), f(0.5))],
  ["$.h.hllUnion($.j).hllCount() > 0", gt0(Exp.hllGetCount(Exp.hllGetUnion(hll("j"), hll("h"))))],
];

describe("operators, literals and functions", () => {
  for (const [text, expected] of ROWS) {
    test(text, () => {
      expect(hex(parseAel(text))).toBe(hex(expected));
    });
  }
});
