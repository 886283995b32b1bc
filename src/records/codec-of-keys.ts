import type { Key } from "../data/key.js";
import type { RecordCodec } from "../data/record-codec.js";

/**
 * The codec of the data set of keys that are written alike.
 * @throws TypeError when they are of data sets with different ones: the same values would have to be written differently
 */
export function codecOfKeys(method: string, keys: readonly Key<unknown>[]): RecordCodec | undefined {
  const codec = keys[0]?.codec;
  for (let i = 1; i < keys.length; i++) {
    if (keys[i]!.codec === codec) continue;
    throw new TypeError(
      `${method}: key ${i} is of another data set than those before, with other schemas or codecs; use a verb for each`,
    );
  }
  return codec;
}

/**
 * The bins that hold DOUBLE in the records of all keys.
 * @throws TypeError when they are of data sets with different ones: a text would mean something else for each
 */
export function doublesOfKeys(method: string, keys: readonly Key<unknown>[]): ReadonlySet<string> | undefined {
  const doubles = keys[0]?.codec?.doubles;
  for (let i = 1; i < keys.length; i++) {
    if (isSame(keys[i]!.codec?.doubles, doubles)) continue;
    throw new TypeError(
      `${method}: key ${i} is of another data set than those before, with other doubles; use a verb for each`,
    );
  }
  return doubles;
}

function isSame(a: ReadonlySet<string> | undefined, b: ReadonlySet<string> | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && a.size === b.size && [...a].every((bin) => b.has(bin)));
}
