import { describe, expect, test } from "vitest";
import { CTX } from "../../../../protocol/cdt/context.js";
import { ListReturnType, MapReturnType } from "../../../../protocol/cdt/flags.js";
import { needs } from "../../../../protocol/exp/version.js";
import { WILDCARD } from "../../../../protocol/value/special.js";
import { Exp } from "../../../../src/exp/exp.js";

// Plain JavaScript may hand in anything: what the compiler would refuse is refused when it runs, too.

const { VALUE, COUNT, EXISTS, NONE, INVERTED } = ListReturnType;
const { ORDERED_MAP, UNORDERED_MAP, KEY } = MapReturnType;
// biome-ignore lint/suspicious/noExplicitAny: wrong arguments are the point.
const E = Exp as any;
const a = Exp.intBin("a");
const s = Exp.stringBin("s");
const l = Exp.listBin("l");
const m = Exp.mapBin("m");
const hex = (exp: Exp): string => Buffer.from(exp.packed).toString("hex");

describe("wrong arguments", () => {
  test.each<[string, () => unknown, string]>([
    [
      "a bin's name that is too long",
      () => Exp.intBin("abcdefghijklmnop"),
      'The bin name of Exp.intBin "abcdefghijklmnop" takes 16 bytes of UTF-8: at most 15 are allowed',
    ],
    ["a bin's name of 16 bytes in 8 letters", () => Exp.intBin("üüüüüüüü"), "takes 16 bytes"],
    ["a bin's name that is no string", () => E.intBin(5), "The bin name of Exp.intBin is 5: it must be a string"],
    ["a type that is none", () => E.bin("a", "number"), "expected the type of an expression, one of "],
    [
      "a key of another type",
      () => E.key("float"),
      'expected the type of a key, "int", "string" or "blob", got "float"',
    ],
    ["digestModulo(0)", () => Exp.digestModulo(0), "expected the modulus to be a 32-bit integer other than 0, got 0"],
    ["digestModulo(2^31)", () => Exp.digestModulo(2 ** 31), "32-bit integer other than 0, got 2147483648"],
    [
      "an integer that is none",
      () => Exp.intVal(1.5),
      "Exp.intVal: expected a safe integer or a bigint in int64, got 1.5",
    ],
    [
      "an integer that is not safe",
      () => Exp.intVal(2 ** 53),
      "expected a safe integer or a bigint in int64, got 9007199254740992",
    ],
    ["a bigint of more than 64 bits", () => Exp.intVal(2n ** 63n), "a bigint in int64, got 9223372036854775808n"],
    ["a float that is a string", () => E.floatVal("1"), 'expected a number, got "1"'],
    ["half a surrogate pair", () => Exp.stringVal("\ud800"), "half a surrogate pair"],
    ["a blob that is an array", () => E.blobVal([1]), "expected a Uint8Array, got an Array"],
    ["a list that is none", () => E.listVal({}), "expected an array, got an Object"],
    ["a map that is none", () => E.mapVal([]), "expected a Map or a plain object, got an Array"],
    ["a map with nil as key", () => E.mapVal(new Map([[null, 1]])), "null can't be a map key"],
    [
      "a map with a key twice",
      () =>
        Exp.mapVal(
          new Map<number | bigint, number>([
            [1, 1],
            [1n, 2],
          ]),
        ),
      "has the key 1n twice",
    ],
    ["a Date", () => E.val(new Date(0)), "Exp.val: a Date has no Aerospike type"],
    [
      "a value deep inside of no type",
      () => E.listVal([1, { k: new Date(0) }]),
      "Exp.listVal: [1].k: a Date has no Aerospike type",
    ],
    [
      "a list nested too deep",
      () => E.listVal(JSON.parse("[".repeat(70) + "]".repeat(70))),
      "nested deeper than 64 levels",
    ],
    ["a comparison of two types", () => E.eq(a, s), "Exp.eq: cannot compare int to string"],
    ["a comparison of int and float", () => E.gt(a, Exp.floatVal(1)), "convert with toFloat or toInt, or use floatVal"],
    ["a comparison of geometries", () => E.eq(Exp.geoBin("g"), Exp.geoBin("g")), "use geoCompare"],
    ["a plain value for an expression", () => E.eq(a, 5), "argument 2 is 5; expected an expression, such as"],
    ["conditions that are none", () => E.and([a, a]), "Exp.and: expected argument 1 to be bool, got int"],
    ["no conditions", () => Exp.and([]), "needs at least 2 arguments, has 0"],
    ["one condition that is none", () => E.or([a]), "needs at least 2 arguments, has 1"],
    [
      "conditions that are no array",
      () => E.and(Exp.boolBin("x"), Exp.boolBin("y")),
      "expected an array of expressions",
    ],
    ["a sum of int and float", () => E.numAdd([a, Exp.floatBin("f")]), "argument 2 is float where the others are int"],
    ["a sum of strings", () => E.numAdd([s, s]), "expected argument 1 to be int or float, got string"],
    ["a power of integers", () => E.numPow(a, a), "expected argument 1 to be float, got int"],
    ["bits of a float", () => E.intAnd([Exp.floatBin("f")]), "expected argument 1 to be int, got float"],
    ["a pattern with NUL", () => Exp.regexCompare("a\0", 0, s), "expected a string without NUL"],
    [
      "flags out of range",
      () => Exp.regexCompare("a", 16, s),
      "expected the flags to be a sum of RegexFlag, 0 to 15, got 16",
    ],
    [
      "a regular expression on a list",
      () => E.regexCompare("a", 0, l),
      "expected the subject to be a string, got list",
    ],
    ["an even number of parts", () => E.cond([Exp.boolBin("x"), a]), "2 parts; expected pairs"],
    ["a condition that is none", () => E.cond([a, a, a]), "expected condition 1 to be a bool, got int"],
    ["values of two types", () => E.cond([Exp.boolBin("x"), a, s]), "one value is int, another string"],
    ["a variable's name that is none", () => Exp.def("1x", a), 'no digit first, got "1x"'],
    ["a let without definitions", () => E.let([a]), "one or more definitions"],
    ["a let with something else than definitions", () => E.let([a, a]), "write Exp.def(name, value)"],
    ["a list operation on a map", () => E.mapSize(a), "Exp.mapSize: a list or map operation can't work on int"],
    ["a bit operation on a list", () => E.bitCount(0, 8, l), "Exp.bitCount: a blob operation can't work on list"],
    [
      "an HLL operation on a blob",
      () => E.hllGetCount(Exp.blobBin("b")),
      "Exp.hllGetCount: a HyperLogLog operation can't work on blob",
    ],
    ["an index that is a string", () => E.listGetByIndex(VALUE, "int", "0", l), "Exp.listGetByIndex: index is"],
    ["an index that is a string expression", () => E.listGetByIndex(VALUE, "int", s, l), "to be int, got string"],
    ["a return type that does not exist", () => E.listGetByIndex(14, "int", 0, l), "returnType is 14"],
    ["a return type of maps on a list", () => E.listGetByIndex(KEY, "int", 0, l), "returnType is 6"],
    [
      "return type NONE of a read",
      () => Exp.listGetByIndex(NONE, "int", 0, l),
      "gives nothing that an expression could use",
    ],
    [
      "one element, inverted",
      () => Exp.listGetByIndex(VALUE | INVERTED, "int", 0, l),
      "A selector of a single element can't be inverted",
    ],
    [
      "an empty list of keys, inverted",
      () => Exp.mapGetByKeyList(VALUE | INVERTED, [], m),
      "can bring the server down",
    ],
    [
      "a computed list of keys, inverted",
      () => Exp.mapGetByKeyList(VALUE | INVERTED, l, m),
      "can bring the server down",
    ],
    [
      "a computed list of values to remove, inverted",
      () => Exp.mapRemoveByValueList(INVERTED, l, m),
      "can bring the server down",
    ],
    ["an index that the server pads up to", () => Exp.listInsert(undefined, 2 ** 31 - 1, 1, l), "index is 2147483647"],
    ["a context that is none", () => E.listSize(l, "k"), "expected a CTX step"],
    ["a context of a path", () => Exp.listSize(l, CTX.allChildren()), "only for path operations"],
    ["a path without steps", () => Exp.selectByPath("list", 1, l), "path is empty"],
    [
      "a path that creates",
      () => Exp.selectByPath("list", 1, m, CTX.mapKeyCreate("k", 1)),
      "A path operation creates nothing",
    ],
    [
      "a path into a string",
      () => E.selectByPath("list", 1, s, CTX.allChildren()),
      "works on a list or map; this is string",
    ],
    [
      "a loop variable that does not exist",
      () => E.loopVar("int", "rank"),
      'expected "key", "value" or "index", got "rank"',
    ],
    [
      "an index that is a string",
      () => Exp.loopVar("string", "index"),
      'expected type "int" for an index, got "string"',
    ],
    ["sketches that are none", () => E.hllGetUnion(["x"], Exp.hllBin("h")), "expected an Hll"],
    [
      "bits that do not go together",
      () => Exp.hllInit(0, { indexBits: 16, minhashBits: 50 }, Exp.hllBin("h")),
      "expected at most 64 together",
    ],
  ])("%s", (_what, build, message) => {
    expect(build).toThrow(message);
    try {
      build();
    } catch (error) {
      expect(error instanceof TypeError || error instanceof RangeError).toBe(true);
    }
  });

  test("what shows only when all is put together", () => {
    expect(() => Exp.var("x").packed).toThrow('Exp.var("x"): no such variable is defined here');
    expect(() => Exp.let([Exp.def("y", a), Exp.var("x")]).packed).toThrow("defined are y");
    expect(() => Exp.let([Exp.def("x", Exp.var("x")), a]).packed).toThrow("can't be used in its own definition");
    expect(() => Exp.let([Exp.def("x", a), Exp.let([Exp.def("x", a), a])]).packed).toThrow("this name is taken");
    expect(() => Exp.let([Exp.def("x", s), Exp.gt(Exp.var<"int">("x"), Exp.intVal(1))]).packed).toThrow(
      "cannot compare string to int",
    );
    expect(() => Exp.let([Exp.def("x", a), Exp.listSize(Exp.var<"list">("x"))]).packed).toThrow("can't work on int");
    let deep: Exp<"bool"> = Exp.boolBin("x");
    for (let i = 0; i < 1100; i++) deep = Exp.not(deep);
    expect(() => deep.packed).toThrow("nests deeper than 1000 levels");
  });

  test("wildcard and infinity only compare", () => {
    const wild = Exp.listVal([1, WILDCARD]);
    expect(hex(Exp.eq(l, wild))).toBe("9301935104a16c927e9201d4ff00");
    expect(hex(Exp.listGetByValue(COUNT, wild, l))).toBe("957f0200931605927e9201d4ff00935104a16c");
    expect(() => wild.packed).toThrow("only compare; they can't be stored");
    expect(() => Exp.listAppend(undefined, wild, l).packed).toThrow("can't be stored");
    expect(() => E.eq(l, Exp.infinity()).packed).toThrow("special values can't be compared");
  });
});

// A misspelt option would be ignored in silence.
describe("options that do not exist", () => {
  const hll = Exp.hllBin("h");
  test.each<[string, () => unknown, string]>([
    [
      "bits of a sketch",
      () => E.hllInit(0, { indexBits: 8, minHashBits: 10 }, hll),
      'Exp.hllInit: bits: there is no option "minHashBits". Did you mean minhashBits? Known: indexBits, minhashBits',
    ],
    [
      "bits of an addition",
      () => E.hllAdd(0, ["a"], { index: 8 }, hll),
      'Exp.hllAdd: bits: there is no option "index"',
    ],
    ["a list's policy", () => E.listAppend({ flag: 1 }, 1, l), 'Exp.listAppend: policy: there is no option "flag"'],
    [
      "a policy that is a number",
      () => E.listAppendItems(1, [1], l),
      "Exp.listAppendItems: policy: expected an object",
    ],
    ["a map's policy", () => E.mapPut({ flgs: 1 }, "k", 1, m), 'Exp.mapPut: policy: there is no option "flgs"'],
    [
      "an increment's policy",
      () => E.mapIncrement({ sort: 1 }, "k", 1, m),
      'Exp.mapIncrement: policy: there is no option "sort"',
    ],
    [
      "arithmetic of bits",
      () => E.bitAdd(0, 8, 1, { sign: true }, Exp.blobBin("b")),
      'Exp.bitAdd: options: there is no option "sign"',
    ],
    [
      "a path",
      () => E.selectByPath("list", 1, m, CTX.allChildren(), { nofail: true }),
      'Exp.selectByPath: there is no option "nofail". Did you mean noFail? Known: noFail',
    ],
    [
      "a changing path",
      () => E.modifyByPath(Exp.intVal(1), m, CTX.allChildren(), { fail: 1 }),
      'Exp.modifyByPath: there is no option "fail"',
    ],
  ])("%s", (_what, make, message) => {
    expect(make).toThrow(TypeError);
    expect(make).toThrow(message);
  });
});

describe("an expression", () => {
  test("is what instanceof says, and knows its type", () => {
    const exp = Exp.gt(a, Exp.intVal(1));
    expect(exp).toBeInstanceOf(Exp);
    expect(exp.type).toBe("bool");
    expect(Exp.var("x").type).toBeUndefined();
    expect(Exp.let([Exp.def("x", s), Exp.var("x")]).type).toBe("string");
    expect(Exp.listAppend(undefined, 1, m, CTX.mapKey("k")).type).toBe("map");
  });

  test("keeps its constants when the caller's change", () => {
    const bytes = Uint8Array.of(1);
    const list = [1];
    const exps = [Exp.blobVal(bytes), Exp.listVal(list), Exp.listAppendItems(undefined, list, l)];
    const before = exps.map(hex);
    bytes[0] = 2;
    list.push(2);
    expect([Exp.blobVal(Uint8Array.of(1)), Exp.listVal([1]), Exp.listAppendItems(undefined, [1], l)].map(hex)).toEqual(
      before,
    );
    expect(exps.map(hex)).toEqual(before);
  });

  test("one condition alone is that condition", () => {
    expect(hex(Exp.and([Exp.boolBin("x")]))).toBe(hex(Exp.boolBin("x")));
    expect(hex(Exp.or([Exp.boolBin("x")]))).toBe(hex(Exp.boolBin("x")));
  });

  test("packs maps in the server's order of keys", () => {
    const map = new Map<number | string | Uint8Array, number>([
      [Uint8Array.of(0), 5],
      ["b", 3],
      [2, 1],
      ["a", 4],
      [-1, 0],
    ]);
    expect(hex(Exp.mapVal(map))).toBe("86c70001c0ff000201a2036104a2036203a2040005");
  });
});

describe("the server it needs", () => {
  test.each<[string, Exp, string]>([
    ["comparisons", Exp.gt(a, Exp.intVal(1)), "6.0"],
    ["EXISTS", Exp.mapGetByKey(EXISTS, "int", "k", m), "6.1"],
    [
      "EXISTS, deep inside",
      Exp.not(Exp.cond([Exp.listGetByIndex(EXISTS, "int", 0, l), Exp.boolVal(true), Exp.boolVal(false)])),
      "6.1",
    ],
    ["UNORDERED_MAP", Exp.mapGetByKeyRange(UNORDERED_MAP, "a", null, m), "6.3"],
    ["ORDERED_MAP", Exp.mapGetByIndexRange(ORDERED_MAP, 0, m), "6.3"],
    ["a parameter that looks like EXISTS", Exp.listInsert(undefined, 13, 13, l), "6.0"],
    ["recordSize", Exp.gt(Exp.recordSize(), a), "7.0"],
    ["deviceSize", Exp.deviceSize(), "6.0"],
    ["paths", Exp.selectByPath("list", 1, l, CTX.allChildren()), "8.1.1"],
    ["loop variables", Exp.intLoopVar("value"), "8.1.1"],
    ["several keys in a path", Exp.selectByPath("list", 1, m, CTX.mapKeysIn(["a"])), "8.1.2"],
    ["inList", Exp.inList(a, l), "8.1.2"],
    ["mapKeys below a let", Exp.let([Exp.def("x", Exp.mapKeys(m)), Exp.listSize(Exp.var<"list">("x"))]), "8.1.2"],
  ])("%s", (_what, exp, version) => {
    expect(exp.minVersion).toBe(version);
  });

  test("is told with what needs it, once each", () => {
    const exp = Exp.and([Exp.inList(a, l), Exp.inList(a, l), Exp.gt(Exp.recordSize(), Exp.intVal(1))]);
    expect(needs(exp.node)).toEqual([
      { version: "8.1.2", feature: "inList" },
      { version: "7.0", feature: "recordSize" },
    ]);
  });
});
