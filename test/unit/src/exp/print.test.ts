import { describe, expect, test } from "vitest";
import { CTX } from "../../../../protocol/cdt/context.js";
import { ListReturnType, MapReturnType } from "../../../../protocol/cdt/flags.js";
import { PathSelectFlags } from "../../../../protocol/cdt/path.js";
import { double } from "../../../../protocol/value/double.js";
import { GeoJson } from "../../../../protocol/value/geojson.js";
import { Hll } from "../../../../protocol/value/hll.js";
import { INFINITY, WILDCARD } from "../../../../protocol/value/special.js";
import { parseAel } from "../../../../src/ael/compile.js";
import { Exp } from "../../../../src/exp/exp.js";
import { printNode } from "../../../../src/exp/print.js";
import { printCode } from "../../../../src/exp/print-code.js";

const { VALUE, COUNT, INVERTED } = ListReturnType;
const hex = (exp: Exp): string => Buffer.from(exp.packed).toString("hex");
const a = Exp.intBin("a");
const l = Exp.listBin("l");
const m = Exp.mapBin("m");
const b = Exp.blobBin("b");
const h = Exp.hllBin("h");
const sketch = new Hll(Uint8Array.from({ length: 11 + 12 }, (_, i) => (i === 1 ? 4 : 0)));

/** What a printed expression says when it is run as code. */
function run(code: string): Exp {
  const names = { Exp, CTX, double, GeoJson, Hll, INFINITY, WILDCARD };
  return new Function(...Object.keys(names), `return ${code}`)(...Object.values(names));
}

describe("an expression as text", () => {
  test.each<[Exp, string]>([
    [Exp.gt(Exp.numAdd([a, Exp.intVal(5)]), Exp.intVal(10)), "$.a + 5 > 10"],
    [Exp.and([Exp.or([Exp.boolBin("x"), Exp.boolBin("y")]), Exp.not(Exp.boolBin("z"))]), "($.x or $.y) and not($.z)"],
    [Exp.eq(Exp.stringBin("s"), Exp.stringBin("t")), "$.s:STRING == $.t"],
    [Exp.eq(Exp.stringBin("s"), Exp.stringVal('say "hi"\n')), '$.s == "say \\"hi\\"\\n"'],
    [Exp.eq(Exp.floatBin("f"), Exp.floatVal(1e21)), "$.f == 1000000000000000000000.0"],
    [Exp.eq(Exp.floatBin("f"), Exp.floatVal(1.5e-9)), "$.f == 0.0000000015"],
    [Exp.eq(Exp.floatBin("f"), Exp.floatVal(-0)), "$.f == -0.0"],
    [Exp.eq(Exp.intBin("a b"), Exp.intVal(1)), '$."a b" == 1'],
    [Exp.eq(Exp.intBin("123"), Exp.intVal(1)), '$."123" == 1'],
    [Exp.eq(Exp.intBin(""), Exp.intVal(1)), '$."" == 1'],
    [Exp.binExists(""), '$."".exists()'],
    [Exp.numMul([Exp.numAdd([a, Exp.intVal(1)]), Exp.intVal(2)]), "($.a + 1) * 2"],
    [Exp.numSub([a, Exp.numSub([a, Exp.intVal(1)])]), "$.a - ($.a - 1)"],
    [Exp.numSub([Exp.intVal(0), Exp.intVal(-5)]), "0 - -5"],
    [Exp.numAdd([a, a, a]), "$.a:INT + $.a + $.a"],
    [Exp.numDiv([Exp.intVal(100), Exp.intVal(5), Exp.intVal(3)]), "100 / 5 / 3"],
    [Exp.numPow(Exp.numPow(Exp.floatBin("f"), Exp.floatVal(2)), Exp.floatVal(3)), "($.f ** 2.0) ** 3.0"],
    [Exp.binExists("a"), "$.a.exists()"],
    [Exp.eq(Exp.binType("a"), Exp.intVal(0)), "$.a == null"],
    [Exp.eq(Exp.binType("a"), Exp.intVal(3)), "$.a.type() == STRING"],
    [Exp.gt(Exp.binType("a"), Exp.intVal(3)), "$.a.type() > 3"],
    [Exp.xor([Exp.boolBin("x"), Exp.boolBin("y"), Exp.boolBin("z")]), "exclusive($.x, $.y, $.z)"],
    [Exp.let([Exp.def("x", a), Exp.gt(Exp.var("x"), Exp.intVal(1))]), `let (x = $.a:INT) then (\${x} > 1)`],
    [
      Exp.cond([Exp.gt(a, Exp.intVal(1)), Exp.stringBin("s"), Exp.unknown()]),
      "when ($.a > 1 => $.s:STRING, default => unknown)",
    ],
    [Exp.regexCompare("a/b", 3, Exp.stringBin("s")), "$.s =~ /a\\/b/i"],
    [Exp.listGetByValueRange(COUNT, 1, 5, l), "$.l.[=1:5].count()"],
    [Exp.mapGetByKeyList(VALUE | INVERTED, ["a", "b c"], m), '$.m.{!@a,"b c"}'],
    [Exp.listGetByIndex(VALUE, "int", 0, m, CTX.mapKey("k"), CTX.mapRank(-1)), "$.m.k.{#-1}.[0]:INT"],
    [
      Exp.geoCompare(Exp.geoBin("g"), Exp.geoVal('{"type":"Point","coordinates":[0,0]}')),
      `geoCompare($.g, geoJson('{"type":"Point","coordinates":[0,0]}'))`,
    ],
    [
      Exp.eq(Exp.listBin("l"), Exp.listVal([1, double(2), null, "x", { k: [true] }])),
      '$.l == [1, 2.0, NIL, "x", {"k": [true]}]',
    ],
    [Exp.selectByPath("map", PathSelectFlags.MATCHING_TREE, m, CTX.allChildren()), "$.m:MAP.*.getTree()"],
    [
      Exp.selectByPath(
        "list",
        PathSelectFlags.VALUES,
        m,
        CTX.mapKeysIn(["a"]),
        CTX.andFilter(Exp.gt(Exp.intLoopVar("value"), Exp.intVal(1))),
      ),
      "$.m.{@a,}&[?(@ > 1)]",
    ],
    [
      Exp.and([Exp.gt(a, Exp.intVal(1)), Exp.eq(Exp.stringBin("a"), Exp.stringVal("x"))]),
      '$.a:LOCAL:INT > 1 and $.a:LOCAL:STRING == "x"',
    ],
    [Exp.eq(Exp.intBin("in"), Exp.intVal(1)), '$."in" == 1'],
    [Exp.gt(Exp.toFloat(Exp.ttl()), Exp.floatVal(1.5)), "($.ttl()).toFloat() > 1.5"],
    [Exp.mapGetByRank(MapReturnType.KEY, "string", -1, m), "$.m.{#-1}.get(type: STRING, return: KEY)"],
    [Exp.deviceSize(), "$.deviceSize()"],
    [Exp.eq(Exp.key("string"), Exp.stringVal("k")), '$.key() == "k"'],
    [Exp.eq(Exp.digestModulo(3), Exp.intVal(1)), "$.digestModulo(3) == 1"],
  ])("%s", (exp, text) => {
    expect(printNode(exp.node)).toBe(text);
    expect(() => parseAel(text)).not.toThrow();
  });

  test.each<[Exp]>([
    [Exp.eq(Exp.nil(), Exp.nil())],
    [Exp.inList(a, l)],
    [Exp.mapKeys(m)],
    [Exp.regexCompare("a\\/b", 1, Exp.stringBin("s"))],
    [Exp.regexCompare("", 1, Exp.stringBin("s"))],
    [Exp.regexCompare("\\w", 1, Exp.stringBin("s"))],
    [Exp.regexCompare("a(b", 0, Exp.stringBin("s"))],
    [Exp.selectByPath("list", PathSelectFlags.VALUES, l, CTX.allChildren(), { noFail: true })],
    [Exp.floatVal(Number.NaN)],
    [Exp.floatVal(Number.POSITIVE_INFINITY)],
    [Exp.hllVal(sketch)],
    [Exp.regexCompare("a", 8, Exp.stringBin("s"))],
    [Exp.min([a])],
    [Exp.numDiv([a])],
    [Exp.listVal([Number.NaN, new GeoJson("{}"), 2n ** 60n, Uint8Array.of(1)])],
    [Exp.listGetByValueRange(VALUE, 1, Exp.infinity(), l)],
    [Exp.listGetByValue(VALUE, [1, WILDCARD], l)],
    [Exp.listGetByIndexRangeCount(VALUE, a, 2, l)],
    [Exp.listAppend(undefined, "x", l)],
    [Exp.listAppend({ order: 1, flags: 5 }, double(1), m, CTX.mapKey("k"))],
    [Exp.listAppendItems(undefined, [1, 2], l)],
    [Exp.listInsert(undefined, 0, 1, l)],
    [Exp.listInsertItems(4, 0, [1], l)],
    [Exp.listSet(undefined, 0, a, l)],
    [Exp.listIncrement({ order: 0, flags: 4 }, 0, 5, l)],
    [Exp.listSort(2, l)],
    [Exp.listClear(l)],
    [Exp.listRemoveByIndex(0, l)],
    [Exp.listRemoveByValueList(INVERTED, [1], l)],
    [Exp.listRemoveByValueRelativeRankRangeCount(0, 1, 0, 2, l)],
    [
      Exp.listAppend(
        undefined,
        1,
        m,
        CTX.mapKeyCreate("k", 1),
        CTX.listIndexCreate(2, 0, true),
        CTX.listIndexCreate(0, 1),
      ),
    ],
    [Exp.mapPut({ order: 1, flags: 2 }, "k", 1, m)],
    [Exp.mapPutItems({ order: 3 }, { k: 1 }, m)],
    [Exp.mapIncrement({ order: 0 }, "k", 1, m)],
    [Exp.mapClear(m)],
    [Exp.mapRemoveByKey("k", m)],
    [Exp.mapRemoveByKeyRange(MapReturnType.NONE, "a", null, m)],
    [Exp.mapRemoveByRankRangeCount(0, 0, 1, m)],
    [Exp.hllInit(0, { indexBits: 8 }, h)],
    [Exp.hllAdd(4, ["a"], { indexBits: 8, minhashBits: 8 }, h)],
    [Exp.hllSetUnion(8, [sketch], h)],
    [Exp.hllGetUnion([sketch], h)],
    [Exp.hllFold(6, h)],
    [Exp.hllRefreshCount(h)],
    [Exp.bitResize(0, 4, 1, b)],
    [Exp.bitInsert(0, 1, Uint8Array.of(1), b)],
    [Exp.bitSet(8, 0, 8, Uint8Array.of(1), b)],
    [Exp.bitAdd(0, 8, 5, { signed: true, overflow: 4, flags: 0 }, b)],
    [Exp.bitSubtract(0, 8, 5, undefined, b)],
    [Exp.bitSetInt(0, 0, 8, 5, b)],
    [
      Exp.modifyByPath(
        Exp.removeResult(),
        m,
        CTX.allChildrenWithFilter(Exp.eq(Exp.stringLoopVar("key"), Exp.stringVal("k"))),
        { noFail: true },
      ),
    ],
  ])("as the code that builds it, which stands where the language has no words: %s", (exp) => {
    const code = printCode(exp.node);
    expect(code).toMatch(/^Exp\./);
    expect(code).not.toContain("fromBase64");
    expect(hex(run(code))).toBe(hex(exp));
  });

  test("a part that has no words is code within text", () => {
    expect(printNode(Exp.gt(Exp.listSize(Exp.mapKeys(m)), Exp.intVal(3)).node)).toBe(
      '(Exp.mapKeys(Exp.mapBin("m"))).count() > 3',
    );
  });

  test("what has no factory either is printed as its bytes", () => {
    const pop = Exp.fromBytes(Uint8Array.from(Buffer.from("957f0440920500935104a16c", "hex")));
    expect(printNode(pop.node)).toBe(`Exp.fromBase64("${pop.toBase64()}")`);
  });
});

describe("String(exp)", () => {
  test("is code that makes the same expression", () => {
    const exp = Exp.gt(Exp.intBin("age"), Exp.intVal(30));
    expect(String(exp)).toBe(`Exp.fromBase64("${exp.toBase64()}")`);
    expect(hex(run(String(exp)))).toBe(hex(exp));
  });

  test("says little of what can't be packed alone", () => {
    expect(String(Exp.var("x"))).toBe("Exp");
  });
});
