import { describe, expect, it } from "vitest";
import { StringRegexFlags } from "../../../../../protocol/cdt/flags.js";
import type { Op, PayloadOp } from "../../../../../protocol/message/op.js";
import type { Value } from "../../../../../protocol/value/value.js";
import type { NextIs, OperateBin } from "../../../../../src/records/bins/index.js";
import { operateBin } from "../../../../../src/records/bins/operate-bin.js";
import { binOf, shapeOf } from "../../../../support/bin-writes.js";

const bin = operateBin<NextIs<Op>, Value>("b", { addOp: (op) => op });
const writing = binOf<Value>();

type Row = readonly [call: string, add: (bin: OperateBin<NextIs<Op>, Value>) => Op, code: string, payload: string];

const table: readonly Row[] = [
  ["strLength", (b) => b.strLength(), "STRING_READ", "9100"],
  ["strByteLength", (b) => b.strByteLength(), "STRING_READ", "9109"],
  ["strSubstring", (b) => b.strSubstring(1, -1), "STRING_READ", "930101ff"],
  ["strCharAt", (b) => b.strCharAt(2), "STRING_READ", "920202"],
  ["strFind", (b) => b.strFind("a"), "STRING_READ", "9203a20361"],
  ["strFind, last", (b) => b.strFind("a", { occurrence: -1 }), "STRING_READ", "9303a20361ff"],
  ["strContains", (b) => b.strContains("a"), "STRING_READ", "9204a20361"],
  ["strStartsWith", (b) => b.strStartsWith("a"), "STRING_READ", "9205a20361"],
  ["strEndsWith", (b) => b.strEndsWith("a"), "STRING_READ", "9206a20361"],
  ["strIsNumeric", (b) => b.strIsNumeric(), "STRING_READ", "910a"],
  ["strIsNumeric, int", (b) => b.strIsNumeric("int"), "STRING_READ", "920a01"],
  ["strIsUpper", (b) => b.strIsUpper(), "STRING_READ", "910b"],
  ["strIsLower", (b) => b.strIsLower(), "STRING_READ", "910c"],
  ["strToInteger", (b) => b.strToInteger(), "STRING_READ", "9107"],
  ["strToDouble", (b) => b.strToDouble(), "STRING_READ", "9108"],
  ["strToBlob", (b) => b.strToBlob(), "STRING_READ", "910d"],
  ["strB64Decode", (b) => b.strB64Decode(), "STRING_READ", "910f"],
  ["strSplit", (b) => b.strSplit(","), "STRING_READ", "920ea2032c"],
  ["strMatches", (b) => b.strMatches("a", StringRegexFlags.DOT_ALL), "STRING_READ", "9310a2036104"],
  ["strInsert", (b) => b.strInsert(0, "x", { createOnly: true }), "STRING_MODIFY", "943200a2037801"],
  ["strOverwrite", (b) => b.strOverwrite(0, "x"), "STRING_MODIFY", "933300a20378"],
  ["strConcat", (b) => b.strConcat(["x", "y"]), "STRING_MODIFY", "923492a20378a20379"],
  ["strAppend", (b) => b.strAppend("x", { updateOnly: true }), "STRING_MODIFY", "9343a2037802"],
  ["strPrepend", (b) => b.strPrepend("x"), "STRING_MODIFY", "9244a20378"],
  ["strSnip", (b) => b.strSnip(1, 2, { noFail: true }), "STRING_MODIFY", "9435010204"],
  ["strReplace", (b) => b.strReplace("a", "b"), "STRING_MODIFY", "923692a20361a20362"],
  ["strReplaceAll", (b) => b.strReplaceAll("a", "b"), "STRING_MODIFY", "923792a20361a20362"],
  [
    "strRegexReplace",
    (b) => b.strRegexReplace("a", "b", { regexFlags: StringRegexFlags.GLOBAL, noFail: true }),
    "STRING_MODIFY",
    "944292a20361a203621004",
  ],
  ["strUpper", (b) => b.strUpper(), "STRING_MODIFY", "9138"],
  ["strLower", (b) => b.strLower(), "STRING_MODIFY", "9139"],
  ["strCaseFold", (b) => b.strCaseFold(), "STRING_MODIFY", "913a"],
  ["strNormalizeNfc", (b) => b.strNormalizeNfc(), "STRING_MODIFY", "913b"],
  ["strTrimStart", (b) => b.strTrimStart(), "STRING_MODIFY", "913c"],
  ["strTrimEnd", (b) => b.strTrimEnd(), "STRING_MODIFY", "913d"],
  ["strTrim", (b) => b.strTrim(), "STRING_MODIFY", "913e"],
  ["strPadStart", (b) => b.strPadStart(3, "x"), "STRING_MODIFY", "933f03a20378"],
  ["strPadEnd", (b) => b.strPadEnd(3, "x"), "STRING_MODIFY", "934003a20378"],
  ["strRepeat", (b) => b.strRepeat(2), "STRING_MODIFY", "924102"],
  ["further in", (b) => b.onMapKey("a").onListIndex(0).strUpper(), "STRING_MODIFY", "93ccff9422a2036110009138"],
  ["a read further in", (b) => b.onMapKey("a").strLength(), "STRING_READ", "93ccff9222a203619100"],
  ["readAsString", (b) => b.readAsString(), "TO_STRING", ""],
  ["listJoin", (b) => b.listJoin(","), "CDT_READ", "921ca2032c"],
  ["listJoin further in", (b) => b.onMapKey("a").listJoin(), "CDT_READ", "93ccff9222a20361911c"],
  ["bitB64Encode", (b) => b.bitB64Encode(), "BITS_READ", "9137"],
  ["bitB64Encode, a stretch", (b) => b.bitB64Encode(1, 2, true), "BITS_READ", "9437010201"],
];

describe("operations on strings of a bin", () => {
  it.each(table)("%s", (_, add, code, payload) => {
    const op = add(bin);
    expect(shapeOf(op)).toEqual([code, payload]);
    expect((op as PayloadOp).minVersion).toBe("8.2");
  });

  it("are there for tasks", () => {
    expect(shapeOf(writing.strUpper())).toEqual(["STRING_MODIFY", "9138"]);
    expect(shapeOf(writing.onListIndex(0).strTrim())).toEqual(["STRING_MODIFY", "93ccff921000913e"]);
    // @ts-expect-error a task reads nothing
    expect(() => writing.strLength()).toThrow(TypeError);
  });

  it("refuse what can't be, and name the bin or method", () => {
    // @ts-expect-error there is no such option
    expect(() => bin.strUpper({ createOnly: true })).toThrow(/createOnly/);
    expect(() => bin.onMapKey("a").strAppend("x", { createOnly: true })).toThrow("CREATE_ONLY is for whole bins");
    // @ts-expect-error there is no such kind of number
    expect(() => bin.strIsNumeric("hex")).toThrow('type is "hex"; expected "any", "int" or "float"');
    expect(() => bin.onMapKeyRange("a", "b")).not.toThrow();
    // @ts-expect-error several places
    expect(() => bin.onMapKeyRange("a", "b").strUpper()).toThrow("no one place to work on");
  });
});
