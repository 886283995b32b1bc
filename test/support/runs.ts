/**
 * How many times as much chance this run of the tests tries as `npm test` does: AEROWIRE_RUNS. Somebody waits for
 * `npm test`; CI has more time, and finds what is rare.
 */
export const times = Number(process.env["AEROWIRE_RUNS"] ?? 1);

/** How often a property is tried with values of chance. */
export function runs(count: number): number {
  return Math.ceil(count * times);
}
