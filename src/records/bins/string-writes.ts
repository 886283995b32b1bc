import type { AnyInteger } from "../../../protocol/bytes/utf8.js";
import { StringWriteFlags } from "../../../protocol/cdt/flags.js";
import * as str from "../../../protocol/cdt/string.js";
import { checkOptions, type OptionNames } from "../../../protocol/check/check-options.js";
import type { Did, Next } from "./next.js";
import type { Place } from "./place.js";

/** How a string is changed. */
export interface StringWriteOptions {
  /** Leave a record without the bin as it is. Default: false. */
  readonly updateOnly?: boolean;
  /**
   * An operation that fails changes nothing instead of being an error; a value of another type and text that is no UTF-8
   * are errors all the same. Default: false.
   */
  readonly noFail?: boolean;
}

/** How a string is changed by an operation that can create it. */
export interface StringCreateOptions extends StringWriteOptions {
  /** Refuse a bin that exists (result code 6). For whole bins; not with `updateOnly`. Default: false. */
  readonly createOnly?: boolean;
}

/** How matches of a regular expression are replaced. */
export interface StringReplaceOptions extends StringWriteOptions {
  /** A sum of {@link StringRegexFlags}; with GLOBAL all matches are replaced. Default: 0, the first match. */
  readonly regexFlags?: number;
}

/**
 * Changes of a string: the bin itself, or one inside of a list or map. Server 8.2 and newer; refused before anything is sent
 * when a node of the cluster is older. Positions are in code points; negative ones count from the end, and those beyond an
 * end are that end, but for `strOverwrite`. A value of another type is an error (result code 12), and so is text that
 * is no UTF-8 (29). Where the bin is missing, `strInsert`, `strOverwrite`, `strConcat`, `strAppend`, `strPrepend`, `strPadStart`,
 * `strPadEnd` and `strRepeat` create it out of the empty string; the others do nothing.
 */
export abstract class StringWrites<out C extends Next> {
  /** @internal */
  declare readonly place: Place<C>;

  /** Puts a text in at an index. */
  strInsert(index: AnyInteger, value: string, options: StringCreateOptions = {}): Did<C> {
    return this.place.does(str.strInsert(index, value, flagsOf("strInsert", options, CREATE)));
  }

  /** Writes a text over what lies from an index on; result code 4, sub code 9, for one beyond the end. */
  strOverwrite(index: AnyInteger, value: string, options: StringCreateOptions = {}): Did<C> {
    return this.place.does(str.strOverwrite(index, value, flagsOf("strOverwrite", options, CREATE)));
  }

  /** Adds a text, or several, at the end. */
  strConcat(values: string | readonly string[], options: StringCreateOptions = {}): Did<C> {
    return this.place.does(str.strConcat(values, flagsOf("strConcat", options, CREATE)));
  }

  /** Adds a text at the end. */
  strAppend(value: string, options: StringCreateOptions = {}): Did<C> {
    return this.place.does(str.strAppend(value, flagsOf("strAppend", options, CREATE)));
  }

  /** Adds a text in front. */
  strPrepend(value: string, options: StringCreateOptions = {}): Did<C> {
    return this.place.does(str.strPrepend(value, flagsOf("strPrepend", options, CREATE)));
  }

  /** Takes out what lies from `start` on, up to `end`, excluded, or up to the end. Options need an `end`. */
  strSnip(start: AnyInteger, end?: AnyInteger, options: StringWriteOptions = {}): Did<C> {
    return this.place.does(str.strSnip(start, end, flagsOf("strSnip", options, WRITE)));
  }

  /** Replaces the first occurrence of a text. */
  strReplace(needle: string, replacement: string, options: StringWriteOptions = {}): Did<C> {
    return this.place.does(str.strReplace(needle, replacement, flagsOf("strReplace", options, WRITE)));
  }

  /** Replaces every occurrence of a text. */
  strReplaceAll(needle: string, replacement: string, options: StringWriteOptions = {}): Did<C> {
    return this.place.does(str.strReplaceAll(needle, replacement, flagsOf("strReplaceAll", options, WRITE)));
  }

  /**
   * Replaces what a regular expression matches.
   * @param pattern in the syntax of ICU
   * @param replacement `$1` and `${name}` stand for groups, `\` takes the sign behind it as it is; a `$` that names no
   * group fails on strings that match (result code 26)
   * @example .bin("phone").strRegexReplace("[^0-9]", "", { regexFlags: StringRegexFlags.GLOBAL })
   */
  strRegexReplace(pattern: string, replacement: string, options: StringReplaceOptions = {}): Did<C> {
    const flags = flagsOf("strRegexReplace", options, REPLACE);
    return this.place.does(str.strRegexReplace(pattern, replacement, options.regexFlags ?? 0, flags));
  }

  /** Makes all letters capitals. */
  strUpper(options: StringWriteOptions = {}): Did<C> {
    return this.place.does(str.strUpper(flagsOf("strUpper", options, WRITE)));
  }

  /** Makes all letters small. */
  strLower(options: StringWriteOptions = {}): Did<C> {
    return this.place.does(str.strLower(flagsOf("strLower", options, WRITE)));
  }

  /** Gives it the form in which strings that differ by case alone are the same: `Straße` becomes `strasse`. */
  strCaseFold(options: StringWriteOptions = {}): Did<C> {
    return this.place.does(str.strCaseFold(flagsOf("strCaseFold", options, WRITE)));
  }

  /** Gives it Unicode's normal form NFC, in which letters and their accents are one code point where there is one. */
  strNormalizeNfc(options: StringWriteOptions = {}): Did<C> {
    return this.place.does(str.strNormalizeNfc(flagsOf("strNormalizeNfc", options, WRITE)));
  }

  /** Removes white space in front. */
  strTrimStart(options: StringWriteOptions = {}): Did<C> {
    return this.place.does(str.strTrimStart(flagsOf("strTrimStart", options, WRITE)));
  }

  /** Removes white space at the end. */
  strTrimEnd(options: StringWriteOptions = {}): Did<C> {
    return this.place.does(str.strTrimEnd(flagsOf("strTrimEnd", options, WRITE)));
  }

  /** Removes white space at both ends. */
  strTrim(options: StringWriteOptions = {}): Did<C> {
    return this.place.does(str.strTrim(flagsOf("strTrim", options, WRITE)));
  }

  /** Fills up in front until it is `length` code points long. @param pad not empty */
  strPadStart(length: AnyInteger, pad: string, options: StringCreateOptions = {}): Did<C> {
    return this.place.does(str.strPadStart(length, pad, flagsOf("strPadStart", options, CREATE)));
  }

  /** Fills up at the end until it is `length` code points long. @param pad not empty */
  strPadEnd(length: AnyInteger, pad: string, options: StringCreateOptions = {}): Did<C> {
    return this.place.does(str.strPadEnd(length, pad, flagsOf("strPadEnd", options, CREATE)));
  }

  /** Repeats it. @param times 0 or more; the result has 8 MiB at most */
  strRepeat(times: AnyInteger, options: StringCreateOptions = {}): Did<C> {
    return this.place.does(str.strRepeat(times, flagsOf("strRepeat", options, CREATE)));
  }
}

const WRITE: OptionNames<StringWriteOptions> = { updateOnly: true, noFail: true };
const CREATE: OptionNames<StringCreateOptions> = { ...WRITE, createOnly: true };
const REPLACE: OptionNames<StringReplaceOptions> = { ...WRITE, regexFlags: true };

/** @throws TypeError for an option that does not exist */
function flagsOf<O extends StringCreateOptions>(method: string, options: O, known: OptionNames<O>): number {
  checkOptions(method, options, known);
  return (
    (options.createOnly ? StringWriteFlags.CREATE_ONLY : 0) |
    (options.updateOnly ? StringWriteFlags.UPDATE_ONLY : 0) |
    (options.noFail ? StringWriteFlags.NO_FAIL : 0)
  );
}
