import type { OptionNames } from "../../protocol/check/check-options.js";
import { describe } from "../../protocol/value/invalid-value.js";
import { CALL_OPTIONS, type CallOptions, checkCallOptions } from "../policy/call-options.js";

/** Options of `get` and `getMany`, with the bins to read among them. */
export interface GetOptions<N extends string = string> extends CallOptions {
  /** Names of the bins to read, at least one. Default: all bins. */
  readonly bins?: readonly N[] | undefined;
}

const NO_OPTIONS: GetOptions = {};

/**
 * What `get` was given after the key: a list of bins and options, or options with the bins among them.
 * @throws TypeError for anything else; a text, say, would be a list of its letters
 */
export function getOptionsOf(binsOrOptions: unknown, options: CallOptions | undefined): GetOptions {
  if (options !== undefined) checkCallOptions("get", options);
  if (binsOrOptions === undefined) return options ?? NO_OPTIONS;
  if (isList(binsOrOptions)) return { ...options, bins: binsOrOptions };
  if (typeof binsOrOptions !== "object" || binsOrOptions === null) {
    throw new TypeError(`get: expected an array of bin names, or options, got ${describe(binsOrOptions)}`);
  }
  if (options !== undefined) throw new TypeError("get: the options were given twice");
  return checkGetOptions("get", binsOrOptions);
}

const KNOWN: OptionNames<GetOptions> = { ...CALL_OPTIONS, bins: true };

/** @throws TypeError for an option that does not exist, or a value that is none */
export function checkGetOptions(method: string, options: GetOptions): GetOptions {
  checkCallOptions<GetOptions>(method, options, KNOWN);
  if (options.bins !== undefined && !isList(options.bins)) {
    throw new TypeError(`${method}: expected bins to be an array of bin names, got ${describe(options.bins)}`);
  }
  return options;
}

/** Names are looked at where the read is made. */
function isList(value: unknown): value is readonly string[] {
  return Array.isArray(value);
}
