import { describe, expect, test } from "vitest";
import { PathSelectFlags } from "../../../../protocol/cdt/path.js";
import { parseAel } from "../../../../src/ael/compile.js";
import { RegexFlag } from "../../../../src/exp/regex-flag.js";
import { blob, CTX, EXISTS, Exp, f, hex, i, int, KEY, list, map, s, str, VALUE } from "./expected.js";

// What neither of the other SDKs has.

const { EXTENDED, ICASE, NEWLINE } = RegexFlag;
const M = map("m");
const L = list("l");

const ROWS: readonly (readonly [text: string, expected: Exp])[] = [
  // Regular expressions.
  ["$.a =~ /^x.*/", Exp.regexCompare("^x.*", EXTENDED, str("a"))],
  ["$.a =~ /^x/i", Exp.regexCompare("^x", EXTENDED | ICASE, str("a"))],
  ["$.a =~ /^x/im", Exp.regexCompare("^x", EXTENDED | ICASE | NEWLINE, str("a"))],
  ["$.a =~ /a\\(b\\)/", Exp.regexCompare("a\\(b\\)", EXTENDED, str("a"))],
  ["$.a =~ /a\\/b\\.c/", Exp.regexCompare("a/b\\.c", EXTENDED, str("a"))],
  ["$.a =~ '^x'", Exp.regexCompare("^x", EXTENDED, str("a"))],
  ["$.a !~ /x/", Exp.not(Exp.regexCompare("x", EXTENDED, str("a")))],
  ["$.m.k =~ /x/", Exp.regexCompare("x", EXTENDED, Exp.mapGetByKey(VALUE, "string", "k", M))],
  // Between.
  ["$.a between 1 and 5", Exp.and([Exp.ge(int("a"), i(1)), Exp.le(int("a"), i(5))])],
  [
    "$.a between 1 and 5 and $.b between 'a' and 'c'",
    Exp.and([Exp.ge(int("a"), i(1)), Exp.le(int("a"), i(5)), Exp.ge(str("b"), s("a")), Exp.le(str("b"), s("c"))]),
  ],
  [
    "$.a + 1.0 between 0.0 and 1.5",
    Exp.and([
      Exp.ge(Exp.numAdd([Exp.floatBin("a"), f(1)]), f(0)),
      Exp.le(Exp.numAdd([Exp.floatBin("a"), f(1)]), f(1.5)),
    ]),
  ],
  // Escapes in strings.
  ['$.a == "it\\"s\\n\\t\\\\\\u0041\\u{1F600}"', Exp.eq(str("a"), s('it"s\n\t\\A😀'))],
  ["$.a == 'it\\'s'", Exp.eq(str("a"), s("it's"))],
  // Comments.
  ["$.a == 1 // one\n and /* two */ $.b == 2", Exp.and([Exp.eq(int("a"), i(1)), Exp.eq(int("b"), i(2))])],
  ["$.a == '// no comment' // but this", Exp.eq(str("a"), s("// no comment"))],
  // Whether something is there.
  ["$.a == null", Exp.eq(Exp.binType("a"), i(0))],
  ["null != $.a", Exp.ne(Exp.binType("a"), i(0))],
  ["$.m.k != null", Exp.and([Exp.ne(Exp.binType("m"), i(0)), Exp.mapGetByKey(EXISTS, "int", "k", M)])],
  [
    "$.m.k.j == null",
    Exp.or([
      Exp.eq(Exp.binType("m"), i(0)),
      Exp.not(Exp.mapGetByKey(EXISTS, "int", "k", M)),
      Exp.not(Exp.mapGetByKey(EXISTS, "int", "j", M, CTX.mapKey("k"))),
    ]),
  ],
  ["$.l.[2] != null", Exp.and([Exp.ne(Exp.binType("l"), i(0)), Exp.ge(Exp.listSize(L), i(3))])],
  ["$.l.[-2] == null", Exp.or([Exp.eq(Exp.binType("l"), i(0)), Exp.not(Exp.ge(Exp.listSize(L), i(2)))])],
  ["$.a.orElse(0) > 1", Exp.gt(Exp.cond([Exp.eq(Exp.binType("a"), i(1)), int("a"), i(0)]), i(1))],
  ["$.a.orElse('x') == 'y'", Exp.eq(Exp.cond([Exp.eq(Exp.binType("a"), i(3)), str("a"), s("x")]), s("y"))],
  [
    "$.m.k.orElse(1) > 1",
    Exp.gt(
      Exp.cond([
        Exp.and([Exp.ne(Exp.binType("m"), i(0)), Exp.mapGetByKey(EXISTS, "int", "k", M)]),
        Exp.mapGetByKey(VALUE, "int", "k", M),
        i(1),
      ]),
      i(1),
    ),
  ],
  ["$.a.type() == 3", Exp.eq(Exp.binType("a"), i(3))],
  ["$.a.is(type: STRING)", Exp.eq(Exp.binType("a"), i(3))],
  ["$.a.is(type: BOOL)", Exp.eq(Exp.binType("a"), i(17))],
  ['$.key() == "x"', Exp.eq(Exp.key("string"), s("x"))],
  ["$.key() > 5", Exp.gt(Exp.key("int"), i(5))],
  ["$.key().get(type: BLOB) == X'00'", Exp.eq(Exp.key("blob"), Exp.blobVal(Uint8Array.of(0)))],
  // Keys and values of maps.
  ["'k' in $.m.mapKeys()", Exp.listGetByValue(EXISTS, "k", Exp.mapGetByIndexRange(KEY, 0, M))],
  ["$.m.k.mapValues().count() > 1", Exp.gt(Exp.listSize(Exp.mapGetByIndexRange(VALUE, 0, M, CTX.mapKey("k"))), i(1))],
  ["$.m.mapValues().[0] == 1", Exp.eq(Exp.listGetByIndex(VALUE, "int", 0, Exp.mapGetByIndexRange(VALUE, 0, M)), i(1))],
  // Bits of blobs.
  ["$.b.bitGet(0, 8) == X'ff'", Exp.eq(Exp.bitGet(0, 8, blob("b")), Exp.blobVal(Uint8Array.of(255)))],
  ["$.b.bitCount(0, 8) > 1", Exp.gt(Exp.bitCount(0, 8, blob("b")), i(1))],
  ["$.b.bitGetInt(0, 8) == 1", Exp.eq(Exp.bitGetInt(0, 8, false, blob("b")), i(1))],
  ["$.b.bitGetInt($.o, 8, true) == 1", Exp.eq(Exp.bitGetInt(int("o"), 8, true, blob("b")), i(1))],
  ["$.b.bitLscan(0, 8, true) == 1", Exp.eq(Exp.bitLscan(0, 8, true, blob("b")), i(1))],
  ["$.b.bitRscan(0, 8, false) == 1", Exp.eq(Exp.bitRscan(0, 8, false, blob("b")), i(1))],
  // Functions one after another, and on what is in parentheses.
  ["$.l:LIST.count().toFloat() > 1.5", Exp.gt(Exp.toFloat(Exp.listSize(L)), f(1.5))],
  ["($.a + 1).asFloat() > 1.5", Exp.gt(Exp.toFloat(Exp.numAdd([int("a"), i(1)])), f(1.5))],
  // Wildcards.
  [
    "$.l.[*].name.count() > 1",
    Exp.gt(
      Exp.listSize(Exp.selectByPath("list", PathSelectFlags.VALUES, L, CTX.allChildren(), CTX.mapKey("name"))),
      i(1),
    ),
  ],
  ["$.m.{*}", Exp.selectByPath("list", PathSelectFlags.VALUES, M, CTX.allChildren())],
  ["$.m:MAP.*.k", Exp.selectByPath("list", PathSelectFlags.VALUES, M, CTX.allChildren(), CTX.mapKey("k"))],
  ["$.m.{*}.get(return: KEY)", Exp.selectByPath("list", PathSelectFlags.MAP_KEYS, M, CTX.allChildren())],
  ["$.m.{*}.get(return: KEY_VALUE)", Exp.selectByPath("list", PathSelectFlags.MAP_KEY_VALUES, M, CTX.allChildren())],
  [
    "$.l.[?(@.price < 15.0)].title",
    Exp.selectByPath(
      "list",
      PathSelectFlags.VALUES,
      L,
      CTX.allChildrenWithFilter(Exp.lt(Exp.mapGetByKey(VALUE, "float", "price", Exp.mapLoopVar("value")), f(15))),
      CTX.mapKey("title"),
    ),
  ],
  [
    "$.m.{?(@key == 'a' or @ > 5)}",
    Exp.selectByPath(
      "list",
      PathSelectFlags.VALUES,
      M,
      CTX.allChildrenWithFilter(
        Exp.or([Exp.eq(Exp.stringLoopVar("key"), s("a")), Exp.gt(Exp.intLoopVar("value"), i(5))]),
      ),
    ),
  ],
  [
    "$.l.[?(@index < 2)]",
    Exp.selectByPath(
      "list",
      PathSelectFlags.VALUES,
      L,
      CTX.allChildrenWithFilter(Exp.lt(Exp.intLoopVar("index"), i(2))),
    ),
  ],
  ["$.m.{*}.{a,b}", Exp.selectByPath("list", PathSelectFlags.VALUES, M, CTX.allChildren(), CTX.mapKeysIn(["a", "b"]))],
  [
    "$.l.[*].exists()",
    Exp.gt(Exp.listSize(Exp.selectByPath("list", PathSelectFlags.VALUES, L, CTX.allChildren())), i(0)),
  ],
  // Lists in filters on lists.
  [
    "$.l.[?(@ in [1, 2])]",
    Exp.selectByPath(
      "list",
      PathSelectFlags.VALUES,
      L,
      CTX.allChildrenWithFilter(Exp.listGetByValue(EXISTS, Exp.intLoopVar("value"), Exp.listVal([1, 2]))),
    ),
  ],
];

describe("extensions", () => {
  for (const [text, expected] of ROWS) {
    test(text, () => {
      expect(hex(parseAel(text))).toBe(hex(expected));
    });
  }

  test.each([
    ["$.a =~ /x/", "6.0"],
    ["$.a in [1]", "6.1"],
    ["$.m.{a-c}.get(return: ORDERED_MAP)", "6.3"],
    ["$.recordSize() > 1", "7.0"],
    ["$.l.[*]", "8.1.1"],
    ["$.m.{*}.{a,b}", "8.1.2"],
    ["$.m.mapKeys().count() > 1", "6.0"],
    ["$.s =~ /\\d/", "8.2"],
    ["$.l.[0:2].name", "8.1.1"],
    ["$.m.{!@a,b}.name", "8.2"],
    ["$.m.a.count() > 1", "8.2"],
    ["$.m.a:MAP.count() > 1", "6.0"],
  ])("%s needs server %s", (text, version) => {
    expect(parseAel(text).minVersion).toBe(version);
  });
});
