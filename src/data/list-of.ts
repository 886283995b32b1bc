import { describe } from "../../protocol/value/invalid-value.js";

/**
 * The arguments of a method that takes `(a, b, c)` as well as `([a, b, c])`.
 * @throws TypeError when a list stands among other arguments
 */
export function listOf<V>(where: string, values: readonly (V | readonly V[])[]): readonly V[] {
  const [first] = values;
  if (values.length === 1 && isList(first)) return first;
  return values.map((value) => {
    if (isList(value))
      throw new TypeError(`${where}: ${describe(value)} among other arguments; give one list, or none`);
    return value;
  });
}

function isList<V>(value: V | readonly V[] | undefined): value is readonly V[] {
  return Array.isArray(value);
}
