import { didYouMean } from "../../protocol/check/nearest.js";

/** Functions that stand before their arguments, and how many they take: least and most. */
const ARITIES: Readonly<Record<string, readonly [number, number]>> = {
  abs: [1, 1],
  ceil: [1, 1],
  floor: [1, 1],
  log: [2, 2],
  pow: [2, 2],
  min: [2, Number.POSITIVE_INFINITY],
  max: [2, Number.POSITIVE_INFINITY],
  countOneBits: [1, 1],
  findBitLeft: [2, 2],
  findBitRight: [2, 2],
  geoJson: [1, 1],
  geoCompare: [2, 2],
};

export function isFunction(name: string): boolean {
  return Object.hasOwn(ARITIES, name);
}

export function suggestFunction(name: string): string | undefined {
  return didYouMean(name, Object.keys(ARITIES));
}

/** What is wrong with a number of arguments; undefined when nothing is. */
export function checkArity(name: string, count: number): string | undefined {
  const [least, most] = ARITIES[name]!;
  if (count >= least && count <= most) return undefined;
  if (most === least) return `Function '${name}' expects ${least} argument${least === 1 ? "" : "s"}, got ${count}`;
  return `Function '${name}' expects at least ${least} arguments, got ${count}`;
}
