import { OpCode } from "../../protocol/message/op.js";
import { ResultCode } from "../../protocol/result-code.js";
import { applyBits } from "../bits/index.js";
import { applyCdt } from "../cdt/index.js";
import { applyExpRead, pathEvaluator } from "../exp/index.js";
import { applyHll } from "../hll/index.js";
import type { OpOutcome } from "../record/op-outcome.js";
import type { RecordView } from "../record/record-view.js";
import type { ReplyRow } from "./outcome.js";
import type { RequestOp } from "./request.js";

const NOTHING: OpOutcome = { code: ResultCode.OK, result: null };

/** What a read op finds. Undefined: the bin it wants is missing, so that there is no row. */
export function applyRead(op: RequestOp, record: RecordView): OpOutcome | undefined {
  if (op.code === OpCode.EXP_READ) return applyExpRead(record, op.value);
  const bin = record.bin(op.name);
  if (bin === undefined) return undefined;
  switch (op.code) {
    case OpCode.READ:
      return { code: ResultCode.OK, result: bin };
    case OpCode.CDT_READ:
      return applyCdt(bin, op.value, false, pathEvaluator);
    case OpCode.BITS_READ:
      return applyBits(bin, op.value, false);
    case OpCode.HLL_READ:
      return applyHll(bin, op.value, false);
    default:
      return NOTHING;
  }
}

/** The row of an op in a reply; `value` null says that there is nothing. */
export function rowOf(op: RequestOp, value: ReplyRow["value"]): ReplyRow {
  const isLoose = op.code === OpCode.CDT_READ || op.code === OpCode.CDT_MODIFY;
  return { code: op.code, nameBytes: op.nameBytes, value, isLoose };
}
