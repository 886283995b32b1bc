const FIRST_MS = 10;
const MOST_MS = 1_000;

/**
 * How long to wait before asking for a job's status again: a quarter of the time that it has been watched. A short job
 * is noticed at once, a long one costs a question a second.
 */
export function pollPace(watchedMs: number, mostMs = MOST_MS): number {
  return Math.min(Math.max(FIRST_MS, watchedMs / 4), mostMs);
}
