/** A value over all nodes, and as each node has it, by node id. */
export type Merged<T> = T & {
  readonly perNode: ReadonlyMap<string, T>;
};

/** What the values of several nodes are together; there is one at least. */
export type Rule<V> = (values: readonly V[]) => V;

/** A rule for each property: a new one can't be forgotten. */
export type Rules<T> = { readonly [K in keyof T]-?: Rule<T[K]> };

/**
 * Puts together what the nodes say, property by property: counters are added, a flag is what it means for the cluster.
 * Undefined when no node said anything.
 */
export function merge<T extends object>(perNode: ReadonlyMap<string, T>, rules: Rules<T>): Merged<T> | undefined {
  if (perNode.size === 0) return undefined;
  const parts = [...perNode.values()];
  // The compiler can't follow a walk over the properties of any T.
  const whole: Partial<Record<keyof T, unknown>> = {};
  for (const name in rules) whole[name] = rules[name](parts.map((part) => part[name]));
  return { ...(whole as T), perNode };
}

/** What is spread over the nodes. Undefined as soon as one node does not tell. */
export function sum<V extends number | undefined>(values: readonly V[]): V;
export function sum(values: readonly (number | undefined)[]): number | undefined {
  let total = 0;
  for (const value of values) {
    if (value === undefined) return undefined;
    total += value;
  }
  return total;
}

/** What every node sees of the whole, or the one that is worst off has. */
export function most<V extends number | undefined>(values: readonly V[]): V;
export function most(values: readonly (number | undefined)[]): number | undefined {
  return extreme(values, Math.max);
}

/** What is no better than on the node that has least of it. */
export function least<V extends number | undefined>(values: readonly V[]): V;
export function least(values: readonly (number | undefined)[]): number | undefined {
  return extreme(values, Math.min);
}

/** What is so as soon as it is so on one node. */
export function any(values: readonly boolean[]): boolean {
  return values.includes(true);
}

/** What is so only when it is so on every node. */
export function all(values: readonly boolean[]): boolean {
  return !values.includes(false);
}

/** A setting, which should be the same everywhere: undefined while it is not. */
export function agreed<V>(values: readonly V[]): V | undefined {
  return values.every((value) => value === values[0]) ? values[0] : undefined;
}

/** What can't differ. */
export function first<V>(values: readonly V[]): V {
  return values[0]!;
}

function extreme(values: readonly (number | undefined)[], choose: (...values: number[]) => number): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length < values.length ? undefined : choose(...known);
}
