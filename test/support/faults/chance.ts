import { runs } from "../runs.js";

/** Where chance comes from: a Runtime, or anything that repeats from a seed. */
export type Random = () => number;

/** A whole number from 0 to below the limit. */
export function below(random: Random, limit: number): number {
  return Math.floor(random() * limit);
}

export function pick<T>(random: Random, items: readonly T[]): T {
  const item = items[below(random, items.length)];
  if (item === undefined) throw new RangeError("There is nothing to pick from");
  return item;
}

/** Chance for tests on the machine's clock: Park and Miller's generator. */
export function seededRandom(seed: number): Random {
  let state = (Math.abs(seed) % 2_147_483_646) + 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return (state - 1) / 2_147_483_646;
  };
}

/** Seeds to run with: AEROWIRE_SEED alone when it is set, to replay; else `count`, AEROWIRE_RUNS times as many. */
export function seeds(first: number, count: number): number[] {
  const replayed = process.env["AEROWIRE_SEED"];
  if (replayed !== undefined) return [Number(replayed)];
  return Array.from({ length: runs(count) }, (_, i) => first + i);
}

/** Runs `work`; what fails says with which seed. */
export async function withSeed(seed: number, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw new Error(`With seed ${seed} (replay with AEROWIRE_SEED=${seed}): ${describe(error)}`, { cause: error });
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
