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

const INTEGER = /^[+-]?\d+$/;
const FLOAT = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** The integer that a string is; undefined for anything else, and beyond 64 bits. */
export function integerIn(text: string): bigint | undefined {
  if (!INTEGER.test(text)) return undefined;
  const value = BigInt(text.replace(/^\+/, ""));
  return BigInt.asIntN(64, value) === value ? value : undefined;
}

/** The double that a string is; undefined for anything else. */
export function doubleIn(text: string): number | undefined {
  return FLOAT.test(text) ? Number(text) : undefined;
}

/** Whether all letters that have a case are of one, and there is one. */
export function isAll(text: string, letterCase: "upper" | "lower"): boolean {
  const other = letterCase === "upper" ? /\p{Lowercase}/u : /\p{Uppercase}/u;
  const own = letterCase === "upper" ? /\p{Uppercase}/u : /\p{Lowercase}/u;
  return own.test(text) && !other.test(text);
}
