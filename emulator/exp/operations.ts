import { Reader } from "../../protocol/bytes/reader.js";
import { Writer } from "../../protocol/bytes/writer.js";
import { ProtocolError } from "../../protocol/protocol-error.js";
import { ResultCode } from "../../protocol/result-code.js";
import { integerOf, isInteger, isOrderMarker, PackedHead } from "../../protocol/value/packed-head.js";
import type { BinValue } from "../record/bin-value.js";
import type { OpOutcome } from "../record/op-outcome.js";
import type { RecordView } from "../record/record-view.js";
import type { Release } from "../release.js";
import { build, type Expression } from "./expression.js";
import { buildDetail, EVALUATION_FAILED } from "./failure.js";
import { isPacked } from "./pack.js";
import { listCount, takeValue } from "./packed.js";
import { Refused } from "./refused.js";
import { toBin } from "./value.js";

// The payload of EXP_READ and EXP_MODIFY: [expression, flags], flags optional. What follows the list is not looked at,
// but for an integer where the flags would stand.

const ReadFlag = { EVAL_NO_FAIL: 0x10n } as const;
const ModifyFlag = {
  CREATE_ONLY: 0x01n,
  UPDATE_ONLY: 0x02n,
  ALLOW_DELETE: 0x04n,
  POLICY_NO_FAIL: 0x08n,
  EVAL_NO_FAIL: 0x10n,
} as const;
const READ_FLAGS = ReadFlag.EVAL_NO_FAIL;
const MODIFY_FLAGS = 0x1fn;
/** Bit of an order marker. */
const PERSIST_INDEX = 0x10;

interface ExpressionOp {
  readonly expression: Expression;
  readonly flags: bigint;
}

/** EXP_READ: the value of an expression over the record as it stands. A nil result has no value to reply with. */
export function applyExpRead(record: RecordView, payload: Uint8Array, release: Release = "8.1"): OpOutcome {
  const op = parse(payload, READ_FLAGS, release);
  if (op instanceof Refused) return refusedOp(op);
  const value = toBin(op.expression.evaluate(record));
  if (value !== undefined) return { code: 0, result: withoutIndex(value) };
  return (op.flags & ReadFlag.EVAL_NO_FAIL) === 0n ? unevaluated() : { code: 0 };
}

/** EXP_MODIFY: writes the value of an expression over the record into a bin. */
export function applyExpModify(
  record: RecordView,
  bin: BinValue | undefined,
  payload: Uint8Array,
  release: Release = "8.1",
): OpOutcome {
  const op = parse(payload, MODIFY_FLAGS, release);
  if (op instanceof Refused) return refusedOp(op);
  const { flags } = op;
  const lenient = (flags & ModifyFlag.POLICY_NO_FAIL) !== 0n;
  if (bin !== undefined && (flags & ModifyFlag.CREATE_ONLY) !== 0n) {
    return { code: lenient ? 0 : ResultCode.BIN_EXISTS };
  }
  if (bin === undefined && (flags & ModifyFlag.UPDATE_ONLY) !== 0n) {
    return { code: lenient ? 0 : ResultCode.BIN_NOT_FOUND };
  }
  const value = toBin(op.expression.evaluate(record));
  if (value === undefined) return (flags & ModifyFlag.EVAL_NO_FAIL) === 0n ? unevaluated() : { code: 0 };
  if (value === null && bin !== undefined && (flags & ModifyFlag.ALLOW_DELETE) === 0n) {
    // The server means to ask for POLICY_NO_FAIL here, but any flag will do.
    return { code: flags === 0n ? ResultCode.OP_NOT_APPLICABLE : 0 };
  }
  return { code: 0, bin: withoutIndex(value) };
}

/** Whether a payload is one that EXP_MODIFY takes: jobs ask before they start. */
export function isExpModify(payload: Uint8Array, release: Release = "8.1"): boolean {
  return !(parse(payload, MODIFY_FLAGS, release) instanceof Refused);
}

function refusedOp(refused: Refused): OpOutcome {
  return { code: ResultCode.PARAMETER_ERROR, detail: buildDetail("operation", refused) };
}

function unevaluated(): OpOutcome {
  return { code: ResultCode.OP_NOT_APPLICABLE, detail: EVALUATION_FAILED };
}

function parse(payload: Uint8Array, allowed: bigint, release: Release): ExpressionOp | Refused {
  const r = new Reader(payload);
  try {
    const count = listCount(r);
    if (count !== 1 && count !== 2) return new Refused("no list of an expression and flags");
    const packed = takeValue(r);
    const flags = BigInt.asUintN(64, integerAt(r));
    if ((flags & ~allowed) !== 0n) return new Refused(`flags ${flags} of an expression`);
    const expression = build(packed, release);
    return expression instanceof Refused ? expression : { expression, flags };
  } catch (error) {
    if (error instanceof ProtocolError) return new Refused(error.message);
    throw error;
  }
}

/** The integer that stands here; 0 for anything else, malformed bytes too. */
function integerAt(r: Reader): bigint {
  const head = new PackedHead();
  return head.read(r.bytes, r.at, r.end) && isInteger(head.type) ? integerOf(head) : 0n;
}

/** A list or map literal with an index is one without: the index is the server's own affair. */
function withoutIndex(value: BinValue | null): BinValue | null {
  if (value === null || !isPacked(value)) return value;
  const head = new PackedHead();
  const marker = new PackedHead();
  const { bytes } = value;
  if (!head.read(bytes, 0, bytes.length) || head.count === 0) return value;
  if (!marker.read(bytes, head.next, bytes.length) || !isOrderMarker(marker)) return value;
  if ((marker.extensionType & PERSIST_INDEX) === 0) return value;
  const w = new Writer(bytes.length + 2);
  w.bytes(bytes.subarray(0, head.next));
  w.bytes(Uint8Array.of(0xc7, 0, marker.extensionType & ~PERSIST_INDEX));
  w.bytes(bytes.subarray(marker.next));
  return { type: value.type, bytes: w.take() };
}
