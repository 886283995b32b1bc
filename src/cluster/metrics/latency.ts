/** Buckets to a power of two: a value is known to an eighth of it. */
const SUB_BITS = 3;
const SUB_BUCKETS = 1 << SUB_BITS;
const BUCKETS = (32 - SUB_BITS + 1) * SUB_BUCKETS;
const MOST_US = 0xffff_ffff;
/** Where the sum and the largest value stand, behind the buckets: numbers in an array cost no object each. */
const SUM = BUCKETS;
const MOST = BUCKETS + 1;

/** Values of a {@link LatencyHistogram} that lie together: those below `toUs` and not in the bucket before. */
export interface LatencyBucket {
  /** In microseconds; values are below it. */
  readonly toUs: number;
  readonly count: number;
}

/**
 * How long something took, by buckets of which there are eight to a power of two: from 1 microsecond up to 71 minutes; what
 * takes longer counts in the last one. Plain data. {@link latencyQuantile} tells p50 or p99.
 */
export interface LatencyHistogram {
  readonly count: number;
  /** Of all values, in microseconds. */
  readonly sumUs: number;
  /** The largest value, in microseconds; 0 without any. */
  readonly maxUs: number;
  /** Those that have counted anything, in ascending order. */
  readonly buckets: readonly LatencyBucket[];
}

/** Counts durations. Adding one makes no object. */
export class Latency {
  readonly #counts = new Float64Array(BUCKETS + 2);

  add(ms: number): void {
    const counts = this.#counts;
    const us = ms > 0 ? Math.min(Math.floor(ms * 1_000), MOST_US) : 0;
    counts[bucketOf(us)]!++;
    counts[SUM]! += us;
    if (us > counts[MOST]!) counts[MOST] = us;
  }

  snapshot(): LatencyHistogram {
    const buckets: LatencyBucket[] = [];
    let count = 0;
    for (let i = 0; i < BUCKETS; i++) {
      const inBucket = this.#counts[i]!;
      if (inBucket === 0) continue;
      count += inBucket;
      buckets.push({ toUs: endOf(i), count: inBucket });
    }
    return { count, sumUs: this.#counts[SUM]!, maxUs: this.#counts[MOST]!, buckets };
  }
}

/**
 * The duration that a part of all stays within, in microseconds, at most an eighth too long; undefined without any.
 * @param q from 0 to 1: 0.5 for the median, 0.99 for p99
 * @throws RangeError for any other number
 * @example latencyQuantile(client.metrics().operations.get.latency, 0.99)
 */
export function latencyQuantile(latency: LatencyHistogram, q: number): number | undefined {
  if (!(q >= 0 && q <= 1)) throw new RangeError(`latencyQuantile: expected q to be a number from 0 to 1, got ${q}`);
  const wanted = q * latency.count;
  let seen = 0;
  for (const { toUs, count } of latency.buckets) {
    seen += count;
    if (seen >= wanted) return Math.min(toUs, latency.maxUs);
  }
  return undefined;
}

function bucketOf(us: number): number {
  if (us < SUB_BUCKETS) return us;
  const exponent = 31 - Math.clz32(us);
  return ((exponent - SUB_BITS + 1) << SUB_BITS) | ((us >>> (exponent - SUB_BITS)) & (SUB_BUCKETS - 1));
}

function endOf(bucket: number): number {
  if (bucket < SUB_BUCKETS) return bucket + 1;
  const sub = SUB_BUCKETS | (bucket & (SUB_BUCKETS - 1));
  return (sub + 1) * 2 ** ((bucket >> SUB_BITS) - 1);
}
