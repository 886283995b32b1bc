import { describe, expect, test } from "vitest";
import { parseAel } from "../../../../src/ael/compile.js";
import {
  COUNT,
  CTX,
  EXISTS,
  Exp,
  f,
  hex,
  INDEX,
  INVERTED,
  i,
  KEY,
  KEY_VALUE,
  list,
  map,
  ORDERED_MAP,
  RANK,
  REVERSE_INDEX,
  REVERSE_RANK,
  s,
  UNORDERED_MAP,
  VALUE,
} from "./expected.js";

// Steps into lists and maps: each form of the grammar as the call that it makes.

const L = list("l");
const M = map("m");

const STEPS: readonly (readonly [text: string, expected: Exp])[] = [
  // One element of a map.
  ["$.m.k == 1", Exp.eq(Exp.mapGetByKey(VALUE, "int", "k", M), i(1))],
  ["$.m.'a key' == 1", Exp.eq(Exp.mapGetByKey(VALUE, "int", "a key", M), i(1))],
  ["$.m.-5 == 1", Exp.eq(Exp.mapGetByKey(VALUE, "int", -5, M), i(1))],
  ["$.m.+5 == 1", Exp.eq(Exp.mapGetByKey(VALUE, "int", 5, M), i(1))],
  ["$.m.0x1F == 1", Exp.eq(Exp.mapGetByKey(VALUE, "int", 31, M), i(1))],
  ["$.m.0b101 == 1", Exp.eq(Exp.mapGetByKey(VALUE, "int", 5, M), i(1))],
  ["$.m.{@5}.{@6} == 1", Exp.eq(Exp.mapGetByKey(VALUE, "int", 6, M, CTX.mapKey(5)), i(1))],
  ['$.m."5abc" == 1', Exp.eq(Exp.mapGetByKey(VALUE, "int", "5abc", M), i(1))],
  ["$.m.X'ff' == 1", Exp.eq(Exp.mapGetByKey(VALUE, "int", Uint8Array.of(255), M), i(1))],
  ['$.m."in" == 1', Exp.eq(Exp.mapGetByKey(VALUE, "int", "in", M), i(1))],
  ["$.m.get == 1", Exp.eq(Exp.mapGetByKey(VALUE, "int", "get", M), i(1))],
  ["$.m.{2} == 1", Exp.eq(Exp.mapGetByIndex(VALUE, "int", 2, M), i(1))],
  ["$.m.{-1} == 1", Exp.eq(Exp.mapGetByIndex(VALUE, "int", -1, M), i(1))],
  ["$.m.{#0} == 1", Exp.eq(Exp.mapGetByRank(VALUE, "int", 0, M), i(1))],
  // Several of a map.
  ["$.m.{a-c}", Exp.mapGetByKeyRange(VALUE, "a", "c", M)],
  ["$.m.{a-}", Exp.mapGetByKeyRange(VALUE, "a", null, M)],
  ["$.m.{!a-c}", Exp.mapGetByKeyRange(VALUE | INVERTED, "a", "c", M)],
  ["$.m.{1-3}", Exp.mapGetByKeyRange(VALUE, 1, 3, M)],
  ['$.m.{"a b"-"c d"}', Exp.mapGetByKeyRange(VALUE, "a b", "c d", M)],
  ["$.m.{X'00'-X'ff'}", Exp.mapGetByKeyRange(VALUE, Uint8Array.of(0), Uint8Array.of(255), M)],
  ["$.m.{a,b}", Exp.mapGetByKeyList(VALUE, ["a", "b"], M)],
  ["$.m.{@a,}", Exp.mapGetByKeyList(VALUE, ["a"], M)],
  ["$.m.{@1,2}", Exp.mapGetByKeyList(VALUE, [1, 2], M)],
  ["$.m.{1:3}", Exp.mapGetByIndexRangeCount(VALUE, 1, 2, M)],
  ["$.m.{-3:}", Exp.mapGetByIndexRange(VALUE, -3, M)],
  ["$.m.{!1:3}", Exp.mapGetByIndexRangeCount(VALUE | INVERTED, 1, 2, M)],
  ["$.m.{=1,2}", Exp.mapGetByValueList(VALUE, [1, 2], M)],
  ["$.m.{!=1,2}", Exp.mapGetByValueList(VALUE | INVERTED, [1, 2], M)],
  ["$.m.{=1:5}", Exp.mapGetByValueRange(VALUE, 1, 5, M)],
  ["$.m.{=a:c}", Exp.mapGetByValueRange(VALUE, "a", "c", M)],
  ["$.m.{=1:}", Exp.mapGetByValueRange(VALUE, 1, null, M)],
  ["$.m.{#0:2}", Exp.mapGetByRankRangeCount(VALUE, 0, 2, M)],
  ["$.m.{#-2:}", Exp.mapGetByRankRange(VALUE, -2, M)],
  ["$.m.{!#0:2}", Exp.mapGetByRankRangeCount(VALUE | INVERTED, 0, 2, M)],
  ["$.m.{#-1:1~5}", Exp.mapGetByValueRelativeRankRangeCount(VALUE, 5, -1, 3, M)],
  ["$.m.{#0:~x}", Exp.mapGetByValueRelativeRankRange(VALUE, "x", 0, M)],
  ["$.m.{-1:1~k}", Exp.mapGetByKeyRelativeIndexRangeCount(VALUE, "k", -1, 3, M)],
  ["$.m.{0:~5}", Exp.mapGetByKeyRelativeIndexRange(VALUE, 5, 0, M)],
  // One element of a list.
  ["$.l.[0] == 1", Exp.eq(Exp.listGetByIndex(VALUE, "int", 0, L), i(1))],
  ["$.l.[#-1] == 1", Exp.eq(Exp.listGetByRank(VALUE, "int", -1, L), i(1))],
  // Several of a list.
  ["$.l.[1:]", Exp.listGetByIndexRange(VALUE, 1, L)],
  ["$.l.[!0:2]", Exp.listGetByIndexRangeCount(VALUE | INVERTED, 0, 2, L)],
  ["$.l.[=1,2]", Exp.listGetByValueList(VALUE, [1, 2], L)],
  ["$.l.[=1:5]", Exp.listGetByValueRange(VALUE, 1, 5, L)],
  ['$.l.[="a":"c"]', Exp.listGetByValueRange(VALUE, "a", "c", L)],
  ["$.l.[#0:2]", Exp.listGetByRankRangeCount(VALUE, 0, 2, L)],
  ["$.l.[#0:2~7]", Exp.listGetByValueRelativeRankRangeCount(VALUE, 7, 0, 3, L)],
  // Values keep the type they are written in: true is no string.
  ["$.l.[=true,false].count()", Exp.listGetByValueList(COUNT, [true, false], L)],
  ["$.l.[=NIL,1].count()", Exp.listGetByValueList(COUNT, [null, 1], L)],
  ["$.l.[=abc,1.5].count()", Exp.listGetByValueList(COUNT, ["abc", 1.5], L)],
  // Below others: every step to one place can be passed through, by value too.
  [
    "$.m.a.{0}.{#1}.{=x}.k == 1",
    Exp.eq(
      Exp.mapGetByKey(VALUE, "int", "k", M, CTX.mapKey("a"), CTX.mapIndex(0), CTX.mapRank(1), CTX.mapValue("x")),
      i(1),
    ),
  ],
  [
    "$.l.[0].[#1].[=2].[3] == 1",
    Exp.eq(Exp.listGetByIndex(VALUE, "int", 3, L, CTX.listIndex(0), CTX.listRank(1), CTX.listValue(2)), i(1)),
  ],
  ["$.m.l.[1:3]", Exp.listGetByIndexRangeCount(VALUE, 1, 2, M, CTX.mapKey("l"))],
  // Types of what is found.
  ["$.m.k == 1.5", Exp.eq(Exp.mapGetByKey(VALUE, "float", "k", M), f(1.5))],
  [
    "$.m.k.get(type: STRING) == $.m.j",
    Exp.eq(Exp.mapGetByKey(VALUE, "string", "k", M), Exp.mapGetByKey(VALUE, "string", "j", M)),
  ],
  ["$.m.{} == $.n", Exp.eq(M, map("n"))],
  ["$.l.[] == [1, 2]", Exp.eq(L, Exp.listVal([1, 2]))],
  ["$.m.k.[] == [1]", Exp.eq(Exp.mapGetByKey(VALUE, "list", "k", M), Exp.listVal([1]))],
  ["$.m.k.get() == 1", Exp.eq(Exp.mapGetByKey(VALUE, "int", "k", M), i(1))],
  ["$.m.k.get(type: GEO, return: VALUE)", Exp.mapGetByKey(VALUE, "geo", "k", M)],
  ["$.m.k:FLOAT.toInt() == 1", Exp.eq(Exp.toInt(Exp.mapGetByKey(VALUE, "float", "k", M)), i(1))],
  ["$.l.[0]:INT.toFloat() == 1.5", Exp.eq(Exp.toFloat(Exp.listGetByIndex(VALUE, "int", 0, L)), f(1.5))],
  // What is asked about it.
  ["$.m.k.exists()", Exp.mapGetByKey(EXISTS, "int", "k", M)],
  ["$.l.[0].exists()", Exp.listGetByIndex(EXISTS, "int", 0, L)],
  ["$.m.{a,b}.exists()", Exp.mapGetByKeyList(EXISTS, ["a", "b"], M)],
  ["$.m.{a,b}.count()", Exp.mapGetByKeyList(COUNT, ["a", "b"], M)],
  ["$.m.{=1}.count()", Exp.mapGetByValue(COUNT, 1, M)],
  ["$.l.[=1].count()", Exp.listGetByValue(COUNT, 1, L)],
  ["$.l.[].count()", Exp.listSize(L)],
  ["$.m.k:LIST.count()", Exp.listSize(M, CTX.mapKey("k"))],
  ["$.m.k.{}.count()", Exp.mapSize(M, CTX.mapKey("k"))],
  ["$.m.5:LIST.count()", Exp.listSize(M, CTX.mapKey(5))],
  ["$.m.k.[1:3].count()", Exp.listGetByIndexRangeCount(COUNT, 1, 2, M, CTX.mapKey("k"))],
  ["$.m.{a,b}.get(return: KEY)", Exp.mapGetByKeyList(KEY, ["a", "b"], M)],
  ['$.m.{#-1}.get(return: KEY) == "k"', Exp.eq(Exp.mapGetByRank(KEY, "string", -1, M), s("k"))],
  ["$.m.{a-c}.get(return: KEY_VALUE)", Exp.mapGetByKeyRange(KEY_VALUE, "a", "c", M)],
  ["$.m.{a-c}.get(return: ORDERED_MAP)", Exp.mapGetByKeyRange(ORDERED_MAP, "a", "c", M)],
  ["$.m.{a-c}.get(return: UNORDERED_MAP)", Exp.mapGetByKeyRange(UNORDERED_MAP, "a", "c", M)],
  ["$.m.k.get(return: INDEX) == 0", Exp.eq(Exp.mapGetByKey(INDEX, "int", "k", M), i(0))],
  ["$.m.k.get(return: REVERSE_INDEX) == 0", Exp.eq(Exp.mapGetByKey(REVERSE_INDEX, "int", "k", M), i(0))],
  ["$.l.[0].get(return: RANK) == 0", Exp.eq(Exp.listGetByIndex(RANK, "int", 0, L), i(0))],
  ["$.l.[0].get(return: REVERSE_RANK) == 0", Exp.eq(Exp.listGetByIndex(REVERSE_RANK, "int", 0, L), i(0))],
  ["$.m.{a,b}.get(return: INDEX)", Exp.mapGetByKeyList(INDEX, ["a", "b"], M)],
  ["$.m.k.get(return: COUNT) == 1", Exp.eq(Exp.mapGetByKey(COUNT, "int", "k", M), i(1))],
];

describe("paths", () => {
  for (const [text, expected] of STEPS) {
    test(text, () => {
      expect(hex(parseAel(text))).toBe(hex(expected));
    });
  }

  test("an element found by its value is one element, of that value's type", () => {
    // The first of that value: op code 20 for lists, 99 for maps.
    expect(hex(parseAel("$.l.[=5]:INT"))).toBe("957f020093140705935104a16c");
    expect(hex(parseAel("$.m.{=blue}:STRING"))).toBe("957f0300936307a503626c7565935105a16d");
    expect(hex(parseAel("$.m.{=blue}.get(return: KEY) == 5"))).toBe("9301957f0200936306a503626c7565935105a16d05");
  });

  test.each([
    ["$.m.k", "$ . m"],
    ["$.m.{a,b}.count()", "$.m.{ a , b }.count()"],
    ["$.l.[1:3].get(type: LIST)", "$.l.[ 1 : 3 ].get( type : LIST )"],
    ["$.m.k == 1", "$.m\n  .k == 1"],
  ])("blanks do not matter where tokens meet: %s", (plain, spaced) => {
    if (spaced.startsWith("$ ")) expect(() => parseAel(spaced)).toThrow('"$" stands before a dot');
    else expect(hex(parseAel(spaced))).toBe(hex(parseAel(plain)));
  });

  test.each(["IN", "AND", "get", "exclusive", "null", "NO_FAIL"])("%s is a name of a bin", (name) => {
    expect(hex(parseAel(`$.${name} == 1`))).toBe(hex(Exp.eq(Exp.intBin(name), i(1))));
  });

  test("a bin's name can be quoted", () => {
    expect(hex(parseAel('$."123" == 1'))).toBe(hex(Exp.eq(Exp.intBin("123"), i(1))));
    expect(hex(parseAel("$.'a b' == 1"))).toBe(hex(Exp.eq(Exp.intBin("a b"), i(1))));
    expect(hex(parseAel('$."nullable" == 1'))).toBe(hex(Exp.eq(Exp.intBin("nullable"), i(1))));
  });
});
