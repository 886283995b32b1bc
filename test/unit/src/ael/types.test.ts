import { describe, expect, test } from "vitest";
import { double } from "../../../../protocol/value/double.js";
import { parseAel, parseFilter } from "../../../../src/ael/compile.js";
import { prepareAel } from "../../../../src/ael/prepared.js";
import { blob, bool, EXISTS, Exp, f, float, hex, i, int, list, map, s, str, VALUE } from "./expected.js";

// Where the type of a bin comes from.

const ROWS: readonly (readonly [text: string, expected: Exp])[] = [
  ["$.a:INT", int("a")],
  ["$.a:STRING", str("a")],
  // What meets shares one type, whatever the order, down to the last of a calculation.
  ["$.a:INT + $.b", Exp.numAdd([int("a"), int("b")])],
  ["$.a + $.b:FLOAT", Exp.numAdd([float("a"), float("b")])],
  [
    "$.a * ($.b + ($.c - 1.0)) > 0.5",
    Exp.gt(Exp.numMul([float("a"), Exp.numAdd([float("b"), Exp.numSub([float("c"), f(1)])])]), f(0.5)),
  ],
  ["$.a == $.b and $.b == 2.5", Exp.and([Exp.eq(float("a"), float("b")), Exp.eq(float("b"), f(2.5))])],
  [
    "$.a == $.b and $.c == $.b and $.c > 'x'",
    Exp.and([Exp.eq(str("a"), str("b")), Exp.eq(str("c"), str("b")), Exp.gt(str("c"), s("x"))]),
  ],
  ["-$.a > 1.5", Exp.gt(Exp.numSub([f(0), float("a")]), f(1.5))],
  ["max($.a, 1.0) > $.b", Exp.gt(Exp.max([float("a"), f(1)]), float("b"))],
  ["abs($.a) > 1.5", Exp.gt(Exp.numAbs(float("a")), f(1.5))],
  // One type of a bin is that of all its mentions, save those that are LOCAL.
  ["$.f.toInt() == 2 and $.f:FLOAT > 0.5", Exp.and([Exp.eq(Exp.toInt(float("f")), i(2)), Exp.gt(float("f"), f(0.5))])],
  ['$.n:LOCAL:STRING == "x" or $.n == 5', Exp.or([Exp.eq(str("n"), s("x")), Exp.eq(int("n"), i(5))])],
  // Conversions are written; of the type that is there already they are nothing.
  ["($.ttl()).toFloat() > 1.5", Exp.gt(Exp.toFloat(Exp.ttl()), f(1.5))],
  ["$.a:INT.toInt() > 1", Exp.gt(int("a"), i(1))],
  ["$.l:LIST.count().toFloat() / 2.0 > 1.0", Exp.gt(Exp.numDiv([Exp.toFloat(Exp.listSize(list("l"))), f(2)]), f(1))],
  // Conditions.
  ["$.a and $.b", Exp.and([bool("a"), bool("b")])],
  ["$.a or not($.b)", Exp.or([bool("a"), Exp.not(bool("b"))])],
  ["$.a == ($.b > 1)", Exp.eq(bool("a"), Exp.gt(int("b"), i(1)))],
  ["when ($.a => 1, default => 2) == 1", Exp.eq(Exp.cond([bool("a"), i(1), i(2)]), i(1))],
  ['when ($.a => $.b, default => "x")', Exp.cond([bool("a"), str("b"), s("x")])],
  [
    'when ($.a => $.b, $.c => unknown, default => $.d) == "x"',
    Exp.eq(Exp.cond([bool("a"), str("b"), bool("c"), Exp.unknown(), str("d")]), s("x")),
  ],
  // Variables have the type of what they stand for.
  [`let (x = $.a:STRING) then (\${x} == "s")`, Exp.let([Exp.def("x", str("a")), Exp.eq(Exp.var("x"), s("s"))])],
  [
    `let (x = 1) then (let (y = \${x}) then (\${x} + \${y}))`,
    Exp.let([
      Exp.def("x", i(1)),
      Exp.let([Exp.def("y", Exp.var("x")), Exp.numAdd([Exp.var<"int">("x"), Exp.var<"int">("y")])]),
    ]),
  ],
  // A list's first element; elements of a path.
  ["$.a in ['x', 5]", Exp.listGetByValue(EXISTS, str("a"), Exp.listVal(["x", 5]))],
  [
    "$.m.k == $.b and $.b == 'x'",
    Exp.and([Exp.eq(Exp.mapGetByKey(VALUE, "string", "k", map("m")), str("b")), Exp.eq(str("b"), s("x"))]),
  ],
  ["$.a == b64'AP8='", Exp.eq(blob("a"), Exp.blobVal(Uint8Array.of(0, 255)))],
  ["$.a.type() == HLL", Exp.eq(Exp.binType("a"), i(18))],
];

describe("types", () => {
  for (const [text, expected] of ROWS) {
    test(text, () => {
      expect(hex(parseAel(text))).toBe(hex(expected));
    });
  }

  test.each([
    ["$.a", "$.a:INT"],
    ["$.a == $.b", "$.a:INT"],
    ["$.a + $.b > $.c", "it may be INT, FLOAT or STRING"],
    ["$.l.count() > 2", "it may be LIST or MAP"],
    ["$.l.*[?(@ > 1)]", "$.l:LIST"],
    ["$.m.k", "$.m.k:INT"],
    ["$.a.toInt() == 3", "$.a:INT"],
    ["$.key()", "it may be INT, STRING or BLOB"],
    [`let (x = $.a) then (\${x} == "s")`, "$.a:INT"],
    ["$.l:LIST.*[?(@ == @)]", "@:INT"],
  ])("%s is open", (text, hint) => {
    expect(() => parseAel(text)).toThrow("is open");
    expect(() => parseAel(text)).toThrow(hint);
  });

  test("a bin alone is no condition unless its type is written", () => {
    expect(() => parseFilter("$.active", [])).toThrow("Write $.active:BOOL");
    expect(hex(parseFilter("$.active:BOOL", []))).toBe(hex(bool("active")));
    expect(hex(parseFilter("when ($.b => $.a, default => true)", []))).toBe(
      hex(Exp.cond([bool("b"), bool("a"), Exp.boolVal(true)])),
    );
  });

  test.each([
    ["$.a + 1", "the result of $.a + 1 is INT, as is 1 (1:7)"],
    ['"x"', 'the literal "x" is STRING'],
    ["$.l:LIST.count()", "$.l:LIST.count() is INT"],
    ["$.a:INT", "$.a:INT is INT"],
  ])("%s is no condition", (text, message) => {
    expect(() => parseFilter(text, [])).toThrow("A filter is a condition, BOOL");
    expect(() => parseFilter(text, [])).toThrow(message);
  });

  test("parameters have the types of their values", () => {
    const at = (value: number | string | boolean | Uint8Array | bigint) => hex(parseAel("$.a == ?0", value));
    expect(at(5)).toBe(hex(Exp.eq(int("a"), i(5))));
    expect(at(5n)).toBe(hex(Exp.eq(int("a"), i(5))));
    expect(at(5.5)).toBe(hex(Exp.eq(float("a"), f(5.5))));
    expect(at("x")).toBe(hex(Exp.eq(str("a"), s("x"))));
    expect(at(true)).toBe(hex(Exp.eq(bool("a"), Exp.boolVal(true))));
    expect(at(Uint8Array.of(1))).toBe(hex(Exp.eq(blob("a"), Exp.blobVal(Uint8Array.of(1)))));
    expect(hex(parseAel("$.a == ?0", double(5)))).toBe(hex(Exp.eq(float("a"), f(5))));
  });

  test("an integral number is FLOAT where FLOAT is asked for, a bigint never", () => {
    expect(hex(parseAel("$.a:FLOAT > ?0", 5))).toBe(hex(Exp.gt(float("a"), f(5))));
    expect(hex(parseAel("$.a > ?0 and $.a < ?1", 5, 9.5))).toBe(
      hex(Exp.and([Exp.gt(float("a"), f(5)), Exp.lt(float("a"), f(9.5))])),
    );
    expect(() => parseAel("$.a:FLOAT > ?0", 5n)).toThrow("Cannot compare FLOAT to INT");
    const between = prepareAel("$.a > ?0 and $.a < ?1");
    expect(hex(between.bind(1, 9.5))).toBe(hex(parseAel("$.a > ?0 and $.a < ?1", 1, 9.5)));
    expect(hex(between.bind(1, 10))).toBe(hex(parseAel("$.a > 1 and $.a < 10")));
    expect(() => between.bind(1n, 9.5)).toThrow("Cannot compare INT to FLOAT");
  });

  test("null as a parameter asks whether something is there", () => {
    expect(hex(parseAel("$.a == ?0", null))).toBe(hex(Exp.eq(Exp.binType("a"), i(0))));
    expect(hex(parseAel("$.a != ?0", null))).toBe(hex(Exp.ne(Exp.binType("a"), i(0))));
  });

  test("an empty list as a parameter holds nothing", () => {
    expect(hex(parseAel("$.a in ?0", []))).toBe(hex(Exp.boolVal(false)));
    expect(hex(prepareAel("$.a in ?0 or $.b > ?1").bind([], 1))).toBe(
      hex(Exp.or([Exp.boolVal(false), Exp.gt(int("b"), i(1))])),
    );
  });
});
