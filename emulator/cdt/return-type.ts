import { INVERTED, MapReturnType as ReturnType } from "../../protocol/cdt/flags.js";

export { ReturnType };

/** What an operation is asked to answer. */
export interface Wanted {
  readonly type: number;
  /** The selection is turned into its complement. */
  readonly inverted: boolean;
  /** The operation may name many elements, even if it finds one. */
  readonly multi: boolean;
}

/** The type stands in the low 16 bits, INVERTED above. */
export function wantedOf(raw: bigint, multi: boolean): Wanted {
  return { type: Number(raw & 0xffffn), inverted: (raw & BigInt(INVERTED)) !== 0n, multi };
}

export function isIndexRange(type: number): boolean {
  return type === ReturnType.INDEX_RANGE || type === ReturnType.REVERSE_INDEX_RANGE;
}

export function isRange(type: number): boolean {
  return isIndexRange(type) || type === ReturnType.RANK_RANGE || type === ReturnType.REVERSE_RANK_RANGE;
}

/** Types that hand the index of each element back. */
export function isIndex(type: number): boolean {
  return type === ReturnType.INDEX || type === ReturnType.REVERSE_INDEX;
}

export function isRank(type: number): boolean {
  return type === ReturnType.RANK || type === ReturnType.REVERSE_RANK;
}

/** Types that hand whole elements or entries back. */
export function isElements(type: number): boolean {
  switch (type) {
    case ReturnType.KEY:
    case ReturnType.VALUE:
    case ReturnType.KEY_VALUE:
    case ReturnType.UNORDERED_MAP:
    case ReturnType.ORDERED_MAP:
      return true;
    default:
      return false;
  }
}
