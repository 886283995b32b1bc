import { ResultCode } from "../protocol/result-code.js";
import { applyBits } from "./bits/index.js";
import { applyCdt as applyCdtWith, rewriteContainer } from "./cdt/index.js";
import { applyExpModify, applyExpRead, compile, compileFilter, type Expression, pathEvaluator } from "./exp/index.js";
import { particleTypeOf } from "./exp/result-type.js";
import { toBin } from "./exp/value.js";
import type { BinValue } from "./record/bin-value.js";
import type { OpOutcome } from "./record/op-outcome.js";
import type { RecordView } from "./record/record-view.js";

export { applyBits, applyExpModify, applyExpRead, compile, compileFilter, type Expression, rewriteContainer };

export function applyCdt(bin: BinValue | undefined, payload: Uint8Array, modify: boolean): OpOutcome {
  return applyCdtWith(bin, payload, modify, pathEvaluator);
}
const NO: OpOutcome = { code: ResultCode.UNSUPPORTED_FEATURE };
export function applyHll(_bin: BinValue | undefined, _payload: Uint8Array, _modify: boolean): OpOutcome {
  return NO;
}
export function valueOfExpression(expression: Expression, record: RecordView): BinValue | null | undefined {
  return toBin(expression.evaluate(record));
}
export function particleTypeOfExpression(expression: Expression): number {
  return particleTypeOf(expression.type);
}
export function isExpModify(_payload: Uint8Array): boolean {
  return true;
}
