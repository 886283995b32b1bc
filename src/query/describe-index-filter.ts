import type { IndexBounds, IndexFilter } from "../../protocol/command/index-range.js";
import { describe } from "../../protocol/value/invalid-value.js";

const COLLECTIONS = { default: "", list: "elements of ", mapKeys: "keys of ", mapValues: "values of " } as const;

/** An index range in words: `age from 5 to 14`. */
export function describeIndexFilter({ target, bounds, collection = "default" }: IndexFilter): string {
  return `${COLLECTIONS[collection]}${describeTarget(target)} ${describeBounds(bounds)}`;
}

function describeTarget(target: IndexFilter["target"]): string {
  if ("indexName" in target) return `index ${target.indexName}`;
  if ("expression" in target) return "the indexed expression";
  return target.context === undefined ? `bin ${target.bin}` : `inside bin ${target.bin}`;
}

function describeBounds(bounds: IndexBounds): string {
  switch (bounds.type) {
    case "integer":
      return bounds.begin === bounds.end ? `equal to ${bounds.begin}` : `from ${bounds.begin} to ${bounds.end}`;
    case "geo":
      return `within or around ${describe(bounds.value)}`;
    default:
      return `equal to ${describe(bounds.value)}`;
  }
}
