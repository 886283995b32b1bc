import { describe, expect, test } from "vitest";
import { CTX } from "../../../../protocol/cdt/context.js";
import { StringNumericType, StringRegexFlags, StringWriteFlags } from "../../../../protocol/cdt/flags.js";
import { PathSelectFlags } from "../../../../protocol/cdt/path.js";
import { double } from "../../../../protocol/value/double.js";
import { Exp } from "../../../../src/exp/exp.js";
import { printCode } from "../../../../src/exp/print-code.js";

// biome-ignore lint/suspicious/noExplicitAny: wrong arguments are the point.
const E = Exp as any;
const s = Exp.stringBin("s");
const m = Exp.mapBin("m");
const l = Exp.listBin("l");
const hex = (exp: Exp): string => Buffer.from(exp.packed).toString("hex");
const run = (code: string): Exp => new Function("Exp", "CTX", "double", `return ${code}`)(Exp, CTX, double);
const { NO_FAIL } = StringWriteFlags;

const S = "935103a173";
const M = "935105a16d";
const L = "935104a16c";

const table: readonly (readonly [Exp, string])[] = [
  [Exp.strLength(s), `957f02039100${S}`],
  [Exp.strByteLength(s), `957f02039109${S}`],
  [Exp.strSubstring(1, null, s), `957f0303920101${S}`],
  [Exp.strSubstring(Exp.intBin("n"), 3, s), `957f03039301935102a16e03${S}`],
  [Exp.strCharAt(-1, s), `957f03039202ff${S}`],
  [Exp.strFind("a", 1, s), `957f02039203a20361${S}`],
  [Exp.strFind("a", -1, s), `957f02039303a20361ff${S}`],
  [Exp.strContains(Exp.stringBin("t"), s), `957f01039204935103a174${S}`],
  [Exp.strStartsWith("a", s), `957f01039205a20361${S}`],
  [Exp.strEndsWith("a", s), `957f01039206a20361${S}`],
  [Exp.strToInteger(s), `957f02039107${S}`],
  [Exp.strToDouble(s), `957f07039108${S}`],
  [Exp.strIsNumeric(StringNumericType.ANY, s), `957f0103910a${S}`],
  [Exp.strIsNumeric(StringNumericType.INT, s), `957f0103920a01${S}`],
  [Exp.strIsUpper(s), `957f0103910b${S}`],
  [Exp.strIsLower(s), `957f0103910c${S}`],
  [Exp.strToBlob(s), `957f0603910d${S}`],
  [Exp.strSplit(null, s), `957f0403910e${S}`],
  [Exp.strSplit(",", s), `957f0403920ea2032c${S}`],
  [Exp.strB64Decode(s), `957f0603910f${S}`],
  [Exp.strMatches("^a", 0, s), `957f01039210a3035e61${S}`],
  [Exp.strMatches("^a", StringRegexFlags.MULTILINE, s), `957f01039310a3035e6102${S}`],
  [Exp.strInsert(undefined, 1, "x", s), `957f0343933201a20378${S}`],
  [Exp.strOverwrite(NO_FAIL, 1, "x", s), `957f0343943301a2037804${S}`],
  [Exp.strConcat(undefined, ["x", "y"], s), `957f03439234927e92a20378a20379${S}`],
  [Exp.strSnip(undefined, 1, null, s), `957f0343923501${S}`],
  [Exp.strSnip(NO_FAIL, 1, 2, s), `957f03439435010204${S}`],
  [Exp.strReplace(undefined, "a", "b", s), `957f03439236927e92a20361a20362${S}`],
  [Exp.strReplaceAll(undefined, "a", "b", s), `957f03439237927e92a20361a20362${S}`],
  [Exp.strUpper(undefined, s), `957f03439138${S}`],
  [Exp.strLower(undefined, s), `957f03439139${S}`],
  [Exp.strCaseFold(undefined, s), `957f0343913a${S}`],
  [Exp.strNormalizeNfc(undefined, s), `957f0343913b${S}`],
  [Exp.strTrimStart(undefined, s), `957f0343913c${S}`],
  [Exp.strTrimEnd(undefined, s), `957f0343913d${S}`],
  [Exp.strTrim(NO_FAIL, s), `957f0343923e04${S}`],
  [Exp.strPadStart(undefined, 3, "x", s), `957f0343933f03a20378${S}`],
  [Exp.strPadEnd(undefined, 3, "x", s), `957f0343934003a20378${S}`],
  [Exp.strRepeat(undefined, 2, s), `957f0343924102${S}`],
  [Exp.strRegexReplace(undefined, "a", "b", StringRegexFlags.GLOBAL, s), `957f03439342927e92a20361a2036210${S}`],
  [Exp.strAppend(undefined, "x", s), `957f03439243a20378${S}`],
  [Exp.strPrepend(undefined, "x", s), `957f03439244a20378${S}`],
  [Exp.strUpper(undefined, m, CTX.mapKey("k")), `957f054393ccff9222a2036b9138${M}`],
  [Exp.strLength(l, CTX.listIndex(0)), `957f020393ccff9210009100${L}`],
  [Exp.toString(Exp.intBin("n")), "9263935102a16e"],
  [Exp.binExists("a", { opCode: true }), "9253a161"],
  [Exp.listJoin(", ", l), `957f0300921ca3032c20${L}`],
  [Exp.listJoin(null, m, CTX.mapKey("k")), `957f030093ccff9222a2036b911c${M}`],
  [Exp.count(m), `957f020091ccfd${M}`],
  [Exp.count(m, CTX.mapKey("k")), `957f020093ccff9222a2036b91ccfd${M}`],
  [Exp.bitB64Encode(null, null, false, Exp.blobBin("b")), "957f03019137935106a162"],
  [Exp.bitB64Encode(1, 2, true, Exp.blobBin("b")), "957f03019437010201935106a162"],
  [Exp.selectByPath("int", PathSelectFlags.COUNT, l, CTX.listIndexRange(0, 2)), `957f020093ccfe92189200020a${L}`],
  [
    Exp.selectByPath("bool", PathSelectFlags.EXISTS, m, CTX.mapKeyRange("a", "c"), CTX.listIndex(0)),
    `957f010093ccfe942c92a20361a2036310000b${M}`,
  ],
  [
    Exp.selectByPath("list", PathSelectFlags.VALUES, m, CTX.mapKeysIn(["a"]).allOthers()),
    `957f040093ccfe92cd042a91a2036101${M}`,
  ],
  [
    Exp.selectByPath("list", PathSelectFlags.VALUES, l, CTX.listValueRange(null, 5).allOthers(), CTX.listRankRange(-1)),
    `957f040093ccfe94cd041d92c005199 1ff01${L}`.replaceAll(" ", ""),
  ],
];

describe("expressions of server 8.2", () => {
  test.each(table)("%s", (exp, bytes) => {
    expect(hex(exp)).toBe(bytes);
    expect(exp.minVersion).toBe("8.2");
    expect(hex(Exp.fromBytes(exp.packed))).toBe(bytes);
  });

  test.each(table)("%s is printed as the code that builds it", (exp) => {
    expect(hex(run(printCode(exp.node)))).toBe(hex(exp));
  });

  test("refuse what does not fit", () => {
    expect(() => E.strLength(m)).toThrow("Exp.strLength: a string operation can't work on map");
    expect(() => E.strLength(s, CTX.mapKey("k"))).toThrow("can't work on string");
    expect(() => Exp.strPadStart(undefined, 2, "", s)).toThrow("Exp.strPadStart: pad is empty");
    expect(() => Exp.strAppend(StringWriteFlags.CREATE_ONLY, "x", m, CTX.mapKey("k"))).toThrow(
      "CREATE_ONLY is for whole bins",
    );
    expect(() => Exp.strReplace(undefined, s as never, "b", s)).toThrow(TypeError);
    expect(() => Exp.toString(m as never)).toThrow(
      "Exp.toString: expected argument 1 to be int, float, string, bool or blob, got map",
    );
    expect(() => Exp.selectByPath("list", PathSelectFlags.COUNT, l, CTX.allChildren())).toThrow('expected "int"');
    expect(() => Exp.selectByPath("bool", PathSelectFlags.VALUES, l, CTX.allChildren())).toThrow(
      'expected "list" or "map"',
    );
    expect(() => CTX.mapKey("a").allOthers()).toThrow("Only a step to several places");
    expect(() => CTX.listValuesIn([])).toThrow("values is empty");
  });
});
