import { INT64_MAX, INT64_MIN } from "../../../protocol/limits.js";
import { ALL, has, type IntervalSet, interval, mapPieces, NONE, union } from "./interval-set.js";

// For which x does an operation give a value in a set? Exact for the server's integers, which wrap around at 64 bits:
// x − 1 > 10 holds for −2^63 too. Where an exact answer has too many pieces, all integers.

const WRAP = 2n ** 64n;
/** Beyond this factor a product wraps around so often that nothing is gained. */
const MAX_FACTOR = 64n;

/** x + c */
export function preimageOfSum(set: IntervalSet, c: bigint): IntervalSet {
  return mapPieces(set, (low, high) => wrapped(low - c, high - c));
}

/** c − x */
export function preimageOfDifference(set: IntervalSet, c: bigint): IntervalSet {
  return mapPieces(set, (low, high) => wrapped(c - high, c - low));
}

/** An interval that may lie beyond 64 bits, brought back: one piece, or two where it wraps around. */
function wrapped(low: bigint, high: bigint): IntervalSet {
  if (high - low >= WRAP - 1n) return ALL;
  return union(interval(low, high), interval(low - WRAP, high - WRAP), interval(low + WRAP, high + WRAP));
}

/** x * c */
export function preimageOfProduct(set: IntervalSet, c: bigint): IntervalSet {
  if (c === 0n) return has(set, 0n) ? ALL : NONE;
  if (c < 0n) return preimageOfProduct(preimageOfDifference(set, 0n), -c);
  return mapPieces(set, (low, high) => {
    if (c <= MAX_FACTOR) return dividedPieces(low, high, c);
    return low === high ? modularInverse(low, c) : ALL;
  });
}

/** One piece for every time that the product wraps around. */
function dividedPieces(low: bigint, high: bigint, c: bigint): IntervalSet {
  const pieces: IntervalSet[] = [];
  const rounds = c / 2n + 1n;
  for (let round = -rounds; round <= rounds; round++) {
    pieces.push(interval(ceilDiv(low + round * WRAP, c), floorDiv(high + round * WRAP, c)));
  }
  return union(...pieces);
}

/** The x with x * c = k modulo 2^64: none, or as many as c has factors of two. */
function modularInverse(k: bigint, c: bigint): IntervalSet {
  let twos = 0n;
  while (((c >> twos) & 1n) === 0n) twos++;
  const step = 2n ** twos;
  if (BigInt.asUintN(64, k) % step !== 0n) return NONE;
  if (step > MAX_FACTOR) return ALL;
  const modulus = WRAP / step;
  const odd = c / step;
  let inverse = odd;
  // Newton's iteration doubles the number of right bits.
  for (let bits = 3n; bits < 64n; bits *= 2n) inverse = BigInt.asUintN(64, inverse * (2n - odd * inverse));
  const first = ((BigInt.asUintN(64, k) / step) * inverse) % modulus;
  const points: IntervalSet[] = [];
  for (let i = 0n; i < step; i++) {
    const x = BigInt.asIntN(64, first + i * modulus);
    points.push(interval(x, x));
  }
  return union(...points);
}

/** x / c, cut off towards zero; by zero it is unknown. */
export function preimageOfQuotient(set: IntervalSet, c: bigint): IntervalSet {
  if (c === 0n) return NONE;
  // −2^63 / −1 wraps around to itself, every other x / −1 is −x.
  if (c === -1n) return preimageOfDifference(set, 0n);
  if (c < 0n)
    return preimageOfQuotient(
      mapPieces(set, (low, high) => interval(-high, -low)),
      -c,
    );
  return mapPieces(set, (low, high) => {
    const from = low > 0n ? low * c : (low - 1n) * c + 1n;
    const to = high < 0n ? high * c : (high + 1n) * c - 1n;
    return interval(from, to);
  });
}

/** c / x */
export function preimageOfDivisor(set: IntervalSet, c: bigint): IntervalSet {
  const size = c < 0n ? -c : c;
  return mapPieces(set, (low, high) => {
    const same = sizesGiving(size, low, high);
    const other = sizesGiving(size, -high, -low);
    const [positive, negative] = c < 0n ? [other, same] : [same, other];
    // −2^63 / −1 gives −2^63 and not 2^63.
    const wrapping = c === INT64_MIN && low === INT64_MIN ? interval(-1n, -1n) : NONE;
    return union(
      positive === undefined ? NONE : interval(positive.from, positive.to),
      negative === undefined ? NONE : interval(-negative.to, -negative.from),
      wrapping,
    );
  });
}

/** The sizes of x, from 1 to 2^63, with low <= size / |x| <= high. */
function sizesGiving(size: bigint, low: bigint, high: bigint): { from: bigint; to: bigint } | undefined {
  if (high < 0n) return undefined;
  const from = size / (high + 1n) + 1n;
  const to = low > 0n ? size / low : -INT64_MIN;
  return from > to ? undefined : { from, to };
}

/** x % c, with the sign of x; by zero it is unknown. */
export function preimageOfRemainder(set: IntervalSet, c: bigint): IntervalSet {
  const most = (c < 0n ? -c : c) - 1n;
  if (c === 0n) return NONE;
  return mapPieces(set, (low, high) => {
    if (low > most || high < -most) return NONE;
    // A remainder is never further from zero than what it is the rest of.
    if (low > 0n) return interval(low, INT64_MAX);
    return high < 0n ? interval(INT64_MIN, high) : ALL;
  });
}

/** |x|; −2^63 stays what it is. */
export function preimageOfAbs(set: IntervalSet): IntervalSet {
  const kept = has(set, INT64_MIN) ? interval(INT64_MIN, INT64_MIN) : NONE;
  const folded = mapPieces(set, (low, high) => {
    const from = low < 0n ? 0n : low;
    return high < 0n ? NONE : union(interval(from, high), interval(-high, -from));
  });
  return union(kept, folded);
}

/** ~x */
export function preimageOfNot(set: IntervalSet): IntervalSet {
  return mapPieces(set, (low, high) => interval(-high - 1n, -low - 1n));
}

/** x << n; only six bits of n count. */
export function preimageOfLeftShift(set: IntervalSet, n: bigint): IntervalSet {
  return preimageOfProduct(set, 2n ** (n & 63n));
}

/** x >> n, the sign coming in. */
export function preimageOfArithmeticShift(set: IntervalSet, n: bigint): IntervalSet {
  const size = 2n ** (n & 63n);
  return mapPieces(set, (low, high) => interval(low * size, (high + 1n) * size - 1n));
}

/** x >>> n, zeros coming in: x counts as unsigned. */
export function preimageOfLogicalShift(set: IntervalSet, n: bigint): IntervalSet {
  const bits = n & 63n;
  if (bits === 0n) return set;
  const size = 2n ** bits;
  return mapPieces(set, (low, high) => {
    const from = low < 0n ? 0n : low * size;
    const to = (high + 1n) * size - 1n;
    const last = to >= WRAP ? WRAP - 1n : to;
    return from > last ? NONE : union(interval(from, last), interval(from - WRAP, last - WRAP));
  });
}

/** max(x, c, …), c being the greatest constant and `open` whether something else is in it. */
export function preimageOfMax(set: IntervalSet, c: bigint | undefined, open: boolean): IntervalSet {
  return mapPieces(set, (low, high) => {
    if (c !== undefined && c > high) return NONE;
    const canBeLess = open || (c !== undefined && c >= low);
    return interval(canBeLess ? INT64_MIN : low, high);
  });
}

/** min(x, c, …), c being the least constant and `open` whether something else is in it. */
export function preimageOfMin(set: IntervalSet, c: bigint | undefined, open: boolean): IntervalSet {
  return mapPieces(set, (low, high) => {
    if (c !== undefined && c < low) return NONE;
    const canBeMore = open || (c !== undefined && c <= high);
    return interval(low, canBeMore ? INT64_MAX : high);
  });
}

/** x as a float: those whose float the test accepts, which must turn at most once from no to yes or back. */
export function preimageOfToFloat(accepts: (value: number) => boolean): IntervalSet {
  const first = accepts(Number(INT64_MIN));
  if (first === accepts(Number(INT64_MAX))) return first ? ALL : NONE;
  let from = INT64_MIN;
  let to = INT64_MAX;
  // Halves the distance between the last that is as the first and the first that is not.
  while (to - from > 1n) {
    const middle = from + (to - from) / 2n;
    if (accepts(Number(middle)) === first) from = middle;
    else to = middle;
  }
  return first ? interval(INT64_MIN, from) : interval(to, INT64_MAX);
}

function floorDiv(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b !== 0n && a < 0n ? quotient - 1n : quotient;
}

function ceilDiv(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b !== 0n && a > 0n ? quotient + 1n : quotient;
}
