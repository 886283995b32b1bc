const FIRST_MS = 10;
const MOST_MS = 1_000;

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
 * How long to wait before asking for a job's status again: a quarter of the time that it has been watched, so that a
 * short job is noticed at once and a long one costs a question a second. One that is about to end is asked sooner, but
 * not so often that a slow last step would matter.
 */
export function pollPace({ watchedMs, leftMs = Number.POSITIVE_INFINITY, mostMs = MOST_MS }: Watch): number {
  const longest = Math.min(Math.max(FIRST_MS, watchedMs / 4), mostMs);
  const shortest = Math.min(Math.max(FIRST_MS, watchedMs / 40), longest);
  return Math.min(Math.max(leftMs, shortest), longest);
}
