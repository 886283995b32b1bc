import { checkBinName } from "../../protocol/check/check-names.js";
import { describe } from "../../protocol/value/invalid-value.js";
import { listOf } from "../data/list-of.js";

/**
 * The bins of a method that takes `(…names)` as well as `(names)`: a list of their own.
 * @throws TypeError for no name, one that can't be a bin's, and one that occurs twice; RangeError for one that is too long
 */
export function binNamesOf<N extends string>(names: readonly (N | readonly N[])[], hint = ""): readonly [N, ...N[]] {
  const [first, ...others] = listOf<N>("bins", names);
  if (first === undefined) throw new TypeError(`bins: there is no name; give one at least${hint}`);
  const list: readonly [N, ...N[]] = [first, ...others];
  for (const name of list) checkBinName(name);
  const twice = list.find((name, i) => list.indexOf(name) !== i);
  if (twice !== undefined) throw new TypeError(`bins: the bin ${describe(twice)} is named twice`);
  return list;
}
