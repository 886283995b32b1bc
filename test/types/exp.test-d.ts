import { describe, expectTypeOf, test } from "vitest";
import { CTX } from "../../protocol/cdt/context.js";
import { ListReturnType, MapReturnType } from "../../protocol/cdt/flags.js";
import { PathSelectFlags } from "../../protocol/cdt/path.js";
import { double } from "../../protocol/value/double.js";
import { GeoJson } from "../../protocol/value/geojson.js";
import { parseAel } from "../../src/ael/compile.js";
import { toFilter } from "../../src/ael/filter.js";
import { prepareAel } from "../../src/ael/prepared.js";
import { ael } from "../../src/ael/tag.js";
import { Exp } from "../../src/exp/exp.js";

// What must compile, and what must not.

const int = Exp.intBin("i");
const float = Exp.floatBin("f");
const string = Exp.stringBin("s");
const bool = Exp.boolBin("b");
const list = Exp.listBin("l");
const map = Exp.mapBin("m");
const blob = Exp.blobBin("x");
const geo = Exp.geoBin("g");
const hll = Exp.hllBin("h");

describe("expressions know the type of their value", () => {
  test("bins, constants and metadata", () => {
    expectTypeOf(int).toEqualTypeOf<Exp<"int">>();
    expectTypeOf(Exp.bin("a", "blob")).toEqualTypeOf<Exp<"blob">>();
    expectTypeOf(Exp.key("string")).toEqualTypeOf<Exp<"string">>();
    expectTypeOf(Exp.ttl()).toEqualTypeOf<Exp<"int">>();
    expectTypeOf(Exp.val("x")).toEqualTypeOf<Exp<"string">>();
    expectTypeOf(Exp.val(5n)).toEqualTypeOf<Exp<"int">>();
    expectTypeOf(Exp.val(double(5))).toEqualTypeOf<Exp<"float">>();
    expectTypeOf(Exp.val([1, 2])).toEqualTypeOf<Exp<"list">>();
    expectTypeOf(Exp.val({ k: 1 })).toEqualTypeOf<Exp<"map">>();
    expectTypeOf(Exp.val(new GeoJson("{}"))).toEqualTypeOf<Exp<"geo">>();
    expectTypeOf(int.type).toEqualTypeOf<"int" | undefined>();
    // @ts-expect-error: a key is no float
    Exp.key("float");
    // @ts-expect-error: there is no such type
    Exp.bin("a", "number");
  });

  test("comparisons take two of one type", () => {
    expectTypeOf(Exp.eq(int, Exp.intVal(1))).toEqualTypeOf<Exp<"bool">>();
    Exp.eq(Exp.intVal(1), int);
    Exp.lt(list, Exp.listVal([1]));
    // @ts-expect-error: a string compared with an integer
    Exp.eq(string, int);
    // @ts-expect-error: an integer compared with a string
    Exp.eq(int, string);
    // @ts-expect-error: an integer compared with a float
    Exp.gt(int, float);
    // @ts-expect-error: geometries do not compare
    Exp.eq(geo, geo);
    // @ts-expect-error: nor do sketches
    Exp.eq(hll, hll);
    // @ts-expect-error: nor does infinity outside of a collection call
    Exp.lt(list, Exp.infinity());
    // @ts-expect-error: a plain value is no expression here
    Exp.eq(int, 5);
  });

  test("variables go with any type, or with the one they are given", () => {
    Exp.eq(Exp.var("x"), int);
    Exp.eq(int, Exp.var("x"));
    Exp.eq(Exp.var<"string">("x"), string);
    // @ts-expect-error: it was said to be a string
    Exp.eq(Exp.var<"string">("x"), int);
    expectTypeOf(Exp.let([Exp.def("x", int), Exp.eq(Exp.var("x"), int)])).toEqualTypeOf<Exp<"bool">>();
    // @ts-expect-error: the body is no definition
    Exp.let([Exp.def("x", int), Exp.def("y", int)]);
  });

  test("logic takes conditions", () => {
    Exp.and([bool, Exp.not(bool), Exp.unknown()]);
    const many: Exp<"bool">[] = [bool];
    Exp.or(many);
    // @ts-expect-error: an integer is no condition
    Exp.and([int, bool]);
    // @ts-expect-error: nor is a string
    Exp.not(string);
  });

  test("arithmetic keeps to one type of number", () => {
    expectTypeOf(Exp.numAdd([int, Exp.intVal(1)])).toEqualTypeOf<Exp<"int">>();
    expectTypeOf(Exp.numAdd([float, Exp.floatVal(1)])).toEqualTypeOf<Exp<"float">>();
    expectTypeOf(Exp.max([float])).toEqualTypeOf<Exp<"float">>();
    expectTypeOf(Exp.numAbs(int)).toEqualTypeOf<Exp<"int">>();
    expectTypeOf(Exp.toFloat(int)).toEqualTypeOf<Exp<"float">>();
    // @ts-expect-error: both types of number
    Exp.numAdd([int, float]);
    // @ts-expect-error: no number at all
    Exp.numMul([string, string]);
    // @ts-expect-error: a power is of floats
    Exp.numPow(int, float);
    // @ts-expect-error: a remainder is of integers
    Exp.numMod(float, int);
    // @ts-expect-error: it is an integer already
    Exp.toInt(int);
    // @ts-expect-error: bits are of integers
    Exp.intAnd([float]);
    // @ts-expect-error: what is looked for is true or false
    Exp.intLscan(int, int);
  });

  test("cond has values of one type", () => {
    expectTypeOf(Exp.cond([bool, int, Exp.intVal(0)])).toEqualTypeOf<Exp<"int">>();
    expectTypeOf(Exp.cond([bool, int, Exp.unknown()])).toEqualTypeOf<Exp<"int">>();
    Exp.cond([bool, string, bool, Exp.stringVal("x"), Exp.stringVal("y")]);
    // @ts-expect-error: values of two types
    Exp.cond([bool, int, string]);
    // @ts-expect-error: no default
    Exp.cond([bool, int]);
  });
});

describe("collection operations", () => {
  test("work on what they are for, or inside of it with a context", () => {
    Exp.listSize(list);
    Exp.listSize(map, CTX.mapKey("k"));
    Exp.mapSize(list, CTX.listIndex(0));
    Exp.listSize(Exp.mapKeys(map));
    Exp.listSize(Exp.var("x"));
    // @ts-expect-error: a list operation on a map
    Exp.listSize(map);
    // @ts-expect-error: a map operation on a list
    Exp.mapSize(list);
    // @ts-expect-error: a list operation on an integer
    Exp.listSize(int, CTX.mapKey("k"));
    // @ts-expect-error: a bit operation on a list
    Exp.bitCount(0, 8, list);
    // @ts-expect-error: a sketch operation on a blob
    Exp.hllGetCount(blob);
    // @ts-expect-error: keys are of maps
    Exp.mapKeys(list);
  });

  test("give what their return type says", () => {
    expectTypeOf(Exp.listGetByIndex(ListReturnType.VALUE, "string", 0, list)).toEqualTypeOf<Exp<"string">>();
    expectTypeOf(Exp.listGetByIndex(ListReturnType.COUNT, "string", 0, list)).toEqualTypeOf<Exp<"int">>();
    expectTypeOf(Exp.listGetByIndex(ListReturnType.EXISTS, "string", 0, list)).toEqualTypeOf<Exp<"bool">>();
    expectTypeOf(Exp.mapGetByKey(MapReturnType.INDEX, "string", "k", map)).toEqualTypeOf<Exp<"int">>();
    expectTypeOf(Exp.mapGetByKey(MapReturnType.KEY, "string", "k", map)).toEqualTypeOf<Exp<"string">>();
    expectTypeOf(Exp.mapGetByKeyRange(MapReturnType.VALUE, "a", "c", map)).toEqualTypeOf<Exp<"list">>();
    expectTypeOf(Exp.mapGetByKeyRange(MapReturnType.ORDERED_MAP, "a", null, map)).toEqualTypeOf<Exp<"map">>();
    expectTypeOf(Exp.mapGetByKeyList(MapReturnType.COUNT, ["a"], map)).toEqualTypeOf<Exp<"int">>();
    expectTypeOf(Exp.listAppend(undefined, 5, map, CTX.mapKey("k"))).toEqualTypeOf<Exp<"map">>();
    // @ts-expect-error: what was read is a string
    Exp.eq(Exp.listGetByIndex(ListReturnType.VALUE, "string", 0, list), int);
  });

  test("take plain values and expressions", () => {
    Exp.listGetByIndex(ListReturnType.VALUE, "int", int, list);
    Exp.listGetByIndex(ListReturnType.VALUE, "int", 5n, list);
    Exp.mapPut(undefined, "k", [1, { k: string.type ?? null }], map);
    Exp.mapGetByValue(MapReturnType.COUNT, string, map);
    // @ts-expect-error: an index is no string
    Exp.listGetByIndex(ListReturnType.VALUE, "int", "0", list);
    // @ts-expect-error: nor a string expression
    Exp.listGetByIndex(ListReturnType.VALUE, "int", string, list);
    // @ts-expect-error: a key is no boolean
    Exp.mapGetByKey(MapReturnType.VALUE, "int", true, map);
    // @ts-expect-error: a Date has no Aerospike type
    Exp.listAppend(undefined, new Date(), list);
  });

  test("paths", () => {
    expectTypeOf(Exp.selectByPath("list", PathSelectFlags.VALUES, map, CTX.allChildren())).toEqualTypeOf<Exp<"list">>();
    expectTypeOf(Exp.modifyByPath(Exp.removeResult(), map, CTX.allChildren())).toEqualTypeOf<Exp<"map">>();
    expectTypeOf(Exp.intLoopVar("index")).toEqualTypeOf<Exp<"int">>();
    // @ts-expect-error: what is taken out compares with nothing
    Exp.eq(Exp.removeResult(), Exp.removeResult());
    // @ts-expect-error: an element has no rank
    Exp.intLoopVar("rank");
  });
});

describe("text", () => {
  test("gives a condition unless it is said to give something else", () => {
    expectTypeOf(parseAel("$.a > 1")).toEqualTypeOf<Exp<"bool">>();
    expectTypeOf(parseAel<"int">("$.a + 1")).toEqualTypeOf<Exp<"int">>();
    expectTypeOf(ael`$.a > ${1}`).toEqualTypeOf<Exp<"bool">>();
    expectTypeOf(prepareAel("$.a > ?0").bind(1)).toEqualTypeOf<Exp<"bool">>();
    expectTypeOf(toFilter("$.a", [])).toEqualTypeOf<Exp<"bool">>();
    parseAel("$.a == ?0 and $.b in ?1", null, [1, "x", { k: 1n }]);
    // @ts-expect-error: a Date is no parameter
    parseAel("$.a == ?0", new Date());
    // @ts-expect-error: a filter is text, an expression or prepared text
    toFilter(5, []);
  });
});
