import type { SliceRange } from "../background/campaign-api/checkpoint.js";
import { Exp } from "../exp/exp.js";

/**
 * The parts that digests are divided into. Slices are ranges of parts, so that any slice may be as long as it should: what is
 * done is everything before a position, however long the slices before it were.
 */
export const PARTS = 1 << 20;

/** What a slice must not do between one and the next: become this many times as long or as short. */
const MOST_GROWTH = 4;
const MOST_SHRINKING = 1 / 8;

/** What is known before the first slice. */
export interface FirstSlice {
  /** Records in the set, about, whether the filter keeps them or not. */
  readonly records: number;
  /** Records a second, over all nodes. */
  readonly perSecond: number;
  readonly sliceMs: number;
}

/** How many parts the first slice has: as many as have the records that may be changed in the time of a slice. */
export function firstWidth({ records, perSecond, sliceMs }: FirstSlice): number {
  if (records <= 0) return PARTS;
  return widthOf((PARTS * perSecond * sliceMs) / 1000 / records);
}

/** A slice that is done. */
export interface TimedSlice {
  readonly width: number;
  readonly tookMs: number;
  readonly sliceMs: number;
  /** By how much the rate changes from it to the next one. */
  readonly rateFactor?: number | undefined;
}

/** How many parts the next slice has: as many as the last one did in the time that a slice should take. */
export function nextWidth({ width, tookMs, sliceMs, rateFactor = 1 }: TimedSlice): number {
  const growth = Math.min(MOST_GROWTH, Math.max(MOST_SHRINKING, sliceMs / Math.max(tookMs, 1)));
  return widthOf(width * growth * rateFactor);
}

function widthOf(parts: number): number {
  return Math.min(PARTS, Math.max(1, Math.round(parts)));
}

/** The slice from a position on. What would be left behind it in less than half a slice belongs to it. */
export function sliceFrom(position: number, width: number): SliceRange {
  const end = position + width;
  return { begin: position, end: end + width / 2 >= PARTS ? PARTS : end };
}

/** The records of a slice, decided by the digest alone; undefined when that is all of them. */
export function sliceCondition({ begin, end }: SliceRange): Exp<"bool"> | undefined {
  const part = Exp.digestModulo(PARTS);
  const bounds = [
    ...(begin > 0 ? [Exp.ge(part, Exp.intVal(begin))] : []),
    ...(end < PARTS ? [Exp.lt(part, Exp.intVal(end))] : []),
  ];
  return bounds.length > 1 ? Exp.and(bounds) : bounds[0];
}
