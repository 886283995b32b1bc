import { describe } from "../value/invalid-value.js";
import { didYouMean } from "./nearest.js";

/**
 * The names of an options object's properties, each `true`. The compiler complains when one is missing here, so a new
 * option can't be forgotten.
 */
export type OptionNames<T> = { readonly [N in T extends unknown ? keyof T : never]: true };

/**
 * Refuses options that do not exist: a misspelled one would be ignored in silence, and so would all of them in a value
 * that is no object. `undefined` stands for no options.
 *
 * @param method what the options were given to, as the start of the message
 * @param known the names that exist
 * @param elsewhere what has another name and place here: by the name that others know, the call that does it
 * @throws TypeError naming the option, the nearest that exists, and all that exist
 */
export function checkOptions<T extends object>(
  method: string,
  options: T | undefined,
  known: OptionNames<T>,
  elsewhere: Readonly<Record<string, string>> = {},
): void {
  if (options === undefined) return;
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new TypeError(`${method}: expected an object of options, got ${describe(options)}`);
  }
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(known, name)) continue;
    const instead = Object.hasOwn(elsewhere, name) ? `Use ${elsewhere[name]}` : alternatives(name, Object.keys(known));
    throw new TypeError(`${method}: there is no option "${name}". ${instead}`);
  }
}

/** "Did you mean maxRetries? Known: maxRetries, replica". */
export function alternatives(name: string, known: readonly string[]): string {
  const hint = didYouMean(name, known);
  const list = `Known: ${known.join(", ")}`;
  return hint === undefined ? list : `${hint} ${list}`;
}
