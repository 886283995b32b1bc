import type { ExpNode } from "../../protocol/exp/node.js";
import type { EntryCount } from "../sindex/entry-count.js";
import type { IndexDefinition } from "../sindex/index-definition.js";
import type { SecondaryIndex, SecondaryIndexes } from "../sindex/secondary-indexes.js";
import { type Candidate, candidatesOf, type PlannedRange } from "./where-candidates.js";

// Which index serves a condition, as a server of 8.2 chooses: of those that the condition has a range for, the one with
// the fewest entries a value.

/** A range of an index, all records, or none at all. */
export type PlannedWay =
  | {
      readonly type: "index";
      readonly index: SecondaryIndex;
      readonly binName: string;
      readonly range: PlannedRange;
    }
  | { readonly type: "scan" }
  | { readonly type: "nothing" };

/** What is known of the indexes of a namespace. */
export interface PlanningIndexes {
  readonly all: SecondaryIndexes;
  readonly isReadable: (index: SecondaryIndex) => boolean;
  readonly count: (definition: IndexDefinition) => EntryCount;
}

/** The way to take; the index that was named, where it serves, else the best one: on the set, else on the namespace. */
export function planWhere(
  condition: ExpNode,
  indexes: PlanningIndexes,
  setName: string,
  preferred: string | undefined,
): PlannedWay {
  const candidates = candidatesOf(condition);
  if (candidates === null) return { type: "nothing" };
  const ways = candidates.flatMap((candidate) => {
    const index = indexFor(candidate, indexes, setName, preferred);
    return index === undefined ? [] : [{ type: "index" as const, index, ...candidate }];
  });
  const way = ways.find(({ index }) => index.name === preferred) ?? cheapest(ways, indexes);
  return way ?? { type: "scan" };
}

function indexFor(
  { binName, source, context, expression, range }: Candidate,
  { all, isReadable }: PlanningIndexes,
  setName: string,
  preferred: string | undefined,
): SecondaryIndex | undefined {
  const definition = { setName, binName, source, context, expression, valueType: range.type };
  const own = all.byDefinition(definition);
  const wide = all.byDefinition({ ...definition, setName: "" });
  if (expression === undefined) {
    const index = own ?? wide;
    return index !== undefined && isReadable(index) ? index : undefined;
  }
  const readable = [own, wide].filter((index) => index !== undefined && isReadable(index));
  return readable.find((index) => index?.name === preferred) ?? readable[0];
}

/** An empty index costs nothing: nothing can be found through it. */
function cheapest<W extends { readonly index: SecondaryIndex }>(
  ways: readonly W[],
  { count }: PlanningIndexes,
): W | undefined {
  if (ways.length < 2) return ways[0];
  const costs = ways.map((way) => {
    const { entries, keys } = count(way.index.definition);
    return { way, perValue: keys === 0 ? 0 : Math.round(entries / keys), entries };
  });
  return costs.reduce((best, other) =>
    other.perValue < best.perValue || (other.perValue === best.perValue && other.entries < best.entries) ? other : best,
  ).way;
}
