import { describe, within } from "../../protocol/value/invalid-value.js";
import type { BinsInput } from "../data/bin-types.js";
import { checkKey } from "../data/check-keys.js";
import type { Key } from "../data/key.js";
import { type CallOptions, checkCallOptions } from "../policy/call-options.js";
import type { SessionContext } from "../policy/session-context.js";
import { checkGetOptions, type GetOptions } from "./get-options.js";
import type { Record } from "./record.js";
import { newSegment } from "./segment.js";
import { runSteps } from "./segment-run.js";
import { QUERY, UPSERT } from "./verbs.js";
import { writtenBins } from "./written-bins.js";

/** See `session.getMany`. */
export async function getMany<T>(
  context: SessionContext,
  keys: readonly Key<T>[],
  options: GetOptions,
): Promise<(Record<T> | null)[]> {
  const { bins, ...call } = checkGetOptions("getMany", options);
  if (!Array.isArray(keys)) throw new TypeError(`getMany: expected an array of keys, got ${describe(keys)}`);
  for (const key of keys) checkKey("getMany", key);
  const segment = newSegment<T>(QUERY, [...keys]);
  segment.selection = bins;
  segment.includeMissingKeys = true;
  const steps = segment.keys.map((key) => ({ segment, key }));
  const rows = await runSteps<T, T, readonly []>(context, steps, call);
  return rows.map(({ record }) => record);
}

/** See `session.putMany`. */
export async function putMany<T>(
  context: SessionContext,
  entries: readonly (readonly [Key<T>, BinsInput<T>])[],
  options: CallOptions,
): Promise<void> {
  checkCallOptions("putMany", options);
  if (!Array.isArray(entries)) throw new TypeError(`putMany: expected an array of entries, got ${describe(entries)}`);
  const steps = entries.map((entry: unknown, i) => {
    if (!isPair<T>(entry)) {
      throw new TypeError(`putMany: expected entry ${i} to be a key and its bins in an array, got ${describe(entry)}`);
    }
    const [key, bins] = entry;
    try {
      checkKey("putMany", key);
      const segment = newSegment<T>(UPSERT, [key]);
      segment.ops = writtenBins("putMany", bins);
      return { segment, key };
    } catch (error) {
      throw within(`putMany: entry ${i}: `, error);
    }
  });
  await runSteps(context, steps, options);
}

/** What is in it is looked at where it is used. */
function isPair<T>(entry: unknown): entry is readonly [Key<T>, BinsInput<T>] {
  return Array.isArray(entry) && entry.length === 2;
}
