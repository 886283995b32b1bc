import { ExpOp } from "../../protocol/exp/op-code.js";
import { describe } from "../../protocol/value/invalid-value.js";
import { operation } from "./build.js";
import { Expression } from "./expression.js";

const INT32_MIN = -0x8000_0000;
const INT32_MAX = 0x7fff_ffff;

/**
 * The stored user key; unknown when the record has none (it was written without `sendKey`) or one of another type.
 * @example Exp.eq(Exp.key("string"), Exp.stringVal("ada"))
 */
function key<T extends "int" | "string" | "blob">(type: T): Expression<T> {
  if (type !== "int" && type !== "string" && type !== "blob") {
    throw new TypeError(`Exp.key: expected the type of a key, "int", "string" or "blob", got ${describe(type)}`);
  }
  return new Expression({ kind: "key", type });
}

/** Whether the record has its user key stored. */
function keyExists(): Expression<"bool"> {
  return operation(ExpOp.KEY_EXISTS, []);
}

/** The name of the record's set, empty without one. */
function setName(): Expression<"string"> {
  return operation(ExpOp.SET_NAME, []);
}

/** Bytes that the record takes in storage. Server 7.0 and later. */
function recordSize(): Expression<"int"> {
  return operation(ExpOp.RECORD_SIZE, []);
}

/** Bytes that the record takes on its device; 0 where data is in memory. Deprecated since 7.0: use {@link recordSize}. */
function deviceSize(): Expression<"int"> {
  return operation(ExpOp.DEVICE_SIZE, []);
}

/** Bytes that the record takes in memory; 0 where data is on a device. Deprecated since 7.0: use {@link recordSize}. */
function memorySize(): Expression<"int"> {
  return operation(ExpOp.MEMORY_SIZE, []);
}

/** When the record was last written: nanoseconds since 1970, in steps of a millisecond. */
function lastUpdate(): Expression<"int"> {
  return operation(ExpOp.LAST_UPDATE, []);
}

/** Milliseconds since the record was last written. */
function sinceUpdate(): Expression<"int"> {
  return operation(ExpOp.SINCE_UPDATE, []);
}

/** When the record expires: nanoseconds since 1970, −1 for never. */
function voidTime(): Expression<"int"> {
  return operation(ExpOp.VOID_TIME, []);
}

/** Seconds that the record still has to live, −1 for ever. */
function ttl(): Expression<"int"> {
  return operation(ExpOp.TTL, []);
}

/** Whether the record is a tombstone of a durable delete: only expressions in XDR filters ever see one. */
function isTombstone(): Expression<"bool"> {
  return operation(ExpOp.IS_TOMBSTONE, []);
}

/**
 * A number from 0 to `modulus` − 1 out of the record's digest: the same record always gives the same one, so it splits
 * a set into even parts.
 * @param modulus an integer in 32 bits, not 0
 * @example Exp.eq(Exp.digestModulo(100), Exp.intVal(0))  // one record in a hundred
 */
function digestModulo(modulus: number): Expression<"int"> {
  if (!Number.isInteger(modulus) || modulus === 0 || modulus < INT32_MIN || modulus > INT32_MAX) {
    throw new TypeError(
      `Exp.digestModulo: expected the modulus to be a 32-bit integer other than 0, got ${describe(modulus)}`,
    );
  }
  return new Expression({ kind: "digestModulo", type: "int", modulus });
}

/** Metadata of the record, for {@link Exp}. */
export const metadata = {
  deviceSize,
  digestModulo,
  isTombstone,
  key,
  keyExists,
  lastUpdate,
  memorySize,
  recordSize,
  setName,
  sinceUpdate,
  ttl,
  voidTime,
};
