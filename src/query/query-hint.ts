import { checkIndexedBin, checkIndexName } from "../../protocol/check/check-names.js";
import { checkOptions } from "../../protocol/check/check-options.js";
import { describe } from "../../protocol/value/invalid-value.js";

/**
 * Which secondary index to prefer: one of the two, not both. An index that the filter can't use is not used; with `hard` it
 * is an error then (IndexNotFoundError) to go through another one, or through all records.
 */
export type QueryHint =
  | { readonly indexName: string; readonly hard?: boolean; readonly binName?: undefined }
  | { readonly binName: string; readonly indexName?: undefined; readonly hard?: undefined };

/** @throws TypeError when neither or both are given, or a name can't be one */
export function checkQueryHint(hint: unknown): asserts hint is QueryHint {
  if (typeof hint !== "object" || hint === null) {
    throw new TypeError(`withHint(hint): expected { indexName: "…" } or { binName: "…" }, got ${describe(hint)}`);
  }
  checkOptions<Partial<Record<"indexName" | "binName" | "hard", unknown>>>("withHint(hint)", hint, {
    indexName: true,
    binName: true,
    hard: true,
  });
  const hard = "hard" in hint ? hint.hard : undefined;
  if (hard !== undefined && typeof hard !== "boolean")
    throw new TypeError(`withHint: hard is ${describe(hard)}; expected true or false`);
  const indexName = "indexName" in hint ? hint.indexName : undefined;
  const binName = "binName" in hint ? hint.binName : undefined;
  if ((indexName === undefined) === (binName === undefined)) {
    throw new TypeError("withHint(hint): give indexName or binName, one of the two");
  }
  if (hard === true && indexName === undefined) throw new TypeError("withHint: hard needs an indexName");
  if (indexName !== undefined) checkIndexName(indexName, "withHint: indexName");
  else checkIndexedBin(binName, "withHint: binName");
}
