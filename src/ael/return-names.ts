/** What a path can give back about what it selects, by its name in `get(return: …)`. */
export const RETURN_NAMES: ReadonlySet<string> = new Set([
  "VALUE",
  "KEY",
  "KEY_VALUE",
  "ORDERED_MAP",
  "UNORDERED_MAP",
  "COUNT",
  "EXISTS",
  "INDEX",
  "REVERSE_INDEX",
  "RANK",
  "REVERSE_RANK",
  "NONE",
]);
