import { encodeUtf8 } from "../../protocol/bytes/utf8.js";
import { ParticleType } from "../../protocol/value/particle-type.js";
import type { BinValue } from "../record/bin-value.js";

export function stringValue(text: string): BinValue {
  return { type: ParticleType.STRING, bytes: encodeUtf8(text) };
}

/** The code points, each as a string. */
export function pointsOf(text: string): readonly string[] {
  return Array.from(text);
}

export function lengthOf(text: string): number {
  let length = 0;
  for (const _point of text) length++;
  return length;
}

/** A place in front of one of `length` code points or behind the last: negative ones count from the end, others are clamped. */
export function placeIn(length: number, position: number): number {
  return Math.min(Math.max(position < 0 ? position + length : position, 0), length);
}

/** Where the nth occurrence of a needle begins, in UTF-16; the −nth counts from the last. −1 when there is none. */
export function findNth(text: string, needle: string, occurrence: number): number {
  const places: number[] = [];
  for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + Math.max(needle.length, 1))) {
    places.push(at);
    if (places.length === occurrence || at >= text.length) break;
  }
  return places.at(occurrence < 0 ? occurrence : occurrence - 1) ?? -1;
}

/** Full case folding, code point by code point. */
export function caseFold(text: string): string {
  return pointsOf(text).map(foldPoint).join("");
}

function foldPoint(point: string): string {
  // Cherokee folds to its capitals, which came first; the dotless i folds to itself.
  if (/^[\u13a0-\u13f5\u0131]$/u.test(point)) return point;
  if (/^[\uab70-\uabbf\u13f8-\u13fd]$/u.test(point)) return point.toUpperCase();
  return pointsOf(point.toUpperCase())
    .map((upper) => upper.toLowerCase())
    .join("");
}

// Servers read numbers as C does: blanks may stand in front of them, and there are longest ones.
const MAX_INTEGER_CHARACTERS = 20;
const MAX_FLOAT_CHARACTERS = 327;
const INTEGER = /^[\t-\r ]*([+-]?\d+)$/;
const FLOAT =
  /^[\t-\r ]*([+-]?)(?:((?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)|0x([\da-f]*)\.?([\da-f]*)(?:p([+-]?\d+))?|(inf|infinity)|nan)$/i;

/** The integer that a string is; undefined for anything else, and beyond 64 bits. */
export function integerIn(text: string): bigint | undefined {
  const digits = text.length > MAX_INTEGER_CHARACTERS ? undefined : INTEGER.exec(text)?.[1];
  return digits === undefined ? undefined : int64(digits);
}

function int64(digits: string): bigint | undefined {
  const value = BigInt(digits.replace(/^\+/, ""));
  return BigInt.asIntN(64, value) === value ? value : undefined;
}

/** The double that a string is; undefined for anything else, and for what is too great or too small. */
export function doubleIn(text: string): number | undefined {
  const found = text.length > MAX_FLOAT_CHARACTERS ? null : FLOAT.exec(text);
  if (found === null) return undefined;
  const [, sign, decimal, whole, fraction, exponent, infinite] = found;
  if (infinite !== undefined) return sign === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const digits = decimal ?? `${whole ?? ""}${fraction ?? ""}`;
  if (decimal === undefined && whole === undefined) return Number.NaN;
  if (digits === "") return undefined;
  const size =
    decimal === undefined
      ? Number(`0x${digits}`) * 2 ** (Number(exponent ?? 0) - 4 * (fraction?.length ?? 0))
      : Number(decimal);
  const isLost = size === 0 && /[1-9a-f]/i.test(digits.replace(/e.*/i, decimal === undefined ? "$&" : ""));
  if (isLost || size === Number.POSITIVE_INFINITY) return undefined;
  return sign === "-" ? -size : size;
}

/** Whether a string is digits with a sign at most, and fits 64 bits. */
export function isWrittenInteger(text: string): boolean {
  return /^[+-]?\d+$/.test(text) && int64(text) !== undefined;
}

/** Whether a string is digits with a dot and digits behind it. */
export function isWrittenFraction(text: string): boolean {
  return /^[+-]?\d*\.\d+$/.test(text) && Number.isFinite(Number(text));
}

/** Whether every character is a letter of one case. */
export function isAll(text: string, letterCase: "upper" | "lower"): boolean {
  return (letterCase === "upper" ? /^\p{Lu}*$/u : /^\p{Ll}*$/u).test(text);
}
