// One level of a context:
//   type    base + list 0x10 or map 0x20 (neither: whatever is there) + create flags
//   value   index, rank, key or value
//   create  0x40 unordered · 0x80 list padded with nils, map in key order · 0xc0 ordered list, map ordered by value too
//           0x100 persist an index: for the outermost alone

/** What a level selects by. */
export const LevelBase = { INDEX: 0, RANK: 1, KEY: 2, VALUE: 3, EXPRESSION: 4, KEY_LIST: 10 } as const;

export const LIST_LEVEL = 0x10;
export const MAP_LEVEL = 0x20;
const BASE_MASK = 0x0f;
const TYPE_MASK = 0x3f;
const CREATE_MASK = 0xc0;

export const CreateList = { UNORDERED: 0x40, PADDED: 0x80, ORDERED: 0xc0 } as const;
export const CreateMap = { UNORDERED: 0x40, KEY_ORDERED: 0x80, KEY_VALUE_ORDERED: 0xc0 } as const;
const PERSIST_INDEX = 0x100;

export interface Level {
  readonly base: number;
  readonly forList: boolean;
  readonly forMap: boolean;
  /** CreateList or CreateMap; 0 when the level must exist. */
  readonly create: number;
  readonly persistIndex: boolean;
}

/** The level that a type stands for; undefined when ordinary operations do not take it. */
export function levelOf(raw: bigint): Level | undefined {
  const type = Number(raw & 0xffffn);
  const base = type & BASE_MASK;
  const create = type & CREATE_MASK;
  const persistIndex = (type & PERSIST_INDEX) !== 0;
  const forEither = (type & TYPE_MASK & (LIST_LEVEL | MAP_LEVEL)) === 0;
  if (base > LevelBase.VALUE || (forEither && (create !== 0 || persistIndex))) return undefined;
  return { base, forList: (type & LIST_LEVEL) !== 0, forMap: (type & MAP_LEVEL) !== 0, create, persistIndex };
}
