/** Order of a list that an operation creates, or turns an existing one into. */
export const ListOrderType = {
  /** Elements stay where they are put. */
  UNORDERED: 0,
  /** Elements are kept sorted by value. */
  ORDERED: 1,
} as const;
export type ListOrderType = (typeof ListOrderType)[keyof typeof ListOrderType];

/** How a list is sorted. The server can't combine the two: sort descending, or drop duplicates. */
export const ListSortFlags = {
  DEFAULT: 0,
  DESCENDING: 1,
  DROP_DUPLICATES: 2,
} as const;
export type ListSortFlags = (typeof ListSortFlags)[keyof typeof ListSortFlags];

/** What a list write accepts; flags add up. */
export const ListWriteFlags = {
  DEFAULT: 0,
  /** Refuse values that the list holds already (result code 24). */
  ADD_UNIQUE: 1,
  /** Refuse an index beyond the end (result code 26) instead of padding with nil. */
  INSERT_BOUNDED: 2,
  /** A refused write is no error. */
  NO_FAIL: 4,
  /** With NO_FAIL, write those items that are accepted. */
  PARTIAL: 8,
} as const;
export type ListWriteFlags = (typeof ListWriteFlags)[keyof typeof ListWriteFlags];

/** Added to a return type: everything but what the selector names. */
export const INVERTED = 0x10000;

/** What a list read or removal returns. */
export const ListReturnType = {
  NONE: 0,
  INDEX: 1,
  REVERSE_INDEX: 2,
  RANK: 3,
  REVERSE_RANK: 4,
  COUNT: 5,
  VALUE: 7,
  /** `[start, count]` of a run of neighbours. */
  INDEX_RANGE: 9,
  REVERSE_INDEX_RANGE: 10,
  RANK_RANGE: 11,
  REVERSE_RANK_RANGE: 12,
  /** Whether anything was found. Needs server 6.1. */
  EXISTS: 13,
  INVERTED,
} as const;
export type ListReturnType = (typeof ListReturnType)[keyof typeof ListReturnType];

/** Order of a map that an operation creates, or turns an existing one into. */
export const MapOrder = {
  UNORDERED: 0,
  KEY_ORDERED: 1,
  KEY_VALUE_ORDERED: 3,
} as const;
export type MapOrder = (typeof MapOrder)[keyof typeof MapOrder];

/** What a map write accepts; flags add up. */
export const MapWriteFlags = {
  DEFAULT: 0,
  /** Refuse keys that exist (result code 24). */
  CREATE_ONLY: 1,
  /** Refuse keys that don't exist (result code 23). */
  UPDATE_ONLY: 2,
  /** A refused write is no error. */
  NO_FAIL: 4,
  /** With NO_FAIL, write those entries that are accepted. */
  PARTIAL: 8,
} as const;
export type MapWriteFlags = (typeof MapWriteFlags)[keyof typeof MapWriteFlags];

/** What a map read or removal returns. */
export const MapReturnType = {
  NONE: 0,
  INDEX: 1,
  REVERSE_INDEX: 2,
  RANK: 3,
  REVERSE_RANK: 4,
  COUNT: 5,
  KEY: 6,
  VALUE: 7,
  KEY_VALUE: 8,
  /** `[start, count]` of a run of neighbours. */
  INDEX_RANGE: 9,
  REVERSE_INDEX_RANGE: 10,
  RANK_RANGE: 11,
  REVERSE_RANK_RANGE: 12,
  /** Whether anything was found. Needs server 6.1. */
  EXISTS: 13,
  /** Needs server 6.3. */
  UNORDERED_MAP: 16,
  /** Needs server 6.3. */
  ORDERED_MAP: 17,
  INVERTED,
} as const;
export type MapReturnType = (typeof MapReturnType)[keyof typeof MapReturnType];

/** What a bit write accepts; flags add up. */
export const BitWriteFlags = {
  DEFAULT: 0,
  /** Refuse a bin that exists (result code 6). Only resize and insert can create one. */
  CREATE_ONLY: 1,
  /** Refuse a bin that doesn't exist (result code 17). */
  UPDATE_ONLY: 2,
  /** A refused write is no error. */
  NO_FAIL: 4,
  /** Change the part inside the blob when the rest lies beyond its end. */
  PARTIAL: 8,
} as const;
export type BitWriteFlags = (typeof BitWriteFlags)[keyof typeof BitWriteFlags];

/** How a blob is resized; FROM_FRONT adds up with either of the others. */
export const BitwiseResizeFlags = {
  DEFAULT: 0,
  /** Add or drop bytes in front instead of at the end. */
  FROM_FRONT: 1,
  GROW_ONLY: 2,
  SHRINK_ONLY: 4,
} as const;
export type BitwiseResizeFlags = (typeof BitwiseResizeFlags)[keyof typeof BitwiseResizeFlags];

/** What bit addition and subtraction do on overflow. */
export const BitwiseOverflowActions = {
  /** Result code 26, nothing changed. */
  FAIL: 0,
  /** Stop at the greatest or least value. */
  SATURATE: 2,
  /** Start over from the other end. */
  WRAP: 4,
} as const;
export type BitwiseOverflowActions = (typeof BitwiseOverflowActions)[keyof typeof BitwiseOverflowActions];

/** What a HyperLogLog write accepts; flags add up. */
export const HLLWriteFlags = {
  DEFAULT: 0,
  /** Refuse a bin that exists (result code 6). */
  CREATE_ONLY: 1,
  /** Refuse a bin that doesn't exist (result code 17). */
  UPDATE_ONLY: 2,
  /** A refused write is no error. */
  NO_FAIL: 4,
  /** Let a union lower the index bits of the bin. */
  ALLOW_FOLD: 8,
} as const;
export type HLLWriteFlags = (typeof HLLWriteFlags)[keyof typeof HLLWriteFlags];

/** What a string write accepts; flags add up. */
export const StringWriteFlags = {
  DEFAULT: 0,
  /** Refuse a bin that exists (result code 6). Only for operations that can create one, and not inside of lists and maps. */
  CREATE_ONLY: 1,
  /** Leave a record without the bin as it is. */
  UPDATE_ONLY: 2,
  /** An operation that fails is no error; a bin of another type and text that is no UTF-8 are errors all the same. */
  NO_FAIL: 4,
} as const;
export type StringWriteFlags = (typeof StringWriteFlags)[keyof typeof StringWriteFlags];

/** How a regular expression of a string operation is read, in ICU's syntax; flags add up. */
export const StringRegexFlags = {
  DEFAULT: 0,
  CASE_INSENSITIVE: 1,
  /** `^` and `$` match at line ends too. */
  MULTILINE: 2,
  /** `.` matches line ends too. */
  DOT_ALL: 4,
  /** Only `\n` ends a line. */
  UNIX_LINES: 8,
  /** Replace all matches and not just the first; only for replacing. */
  GLOBAL: 16,
} as const;
export type StringRegexFlags = (typeof StringRegexFlags)[keyof typeof StringRegexFlags];

/** Which numbers a string is asked for. */
export const StringNumericType = {
  ANY: 0,
  INT: 1,
  FLOAT: 2,
} as const;
export type StringNumericType = (typeof StringNumericType)[keyof typeof StringNumericType];
