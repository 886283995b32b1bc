import { describe, expect, it } from "vitest";
import { Writer } from "../../../../protocol/bytes/writer.js";
import { bitB64Encode } from "../../../../protocol/cdt/bit.js";
import { type CdtCall, callOp, encodePayload, inContext, toStringOp } from "../../../../protocol/cdt/call.js";
import { CTX } from "../../../../protocol/cdt/context.js";
import {
  MapReturnType,
  StringNumericType,
  StringRegexFlags,
  StringWriteFlags,
} from "../../../../protocol/cdt/flags.js";
import { containerCount, listJoin, listSize } from "../../../../protocol/cdt/list.js";
import { mapByKey } from "../../../../protocol/cdt/map-selectors.js";
import { getBy } from "../../../../protocol/cdt/selector.js";
import * as str from "../../../../protocol/cdt/string.js";
import { OpCode, writeOp } from "../../../../protocol/message/op.js";

const hex = (call: CdtCall) => Buffer.from(encodePayload(call)).toString("hex");
const { CREATE_ONLY, UPDATE_ONLY, NO_FAIL } = StringWriteFlags;
const { CASE_INSENSITIVE, GLOBAL } = StringRegexFlags;

describe("string operations", () => {
  it.each<[CdtCall, string]>([
    [str.strLength(), "9100"],
    [str.strSubstring(-2), "9201fe"],
    [str.strSubstring(1, 3), "93010103"],
    [str.strCharAt(0), "920200"],
    [str.strFind("a"), "9203a20361"],
    [str.strFind("a", -1), "9303a20361ff"],
    [str.strContains("é"), "9204a303c3a9"],
    [str.strStartsWith("a"), "9205a20361"],
    [str.strEndsWith("a"), "9206a20361"],
    [str.strToInteger(), "9107"],
    [str.strToDouble(), "9108"],
    [str.strByteLength(), "9109"],
    [str.strIsNumeric(), "910a"],
    [str.strIsNumeric(StringNumericType.FLOAT), "920a02"],
    [str.strIsUpper(), "910b"],
    [str.strIsLower(), "910c"],
    [str.strToBlob(), "910d"],
    [str.strSplit(), "910e"],
    [str.strSplit(","), "920ea2032c"],
    [str.strB64Decode(), "910f"],
    [str.strMatches("^a"), "9210a3035e61"],
    [str.strMatches("^a", CASE_INSENSITIVE), "9310a3035e6101"],
    [str.strInsert(1, "x"), "933201a20378"],
    [str.strInsert(1, "x", CREATE_ONLY), "943201a2037801"],
    [str.strOverwrite(0, "x", NO_FAIL), "943300a2037804"],
    [str.strConcat("a"), "923491a20361"],
    [str.strConcat(["a", "b"], UPDATE_ONLY), "933492a20361a2036202"],
    [str.strSnip(1), "923501"],
    [str.strSnip(1, 2), "93350102"],
    [str.strSnip(1, 2, NO_FAIL), "9435010204"],
    [str.strReplace("a", "b"), "923692a20361a20362"],
    [str.strReplaceAll("a", "", NO_FAIL), "933792a20361a10304"],
    [str.strUpper(), "9138"],
    [str.strLower(UPDATE_ONLY), "923902"],
    [str.strCaseFold(), "913a"],
    [str.strNormalizeNfc(), "913b"],
    [str.strTrimStart(), "913c"],
    [str.strTrimEnd(), "913d"],
    [str.strTrim(), "913e"],
    [str.strPadStart(5, "ab"), "933f05a3036162"],
    [str.strPadEnd(5, " ", NO_FAIL), "944005a2032004"],
    [str.strRepeat(0), "924100"],
    [str.strRegexReplace("a", "b"), "924292a20361a20362"],
    [str.strRegexReplace("a", "b", GLOBAL), "934292a20361a2036210"],
    [str.strRegexReplace("a", "b", 0, NO_FAIL), "944292a20361a203620004"],
    [str.strAppend("x"), "9243a20378"],
    [str.strPrepend("x", UPDATE_ONLY), "9344a2037802"],
  ])("%o", (call, bytes) => {
    expect(hex(call)).toBe(bytes);
  });

  it("stand third behind the way to a string", () => {
    expect(hex(inContext(str.strUpper(), [CTX.mapKey("k")]))).toBe("93ccff9222a2036b9138");
    expect(() => inContext(str.strAppend("x", CREATE_ONLY), [CTX.mapKey("k")])).toThrow(
      "CREATE_ONLY is for whole bins",
    );
  });

  it("travel as strings, with the server that they need", () => {
    expect(callOp("s", str.strLength())).toMatchObject({ code: OpCode.STRING_READ, minVersion: "8.2" });
    expect(callOp("s", str.strUpper())).toMatchObject({ code: OpCode.STRING_MODIFY, minVersion: "8.2" });
    const w = new Writer(32);
    writeOp(w, callOp("s", str.strUpper()));
    expect(Buffer.from(w.copy()).toString("hex")).toBe("00000007120300" + "0173" + "9138");
    w.rewind(0);
    writeOp(w, toStringOp("s"));
    expect(Buffer.from(w.copy()).toString("hex")).toBe("00000005130300" + "0173");
  });

  it.each<[string, () => CdtCall]>([
    ["start is 134217729; expected an integer from -134217728 to 134217728", () => str.strSubstring(2 ** 27 + 1)],
    ["index is 1.5; expected an integer", () => str.strCharAt(1.5)],
    ["occurrence is 0; expected 1 for the first", () => str.strFind("a", 0)],
    ["pad is empty", () => str.strPadStart(3, "")],
    ["length is -1; expected an integer from 0", () => str.strPadEnd(-1, "x")],
    ["times is -1; expected an integer from 0", () => str.strRepeat(-1)],
    ["flags can't hold both CREATE_ONLY and UPDATE_ONLY", () => str.strAppend("x", CREATE_ONLY | UPDATE_ONLY)],
    ["flags is 1; expected a sum of DEFAULT (0), UPDATE_ONLY (2), NO_FAIL (4)", () => str.strUpper(CREATE_ONLY)],
    ["flags need an end", () => str.strSnip(1, undefined, NO_FAIL)],
    ["regexFlags is 16; expected a sum of", () => str.strMatches("a", GLOBAL)],
    ["regexFlags is 32; expected a sum of", () => str.strRegexReplace("a", "b", 32)],
    // @ts-expect-error a number is no text
    ["needle is 1; expected a string", () => str.strContains(1)],
    // @ts-expect-error a number is no text
    ["values[1] is 2; expected a string", () => str.strConcat(["a", 2])],
    // @ts-expect-error there is no such kind of number
    ["type is 3; expected one of ANY (0), INT (1), FLOAT (2)", () => str.strIsNumeric(3)],
  ])("refuse: %s", (message, make) => {
    expect(make).toThrow(message);
  });
});

describe("operations of server 8.2 beside those of strings", () => {
  it.each<[CdtCall, string]>([
    [listJoin(), "911c"],
    [listJoin(", "), "921ca3032c20"],
    [containerCount(), "91ccfd"],
    [bitB64Encode(), "9137"],
    [bitB64Encode(-2, 2), "9337fe02"],
    [bitB64Encode(1, 0, true), "9437010001"],
  ])("%o", (call, bytes) => {
    expect(hex(call)).toBe(bytes);
    expect(callOp("b", call).minVersion).toBe("8.2");
  });

  it("refuse half of a stretch", () => {
    expect(() => bitB64Encode(1)).toThrow("need a byteSize");
    expect(() => bitB64Encode(undefined, 1)).toThrow("byteOffset is undefined");
  });
});

describe("the server that an operation needs", () => {
  it("is that of its return type", () => {
    expect(callOp("m", getBy(mapByKey("k"), MapReturnType.EXISTS)).minVersion).toBe("6.1");
    expect(callOp("m", getBy(mapByKey("k"), MapReturnType.ORDERED_MAP)).minVersion).toBe("6.3");
    expect(callOp("m", getBy(mapByKey("k"), MapReturnType.VALUE))).not.toHaveProperty("minVersion");
    expect(callOp("l", listSize())).not.toHaveProperty("minVersion");
  });
});
