const FIRST_MS = 10;
const LEAST_MS = 4;
const MOST_MS = 1_000;
/** Of the time that a job would go on, so much passes before it is asked again: its speed so far is a guess. */
const SHARE_OF_LEFT = 0.8;
/** So much of the time watched is the longest pause where the speed tells, and where it has been the same twice. */
const LONGEST_SHARE = 1 / 2;
const LONGEST_SHARE_IF_STEADY = 8;
/** What is left is waited for as a whole where it is this much of the time watched, or less: the guess is off by less. */
const LAST_SHARE = 1 / 4;
/** The end itself takes a moment more. */
const END_MS = 1;

/** What is known after a reply of a node. Times in ms. */
export interface Watch {
  /** How long the job has been watched. */
  readonly watchedMs: number;
  /** How long it would go on at the speed that it has had; Infinity when nobody can tell. */
  readonly leftMs?: number;
  /** Whether its speed has been much the same as when it was last asked for. */
  readonly isSteady?: boolean;
  /** The longest pause. */
  readonly mostMs?: number | undefined;
}

/**
 * How long to wait before asking for a job's status again. Where nobody can tell when it ends, a quarter of the time that
 * it has been watched, so that a short job is noticed at once and a long one costs a question a second. Where its speed
 * tells, most of what is left, so that a few questions close in on the end: at most half of the time that it has been
 * watched, as speeds change, or many times as long once the speed has not changed, and not so often that a slow last step would matter.
 */
export function pollPace({
  watchedMs,
  leftMs = Number.POSITIVE_INFINITY,
  isSteady = false,
  mostMs = MOST_MS,
}: Watch): number {
  if (leftMs === Number.POSITIVE_INFINITY) return Math.min(Math.max(FIRST_MS, watchedMs / 4), mostMs);
  const share = isSteady ? LONGEST_SHARE_IF_STEADY : LONGEST_SHARE;
  const longest = Math.min(Math.max(FIRST_MS, share * watchedMs), mostMs);
  const shortest = Math.min(Math.max(LEAST_MS, watchedMs / 40), longest);
  const isLast = leftMs <= LAST_SHARE * watchedMs;
  return Math.min(Math.max(isLast ? leftMs + END_MS : SHARE_OF_LEFT * leftMs, shortest), longest);
}
