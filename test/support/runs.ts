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
