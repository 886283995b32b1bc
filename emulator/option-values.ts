import { describe } from "../protocol/value/invalid-value.js";

/** @throws TypeError for anything but true, false and undefined, which is false */
export function yesOrNo(name: string, value: boolean | undefined): boolean {
  if (value !== undefined && typeof value !== "boolean") {
    throw new TypeError(`${name}: expected true or false, got ${describe(value)}`);
  }
  return value ?? false;
}

/** @throws RangeError for anything but a whole number within the bounds, and undefined */
export function whole(
  name: string,
  value: number | undefined,
  byDefault: number,
  least: number,
  most = 0x7fff_ffff,
): number {
  if (value === undefined) return byDefault;
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new RangeError(`${name}: expected a whole number from ${least} to ${most}, got ${describe(value)}`);
  }
  return value;
}
