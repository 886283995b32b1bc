import { describe } from "../../protocol/value/invalid-value.js";
import type { Value } from "../../protocol/value/value.js";
import type { StandardSchema } from "./standard-schema.js";

/**
 * How the values of a bin are stored that Aerospike has no type for. Neither function is called for a bin that is absent,
 * removed (`null`) or left alone (`undefined`).
 *
 * @typeParam V what the program has
 * @typeParam S what the bin holds
 *
 * @example
 * const money: BinCodec<Money, number> = { toBin: (money) => money.cents, fromBin: (cents) => new Money(cents) };
 */
export interface BinCodec<V, S extends Value = Value> {
  /** What is stored for a value. What it throws fails the write, before anything is sent. */
  toBin(value: V): S;
  /** The value of what is stored, which nobody has checked. What it throws fails the read of the record. */
  fromBin(stored: S): V;
  /** Looks at values before `toBin` and behind `fromBin`. */
  readonly schema?: StandardSchema<unknown, V> | undefined;
}

/** Any codec: of what, its functions say. */
export interface AnyBinCodec {
  toBin(value: never): Value;
  fromBin(stored: never): unknown;
  readonly schema?: StandardSchema | undefined;
}

/** Dates as milliseconds since 1970, an INTEGER: in their order, for ranges and indexes. */
export const dateAsMilliseconds: BinCodec<Date, number> = {
  toBin: (date) => timeOf(date),
  fromBin: (stored: unknown) => {
    if (typeof stored !== "number") throw new TypeError(`expected milliseconds, got ${describe(stored)}`);
    return dateOf(stored, stored);
  },
};

/**
 * Dates as text such as `2026-11-30T07:15:00.000Z`: in their order from year 0 to 9999. Read are dates of ISO 8601, with a
 * time and its zone or without.
 */
export const dateAsText: BinCodec<Date, string> = {
  toBin: (date) => new Date(timeOf(date)).toISOString(),
  fromBin: (stored: unknown) => {
    if (typeof stored !== "string") throw new TypeError(`expected the text of a date, got ${describe(stored)}`);
    return dateOf(ISO_DATE.test(stored) ? Date.parse(stored) : Number.NaN, stored);
  },
};

/** What `Date.parse` reads beyond this depends on runtime and time zone: "1" is a date of 2001 to some. */
const ISO_DATE = /^(\d{4}|[+-]\d{6})-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/;

function timeOf(date: unknown): number {
  const time = date instanceof Date ? date.getTime() : Number.NaN;
  if (Number.isNaN(time)) {
    throw new TypeError(`expected a Date, got ${date instanceof Date ? "an invalid one" : describe(date)}`);
  }
  return time;
}

function dateOf(time: number, stored: unknown): Date {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) throw new RangeError(`expected a date, got ${describe(stored)}`);
  return date;
}
