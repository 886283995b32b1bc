import { decodeBase64 } from "../../protocol/bytes/base64.js";
import { encodeUtf8, utf8Length } from "../../protocol/bytes/utf8.js";
import { Writer } from "../../protocol/bytes/writer.js";
import { StringNumericType } from "../../protocol/cdt/flags.js";
import { StringOp } from "../../protocol/cdt/operations.js";
import { packListHeader, packString } from "../../protocol/value/pack.js";
import { ParticleType } from "../../protocol/value/particle-type.js";
import { type BinValue, boolValue, doubleValue, integerValue } from "../record/bin-value.js";
import { notBase64, notConvertible, StringFailure } from "./failure.js";
import type { StringParams } from "./params.js";
import { COMPARE_FLAGS, compileRegex } from "./regex.js";
import {
  doubleIn,
  findNth,
  integerIn,
  isAll,
  isWrittenFraction,
  isWrittenInteger,
  lengthOf,
  placeIn,
  pointsOf,
  stringValue,
} from "./text.js";

/** What is asked about a text; made from the parameters before any text is looked at. */
export type Question = (text: string) => BinValue | StringFailure;

/** The operations that read a string, by code. */
export const STRING_READ_OPS: ReadonlyMap<number, (params: StringParams) => Question | StringFailure> = new Map([
  [StringOp.LENGTH.code, () => (text: string) => integerValue(lengthOf(text))],
  [StringOp.SUBSTRING.code, substring],
  [StringOp.CHAR_AT.code, charAt],
  [StringOp.FIND.code, find],
  [StringOp.CONTAINS.code, asking((text, part) => text.includes(part))],
  [StringOp.STARTS_WITH.code, asking((text, part) => text.startsWith(part))],
  [StringOp.ENDS_WITH.code, asking((text, part) => text.endsWith(part))],
  [StringOp.TO_INTEGER.code, () => toInteger],
  [StringOp.TO_DOUBLE.code, () => toDouble],
  [StringOp.BYTE_LENGTH.code, () => (text: string) => integerValue(utf8Length(text))],
  [StringOp.IS_NUMERIC.code, isNumeric],
  [StringOp.IS_UPPER.code, () => (text: string) => boolValue(isAll(text, "upper"))],
  [StringOp.IS_LOWER.code, () => (text: string) => boolValue(isAll(text, "lower"))],
  [StringOp.TO_BLOB.code, () => (text: string) => ({ type: ParticleType.BLOB, bytes: encodeUtf8(text) })],
  [StringOp.SPLIT.code, split],
  [StringOp.B64_DECODE.code, () => decode],
  [StringOp.REGEX_COMPARE.code, compare],
]);

function substring(params: StringParams): Question {
  const start = params.integer();
  const end = params.optionalInteger();
  return (text) => {
    const points = pointsOf(text);
    const from = placeIn(points.length, start);
    return stringValue(points.slice(from, end === undefined ? undefined : placeIn(points.length, end)).join(""));
  };
}

/** Behind the end there is nothing; far in front of the begin, the first character. */
function charAt(params: StringParams): Question {
  const index = params.integer();
  return (text) => {
    const points = pointsOf(text);
    return stringValue(points[placeIn(points.length, index)] ?? "");
  };
}

function find(params: StringParams): Question {
  const needle = params.text();
  const occurrence = params.optionalInteger() ?? 1;
  params.demand(occurrence !== 0, "occurrence 0");
  return (text) => {
    const at = findNth(text, needle, occurrence);
    return integerValue(at < 0 ? -1 : lengthOf(text.slice(0, at)));
  };
}

function asking(test: (text: string, part: string) => boolean): (params: StringParams) => Question {
  return (params) => {
    const part = params.text();
    return (text) => boolValue(test(text, part));
  };
}

function toInteger(text: string): BinValue | StringFailure {
  const value = integerIn(text);
  return value === undefined ? notConvertible("the string is no integer") : integerValue(value);
}

function toDouble(text: string): BinValue | StringFailure {
  const value = doubleIn(text);
  return value === undefined ? notConvertible("the string is no number") : doubleValue(value);
}

function isNumeric(params: StringParams): Question {
  const type = params.optionalInteger() ?? StringNumericType.ANY;
  params.demand(type >= StringNumericType.ANY && type <= StringNumericType.FLOAT, `kind of number ${type}`);
  return (text) =>
    boolValue(
      (type !== StringNumericType.FLOAT && isWrittenInteger(text)) ||
        (type !== StringNumericType.INT && isWrittenFraction(text)),
    );
}

function split(params: StringParams): Question {
  const separator = params.optionalText() ?? "";
  return (text) => {
    const parts = separator === "" ? pointsOf(text) : text.split(separator);
    const w = new Writer(64);
    packListHeader(w, parts.length);
    for (const part of parts) packString(w, part);
    return { type: ParticleType.LIST, bytes: w.copy() };
  };
}

function decode(text: string): BinValue | StringFailure {
  try {
    return { type: ParticleType.BLOB, bytes: decodeBase64(text) };
  } catch (error) {
    if (error instanceof TypeError) return notBase64();
    throw error;
  }
}

function compare(params: StringParams): Question | StringFailure {
  const pattern = params.text();
  const regex = compileRegex(pattern, params.flags(COMPARE_FLAGS));
  return regex instanceof StringFailure ? regex : (text) => boolValue(regex.test(text));
}
