import type { IndexFilter } from "../../protocol/command/index-range.js";
import type { Exp } from "../exp/exp.js";
import type { SessionContext } from "../session/session-context.js";
import { describeIndexFilter } from "./describe-index-filter.js";
import type { Filter } from "./filter.js";
import type { QueryHint } from "./query-hint.js";

/** What a query or task says about indexes. */
export interface IndexWish {
  readonly namespace: string;
  readonly setName: string;
  readonly where: Exp<"bool"> | undefined;
  readonly indexFilter: Filter | undefined;
  readonly hint: QueryHint | undefined;
  readonly withoutIndex: boolean;
}

/** The index range to go through, and why not another. */
export interface IndexDecision {
  /** Undefined: go through all records. */
  readonly range: IndexFilter | undefined;
  /** Whether the caller named the range; one that was found for it is only a short cut. */
  readonly isExplicit: boolean;
  /** The range in words. */
  readonly text: string | undefined;
  readonly rejected: readonly { readonly name: string; readonly reason: string }[];
}

export async function chooseIndex(
  _context: SessionContext,
  wish: IndexWish,
  _signal: AbortSignal | undefined,
): Promise<IndexDecision> {
  const { indexFilter } = wish;
  if (indexFilter === undefined) return { range: undefined, isExplicit: false, text: undefined, rejected: [] };
  const range = indexFilter.index;
  return { range, isExplicit: true, text: describeIndexFilter(range), rejected: [] };
}
