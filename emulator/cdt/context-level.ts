import { CONTEXT_BASE_MASK, CONTEXT_LIST, CONTEXT_MAP, ContextCreate } from "../../protocol/cdt/context.js";

// One level of a context:
//   type    base + CONTEXT_LIST or CONTEXT_MAP (neither: whatever is there) + ContextCreate
//   value   index, rank, key or value

/** What a level selects by. */
export const LevelBase = { INDEX: 0, RANK: 1, KEY: 2, VALUE: 3, EXPRESSION: 4, KEY_LIST: 10 } as const;

export interface Level {
  readonly base: number;
  readonly forList: boolean;
  readonly forMap: boolean;
  /** ContextCreate; 0 when the level must exist. */
  readonly create: number;
  readonly persistIndex: boolean;
}

/** The level that a type stands for; undefined when ordinary operations do not take it. */
export function levelOf(raw: bigint): Level | undefined {
  const type = Number(raw & 0xffffn);
  const base = type & CONTEXT_BASE_MASK;
  const create = type & ContextCreate.MASK;
  const persistIndex = (type & ContextCreate.PERSIST_INDEX) !== 0;
  const forEither = (type & (CONTEXT_LIST | CONTEXT_MAP)) === 0;
  if (base > LevelBase.VALUE || (forEither && (create !== 0 || persistIndex))) return undefined;
  return { base, forList: (type & CONTEXT_LIST) !== 0, forMap: (type & CONTEXT_MAP) !== 0, create, persistIndex };
}
