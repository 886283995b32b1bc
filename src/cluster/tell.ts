import { describe } from "../../protocol/value/invalid-value.js";
import { warn } from "../transport/machine.js";

/** What of the program has thrown. */
const broken = new WeakSet<object>();

/**
 * Calls a function of the program that is to hear of something. What it throws harms nothing here: commands go on, and the
 * runtime warns of it once.
 * @param name what the function is to the program, such as `logger`
 */
export function tell<E>(name: string, listener: (event: E) => void, event: E): void {
  try {
    listener(event);
  } catch (error) {
    complain(name, listener, error);
  }
}

/** Has the runtime warn, once, of what the program gave and what throws. */
export function complain(name: string, thrower: object, error: unknown): void {
  if (broken.has(thrower)) return;
  broken.add(thrower);
  const what = error instanceof Error ? error.stack : describe(error);
  warn(`The ${name} has thrown, which harms nothing but itself: ${what}`);
}
