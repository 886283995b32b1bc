import { StringWriteFlags } from "../../protocol/cdt/flags.js";
import { CdtForm } from "../../protocol/cdt/operations.js";
import { ResultCode } from "../../protocol/result-code.js";
import { ParticleType } from "../../protocol/value/particle-type.js";
import { changeInside, type InnerChange, PayloadReader, readInside } from "../cdt/index.js";
import { type BinValue, doubleOf, integerOf } from "../record/bin-value.js";
import type { OpOutcome } from "../record/op-outcome.js";
import { strictText } from "../record/utf8.js";
import { badContext, badOp, badParams, notUtf8, StringFailure, wrongType } from "./failure.js";
import { readChange, type StringChange } from "./modify.js";
import { StringParams } from "./params.js";
import { type Question, STRING_READ_OPS } from "./read.js";
import { stringValue } from "./text.js";

// The payload of an operation on a string:
//   [code, param, …]
//   [0xff, [level type, level value, …], [code, param, …]]      in a list or map

const { CREATE_ONLY, UPDATE_ONLY, NO_FAIL } = StringWriteFlags;
const DONE: OpOutcome = { code: ResultCode.OK };

/** Runs the payload of a STRING_READ or STRING_MODIFY op on a bin. Any bytes at all give an outcome. */
export function applyString(bin: BinValue | undefined, payload: Uint8Array, isModify: boolean): OpOutcome {
  // A read of a missing bin is never looked at.
  if (bin === undefined && !isModify) return DONE;
  const reader = new PayloadReader(payload);
  const head = readHead(reader);
  if (head === undefined) return failed(badParams("no list with the code of an operation"));
  if (head.code === CdtForm.IN_CONTEXT) return inContext(bin, reader, head.given, isModify);
  return isModify ? modify(bin, reader, head) : read(bin, reader, head);
}

interface Head {
  readonly code: number;
  readonly given: number;
}

function readHead(reader: PayloadReader): Head | undefined {
  const count = reader.list();
  const code = count === undefined || count === 0 ? undefined : reader.unsigned();
  return count === undefined || code === undefined
    ? undefined
    : { code: Number(BigInt.asUintN(32, code)), given: count - 1 };
}

function read(bin: BinValue | undefined, reader: PayloadReader, head: Head): OpOutcome {
  const question = readQuestion(reader, head);
  if (question instanceof StringFailure) return failed(question);
  const answer = ask(question, bin);
  return answer instanceof StringFailure ? failed(answer) : { code: ResultCode.OK, result: answer };
}

function readQuestion(reader: PayloadReader, { code, given }: Head): Question | StringFailure {
  const make = STRING_READ_OPS.get(code);
  if (make === undefined) return badOp(code);
  const params = new StringParams(reader, given);
  const question = make(params);
  params.end();
  return params.failure ?? question;
}

function ask(question: Question, value: BinValue | undefined): BinValue | StringFailure {
  const text = textIn(value);
  return text instanceof StringFailure ? text : question(text);
}

function textIn(value: BinValue | undefined): string | StringFailure {
  if (value?.type !== ParticleType.STRING) return wrongType();
  return strictText(value.bytes) ?? notUtf8();
}

function modify(bin: BinValue | undefined, reader: PayloadReader, head: Head): OpOutcome {
  const change = changeOf(reader, head);
  if (change instanceof StringFailure) return failed(change);
  const { flags, creates } = change;
  if (bin === undefined) {
    if (!creates || (flags & UPDATE_ONLY) !== 0) return DONE;
  } else if ((flags & CREATE_ONLY) !== 0) {
    return (flags & NO_FAIL) !== 0 ? DONE : { code: ResultCode.BIN_EXISTS };
  }
  const changed = changedText(change, bin ?? stringValue(""));
  return changed instanceof StringFailure ? lenient(changed, flags) : { code: ResultCode.OK, bin: changed };
}

function changeOf(reader: PayloadReader, { code, given }: Head): StringChange | StringFailure {
  return readChange(code, new StringParams(reader, given)) ?? badOp(code);
}

function changedText(change: StringChange, value: BinValue): BinValue | StringFailure {
  const text = textIn(value);
  if (text instanceof StringFailure) return text;
  const result = change.edit(text);
  return result instanceof StringFailure ? result : stringValue(result);
}

function inContext(bin: BinValue | undefined, reader: PayloadReader, given: number, isModify: boolean): OpOutcome {
  if (given !== 2) return failed(badContext("a context of a wrong shape"));
  if (!isModify) {
    return readInside(bin, reader, (value) => {
      const head = readHead(reader);
      return head === undefined
        ? failed(badParams("no list with the code of an operation"))
        : read(value, reader, head);
    });
  }
  return changeInside(bin, reader, (value): InnerChange | OpOutcome => {
    const head = readHead(reader);
    if (head === undefined) return failed(badParams("no list with the code of an operation"));
    const change = changeOf(reader, head);
    if (change instanceof StringFailure) return failed(change);
    if ((change.flags & CREATE_ONLY) !== 0) return failed(badContext("CREATE_ONLY in a context"));
    if (value === undefined) return change.creates ? { value: changedOrEmpty(change) } : DONE;
    const changed = changedText(change, value);
    return changed instanceof StringFailure ? lenient(changed, change.flags) : { value: changed };
  });
}

/** A string that is made on the way. */
function changedOrEmpty(change: StringChange): BinValue {
  const made = changedText(change, stringValue(""));
  return made instanceof StringFailure ? stringValue("") : made;
}

function lenient(failure: StringFailure, flags: number): OpOutcome {
  return failure.isLenient && (flags & NO_FAIL) !== 0 ? DONE : failed(failure);
}

function failed({ code, detail }: StringFailure): OpOutcome {
  return { code, detail };
}

/** TO_STRING: the text of a value. Doubles are written as JavaScript does it; how a server writes them was not found out. */
export function toStringValue(bin: BinValue): OpOutcome {
  const result = textValue(bin);
  return result instanceof StringFailure ? failed(result) : { code: ResultCode.OK, result };
}

/** The text of a value of a type that has one. */
export function textValue(bin: BinValue): BinValue | StringFailure {
  switch (bin.type) {
    case ParticleType.INTEGER:
      return stringValue(String(integerOf(bin)));
    case ParticleType.DOUBLE:
      return stringValue(String(doubleOf(bin)));
    case ParticleType.BOOL:
      return stringValue(String(bin.bytes[0] !== 0));
    case ParticleType.STRING:
    case ParticleType.BLOB: {
      const text = strictText(bin.bytes);
      return text === undefined ? notUtf8() : stringValue(text);
    }
    default:
      return wrongType();
  }
}
