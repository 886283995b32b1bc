import { checkOptions, type OptionNames } from "../../protocol/check/check-options.js";
import { describe } from "../../protocol/value/invalid-value.js";

/** What holds for the transactions of a cluster, as `connect` is told. */
export interface TransactionSettings {
  /**
   * Whether several writes that are sent together to one strong-consistency namespace become a transaction by themselves:
   * all of them happen or none. Default true. `notInAnyTransaction()` leaves a single chain out.
   */
  readonly implicitBatchWrites: boolean;
  /** How often a transaction is tried in all that others are in the way of: 1 to 1,000,000. Default 10. */
  readonly attempts: number;
  /** About how long it waits before it tries again, half as much or half more at random: 0 to 60,000 ms. Default 20. */
  readonly sleepBetweenAttempts: number;
}

export const DEFAULT_TRANSACTIONS: TransactionSettings = {
  implicitBatchWrites: true,
  attempts: 10,
  sleepBetweenAttempts: 20,
};

const NAMES: OptionNames<TransactionSettings> = {
  implicitBatchWrites: true,
  attempts: true,
  sleepBetweenAttempts: true,
};

/** @throws TypeError for a setting that does not exist or is of another type, RangeError for one outside its range */
export function transactionSettings(where: string, given: Partial<TransactionSettings> = {}): TransactionSettings {
  checkOptions(where, given, NAMES);
  const { implicitBatchWrites, attempts, sleepBetweenAttempts } = given;
  if (implicitBatchWrites !== undefined && typeof implicitBatchWrites !== "boolean") {
    throw new TypeError(
      `${where}: expected implicitBatchWrites to be true or false, got ${describe(implicitBatchWrites)}`,
    );
  }
  return {
    implicitBatchWrites: implicitBatchWrites ?? DEFAULT_TRANSACTIONS.implicitBatchWrites,
    attempts: checkAttempts(where, "attempts", attempts ?? DEFAULT_TRANSACTIONS.attempts),
    sleepBetweenAttempts: checkSleep(
      where,
      "sleepBetweenAttempts",
      sleepBetweenAttempts ?? DEFAULT_TRANSACTIONS.sleepBetweenAttempts,
    ),
  };
}

export function checkAttempts(where: string, name: string, value: number): number {
  return checkWhole(where, name, value, 1, 1_000_000);
}

export function checkSleep(where: string, name: string, value: number): number {
  return checkWhole(where, name, value, 0, 60_000);
}

function checkWhole(where: string, name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new RangeError(
    `${where}: expected ${name} to be a whole number from ${least} to ${most}, got ${describe(value)}`,
  );
}
