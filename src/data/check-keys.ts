import { describe } from "../../protocol/value/invalid-value.js";
import { Key } from "./key.js";
import { listOf } from "./list-of.js";

/**
 * The keys of a verb that takes `(key, …keys)` as well as `(keys)`.
 * @throws TypeError when there is none, or something else stands among them
 */
export function checkKeys<T>(verb: string, keys: readonly (Key<T> | readonly Key<T>[])[]): readonly Key<T>[] {
  // The usual case. Such an array is that of the method's own arguments, and nobody else has it.
  if (keys.length > 0 && keys.every(isKey)) return keys;
  const list = listOf<Key<T>>(verb, keys);
  if (list.length === 0) throw new TypeError(`${verb}: there is no key; give one at least`);
  for (const key of list) checkKey(verb, key);
  return [...list];
}

function isKey<T>(key: Key<T> | readonly Key<T>[]): key is Key<T> {
  return key instanceof Key;
}

/** @throws TypeError for anything but a Key */
export function checkKey(verb: string, key: unknown): void {
  if (key instanceof Key) return;
  throw new TypeError(`${verb}: expected a Key of a DataSet, such as users.id(1), got ${describe(key)}`);
}
