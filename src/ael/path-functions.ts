import { didYouMean } from "../../protocol/check/nearest.js";
import type { ExpType } from "../../protocol/exp/exp-type.js";

/** `$.name()`. */
export const METADATA: ReadonlySet<string> = new Set([
  "deviceSize",
  "memorySize",
  "recordSize",
  "isTombstone",
  "keyExists",
  "lastUpdate",
  "sinceUpdate",
  "setName",
  "ttl",
  "voidTime",
  "digestModulo",
  "key",
]);

/** Types as the language writes them. */
export const TYPE_NAMES: ReadonlyMap<string, ExpType> = new Map<string, ExpType>([
  ["INT", "int"],
  ["FLOAT", "float"],
  ["STRING", "string"],
  ["BOOL", "bool"],
  ["BLOB", "blob"],
  ["LIST", "list"],
  ["MAP", "map"],
  ["GEO", "geo"],
  ["HLL", "hll"],
]);

/** In the grammar of the other SDKs, where they parse and do nothing. */
export const WRITE_FUNCTIONS: ReadonlySet<string> = new Set([
  "remove",
  "insert",
  "set",
  "append",
  "increment",
  "clear",
  "sort",
]);

/** How many arguments each path function takes. */
const ARITIES: Readonly<Record<string, readonly [number, number]>> = {
  get: [0, 2],
  is: [1, 1],
  exists: [0, 0],
  count: [0, 0],
  asInt: [0, 0],
  asFloat: [0, 0],
  type: [0, 0],
  orElse: [1, 1],
  hllCount: [0, 0],
  hllDescribe: [0, 0],
  hllMayContain: [1, 1],
  hllUnion: [1, 1],
  hllUnionCount: [1, 1],
  hllIntersectCount: [1, 1],
  hllSimilarity: [1, 1],
  mapKeys: [0, 0],
  mapValues: [0, 0],
  bitGet: [2, 2],
  bitCount: [2, 2],
  bitGetInt: [2, 3],
  bitLscan: [3, 3],
  bitRscan: [3, 3],
};

export function isPathFunction(name: string): boolean {
  return Object.hasOwn(ARITIES, name);
}

export function suggestPathFunction(name: string): string | undefined {
  return didYouMean(name, Object.keys(ARITIES));
}
