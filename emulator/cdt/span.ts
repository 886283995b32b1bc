/** A run of neighbouring indexes or ranks. */
export interface Span {
  readonly start: number;
  readonly count: number;
}

/** The count that stands for "all that follow". */
export const ALL = 0xffff_ffffn;

/** One element; negative indexes count from the end. Undefined when it lies outside. */
export function spanOfOne(index: bigint, size: number): Span | undefined {
  const start = index < 0n ? index + BigInt(size) : index;
  return start >= 0n && start < BigInt(size) ? { start: Number(start), count: 1 } : undefined;
}

/** A run clipped to the container; what hangs over its front is taken off the count. */
export function clippedSpan(index: bigint, count: bigint, size: number): Span {
  if (index >= BigInt(size)) return { start: size, count: 0 };
  const start = index < 0n ? index + BigInt(size) : index;
  if (start < 0n) return { start: 0, count: Number(clamp(count + start, size)) };
  return { start: Number(start), count: Number(clamp(count, size - Number(start))) };
}

/** The same from an origin inside the container: a negative index goes left of it and never wraps round the end. */
export function spanFrom(origin: number, index: bigint, count: bigint, size: number): Span {
  const start = BigInt.asIntN(64, index + BigInt(origin));
  return start < 0n ? clippedSpan(0n, count + start, size) : clippedSpan(start, count, size);
}

function clamp(count: bigint, most: number): bigint {
  if (count < 0n) return 0n;
  return count > BigInt(most) ? BigInt(most) : count;
}

/** What a span leaves of a container, when that is one run. */
export function restOfRun(span: Span, size: number): Span | undefined {
  if (span.count === 0) return { start: 0, count: size };
  if (span.start === 0) return { start: span.count, count: size - span.count };
  return span.start + span.count >= size ? { start: 0, count: span.start } : undefined;
}

/** What a span leaves of a container, in front and behind. Of an empty span too, that is two runs. */
export function around({ start, count }: Span, size: number): Span[] {
  return [
    { start: 0, count: start },
    { start: start + count, count: size - start - count },
  ];
}

/** What spans that may overlap leave of a container. */
export function gaps(spans: readonly Span[], size: number): Span[] {
  const left: Span[] = [];
  let next = 0;
  for (const { start, count } of spans.toSorted((a, b) => a.start - b.start)) {
    if (count === 0) continue;
    if (start > next) left.push({ start: next, count: start - next });
    next = Math.max(next, start + count);
  }
  if (next < size) left.push({ start: next, count: size - next });
  return left;
}

/** The numbers of a run. */
export function numbersOf(spans: readonly Span[]): number[] {
  const numbers: number[] = [];
  for (const { start, count } of spans) for (let i = 0; i < count; i++) numbers.push(start + i);
  return numbers;
}
