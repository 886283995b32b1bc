import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AelParam } from "../../../../ael/params.js";
import { double } from "../../../../protocol/value/double.js";
import { GeoJson } from "../../../../protocol/value/geojson.js";
import { AelParseError } from "../../../../src/ael/ael-parse-error.js";
import { parseAel } from "../../../../src/ael/compile.js";
import { toFilter } from "../../../../src/ael/filter.js";
import { prepareAel } from "../../../../src/ael/prepared.js";
import { ael } from "../../../../src/ael/tag.js";
import { printNode } from "../../../../src/exp/print.js";
import { runs } from "../../../support/runs.js";
import { CTX, EXISTS, Exp, geo, hex, INVERTED, i, int, list, map, s, VALUE } from "./expected.js";

const M = map("m");

const ROWS: readonly (readonly [text: string, expected: Exp, ...params: AelParam[]])[] = [
  ["$.a > ?0 and $.a < ?1", Exp.and([Exp.gt(int("a"), i(1)), Exp.lt(int("a"), i(9))]), 1, 9],
  ["$.a > ?0 and $.b < ?0", Exp.and([Exp.gt(int("a"), i(1)), Exp.lt(int("b"), i(1))]), 1],
  ["$.a == ?0", Exp.eq(list("a"), Exp.listVal([1, "x"])), [1, "x"]],
  ["$.a == ?0", Exp.eq(map("a"), Exp.mapVal({ k: 1 })), { k: 1 }],
  [
    "geoCompare($.g, ?0)",
    Exp.geoCompare(geo("g"), Exp.geoVal('{"type":"Point","coordinates":[0,0]}')),
    new GeoJson('{"type":"Point","coordinates":[0,0]}'),
  ],
  [
    "geoCompare($.g, geoJson(?0))",
    Exp.geoCompare(geo("g"), Exp.geoVal('{"type":"Point","coordinates":[0,0]}')),
    '{"type":"Point","coordinates":[0,0]}',
  ],
  ["$.a =~ ?0", Exp.regexCompare("^x", 1, Exp.stringBin("a")), "^x"],
  ["$.a in [?0, ?1]", Exp.listGetByValue(EXISTS, int("a"), Exp.listVal([1, 2])), 1, 2],
  // In the steps of paths too.
  ["$.m.?0 == 1", Exp.eq(Exp.mapGetByKey(VALUE, "int", "k", M), i(1)), "k"],
  ["$.m.?0 == 1", Exp.eq(Exp.mapGetByKey(VALUE, "int", 7, M), i(1)), 7],
  ["$.m.?0.j == 1", Exp.eq(Exp.mapGetByKey(VALUE, "int", "j", M, CTX.mapKey("k")), i(1)), "k"],
  ["$.l.[?0] == 1", Exp.eq(Exp.listGetByIndex(VALUE, "int", -1, list("l")), i(1)), -1],
  ["$.l.[#?0] == 1", Exp.eq(Exp.listGetByRank(VALUE, "int", -1, list("l")), i(1)), -1],
  ["$.l.[?0:?1]", Exp.listGetByIndexRangeCount(VALUE, 1, 2, list("l")), 1, 3],
  ["$.m.{=?0,}.exists()", Exp.mapGetByValueList(EXISTS, ["v"], M), "v"],
  ["$.m.{=?0:?1}", Exp.mapGetByValueRange(VALUE, 1, 5, M), 1, 5],
  ["$.m.{@?0:?1}", Exp.mapGetByKeyRange(VALUE, "a", "c", M), "a", "c"],
  ["$.m.{!@?0,?1}", Exp.mapGetByKeyList(VALUE | INVERTED, ["a", "b"], M), "a", "b"],
  ["$.l.[#0:2~?0]", Exp.listGetByValueRelativeRankRangeCount(VALUE, 5, 0, 3, list("l")), 5],
];

describe("placeholders", () => {
  for (const [text, expected, ...params] of ROWS) {
    test(`${text} with ${JSON.stringify(params)}`, () => {
      expect(hex(parseAel(text, ...params))).toBe(hex(expected));
      expect(hex(prepareAel(text).bind(...params))).toBe(hex(expected));
    });
  }

  test("missing values are an error", () => {
    expect(() => parseAel("$.a == ?1", 1)).toThrow(AelParseError);
    expect(() => prepareAel("$.a == ?1").bind(1)).toThrow("Missing value for placeholder ?1");
  });

  // A filter that lacks its value would let through other records than those meant, to be deleted perhaps.
  test.each([
    ["$.a == ?0", [1, 2], "The value of ?1 is not used: the text has no placeholder ?1"],
    ["$.a == ?1", [1, 2], "The value of ?0 is not used: the text has no placeholder ?0"],
    ["$.a == 1", [7], "The value of ?0 is not used"],
    ['$.a == "?0"', ["x"], "The value of ?0 is not used"],
    [
      "$.status != '%s'",
      ["active"],
      `line 1:13: The value of ?0 is not used: the text has no placeholder ?0: expected ?0, got '%s'
  $.status != '%s'
              ^^^^
Placeholders are ?0, ?1, …, without quotes`,
    ],
    ["$.a > ?0 and $.b < %d", [1, 2], "Placeholders are ?0, ?1, …"],
    ["$.a == %s", ["x"], "Placeholders are ?0, ?1, …"],
  ] as const)("values that the text does not use are an error: %s with %j", (text, params, message) => {
    const ways = [
      () => parseAel(text, ...params),
      () => toFilter(text, params),
      () => prepareAel(text).bind(...params),
      () => toFilter(prepareAel(text), params),
    ];
    for (const way of ways) {
      expect(way).toThrow(AelParseError);
      expect(way).toThrow(message);
    }
  });

  test("a string may hold what looks like a placeholder", () => {
    expect(hex(parseAel('$.a == "%s"'))).toBe(hex(Exp.eq(Exp.stringBin("a"), s("%s"))));
    expect(prepareAel('$.a == "?7" and $.b == ?0').paramCount).toBe(1);
  });

  test("values are never text", () => {
    const evil = '" or $.admin == true or "" == "';
    expect(hex(parseAel("$.name == ?0", evil))).toBe(hex(Exp.eq(Exp.stringBin("name"), s(evil))));
    expect(hex(ael`$.name == ${evil}`)).toBe(hex(Exp.eq(Exp.stringBin("name"), s(evil))));
  });
});

describe("prepared text", () => {
  test("binds each combination of types and values as parseAel would", () => {
    const text = "$.a == ?0 or $.b.get(type: FLOAT) > ?1 or $.c / ?1 > 2 or not($.d =~ ?2)";
    const prepared = prepareAel(text);
    expect(prepared.paramCount).toBe(3);
    const value = fc.oneof(
      fc.integer(),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.double().map((number) => double(number)),
      fc.double({ noInteger: true }),
      fc.string({ unit: "grapheme" }),
      fc.boolean(),
      fc.uint8Array({ maxLength: 40 }),
      fc.constant(null),
    );
    const number = fc.oneof(
      fc.integer(),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.double({ noInteger: true }),
    );
    fc.assert(
      fc.property(value, number, fc.string({ maxLength: 300 }), (first, second, pattern) => {
        const params = [first, second, pattern.replaceAll("\0", "")] as const;
        let expected: Exp;
        try {
          expected = parseAel(text, ...params);
        } catch (error) {
          // null has no place in a comparison with a value.
          expect(() => prepared.bind(...params)).toThrow(error instanceof Error ? error.message : "");
          return;
        }
        const bound = prepared.bind(...params);
        expect(hex(bound)).toBe(hex(expected));
        expect(printNode(bound.node)).toBe(printNode(expected.node));
      }),
      { numRuns: runs(60) },
    );
  });

  test("reads its text once and complains at once", () => {
    expect(() => prepareAel("$.a ==")).toThrow(AelParseError);
    expect(() => prepareAel("$.a == ?0").bind("\ud800")).toThrow("half a surrogate pair");
  });

  test("keeps apart what only shows in the values", () => {
    const prepared = prepareAel("$.l.[?0:?1].count() > ?2");
    const first = prepared.bind(0, 5, 1);
    const second = prepared.bind(2, 3, 1);
    expect(hex(first)).not.toBe(hex(second));
    expect(hex(second)).toBe(hex(parseAel("$.l.[2:3].count() > 1")));
  });

  test("later changes of a value do not reach what was bound", () => {
    const bytes = Uint8Array.of(1, 2);
    const bound = prepareAel("$.a == ?0").bind(bytes);
    const list = [1];
    const other = prepareAel("$.a == ?0").bind(list);
    bytes[0] = 9;
    list.push(2);
    expect(printNode(bound.node)).toBe("$.a == X'0102'");
    expect(printNode(other.node)).toBe("$.a == [1]");
  });
});

describe("the tag", () => {
  test("takes values in the places of a template", () => {
    const name = "Ada";
    expect(hex(ael`$.age > ${30} and $.name == ${name}`)).toBe(hex(parseAel("$.age > ?0 and $.name == ?1", 30, name)));
    const query = (age: number) => ael`$.age > ${age}`;
    expect([query(1), query(2)].map(hex)).toEqual(["$.age > 1", "$.age > 2"].map((text) => hex(parseAel(text))));
  });

  test("hands backslashes to the language", () => {
    expect(hex(ael`$.a == "x\ny" and $.b =~ /a\.b/`)).toBe(hex(parseAel('$.a == "x\\ny" and $.b =~ /a\\.b/')));
  });

  test("the variables of the language are written with a backslash", () => {
    expect(hex(ael`let (x = ${1}) then (\${x} > $.a)`)).toBe(hex(parseAel(`let (x = ?0) then (\${x} > $.a)`, 1)));
  });
});

describe("where", () => {
  test("takes text, an expression or prepared text", () => {
    const expected = hex(Exp.gt(int("a"), i(1)));
    expect(hex(toFilter("$.a > ?0", [1]))).toBe(expected);
    expect(hex(toFilter(Exp.gt(int("a"), i(1)), []))).toBe(expected);
    expect(hex(toFilter(prepareAel("$.a > ?0"), [1]))).toBe(expected);
    expect(hex(toFilter("$.flag:BOOL", []))).toBe(hex(Exp.boolBin("flag")));
    expect(hex(toFilter(prepareAel("$.flag:BOOL"), []))).toBe(hex(Exp.boolBin("flag")));
  });

  test("refuses what is no condition", () => {
    expect(() => toFilter(Exp.intBin("a"), [])).toThrow("this expression is int");
    expect(() => toFilter(Exp.gt(int("a"), i(1)), [1])).toThrow("parameters belong to text");
    expect(() => toFilter("$.a + 1", [])).toThrow(AelParseError);
    expect(() => toFilter(prepareAel("$.a + ?0"), [1])).toThrow("A filter is a condition");
    // @ts-expect-error: a number is no filter
    expect(() => toFilter(5, [])).toThrow("where: expected AEL text, an Exp or a prepared AEL, got 5");
  });
});
