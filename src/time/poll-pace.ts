const FIRST_MS = 10;
const LEAST_MS = 4;
const MOST_MS = 1_000;
/** Of the time that a job would go on, so much passes before it is asked again: its speed so far is a guess. */
const SHARE_OF_LEFT = 0.7;

/** What is known after a reply of a node. Times in ms. */
export interface Watch {
  /** How long the job has been watched. */
  readonly watchedMs: number;
  /** How long it would go on at the speed that it has had; Infinity when nobody can tell. */
  readonly leftMs?: number;
  /** The longest pause. */
  readonly mostMs?: number | undefined;
}

/**
 * How long to wait before asking for a job's status again. Where nobody can tell when it ends, a quarter of the time that
 * it has been watched, so that a short job is noticed at once and a long one costs a question a second. Where its speed
 * tells, most of what is left, so that a few questions close in on the end: at most half of the time that it has been watched, as
 * speeds change, and not so often that a slow last step would matter.
 */
export function pollPace({ watchedMs, leftMs = Number.POSITIVE_INFINITY, mostMs = MOST_MS }: Watch): number {
  if (leftMs === Number.POSITIVE_INFINITY) return Math.min(Math.max(FIRST_MS, watchedMs / 4), mostMs);
  const longest = Math.min(Math.max(FIRST_MS, watchedMs / 2), mostMs);
  const shortest = Math.min(Math.max(LEAST_MS, watchedMs / 40), longest);
  return Math.min(Math.max(SHARE_OF_LEFT * leftMs, shortest), longest);
}
