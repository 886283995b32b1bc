import type { StringNumericType } from "../../protocol/cdt/flags.js";
import * as str from "../../protocol/cdt/string.js";
import { call, int, strings, text } from "./call.js";
import type { IntArg, StringArg, StringHolder, StringPlace } from "./call-types.js";
import type { Expression } from "./expression.js";

// Operations on a string: a value, or one that a context leads to in a list or map. Server 8.2 and newer. Positions are in
// code points; negative ones count from the end, and those beyond an end are that end. What fails is unknown.

/** How many code points it has. */
function strLength<C extends StringHolder>(bin: Expression<C>, ...context: StringPlace<C>): Expression<"int"> {
  return call("strLength", () => str.strLength(), bin, context);
}

/** How many bytes of UTF-8 it has. */
function strByteLength<C extends StringHolder>(bin: Expression<C>, ...context: StringPlace<C>): Expression<"int"> {
  return call("strByteLength", () => str.strByteLength(), bin, context);
}

/** The code point at an index. */
function strCharAt<C extends StringHolder>(
  index: IntArg,
  bin: Expression<C>,
  ...context: StringPlace<C>
): Expression<"string"> {
  return call("strCharAt", () => str.strCharAt(int(index)), bin, context);
}

/** Whether a text is in it. */
function strContains<C extends StringHolder>(
  needle: StringArg,
  bin: Expression<C>,
  ...context: StringPlace<C>
): Expression<"bool"> {
  return call("strContains", () => str.strContains(text(needle)), bin, context);
}

/** Whether it begins with a text. */
function strStartsWith<C extends StringHolder>(
  prefix: StringArg,
  bin: Expression<C>,
  ...context: StringPlace<C>
): Expression<"bool"> {
  return call("strStartsWith", () => str.strStartsWith(text(prefix)), bin, context);
}

/** Whether it ends with a text. */
function strEndsWith<C extends StringHolder>(
  suffix: StringArg,
  bin: Expression<C>,
  ...context: StringPlace<C>
): Expression<"bool"> {
  return call("strEndsWith", () => str.strEndsWith(text(suffix)), bin, context);
}

/** Whether it has capitals and no small letters. */
function strIsUpper<C extends StringHolder>(bin: Expression<C>, ...context: StringPlace<C>): Expression<"bool"> {
  return call("strIsUpper", () => str.strIsUpper(), bin, context);
}

/** Whether it has small letters and no capitals. */
function strIsLower<C extends StringHolder>(bin: Expression<C>, ...context: StringPlace<C>): Expression<"bool"> {
  return call("strIsLower", () => str.strIsLower(), bin, context);
}

/** The integer that it says; unknown when it is none. */
function strToInteger<C extends StringHolder>(bin: Expression<C>, ...context: StringPlace<C>): Expression<"int"> {
  return call("strToInteger", () => str.strToInteger(), bin, context);
}

/** The double that it says; unknown when it is none. */
function strToDouble<C extends StringHolder>(bin: Expression<C>, ...context: StringPlace<C>): Expression<"float"> {
  return call("strToDouble", () => str.strToDouble(), bin, context);
}

/** Its bytes. */
function strToBlob<C extends StringHolder>(bin: Expression<C>, ...context: StringPlace<C>): Expression<"blob"> {
  return call("strToBlob", () => str.strToBlob(), bin, context);
}

/** The bytes that it says in base64; unknown when it is none. */
function strB64Decode<C extends StringHolder>(bin: Expression<C>, ...context: StringPlace<C>): Expression<"blob"> {
  return call("strB64Decode", () => str.strB64Decode(), bin, context);
}

/** What lies from `start` on, up to `end`, excluded; `null` for up to the end. */
function strSubstring<C extends StringHolder>(
  start: IntArg,
  end: IntArg | null,
  bin: Expression<C>,
  ...context: StringPlace<C>
): Expression<"string"> {
  return call("strSubstring", () => str.strSubstring(int(start), end === null ? undefined : int(end)), bin, context);
}

/** The index at which the nth occurrence of a text begins, −1 for none. @param occurrence 1 for the first, −1 for the last */
function strFind<C extends StringHolder>(
  needle: StringArg,
  occurrence: IntArg,
  bin: Expression<C>,
  ...context: StringPlace<C>
): Expression<"int"> {
  return call("strFind", () => str.strFind(text(needle), occurrence === 1 ? undefined : int(occurrence)), bin, context);
}

/** Whether it is a number. @param type which, see StringNumericType */
function strIsNumeric<C extends StringHolder>(
  type: StringNumericType,
  bin: Expression<C>,
  ...context: StringPlace<C>
): Expression<"bool"> {
  return call("strIsNumeric", () => str.strIsNumeric(type), bin, context);
}

/** Its parts between the separators; with `null` its code points. */
function strSplit<C extends StringHolder>(
  separator: StringArg | null,
  bin: Expression<C>,
  ...context: StringPlace<C>
): Expression<"list"> {
  return call("strSplit", () => str.strSplit(separator === null ? undefined : text(separator)), bin, context);
}

/**
 * Whether a regular expression in ICU's syntax is found in it; `regexCompare` is for older servers, and POSIX.
 * @param flags a sum of StringRegexFlags without GLOBAL
 */
function strMatches<C extends StringHolder>(
  pattern: StringArg,
  flags: number,
  bin: Expression<C>,
  ...context: StringPlace<C>
): Expression<"bool"> {
  return call("strMatches", () => str.strMatches(text(pattern), flags), bin, context);
}

// Changes give a changed copy: of the string, or of the list or map that a context leads through. `flags` is a sum of
// StringWriteFlags, of which NO_FAIL says something here: what can't be done leaves the string as it is.

/** With a text put in at an index. */
function strInsert<C extends StringHolder>(
  flags: number | undefined,
  index: IntArg,
  value: StringArg,
  bin: Expression<C>,
  ...context: StringPlace<C>
): Expression<C> {
  return call("strInsert", () => str.strInsert(int(index), text(value), flags), bin, context);
}

/** With a text over what lies from an index on; unknown for one beyond the end. */
function strOverwrite<C extends StringHolder>(
  flags: number | undefined,
  index: IntArg,
  value: StringArg,
  bin: Expression<C>,
  ...context: StringPlace<C>
): Expression<C> {
  return call("strOverwrite", () => str.strOverwrite(int(index), text(value), flags), bin, context);
}

/** With a text added at the end. */
function strAppend<C extends StringHolder>(
  flags: number | undefined,
  value: StringArg,
  bin: Expression<C>,
  ...context: StringPlace<C>
): Expression<C> {
  return call("strAppend", () => str.strAppend(text(value), flags), bin, context);
}

/** With a text added in front. */
function strPrepend<C extends StringHolder>(
  flags: number | undefined,
  value: StringArg,
  bin: Expression<C>,
  ...context: StringPlace<C>
): Expression<C> {
  return call("strPrepend", () => str.strPrepend(text(value), flags), bin, context);
}

/** With the first occurrence of a text replaced. */
function strReplace<C extends StringHolder>(
  flags: number | undefined,
  needle: string,
  replacement: string,
  bin: Expression<C>,
  ...context: StringPlace<C>
): Expression<C> {
  return call("strReplace", () => str.strReplace(needle, replacement, flags), bin, context);
}

/** With every occurrence of a text replaced. */
function strReplaceAll<C extends StringHolder>(
  flags: number | undefined,
  needle: string,
  replacement: string,
  bin: Expression<C>,
  ...context: StringPlace<C>
): Expression<C> {
  return call("strReplaceAll", () => str.strReplaceAll(needle, replacement, flags), bin, context);
}

/** With all letters capitals. */
function strUpper<C extends StringHolder>(
  flags: number | undefined,
  bin: Expression<C>,
  ...context: StringPlace<C>
): Expression<C> {
  return call("strUpper", () => str.strUpper(flags), bin, context);
}

/** With all letters small. */
function strLower<C extends StringHolder>(
  flags: number | undefined,
  bin: Expression<C>,
  ...context: StringPlace<C>
): Expression<C> {
  return call("strLower", () => str.strLower(flags), bin, context);
}

/** In the form in which strings that differ by case alone are the same. */
function strCaseFold<C extends StringHolder>(
  flags: number | undefined,
  bin: Expression<C>,
  ...context: StringPlace<C>
): Expression<C> {
  return call("strCaseFold", () => str.strCaseFold(flags), bin, context);
}

/** In Unicode's normal form NFC. */
function strNormalizeNfc<C extends StringHolder>(
  flags: number | undefined,
  bin: Expression<C>,
  ...context: StringPlace<C>
): Expression<C> {
  return call("strNormalizeNfc", () => str.strNormalizeNfc(flags), bin, context);
}

/** Without white space in front. */
function strTrimStart<C extends StringHolder>(
  flags: number | undefined,
  bin: Expression<C>,
  ...context: StringPlace<C>
): Expression<C> {
  return call("strTrimStart", () => str.strTrimStart(flags), bin, context);
}

/** Without white space at the end. */
function strTrimEnd<C extends StringHolder>(
  flags: number | undefined,
  bin: Expression<C>,
  ...context: StringPlace<C>
): Expression<C> {
  return call("strTrimEnd", () => str.strTrimEnd(flags), bin, context);
}

/** Without white space at either end. */
function strTrim<C extends StringHolder>(
  flags: number | undefined,
  bin: Expression<C>,
  ...context: StringPlace<C>
): Expression<C> {
  return call("strTrim", () => str.strTrim(flags), bin, context);
}

/** Filled up in front until it is `length` code points long. */
function strPadStart<C extends StringHolder>(
  flags: number | undefined,
  length: IntArg,
  pad: StringArg,
  bin: Expression<C>,
  ...context: StringPlace<C>
): Expression<C> {
  return call("strPadStart", () => str.strPadStart(int(length), text(pad), flags), bin, context);
}

/** Filled up at the end until it is `length` code points long. */
function strPadEnd<C extends StringHolder>(
  flags: number | undefined,
  length: IntArg,
  pad: StringArg,
  bin: Expression<C>,
  ...context: StringPlace<C>
): Expression<C> {
  return call("strPadEnd", () => str.strPadEnd(int(length), text(pad), flags), bin, context);
}

/** Repeated. */
function strRepeat<C extends StringHolder>(
  flags: number | undefined,
  times: IntArg,
  bin: Expression<C>,
  ...context: StringPlace<C>
): Expression<C> {
  return call("strRepeat", () => str.strRepeat(int(times), flags), bin, context);
}

/** With texts added at the end. */
function strConcat<C extends StringHolder>(
  flags: number | undefined,
  values: readonly string[] | Expression<"list">,
  bin: Expression<C>,
  ...context: StringPlace<C>
): Expression<C> {
  return call("strConcat", () => str.strConcat(strings(values), flags), bin, context);
}

/** Without what lies from `start` on, up to `end`, excluded; `null` for up to the end. */
function strSnip<C extends StringHolder>(
  flags: number | undefined,
  start: IntArg,
  end: IntArg | null,
  bin: Expression<C>,
  ...context: StringPlace<C>
): Expression<C> {
  return call("strSnip", () => str.strSnip(int(start), end === null ? undefined : int(end), flags), bin, context);
}

/**
 * With what a regular expression matches replaced, all of it with GLOBAL among the regex flags. In the replacement `$1` and
 * `${name}` stand for groups.
 * @param regexFlags a sum of StringRegexFlags
 */
function strRegexReplace<C extends StringHolder>(
  flags: number | undefined,
  pattern: string,
  replacement: string,
  regexFlags: number,
  bin: Expression<C>,
  ...context: StringPlace<C>
): Expression<C> {
  return call("strRegexReplace", () => str.strRegexReplace(pattern, replacement, regexFlags, flags), bin, context);
}

/** Strings, for {@link Exp}. */
export const stringOps = {
  strAppend,
  strB64Decode,
  strByteLength,
  strCaseFold,
  strCharAt,
  strConcat,
  strContains,
  strEndsWith,
  strFind,
  strInsert,
  strIsLower,
  strIsNumeric,
  strIsUpper,
  strLength,
  strLower,
  strMatches,
  strNormalizeNfc,
  strOverwrite,
  strPadEnd,
  strPadStart,
  strPrepend,
  strRegexReplace,
  strRepeat,
  strReplace,
  strReplaceAll,
  strSnip,
  strSplit,
  strStartsWith,
  strSubstring,
  strToBlob,
  strToDouble,
  strToInteger,
  strTrim,
  strTrimEnd,
  strTrimStart,
  strUpper,
};
