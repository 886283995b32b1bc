import { ExpOp } from "../../protocol/exp/op-code.js";
import type { Release } from "../release.js";
import * as arithmetic from "./arithmetic.js";
import { call } from "./call.js";
import * as comparison from "./comparison.js";
import * as control from "./control.js";
import type { Form } from "./form.js";
import * as logic from "./logic.js";
import { loopVariable } from "./loop-variable.js";
import { mapKeys, mapValues } from "./map-parts.js";
import * as record from "./record-forms.js";
import { regex } from "./regex-form.js";
import { nestedText, textForm } from "./text-forms.js";

/** Those of newer servers. */
type NewerOp = typeof ExpOp.BIN_EXISTS | typeof ExpOp.TO_STRING | typeof ExpOp.TEXT;

const newer: Readonly<Record<NewerOp, Form>> = {
  [ExpOp.BIN_EXISTS]: record.binExists,
  [ExpOp.TO_STRING]: textForm,
  [ExpOp.TEXT]: nestedText,
};

const byCode: Readonly<Record<Exclude<ExpOp, NewerOp>, Form>> = {
  [ExpOp.UNKNOWN]: control.unknown,
  [ExpOp.EQ]: comparison.equal,
  [ExpOp.NE]: comparison.notEqual,
  [ExpOp.GT]: comparison.greater,
  [ExpOp.GE]: comparison.greaterOrEqual,
  [ExpOp.LT]: comparison.less,
  [ExpOp.LE]: comparison.lessOrEqual,
  [ExpOp.REGEX]: regex,
  [ExpOp.GEO_COMPARE]: comparison.geoCompare,
  [ExpOp.IN_LIST]: comparison.inList,
  [ExpOp.AND]: logic.and,
  [ExpOp.OR]: logic.or,
  [ExpOp.NOT]: logic.not,
  [ExpOp.EXCLUSIVE]: logic.exclusive,
  [ExpOp.ADD]: arithmetic.add,
  [ExpOp.SUB]: arithmetic.subtract,
  [ExpOp.MUL]: arithmetic.multiply,
  [ExpOp.DIV]: arithmetic.divide,
  [ExpOp.POW]: arithmetic.pow,
  [ExpOp.LOG]: arithmetic.log,
  [ExpOp.MOD]: arithmetic.mod,
  [ExpOp.ABS]: arithmetic.abs,
  [ExpOp.FLOOR]: arithmetic.floor,
  [ExpOp.CEIL]: arithmetic.ceil,
  [ExpOp.TO_INT]: arithmetic.toInt,
  [ExpOp.TO_FLOAT]: arithmetic.toFloat,
  [ExpOp.INT_AND]: arithmetic.intAnd,
  [ExpOp.INT_OR]: arithmetic.intOr,
  [ExpOp.INT_XOR]: arithmetic.intXor,
  [ExpOp.INT_NOT]: arithmetic.intNot,
  [ExpOp.INT_LSHIFT]: arithmetic.leftShift,
  [ExpOp.INT_RSHIFT]: arithmetic.rightShift,
  [ExpOp.INT_ARSHIFT]: arithmetic.arithmeticShift,
  [ExpOp.INT_COUNT]: arithmetic.intCount,
  [ExpOp.INT_LSCAN]: arithmetic.intLeftScan,
  [ExpOp.INT_RSCAN]: arithmetic.intRightScan,
  [ExpOp.MIN]: arithmetic.min,
  [ExpOp.MAX]: arithmetic.max,
  [ExpOp.DIGEST_MODULO]: record.digestModulo,
  [ExpOp.DEVICE_SIZE]: record.deviceSize,
  [ExpOp.LAST_UPDATE]: record.lastUpdate,
  [ExpOp.SINCE_UPDATE]: record.sinceUpdate,
  [ExpOp.VOID_TIME]: record.voidTime,
  [ExpOp.TTL]: record.ttl,
  [ExpOp.SET_NAME]: record.setName,
  [ExpOp.KEY_EXISTS]: record.keyExists,
  [ExpOp.IS_TOMBSTONE]: record.isTombstone,
  [ExpOp.MEMORY_SIZE]: record.memorySize,
  [ExpOp.RECORD_SIZE]: record.recordSize,
  [ExpOp.KEY]: record.recordKey,
  [ExpOp.BIN]: record.bin,
  [ExpOp.BIN_TYPE]: record.binType,
  [ExpOp.REMOVE_RESULT]: control.removeResult,
  [ExpOp.MAP_KEYS]: mapKeys,
  [ExpOp.MAP_VALUES]: mapValues,
  [ExpOp.LOOP_VAR]: loopVariable,
  [ExpOp.COND]: control.cond,
  [ExpOp.VAR]: control.variable,
  [ExpOp.LET]: control.letIn,
  [ExpOp.QUOTE]: control.quote,
  [ExpOp.CALL]: call,
};

/** What an op code means to a server; undefined for the codes that it does not take. */
export function formOf(code: number, release: Release): Form | undefined {
  return tables[release][code];
}

const tables: Readonly<Record<Release, readonly (Form | undefined)[]>> = {
  "8.1": tableOf(byCode),
  "8.2": tableOf({ ...byCode, ...newer }),
};

function tableOf(known: Readonly<Record<number, Form>>): (Form | undefined)[] {
  const forms: (Form | undefined)[] = new Array(ExpOp.TEXT + 1).fill(undefined);
  for (const [code, form] of Object.entries(known)) forms[Number(code)] = form;
  return forms;
}
