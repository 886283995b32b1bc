import * as arithmetic from "./arithmetic.js";
import { call } from "./call.js";
import * as comparison from "./comparison.js";
import * as control from "./control.js";
import type { Form } from "./form.js";
import * as logic from "./logic.js";
import { loopVariable } from "./loop-variable.js";
import { mapKeys, mapValues } from "./map-parts.js";
import { OpCode } from "./op-code.js";
import * as record from "./record-forms.js";
import { regex } from "./regex-form.js";

const byCode: Readonly<Record<OpCode, Form>> = {
  [OpCode.UNKNOWN]: control.unknown,
  [OpCode.EQ]: comparison.equal,
  [OpCode.NE]: comparison.notEqual,
  [OpCode.GT]: comparison.greater,
  [OpCode.GE]: comparison.greaterOrEqual,
  [OpCode.LT]: comparison.less,
  [OpCode.LE]: comparison.lessOrEqual,
  [OpCode.REGEX]: regex,
  [OpCode.GEO_COMPARE]: comparison.geoCompare,
  [OpCode.IN_LIST]: comparison.inList,
  [OpCode.AND]: logic.and,
  [OpCode.OR]: logic.or,
  [OpCode.NOT]: logic.not,
  [OpCode.EXCLUSIVE]: logic.exclusive,
  [OpCode.ADD]: arithmetic.add,
  [OpCode.SUB]: arithmetic.subtract,
  [OpCode.MUL]: arithmetic.multiply,
  [OpCode.DIV]: arithmetic.divide,
  [OpCode.POW]: arithmetic.pow,
  [OpCode.LOG]: arithmetic.log,
  [OpCode.MOD]: arithmetic.mod,
  [OpCode.ABS]: arithmetic.abs,
  [OpCode.FLOOR]: arithmetic.floor,
  [OpCode.CEIL]: arithmetic.ceil,
  [OpCode.TO_INT]: arithmetic.toInt,
  [OpCode.TO_FLOAT]: arithmetic.toFloat,
  [OpCode.INT_AND]: arithmetic.intAnd,
  [OpCode.INT_OR]: arithmetic.intOr,
  [OpCode.INT_XOR]: arithmetic.intXor,
  [OpCode.INT_NOT]: arithmetic.intNot,
  [OpCode.INT_LSHIFT]: arithmetic.leftShift,
  [OpCode.INT_RSHIFT]: arithmetic.rightShift,
  [OpCode.INT_ARSHIFT]: arithmetic.arithmeticShift,
  [OpCode.INT_COUNT]: arithmetic.intCount,
  [OpCode.INT_LSCAN]: arithmetic.intLeftScan,
  [OpCode.INT_RSCAN]: arithmetic.intRightScan,
  [OpCode.MIN]: arithmetic.min,
  [OpCode.MAX]: arithmetic.max,
  [OpCode.DIGEST_MODULO]: record.digestModulo,
  [OpCode.DEVICE_SIZE]: record.deviceSize,
  [OpCode.LAST_UPDATE]: record.lastUpdate,
  [OpCode.SINCE_UPDATE]: record.sinceUpdate,
  [OpCode.VOID_TIME]: record.voidTime,
  [OpCode.TTL]: record.ttl,
  [OpCode.SET_NAME]: record.setName,
  [OpCode.KEY_EXISTS]: record.keyExists,
  [OpCode.IS_TOMBSTONE]: record.isTombstone,
  [OpCode.MEMORY_SIZE]: record.memorySize,
  [OpCode.RECORD_SIZE]: record.recordSize,
  [OpCode.RECORD_KEY]: record.recordKey,
  [OpCode.BIN]: record.bin,
  [OpCode.BIN_TYPE]: record.binType,
  [OpCode.REMOVE_RESULT]: control.removeResult,
  [OpCode.MAP_KEYS]: mapKeys,
  [OpCode.MAP_VALUES]: mapValues,
  [OpCode.LOOP_VARIABLE]: loopVariable,
  [OpCode.COND]: control.cond,
  [OpCode.VAR]: control.variable,
  [OpCode.LET]: control.letIn,
  [OpCode.QUOTE]: control.quote,
  [OpCode.CALL]: call,
};

/** What an op code means; undefined for the codes that no server takes. */
export function formOf(code: number): Form | undefined {
  return table[code];
}

const table: readonly (Form | undefined)[] = Object.entries(byCode).reduce<(Form | undefined)[]>(
  (forms, [code, form]) => {
    forms[Number(code)] = form;
    return forms;
  },
  new Array(128).fill(undefined),
);
