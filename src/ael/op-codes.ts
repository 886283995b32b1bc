import { Op } from "../exp/ops.js";

// Op codes by how the text says them.

export const BINARY: Readonly<Record<string, number>> = {
  "==": Op.EQ,
  "!=": Op.NE,
  ">": Op.GT,
  ">=": Op.GE,
  "<": Op.LT,
  "<=": Op.LE,
  "+": Op.ADD,
  "-": Op.SUB,
  "*": Op.MUL,
  "/": Op.DIV,
  "%": Op.MOD,
  "**": Op.POW,
  "&": Op.INT_AND,
  "|": Op.INT_OR,
  "^": Op.INT_XOR,
  "<<": Op.INT_LSHIFT,
  ">>": Op.INT_ARSHIFT,
  ">>>": Op.INT_RSHIFT,
};

export const FUNCTIONS: Readonly<Record<string, number>> = {
  abs: Op.ABS,
  ceil: Op.CEIL,
  floor: Op.FLOOR,
  log: Op.LOG,
  pow: Op.POW,
  min: Op.MIN,
  max: Op.MAX,
  countOneBits: Op.INT_COUNT,
  findBitLeft: Op.INT_LSCAN,
  findBitRight: Op.INT_RSCAN,
  geoCompare: Op.GEO_COMPARE,
};

export const METADATA: Readonly<Record<string, number>> = {
  // One op for all three: the other two are deprecated and give 0 on half of the servers.
  deviceSize: Op.RECORD_SIZE,
  memorySize: Op.RECORD_SIZE,
  recordSize: Op.RECORD_SIZE,
  isTombstone: Op.IS_TOMBSTONE,
  keyExists: Op.KEY_EXISTS,
  lastUpdate: Op.LAST_UPDATE,
  sinceUpdate: Op.SINCE_UPDATE,
  setName: Op.SET_NAME,
  ttl: Op.TTL,
  voidTime: Op.VOID_TIME,
};
