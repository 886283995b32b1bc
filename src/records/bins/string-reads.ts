import type { AnyInteger } from "../../../protocol/bytes/utf8.js";
import { StringNumericType } from "../../../protocol/cdt/flags.js";
import * as str from "../../../protocol/cdt/string.js";
import { checkOptions } from "../../../protocol/check/check-options.js";
import { describe } from "../../../protocol/value/invalid-value.js";
import type { Found, Next } from "./next.js";
import type { Place } from "./place.js";

/** What is looked for in a string. */
export interface FindOptions {
  /** 1 for the first, 2 for the second …, −1 for the last, −2 for the one before. Default: 1. */
  readonly occurrence?: AnyInteger;
}

/** Which numbers a string is asked for. */
export type NumericType = "any" | "int" | "float";

const NUMERIC_TYPES: Readonly<Record<NumericType, StringNumericType>> = {
  any: StringNumericType.ANY,
  int: StringNumericType.INT,
  float: StringNumericType.FLOAT,
};

/**
 * Reads of a string: the bin itself, or one inside of a list or map. Server 8.2 and newer; refused before anything is sent
 * when a node of the cluster is older. Positions are in code points; negative ones count from the end, and those beyond an
 * end are that end. A value of another type is an error (result code 12), and so is text that is no UTF-8 (29).
 */
export abstract class StringReads<out C extends Next> {
  /** @internal */
  declare readonly place: Place<C>;

  /** How many code points it has. */
  strLength(): Found<C, number> {
    return this.place.findsCounts(str.strLength());
  }

  /** How many bytes of UTF-8 it has. */
  strByteLength(): Found<C, number> {
    return this.place.findsCounts(str.strByteLength());
  }

  /**
   * What lies from `start` on, up to `end`, excluded, or up to the end.
   * @example .bin("name").strSubstring(0, 3)
   */
  strSubstring(start: AnyInteger, end?: AnyInteger): Found<C, string> {
    return this.place.finds(str.strSubstring(start, end));
  }

  /** The code point at an index. */
  strCharAt(index: AnyInteger): Found<C, string> {
    return this.place.finds(str.strCharAt(index));
  }

  /** The index at which a text begins; −1 when it is not there. */
  strFind(needle: string, options: FindOptions = {}): Found<C, number> {
    checkOptions<FindOptions>("strFind", options, { occurrence: true });
    return this.place.findsCounts(str.strFind(needle, options.occurrence));
  }

  /** Whether a text is in it. */
  strContains(needle: string): Found<C, boolean> {
    return this.place.finds(str.strContains(needle));
  }

  /** Whether it begins with a text. */
  strStartsWith(prefix: string): Found<C, boolean> {
    return this.place.finds(str.strStartsWith(prefix));
  }

  /** Whether it ends with a text. */
  strEndsWith(suffix: string): Found<C, boolean> {
    return this.place.finds(str.strEndsWith(suffix));
  }

  /** Whether it is a number. @param type default `"any"` */
  strIsNumeric(type: NumericType = "any"): Found<C, boolean> {
    if (!Object.hasOwn(NUMERIC_TYPES, type)) {
      throw new RangeError(`strIsNumeric: type is ${describe(type)}; expected "any", "int" or "float"`);
    }
    return this.place.finds(str.strIsNumeric(NUMERIC_TYPES[type]));
  }

  /** Whether it has capitals and no small letters. */
  strIsUpper(): Found<C, boolean> {
    return this.place.finds(str.strIsUpper());
  }

  /** Whether it has small letters and no capitals. */
  strIsLower(): Found<C, boolean> {
    return this.place.finds(str.strIsLower());
  }

  /** The integer that it says; result code 26, sub code 10, when it is none. */
  strToInteger(): Found<C, number | bigint> {
    return this.place.finds(str.strToInteger());
  }

  /** The double that it says; result code 26, sub code 10, when it is none. */
  strToDouble(): Found<C, number> {
    return this.place.finds(str.strToDouble());
  }

  /** Its bytes. */
  strToBlob(): Found<C, Uint8Array> {
    return this.place.finds(str.strToBlob());
  }

  /** The bytes that it says in base64; result code 26, sub code 13, when it is none. */
  strB64Decode(): Found<C, Uint8Array> {
    return this.place.finds(str.strB64Decode());
  }

  /** Its parts between the separators; without a separator, its code points. */
  strSplit(separator?: string): Found<C, string[]> {
    return this.place.finds(str.strSplit(separator));
  }

  /**
   * Whether a regular expression is found in it.
   * @param pattern in the syntax of ICU, which is that of Java and close to JavaScript's; not that of `Exp.regexCompare`
   * @param flags a sum of {@link StringRegexFlags} without GLOBAL; default 0
   * @example .bin("email").strMatches("@example\\.(com|org)$", StringRegexFlags.CASE_INSENSITIVE)
   */
  strMatches(pattern: string, flags = 0): Found<C, boolean> {
    return this.place.finds(str.strMatches(pattern, flags));
  }
}
