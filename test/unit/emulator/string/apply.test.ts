import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { BinValue } from "../../../../emulator/record/bin-value.js";
import { doubleOf, doubleValue, integerOf, integerValue } from "../../../../emulator/record/bin-value.js";
import { applyString, toStringValue } from "../../../../emulator/string/index.js";
import { Reader } from "../../../../protocol/bytes/reader.js";
import { Writer } from "../../../../protocol/bytes/writer.js";
import { type CdtCall, encodePayload, inContext } from "../../../../protocol/cdt/call.js";
import { CTX } from "../../../../protocol/cdt/context.js";
import { StringNumericType, StringRegexFlags, StringWriteFlags } from "../../../../protocol/cdt/flags.js";
import * as str from "../../../../protocol/cdt/string.js";
import { ResultCode } from "../../../../protocol/result-code.js";
import { packValue } from "../../../../protocol/value/pack.js";
import { ParticleType } from "../../../../protocol/value/particle-type.js";
import { unpackValue } from "../../../../protocol/value/unpack.js";
import type { Value } from "../../../../protocol/value/value.js";
import { runs } from "../../../support/runs.js";

const { CREATE_ONLY, UPDATE_ONLY, NO_FAIL } = StringWriteFlags;
const { CASE_INSENSITIVE, MULTILINE, DOT_ALL, UNIX_LINES, GLOBAL } = StringRegexFlags;

const bytesOf = (text: string) => new TextEncoder().encode(text);
const string = (text: string): BinValue => ({ type: ParticleType.STRING, bytes: bytesOf(text) });
const container = (value: Value): BinValue => {
  const w = new Writer(64);
  packValue(w, value);
  return { type: Array.isArray(value) ? ParticleType.LIST : ParticleType.MAP, bytes: w.copy() };
};

function jsValue(bin: BinValue | null | undefined): unknown {
  switch (bin?.type) {
    case ParticleType.INTEGER:
      return Number(integerOf(bin));
    case ParticleType.DOUBLE:
      return doubleOf(bin);
    case ParticleType.BOOL:
      return bin.bytes[0] === 1;
    case ParticleType.STRING:
      return new TextDecoder().decode(bin.bytes);
    case ParticleType.LIST:
    case ParticleType.MAP:
      return unpackValue(new Reader(bin.bytes));
    default:
      return bin?.bytes;
  }
}

function read(call: CdtCall, text: string): unknown {
  const outcome = applyString(string(text), encodePayload(call), false);
  return outcome.code === ResultCode.OK ? jsValue(outcome.result) : failureOf(outcome);
}

function changed(call: CdtCall, text: string): unknown {
  const outcome = applyString(string(text), encodePayload(call), true);
  if (outcome.code !== ResultCode.OK) return failureOf(outcome);
  return outcome.bin === undefined ? "unchanged" : jsValue(outcome.bin);
}

function failureOf({ code, detail }: ReturnType<typeof applyString>): string {
  return detail?.subCode === undefined ? `code ${code}` : `code ${code} sub ${detail.subCode}`;
}

describe("reads of strings", () => {
  it.each<[CdtCall, string, unknown]>([
    [str.strLength(), "a😀é", 3],
    [str.strByteLength(), "a😀é", 7],
    [str.strSubstring(1), "a😀é", "😀é"],
    [str.strSubstring(-2, -1), "a😀é", "😀"],
    [str.strSubstring(2, 1), "abc", ""],
    [str.strSubstring(-9, 9), "abc", "abc"],
    [str.strCharAt(1), "a😀é", "😀"],
    [str.strCharAt(-1), "a😀é", "é"],
    [str.strCharAt(3), "abc", ""],
    [str.strCharAt(-9), "abc", "a"],
    [str.strFind("b"), "😀abab", 2],
    [str.strFind("b", 2), "abab", 3],
    [str.strFind("b", -1), "abab", 3],
    [str.strFind("b", 3), "abab", -1],
    [str.strContains("é"), "née", true],
    [str.strStartsWith("n"), "née", true],
    [str.strEndsWith("n"), "née", false],
    [str.strToInteger(), "-12", -12],
    [str.strToInteger(), " \t+12", 12],
    [str.strToInteger(), "12 ", "code 26 sub 10"],
    [str.strToInteger(), "000000000000000000012", "code 26 sub 10"],
    [str.strToInteger(), "12.0", "code 26 sub 10"],
    [str.strToInteger(), "9223372036854775808", "code 26 sub 10"],
    [str.strToDouble(), "1.5e2", 150],
    [str.strToDouble(), " -.5", -0.5],
    [str.strToDouble(), "0x1.8p1", 3],
    [str.strToDouble(), "-inf", Number.NEGATIVE_INFINITY],
    [str.strToDouble(), "NaN", Number.NaN],
    [str.strToDouble(), "1e999", "code 26 sub 10"],
    [str.strToDouble(), "1e-999", "code 26 sub 10"],
    [str.strToDouble(), "0e-999", 0],
    [str.strToDouble(), "x", "code 26 sub 10"],
    [str.strToDouble(), "", "code 26 sub 10"],
    [str.strIsNumeric(), "1.5", true],
    [str.strIsNumeric(StringNumericType.INT), "1.5", false],
    [str.strIsNumeric(StringNumericType.FLOAT), "1.5", true],
    [str.strIsNumeric(StringNumericType.FLOAT), "15", false],
    [str.strIsNumeric(), "1e5", false],
    [str.strIsNumeric(), "5.", false],
    [str.strIsNumeric(), " 5", false],
    [str.strIsUpper(), "ABÉ", true],
    [str.strIsUpper(), "ABC1", false],
    [str.strIsUpper(), "", true],
    [str.strIsLower(), "abC", false],
    [str.strToBlob(), "é", bytesOf("é")],
    [str.strSplit(","), "a,b,,c", ["a", "b", "", "c"]],
    [str.strSplit(), "a😀", ["a", "😀"]],
    [str.strB64Decode(), "AP8=", Uint8Array.of(0, 255)],
    [str.strB64Decode(), "AP8", "code 26 sub 13"],
    [str.strMatches("^a.c$"), "abc", true],
    [str.strMatches("B"), "abc", false],
    [str.strMatches("B", CASE_INSENSITIVE), "abc", true],
    [str.strMatches("^b", MULTILINE), "a\nb", true],
    [str.strMatches("a.b"), "a\nb", false],
    [str.strMatches("a.b", DOT_ALL), "a\nb", true],
    [str.strMatches("a.b", UNIX_LINES), "a\rb", true],
    [str.strMatches("\\bé\\b"), "x é y", true],
    [str.strMatches("^\\d+$"), "٣", true],
    [str.strMatches("\\Aa\\z"), "a", true],
    [str.strMatches("\\Q.*\\E"), "a.*b", true],
    [str.strMatches("\\x{1f600}"), "😀", true],
    [str.strMatches("("), "a", "code 4 sub 10"],
    [str.strMatches("(?i)a"), "A", "code 4 sub 10"],
  ])("%o of %s", (call, text, expected) => {
    expect(read(call, text)).toEqual(expected);
  });
});

describe("changes of strings", () => {
  it.each<[CdtCall, string, unknown]>([
    [str.strInsert(1, "x"), "😀b", "😀xb"],
    [str.strInsert(-1, "x"), "ab", "axb"],
    [str.strOverwrite(1, "xy"), "abcd", "axyd"],
    [str.strOverwrite(2, "xyz"), "abc", "abxyz"],
    [str.strOverwrite(0, "x"), "", "x"],
    [str.strOverwrite(3, "x"), "abc", "code 4 sub 9"],
    [str.strOverwrite(-1, "x"), "abc", "code 4 sub 9"],
    [str.strOverwrite(4, "x", NO_FAIL), "abc", "unchanged"],
    [str.strConcat(["b", "c"]), "a", "abc"],
    [str.strSnip(1, 2), "a😀c", "ac"],
    [str.strSnip(-1), "abc", "ab"],
    [str.strReplace("a", "$&"), "aa", "$&a"],
    [str.strReplaceAll("a", "b"), "aXa", "bXb"],
    // Longer than the whole string: refused where one replacement is asked for, nothing to do where all are.
    [str.strReplace("abc", "x"), "ab", "code 4 sub 6"],
    [str.strReplaceAll("abc", "x"), "ab", "ab"],
    [str.strReplace("", "x"), "ab", "code 4 sub 6"],
    [str.strUpper(), "straße", "STRASSE"],
    [str.strLower(), "ÀÉ", "àé"],
    [str.strCaseFold(), "Straße ΣΑΣ ı", "strasse σασ ı"],
    [str.strNormalizeNfc(), "e\u0301", "é"],
    [str.strTrim(), "\u0085 a \u3000", "a"],
    [str.strTrimStart(), " a ", "a "],
    [str.strTrimEnd(), " a ", " a"],
    [str.strPadStart(5, "xy"), "😀b", "xyx😀b"],
    [str.strPadEnd(1, "x"), "ab", "ab"],
    [str.strRepeat(2), "ab", "abab"],
    [str.strRepeat(2 ** 27), "ab", "code 4 sub 6"],
    // What could become too long counts.
    [str.strUpper(), "a".repeat(3_000_000), "code 4 sub 6"],
    [str.strPadEnd(2 ** 21 + 1, "x"), "ab", "code 4 sub 6"],
    [str.strRegexReplace("(\\w)(\\w)", "$2\\$$1"), "ab cd", "b$a cd"],
    [str.strRegexReplace("(?<x>\\w)", ["[$", "{x}]"].join(""), GLOBAL), "ab", "[a][b]"],
    [str.strRegexReplace("a", "$1"), "abc", "code 26"],
    [str.strRegexReplace("z", "$1"), "abc", "abc"],
    [str.strAppend("b"), "a", "ab"],
    [str.strPrepend("b"), "a", "ba"],
  ])("%o of %s", (call, text, expected) => {
    expect(changed(call, text)).toEqual(expected);
  });

  it("make a string where there is none, if they can", () => {
    const made = (call: CdtCall) => applyString(undefined, encodePayload(call), true);
    expect(jsValue(made(str.strAppend("x", CREATE_ONLY)).bin)).toBe("x");
    expect(jsValue(made(str.strPadEnd(2, "x")).bin)).toBe("xx");
    expect(made(str.strAppend("x", UPDATE_ONLY))).toEqual({ code: ResultCode.OK });
    expect(made(str.strUpper())).toEqual({ code: ResultCode.OK });
  });

  it("respect what is there", () => {
    const on = (call: CdtCall, bin: BinValue) => applyString(bin, encodePayload(call), true).code;
    expect(on(str.strAppend("x", CREATE_ONLY), string("a"))).toBe(ResultCode.BIN_EXISTS);
    expect(on(str.strAppend("x", CREATE_ONLY | NO_FAIL), string("a"))).toBe(ResultCode.OK);
    expect(on(str.strUpper(NO_FAIL), integerValue(1))).toBe(ResultCode.BIN_TYPE_ERROR);
    const broken: BinValue = { type: ParticleType.STRING, bytes: Uint8Array.of(0xff) };
    expect(on(str.strUpper(NO_FAIL), broken)).toBe(ResultCode.INVALID_ENCODING);
    expect(applyString(broken, encodePayload(str.strLength()), false).code).toBe(ResultCode.INVALID_ENCODING);
  });

  it("reach into lists and maps", () => {
    const bin = container({ k: ["a", "b"], n: 1 });
    const path = [CTX.mapKey("k"), CTX.listIndex(-1)];
    const outcome = applyString(bin, encodePayload(inContext(str.strUpper(), path)), true);
    expect(jsValue(outcome.bin)).toEqual({ k: ["a", "B"], n: 1 });
    expect(applyString(bin, encodePayload(inContext(str.strLength(), path)), false).result).toEqual(integerValue(1));
    const onNumber = inContext(str.strLength(), [CTX.mapKey("n")]);
    expect(applyString(bin, encodePayload(onNumber), false).code).toBe(ResultCode.BIN_TYPE_ERROR);
  });
});

describe("text of values", () => {
  it.each<[BinValue, unknown]>([
    [integerValue(-5n), "-5"],
    [doubleValue(2.5), "2.5"],
    [{ type: ParticleType.BOOL, bytes: Uint8Array.of(1) }, "true"],
    [string("a"), "a"],
    [{ type: ParticleType.BLOB, bytes: bytesOf("é") }, "é"],
  ])("%o", (bin, expected) => {
    expect(jsValue(toStringValue(bin).result)).toBe(expected);
  });

  it("is refused for what has none", () => {
    expect(toStringValue(container([1])).code).toBe(ResultCode.BIN_TYPE_ERROR);
    expect(toStringValue({ type: ParticleType.BLOB, bytes: Uint8Array.of(0xff) }).code).toBe(
      ResultCode.INVALID_ENCODING,
    );
  });
});

describe("hostile payloads", () => {
  it("have an outcome", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.boolean(), (bytes, isModify) => {
        for (const bin of [undefined, string("abc"), container(["a"])]) {
          const { code } = applyString(bin, bytes, isModify);
          expect(Number.isInteger(code)).toBe(true);
        }
      }),
      { numRuns: runs(400) },
    );
  });
});
