import type { AnyInteger } from "../bytes/utf8.js";
import { describe } from "../value/invalid-value.js";

/** An integer from `least` to `most`. */
export function checkInteger(name: string, value: unknown, least: number, most: number): AnyInteger {
  if (typeof value !== "bigint" && (typeof value !== "number" || !Number.isInteger(value))) {
    throw new TypeError(`${name} is ${describe(value)}; expected an integer from ${least} to ${most}`);
  }
  if (value < least || value > most) {
    throw new RangeError(`${name} is ${value}; expected an integer from ${least} to ${most}`);
  }
  return value;
}

/** Flags among `allowed`, which are named in words for the message. */
export function checkFlags(name: string, value: unknown, allowed: Readonly<Record<string, number>>): number {
  let mask = 0;
  for (const flag of Object.values(allowed)) mask |= flag;
  if (typeof value !== "number" || !Number.isInteger(value)) {
    throw new TypeError(`${name} is ${describe(value)}; expected a sum of ${flagNames(allowed)}`);
  }
  if (value < 0 || value > mask || (value & ~mask) !== 0) {
    throw new RangeError(`${name} is ${value}; expected a sum of ${flagNames(allowed)}`);
  }
  return value;
}

/** CREATE_ONLY and UPDATE_ONLY are 1 and 2 wherever they occur; together they could never succeed. */
export function refuseCreateAndUpdateOnly(name: string, flags: number): void {
  if ((flags & 3) === 3) throw new TypeError(`${name} can't hold both CREATE_ONLY and UPDATE_ONLY`);
}

/** One of the values of a const object. */
export function checkOneOf<T extends number>(name: string, value: unknown, allowed: Readonly<Record<string, T>>): T {
  for (const candidate of Object.values(allowed)) if (candidate === value) return candidate;
  throw new RangeError(`${name} is ${describe(value)}; expected one of ${flagNames(allowed)}`);
}

function flagNames(allowed: Readonly<Record<string, number>>): string {
  return Object.entries(allowed)
    .map(([flag, value]) => `${flag} (${value})`)
    .join(", ");
}
