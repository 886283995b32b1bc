import type { IndexFilter } from "../../protocol/command/index-range.js";

// How often a server comes by a record on its way through an index range. Both were seen on 8.1.2:
// - An index of lists or maps has an entry for each element. Of the entries of one record, servers skip the repeated ones
//   within a hundred entries of a partition only: 300 records with 200 elements each came 636 times.
// - A job that changes what is indexed moves the record's entry. Servers fetch a hundred entries at a time, so one that
//   moves on in the range is met again: a job that added 10 to 1,000 records of a partition worked on 48 of them twice.

/** Whether servers go through a record more than once. */
export function mayRepeat(index: IndexFilter | undefined): boolean {
  if (index === undefined) return false;
  const { target, bounds, collection = "default" } = index;
  // What an index that is named has entries for, the server knows alone.
  return spansSeveral(bounds) && (collection !== "default" || "indexName" in target);
}

/** Bins that a job changes; `"any"` when nobody can tell, as for a Lua function. */
export type ChangedBins = ReadonlySet<string> | "any";

/** Why a job that goes through the range may work on a record twice; undefined when it works on each once. */
export function whyTwice(index: IndexFilter, changes: ChangedBins): string | undefined {
  if (mayRepeat(index)) return "a record with several entries in its range would be worked on several times";
  if (!spansSeveral(index.bounds)) return undefined;
  const { target } = index;
  // What an index that is named is on, is not known; an expression may be on metadata, which every write changes.
  const isChanged = changes === "any" || !("bin" in target) || changes.has(target.bin);
  if (!isChanged) return undefined;
  return "the task may change what it has entries for: a record whose entry moves on in its range would be worked on twice";
}

/** Whether a record can be met at two places in the range. Regions are looked up in several ranges. */
function spansSeveral(bounds: IndexFilter["bounds"]): boolean {
  return bounds.type === "geo" || (bounds.type === "integer" && BigInt(bounds.begin) !== BigInt(bounds.end));
}
