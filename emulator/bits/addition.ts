/** Subflags of ADD and SUBTRACT. */
export const AddFlag = { SIGNED: 1, SATURATE: 2, WRAP: 4 } as const;

/** The sum of two integers of so many bits; undefined when it overflows and the flags do not say what then. */
export function add(a: bigint, b: bigint, size: number, flags: number): bigint | undefined {
  const sum = BigInt.asUintN(size, a + b);
  if ((flags & AddFlag.WRAP) !== 0) return sum;
  if ((flags & AddFlag.SIGNED) !== 0) return signedSum(a, b, sum, size, flags);
  return sum >= a ? sum : saturated(flags, (1n << BigInt(size)) - 1n);
}

export function subtract(a: bigint, b: bigint, size: number, flags: number): bigint | undefined {
  const difference = BigInt.asUintN(size, a - b);
  if ((flags & AddFlag.WRAP) !== 0) return difference;
  if ((flags & AddFlag.SIGNED) !== 0) return signedSum(a, -b, difference, size, flags);
  return difference <= a ? difference : saturated(flags, 0n);
}

/** Two of the least number add up to 0, which the server does not take for an overflow. */
function signedSum(a: bigint, b: bigint, sum: bigint, size: number, flags: number): bigint | undefined {
  const signedA = BigInt.asIntN(size, a);
  const signedB = BigInt.asIntN(size, b);
  const signed = BigInt.asIntN(size, sum);
  const least = 1n << BigInt(size - 1);
  if (signedA < 0n && signedB < 0n && signed > 0n) return saturated(flags, least);
  if (signedA > 0n && signedB > 0n && signed < 0n) return saturated(flags, least - 1n);
  return sum;
}

function saturated(flags: number, limit: bigint): bigint | undefined {
  return (flags & AddFlag.SATURATE) === 0 ? undefined : limit;
}
