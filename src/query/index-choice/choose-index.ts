import type { IndexFilter } from "../../../protocol/command/index-range.js";
import type { IndexInfo } from "../../../protocol/info/index-info.js";
import type { Expression } from "../../exp/expression.js";
import type { QueryHint } from "../query-hint.js";
import { type ChangedBins, whyTwice } from "../visits.js";
import { type FoundRange, rangeFor } from "./range-for.js";
import { isTrueForAll } from "./true-for-all.js";

/** An index as the cluster lists it, and what it holds as far as that is known. */
export interface KnownIndex extends IndexInfo {
  /** Entries in the index. */
  readonly entries?: number | undefined;
  /** How many entries have the same value, on average: the fewer, the more it narrows. */
  readonly entriesPerValue?: number | undefined;
}

/** What records are asked for. */
export interface IndexQuestion {
  readonly namespace: string;
  /** Empty for the whole namespace. */
  readonly setName: string;
  readonly where: Expression<"bool">;
  readonly hint?: QueryHint | undefined;
  /** Bins that a job changes which must work on each record once; undefined for what only reads, or deletes. */
  readonly changes?: ChangedBins | undefined;
  /** Whether nobody looks at the condition again: a range must hold the records for which it is true and no others. */
  readonly isWhole?: boolean | undefined;
}

/** An index that was looked at and not taken. */
export interface ConsideredIndex {
  readonly index: KnownIndex;
  /** Why it is not the one. */
  readonly reason: string;
}

/** The index to go through, and which part of it. */
export interface ChosenIndex {
  readonly index: KnownIndex;
  /** The entries to go through: a superset of the records for which the condition is true. */
  readonly range: IndexFilter;
  /** Entries in the range, guessed from what is known of the index. */
  readonly estimate: number;
}

/** Which index narrows a condition most, and why not the others. */
export interface IndexChoice {
  /** Absent when none is of use. */
  readonly choice?: ChosenIndex;
  readonly considered: readonly ConsideredIndex[];
}

const TOO_WIDE = "its range may hold records for which the condition is not true";

/** What is taken for the entries of one value when nothing is known. */
const UNKNOWN_PER_VALUE = 100;

/**
 * Finds the index range that narrows a condition most. A range never changes a result: it holds every record for
 * which the condition is true, and the condition still decides about each. A hint is followed where its index is of
 * use; else it is passed over.
 */
export function chooseIndex(question: IndexQuestion, indexes: readonly KnownIndex[]): IndexChoice {
  const considered: ConsideredIndex[] = [];
  const usable: ChosenIndex[] = [];
  for (const index of indexes) {
    if (index.namespace !== question.namespace) continue;
    const found = usableRange(index, question);
    if (typeof found === "string") considered.push({ index, reason: found });
    else usable.push({ index, range: found.range, estimate: estimate(index, found.width) });
  }
  const { hint } = question;
  usable.sort((a, b) => preference(b, hint) - preference(a, hint) || a.estimate - b.estimate || byName(a, b));
  const [choice, ...others] = usable;
  if (choice === undefined) return { considered };
  for (const other of others) considered.push({ index: other.index, reason: reasonNotChosen(other, choice, hint) });
  return { choice, considered };
}

function usableRange(index: KnownIndex, { setName, where, changes, isWhole }: IndexQuestion): FoundRange | string {
  const found = reasonUnusable(index, setName) ?? rangeFor(index, where.node);
  if (isWhole === true && typeof found === "object" && !isTrueForAll(where.node, index, found.range)) return TOO_WIDE;
  if (typeof found === "string" || changes === undefined) return found;
  return whyTwice(found.range, changes) ?? found;
}

function reasonUnusable(index: KnownIndex, setName: string): string | undefined {
  if (index.collection === "set") return "it is an index of a whole set, which the server uses by itself";
  if (!index.readable) return "it is still being built";
  // A server looks for an index of the very set, then for one of all sets.
  if (index.setName !== undefined && index.setName !== setName) {
    return setName === ""
      ? `it has the records of set ${index.setName} alone`
      : `it is on another set, ${index.setName}`;
  }
  return undefined;
}

/** Entries in a range: those of each value, for as many values as the range is wide, at most all there are. */
function estimate(index: KnownIndex, width: number): number {
  const perValue =
    index.entriesPerValue === undefined || index.entriesPerValue <= 0 ? UNKNOWN_PER_VALUE : index.entriesPerValue;
  const most = index.entries ?? Number.POSITIVE_INFINITY;
  return Math.min(perValue * width, most);
}

function preference({ index }: ChosenIndex, hint: QueryHint | undefined): number {
  if (hint === undefined) return 0;
  return hint.indexName === index.indexName || (hint.binName !== undefined && hint.binName === index.bin) ? 1 : 0;
}

function byName(a: ChosenIndex, b: ChosenIndex): number {
  return a.index.indexName < b.index.indexName ? -1 : 1;
}

function reasonNotChosen(other: ChosenIndex, choice: ChosenIndex, hint: QueryHint | undefined): string {
  const name = choice.index.indexName;
  if (preference(choice, hint) > preference(other, hint)) return `the hint asks for ${name}`;
  if (other.estimate === choice.estimate) return `${name} narrows as much`;
  return `${name} narrows more: about ${Math.round(choice.estimate)} entries against ${Math.round(other.estimate)}`;
}
