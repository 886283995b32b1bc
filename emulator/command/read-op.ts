import { OpCode } from "../../protocol/message/op.js";
import { ResultCode } from "../../protocol/result-code.js";
import { ParticleType } from "../../protocol/value/particle-type.js";
import { applyBits } from "../bits/index.js";
import { applyCdt } from "../cdt/index.js";
import { applyExpRead, pathEvaluator } from "../exp/index.js";
import { applyHll } from "../hll/index.js";
import type { BinValue } from "../record/bin-value.js";
import type { OpOutcome } from "../record/op-outcome.js";
import type { RecordView } from "../record/record-view.js";
import type { Release } from "../release.js";
import { applyString, toStringValue } from "../string/index.js";
import type { ReplyRow } from "./outcome.js";
import type { RequestOp } from "./request.js";

const NOTHING: OpOutcome = { code: ResultCode.OK, result: null };

/** What a read op finds. Undefined: the bin it wants is missing, so that there is no row. */
export function applyRead(op: RequestOp, record: RecordView, release: Release): OpOutcome | undefined {
  if (op.code === OpCode.EXP_READ) return applyExpRead(record, op.value, release);
  const bin = record.bin(op.name);
  if (bin === undefined) return undefined;
  switch (op.code) {
    case OpCode.READ:
      return { code: ResultCode.OK, result: bin };
    case OpCode.CDT_READ:
      return applyCdt(bin, op.value, false, pathEvaluator(release));
    case OpCode.BITS_READ:
      return applyBits(bin, op.value, false, release);
    case OpCode.HLL_READ:
      return applyHll(bin, op.value, false);
    case OpCode.STRING_READ:
      return release === "8.2" ? readString(bin, op) : NOTHING;
    case OpCode.TO_STRING:
      return release === "8.2" ? toStringValue(bin) : NOTHING;
    default:
      return NOTHING;
  }
}

/** Operations on strings say that they are strings. */
function isString(op: RequestOp): boolean {
  return op.type === ParticleType.STRING;
}

function readString(bin: BinValue, op: RequestOp): OpOutcome {
  return isString(op) ? applyString(bin, op.value, false) : { code: ResultCode.BIN_TYPE_ERROR };
}

export function modifyString(bin: BinValue | undefined, op: RequestOp): OpOutcome {
  return isString(op) ? applyString(bin, op.value, true) : { code: ResultCode.BIN_TYPE_ERROR };
}

/** The row of an op in a reply; `value` null says that there is nothing. */
export function rowOf(op: RequestOp, value: ReplyRow["value"]): ReplyRow {
  const isLoose = op.code === OpCode.CDT_READ || op.code === OpCode.CDT_MODIFY;
  return { code: op.code, nameBytes: op.nameBytes, value, isLoose };
}
