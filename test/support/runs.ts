/**
 * How many times as much chance this run of the tests tries as `npm test` does: AEROWIRE_RUNS. Somebody waits for
 * `npm test`; CI has more time, and finds what is rare.
 */
export const times = Number(process.env["AEROWIRE_RUNS"] ?? 1);

/**
 * In CI a test that fails is tried once more: of eighteen thousand, on six runtimes and a machine that may stop for seconds, one
 * now and then meets its limit of time. `.ci/run` names what passed only then, so that a race is not overlooked.
 */
export const retry = process.env["CI"] === undefined ? 0 : 1;

/** How often a property is tried with values of chance. */
export function runs(count: number): number {
  return Math.ceil(count * times);
}

/** So many of the cases, from all over the list, and AEROWIRE_RUNS times as many: where one is as good as another. */
export function some<T>(cases: readonly T[], count: number): readonly T[] {
  const step = cases.length / Math.min(runs(count), cases.length);
  return cases.filter((_, i) => Math.floor(i / step) !== Math.floor((i - 1) / step));
}
