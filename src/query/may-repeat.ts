import type { IndexFilter } from "../../protocol/command/index-range.js";

/**
 * Whether servers go through a record more than once: an index of lists or maps has an entry for each element, and of
 * those in a range servers skip the repeated ones within a hundred entries only (seen on 8.1.2: 300 records with 200
 * elements each came 636 times).
 */
export function mayRepeat(index: IndexFilter | undefined): boolean {
  if (index === undefined) return false;
  const { target, bounds, collection = "default" } = index;
  // What an index that is named has entries for, the server knows alone.
  return spansSeveral(bounds) && (collection !== "default" || "indexName" in target);
}

/** Whether two entries of one record can be in it. The server looks for the points of a region in several ranges. */
function spansSeveral(bounds: IndexFilter["bounds"]): boolean {
  return bounds.type === "geo" || (bounds.type === "integer" && BigInt(bounds.begin) !== BigInt(bounds.end));
}
