import type { AnyInteger } from "../bytes/utf8.js";
import { describe } from "../value/invalid-value.js";
import { type CdtCall, cdtCall } from "./call.js";
import { checkFlags, checkOneOf, refuseCreateAndUpdateOnly } from "./check.js";
import { StringNumericType, StringRegexFlags, StringWriteFlags } from "./flags.js";
import { type CdtOperation, CREATING_STRING_OPS, StringOp } from "./operations.js";
import { type Arg, Computed, integer, type Param, stored } from "./param.js";

// Operations on strings; servers from 8.2 on. Positions are in code points, negative ones count from the end.

/** Servers take no position, length or count beyond it, in either direction. */
const MAX_POSITION = 2 ** 27;

const { DEFAULT, CREATE_ONLY, UPDATE_ONLY, NO_FAIL } = StringWriteFlags;
const CREATING_FLAGS = { DEFAULT, CREATE_ONLY, UPDATE_ONLY, NO_FAIL };
const CHANGING_FLAGS = { DEFAULT, UPDATE_ONLY, NO_FAIL };

const { CASE_INSENSITIVE, MULTILINE, DOT_ALL, UNIX_LINES } = StringRegexFlags;
const COMPARE_FLAGS = { DEFAULT, CASE_INSENSITIVE, MULTILINE, DOT_ALL, UNIX_LINES };

/** How many code points it has. */
export function strLength(): CdtCall {
  return cdtCall(StringOp.LENGTH, []);
}

/** How many bytes of UTF-8 it has. */
export function strByteLength(): CdtCall {
  return cdtCall(StringOp.BYTE_LENGTH, []);
}

/** From `start` on, up to `end`, excluded. */
export function strSubstring(start: Arg<AnyInteger>, end?: Arg<AnyInteger>): CdtCall {
  return cdtCall(StringOp.SUBSTRING, [position("start", start), ...(end === undefined ? [] : [position("end", end)])]);
}

export function strCharAt(index: Arg<AnyInteger>): CdtCall {
  return cdtCall(StringOp.CHAR_AT, [position("index", index)]);
}

/** Where the nth occurrence begins; −1 when there is none. */
export function strFind(needle: Arg<string>, occurrence?: Arg<AnyInteger>): CdtCall {
  const params = [text("needle", needle)];
  if (occurrence !== undefined) {
    if (!(occurrence instanceof Computed) && Number(occurrence) === 0)
      throw new RangeError("occurrence is 0; expected 1 for the first, 2 for the second …, -1 for the last");
    params.push(position("occurrence", occurrence));
  }
  return cdtCall(StringOp.FIND, params);
}

export function strContains(needle: Arg<string>): CdtCall {
  return cdtCall(StringOp.CONTAINS, [text("needle", needle)]);
}

export function strStartsWith(prefix: Arg<string>): CdtCall {
  return cdtCall(StringOp.STARTS_WITH, [text("prefix", prefix)]);
}

export function strEndsWith(suffix: Arg<string>): CdtCall {
  return cdtCall(StringOp.ENDS_WITH, [text("suffix", suffix)]);
}

export function strToInteger(): CdtCall {
  return cdtCall(StringOp.TO_INTEGER, []);
}

export function strToDouble(): CdtCall {
  return cdtCall(StringOp.TO_DOUBLE, []);
}

export function strIsNumeric(type: StringNumericType = StringNumericType.ANY): CdtCall {
  const checked = checkOneOf("type", type, StringNumericType);
  return cdtCall(StringOp.IS_NUMERIC, checked === StringNumericType.ANY ? [] : [stored("type", checked)]);
}

export function strIsUpper(): CdtCall {
  return cdtCall(StringOp.IS_UPPER, []);
}

export function strIsLower(): CdtCall {
  return cdtCall(StringOp.IS_LOWER, []);
}

export function strToBlob(): CdtCall {
  return cdtCall(StringOp.TO_BLOB, []);
}

/** Without a separator, the single code points. */
export function strSplit(separator?: Arg<string>): CdtCall {
  return cdtCall(StringOp.SPLIT, separator === undefined ? [] : [text("separator", separator)]);
}

export function strB64Decode(): CdtCall {
  return cdtCall(StringOp.B64_DECODE, []);
}

/** Whether a regular expression is found in it. */
export function strMatches(pattern: Arg<string>, regexFlags: number = DEFAULT): CdtCall {
  const flags = checkFlags("regexFlags", regexFlags, COMPARE_FLAGS);
  return cdtCall(StringOp.REGEX_COMPARE, [
    text("pattern", pattern),
    ...(flags === DEFAULT ? [] : [stored("regexFlags", flags)]),
  ]);
}

export function strInsert(index: Arg<AnyInteger>, value: Arg<string>, flags?: number): CdtCall {
  return write(StringOp.INSERT, [position("index", index), text("value", value)], flags);
}

export function strOverwrite(index: Arg<AnyInteger>, value: Arg<string>, flags?: number): CdtCall {
  return write(StringOp.OVERWRITE, [position("index", index), text("value", value)], flags);
}

/** Adds one text, or several, at the end. */
export function strConcat(values: Arg<string | readonly string[]>, flags?: number): CdtCall {
  return write(StringOp.CONCAT, [texts("values", typeof values === "string" ? [values] : values)], flags);
}

export function strAppend(value: Arg<string>, flags?: number): CdtCall {
  return write(StringOp.APPEND, [text("value", value)], flags);
}

export function strPrepend(value: Arg<string>, flags?: number): CdtCall {
  return write(StringOp.PREPEND, [text("value", value)], flags);
}

/** Takes out what lies from `start` on, up to `end`, excluded. */
export function strSnip(start: Arg<AnyInteger>, end?: Arg<AnyInteger>, flags?: number): CdtCall {
  const from = position("start", start);
  if (end !== undefined) return write(StringOp.SNIP, [from, position("end", end)], flags);
  if (flags !== undefined && flags !== DEFAULT)
    throw new TypeError("flags need an end: without one, servers have no place for them");
  return cdtCall(StringOp.SNIP, [from]);
}

/** Replaces the first occurrence. */
export function strReplace(needle: Arg<string>, replacement: Arg<string>, flags?: number): CdtCall {
  return write(StringOp.REPLACE, [pair("needle", needle, replacement)], flags);
}

export function strReplaceAll(needle: Arg<string>, replacement: Arg<string>, flags?: number): CdtCall {
  return write(StringOp.REPLACE_ALL, [pair("needle", needle, replacement)], flags);
}

/** Replaces what a regular expression matches: the first match, with GLOBAL all of them. */
export function strRegexReplace(
  pattern: Arg<string>,
  replacement: Arg<string>,
  regexFlags: number = DEFAULT,
  flags?: number,
): CdtCall {
  const params = [pair("pattern", pattern, replacement)];
  const checked = checkFlags("regexFlags", regexFlags, StringRegexFlags);
  const hasFlags = flags !== undefined && flags !== DEFAULT;
  if (checked !== DEFAULT || hasFlags) params.push(stored("regexFlags", checked));
  return write(StringOp.REGEX_REPLACE, params, flags);
}

export function strUpper(flags?: number): CdtCall {
  return write(StringOp.UPPER, [], flags);
}

export function strLower(flags?: number): CdtCall {
  return write(StringOp.LOWER, [], flags);
}

export function strCaseFold(flags?: number): CdtCall {
  return write(StringOp.CASE_FOLD, [], flags);
}

export function strNormalizeNfc(flags?: number): CdtCall {
  return write(StringOp.NORMALIZE_NFC, [], flags);
}

export function strTrimStart(flags?: number): CdtCall {
  return write(StringOp.TRIM_START, [], flags);
}

export function strTrimEnd(flags?: number): CdtCall {
  return write(StringOp.TRIM_END, [], flags);
}

export function strTrim(flags?: number): CdtCall {
  return write(StringOp.TRIM, [], flags);
}

/** Makes it `length` code points long; one that is longer stays as it is. */
export function strPadStart(length: Arg<AnyInteger>, pad: Arg<string>, flags?: number): CdtCall {
  return write(StringOp.PAD_START, padding(length, pad), flags);
}

export function strPadEnd(length: Arg<AnyInteger>, pad: Arg<string>, flags?: number): CdtCall {
  return write(StringOp.PAD_END, padding(length, pad), flags);
}

export function strRepeat(times: Arg<AnyInteger>, flags?: number): CdtCall {
  return write(StringOp.REPEAT, [integer("times", times, 0, MAX_POSITION)], flags);
}

function write(operation: CdtOperation, params: readonly Param[], flags: number = DEFAULT): CdtCall {
  checkFlags("flags", flags, CREATING_STRING_OPS.has(operation) ? CREATING_FLAGS : CHANGING_FLAGS);
  refuseCreateAndUpdateOnly("flags", flags);
  return cdtCall(operation, flags === DEFAULT ? params : [...params, stored("flags", flags)]);
}

function position(name: string, value: Arg<AnyInteger>): Param {
  return integer(name, value, -MAX_POSITION, MAX_POSITION);
}

function padding(length: Arg<AnyInteger>, pad: Arg<string>): readonly Param[] {
  if (pad === "") throw new RangeError("pad is empty; expected at least one character");
  return [integer("length", length, 0, MAX_POSITION), text("pad", pad)];
}

function text(name: string, value: Arg<string>): Param {
  return value instanceof Computed ? value : stored(name, checkText(name, value));
}

/** Two texts that travel as one list, so that neither can be computed. */
function pair(name: string, needle: Arg<string>, replacement: Arg<string>): Param {
  for (const each of [needle, replacement]) {
    if (each instanceof Computed)
      throw new TypeError(`${name} and replacement travel as one constant list; expected strings, got an expression`);
  }
  return texts(name, [needle, replacement]);
}

function texts(name: string, values: Arg<readonly Arg<string>[]>): Param {
  if (values instanceof Computed) return values;
  if (!Array.isArray(values)) throw new TypeError(`${name} is ${describe(values)}; expected an array of strings`);
  return stored(
    name,
    values.map((value, i) => checkText(`${name}[${i}]`, value)),
  );
}

function checkText(name: string, value: unknown): string {
  if (typeof value === "string") return value;
  throw new TypeError(`${name} is ${describe(value)}; expected a string`);
}
