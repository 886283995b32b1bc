import { ExpOp } from "../../protocol/exp/op-code.js";

// Op codes by how the text says them.

export const BINARY: Readonly<Record<string, number>> = {
  "==": ExpOp.EQ,
  "!=": ExpOp.NE,
  ">": ExpOp.GT,
  ">=": ExpOp.GE,
  "<": ExpOp.LT,
  "<=": ExpOp.LE,
  "+": ExpOp.ADD,
  "-": ExpOp.SUB,
  "*": ExpOp.MUL,
  "/": ExpOp.DIV,
  "%": ExpOp.MOD,
  "**": ExpOp.POW,
  "&": ExpOp.INT_AND,
  "|": ExpOp.INT_OR,
  "^": ExpOp.INT_XOR,
  "<<": ExpOp.INT_LSHIFT,
  ">>": ExpOp.INT_ARSHIFT,
  ">>>": ExpOp.INT_RSHIFT,
};

export const FUNCTIONS: Readonly<Record<string, number>> = {
  abs: ExpOp.ABS,
  ceil: ExpOp.CEIL,
  floor: ExpOp.FLOOR,
  log: ExpOp.LOG,
  pow: ExpOp.POW,
  min: ExpOp.MIN,
  max: ExpOp.MAX,
  countOneBits: ExpOp.INT_COUNT,
  findBitLeft: ExpOp.INT_LSCAN,
  findBitRight: ExpOp.INT_RSCAN,
  geoCompare: ExpOp.GEO_COMPARE,
};

export const METADATA: Readonly<Record<string, number>> = {
  // One op for all three: the other two are deprecated and give 0 on half of the servers.
  deviceSize: ExpOp.RECORD_SIZE,
  memorySize: ExpOp.RECORD_SIZE,
  recordSize: ExpOp.RECORD_SIZE,
  isTombstone: ExpOp.IS_TOMBSTONE,
  keyExists: ExpOp.KEY_EXISTS,
  lastUpdate: ExpOp.LAST_UPDATE,
  sinceUpdate: ExpOp.SINCE_UPDATE,
  setName: ExpOp.SET_NAME,
  ttl: ExpOp.TTL,
  voidTime: ExpOp.VOID_TIME,
};
