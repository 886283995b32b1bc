/** Recorded replies that the emulator does not give, by entry, with the reason. */
export const DIFFERENCES: ReadonlyMap<string, string> = new Map([
  ...each(
    "lists/server-quirk",
    [1, 2, 3, 4, 6],
    "a bug of the recorded server: an invalid container is counted, not stored",
  ),
]);

function each(group: string, numbers: readonly number[], reason: string): [string, string][] {
  return numbers.map((number) => [`${group}/${String(number).padStart(3, "0")}`, reason]);
}
