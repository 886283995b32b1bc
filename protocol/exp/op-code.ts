import type { CdtSystem } from "../cdt/operations.js";
import type { LoopPart } from "./node.js";

/** Operation codes of expressions: first in `[code, argument…]`. */
export const ExpOp = {
  UNKNOWN: 0,
  EQ: 1,
  NE: 2,
  GT: 3,
  GE: 4,
  LT: 5,
  LE: 6,
  REGEX: 7,
  GEO_COMPARE: 8,
  IN_LIST: 9,
  AND: 16,
  OR: 17,
  NOT: 18,
  EXCLUSIVE: 19,
  ADD: 20,
  SUB: 21,
  MUL: 22,
  DIV: 23,
  POW: 24,
  LOG: 25,
  MOD: 26,
  ABS: 27,
  FLOOR: 28,
  CEIL: 29,
  TO_INT: 30,
  TO_FLOAT: 31,
  INT_AND: 32,
  INT_OR: 33,
  INT_XOR: 34,
  INT_NOT: 35,
  INT_LSHIFT: 36,
  INT_RSHIFT: 37,
  INT_ARSHIFT: 38,
  INT_COUNT: 39,
  INT_LSCAN: 40,
  INT_RSCAN: 41,
  MIN: 50,
  MAX: 51,
  DIGEST_MODULO: 64,
  DEVICE_SIZE: 65,
  LAST_UPDATE: 66,
  SINCE_UPDATE: 67,
  VOID_TIME: 68,
  TTL: 69,
  SET_NAME: 70,
  KEY_EXISTS: 71,
  IS_TOMBSTONE: 72,
  MEMORY_SIZE: 73,
  RECORD_SIZE: 74,
  KEY: 80,
  BIN: 81,
  BIN_TYPE: 82,
  BIN_EXISTS: 83,
  TO_STRING: 99,
  REMOVE_RESULT: 100,
  MAP_KEYS: 101,
  MAP_VALUES: 102,
  LOOP_VAR: 122,
  COND: 123,
  VAR: 124,
  LET: 125,
  QUOTE: 126,
  CALL: 127,
  TEXT: 128,
} as const;
export type ExpOp = (typeof ExpOp)[keyof typeof ExpOp];

/** The place of a system in this list is its code, third in `[127, type, system, …]`. */
export const CALL_SYSTEMS: readonly CdtSystem[] = ["cdt", "bits", "hll", "string"];
/** Added to the system of a call that gives the changed value. */
export const MODIFIES = 0x40;
/** Among the flags of a path: it changes what it leads to. */
export const APPLY = 4;
/** The place of a part in this list is its code, third in `[122, type, part]`. */
export const LOOP_PARTS: readonly LoopPart[] = ["key", "value", "index"];
