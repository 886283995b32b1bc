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
  /** Records a second and node. */
  readonly rate: number;
}

/** Slices that the next one is learned from. */
export const LEARNED_FROM = 6;

/**
 * How many parts the next slice has: as many as fill its time at the speed of the last ones. What a slice takes whatever its
 * length, such as the way through the index, is told apart where the last ones were of different lengths: shorter slices
 * would only be more of that, so it may take half of the time, and a slice becomes longer than it should be before it takes more.
 * @param slices the last ones, in their order; one at least
 * @param rate of the next one
 */
export function nextWidth(slices: readonly TimedSlice[], rate: number, sliceMs: number): number {
  const last = slices.at(-1);
  if (last === undefined) throw new RangeError("The next slice is learned from one at least");
  // Parts by rate are the seconds that the work takes, up to a factor.
  const points = slices
    .slice(-LEARNED_FROM)
    .map(({ width, tookMs, rate: then }) => ({ work: width / then, ms: tookMs }));
  const { fixedMs, msPerWork } = lineThrough(points);
  const workMs = Math.max(sliceMs - fixedMs, fixedMs, sliceMs / 2);
  const wanted = (workMs / msPerWork) * rate;
  const atThisRate = (last.width * rate) / last.rate;
  return widthOf(Math.min(atThisRate * MOST_GROWTH, Math.max(atThisRate * MOST_SHRINKING, wanted)));
}

interface Point {
  readonly work: number;
  readonly ms: number;
}

/** The line by least squares; through zero where the points do not tell. */
function lineThrough(points: readonly Point[]): { readonly fixedMs: number; readonly msPerWork: number } {
  const mean = (of: (point: Point) => number): number =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const work = mean((point) => point.work);
  const ms = Math.max(
    1,
    mean((point) => point.ms),
  );
  const spread = mean((point) => (point.work - work) ** 2);
  if (spread < (work / 10) ** 2) {
    const { work: lastWork = work, ms: lastMs = ms } = points.at(-1) ?? {};
    return { fixedMs: 0, msPerWork: Math.max(1, lastMs) / lastWork };
  }
  const slope = mean((point) => (point.work - work) * (point.ms - ms)) / spread;
  // Longer slices that took no longer: what they take is fixed, and the work shows in nothing.
  const msPerWork = Math.max(slope, ms / work / 100);
  return { fixedMs: Math.max(0, ms - msPerWork * work), msPerWork };
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
