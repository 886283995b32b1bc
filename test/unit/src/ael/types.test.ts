import { describe, expect, test } from "vitest";
import { double } from "../../../../protocol/value/double.js";
import { parseAel, parseFilter } from "../../../../src/ael/compile.js";
import { blob, bool, EXISTS, Exp, f, float, hex, i, int, list, s, str } from "./expected.js";

// Where the type of a bin comes from.

const ROWS: readonly (readonly [text: string, expected: Exp])[] = [
  ["$.a", int("a")],
  ["$.a + $.b", Exp.numAdd([int("a"), int("b")])],
  // A FLOAT anywhere in a calculation makes the open parts FLOAT, down to the last and up to the comparison.
  [
    "$.a * ($.b + ($.c - 1)) > 0.5",
    Exp.gt(Exp.numMul([float("a"), Exp.numAdd([float("b"), Exp.numSub([float("c"), f(1)])])]), f(0.5)),
  ],
  ["$.a + 1 == $.b + 0.5", Exp.eq(Exp.numAdd([float("a"), f(1)]), Exp.numAdd([float("b"), f(0.5)]))],
  ["-$.a > 1.5", Exp.gt(Exp.numSub([f(0), float("a")]), f(1.5))],
  ["max($.a, 1) > 1.5", Exp.gt(Exp.max([float("a"), f(1)]), f(1.5))],
  // What is INT for sure is converted where it meets FLOAT.
  ["$.ttl() > 1.5", Exp.gt(Exp.toFloat(Exp.ttl()), f(1.5))],
  ["$.ttl() * 1.5 > $.a", Exp.gt(Exp.numMul([Exp.toFloat(Exp.ttl()), f(1.5)]), float("a"))],
  ["$.a.get(type: INT) == 2.5", Exp.eq(Exp.toFloat(int("a")), f(2.5))],
  ["$.a.get(type: FLOAT) > 5", Exp.gt(float("a"), f(5))],
  ["$.l.count() / 2.0 > 1", Exp.gt(Exp.numDiv([Exp.toFloat(Exp.listSize(list("l"))), f(2)]), f(1))],
  // What is open beside such an INT still becomes what the result is compared with.
  ["$.a + $.l.count() > 2.5", Exp.gt(Exp.numAdd([float("a"), Exp.toFloat(Exp.listSize(list("l")))]), f(2.5))],
  ["$.a + $.l.count() > 2", Exp.gt(Exp.numAdd([int("a"), Exp.listSize(list("l"))]), i(2))],
  // INTs alone are worked out as such.
  ["$.ttl() / 2 > 1.5", Exp.gt(Exp.toFloat(Exp.numDiv([Exp.ttl(), i(2)])), f(1.5))],
  // Conditions.
  ["$.a and $.b", Exp.and([bool("a"), bool("b")])],
  ["$.a or not($.b)", Exp.or([bool("a"), Exp.not(bool("b"))])],
  ["$.a == ($.b > 1)", Exp.eq(bool("a"), Exp.gt(int("b"), i(1)))],
  ["when ($.a => 1, default => 2) == 1", Exp.eq(Exp.cond([bool("a"), i(1), i(2)]), i(1))],
  ['when ($.a => $.b, default => "x")', Exp.cond([bool("a"), str("b"), s("x")])],
  ["when ($.a => $.b, default => 1.5)", Exp.cond([bool("a"), float("b"), f(1.5)])],
  ["when ($.a => 1, default => 1.5)", Exp.cond([bool("a"), f(1), f(1.5)])],
  [
    'when ($.a => $.b, $.c => unknown, default => $.d) == "x"',
    Exp.eq(Exp.cond([bool("a"), str("b"), bool("c"), Exp.unknown(), str("d")]), s("x")),
  ],
  // Variables take their type from their use as well.
  [`let (x = $.a) then (\${x} == "s")`, Exp.let([Exp.def("x", str("a")), Exp.eq(Exp.var("x"), s("s"))])],
  [`let (x = 5) then (\${x} > 1.5)`, Exp.let([Exp.def("x", f(5)), Exp.gt(Exp.var("x"), f(1.5))])],
  [
    `let (x = $.a, y = \${x}) then (\${y} and \${x})`,
    Exp.let([Exp.def("x", bool("a")), Exp.def("y", Exp.var("x")), Exp.and([Exp.var("y"), Exp.var("x")])]),
  ],
  [
    `let (x = 1) then (let (y = \${x}) then (\${x} + \${y}))`,
    Exp.let([
      Exp.def("x", i(1)),
      Exp.let([Exp.def("y", Exp.var("x")), Exp.numAdd([Exp.var<"int">("x"), Exp.var<"int">("y")])]),
    ]),
  ],
  // A string beside a blob is base64.
  ['$.a.get(type: BLOB) == "AP8="', Exp.eq(blob("a"), Exp.blobVal(Uint8Array.of(0, 255)))],
  ['"AP8=" != $.a.get(type: BLOB)', Exp.ne(Exp.blobVal(Uint8Array.of(0, 255)), blob("a"))],
  ["$.a in ['x']", Exp.listGetByValue(EXISTS, str("a"), Exp.listVal(["x"]))],
];

describe("types", () => {
  for (const [text, expected] of ROWS) {
    test(text, () => {
      expect(hex(parseAel(text))).toBe(hex(expected));
    });
  }

  test("a bin alone is an INT, and a BOOL where a condition is expected", () => {
    expect(hex(parseAel("$.a"))).toBe(hex(int("a")));
    expect(hex(parseFilter("$.a", []))).toBe(hex(bool("a")));
    expect(hex(parseFilter("when ($.b => $.a, default => true)", []))).toBe(
      hex(Exp.cond([bool("b"), bool("a"), Exp.boolVal(true)])),
    );
  });

  test.each([
    ["$.a + 1", "this is INT: the literal 1 is INT"],
    ["$.a + $.b", "this is a number"],
    ['"x"', 'this is STRING: the literal "x" is STRING'],
    ["$.l.count()", "this is INT: $.l.count() is INT"],
  ])("%s is no condition", (text, message) => {
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
    // An integral number is as good a FLOAT as a literal is.
    expect(hex(parseAel("$.a.get(type: FLOAT) > ?0", 5))).toBe(hex(Exp.gt(float("a"), f(5))));
  });
});
