/** Recorded replies that the emulator does not give, by entry, with the reason. */
export const DIFFERENCES: ReadonlyMap<string, string> = new Map([
  ...each(
    "lists/server-quirk",
    [1, 2, 3, 4, 6],
    "a bug of the recorded server: an invalid container is counted, not stored",
  ),
  ...each(
    "index/list-and-stat",
    [1, 3, 4, 7],
    "context and expression in base64 where the server prints them in words",
  ),
  ...each("index/create-info", [25], "context in base64 where the server prints it in words"),
  ...each("index/drop", [9], "context in base64 where the server prints it in words"),
  ...each("query/aggregate", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 15], "aggregation is not emulated"),
]);

function each(group: string, numbers: readonly number[], reason: string): [string, string][] {
  return numbers.map((number) => [`${group}/${String(number).padStart(3, "0")}`, reason]);
}
