import type { BinValue } from "../record/bin-value.js";
import type { OpOutcome } from "../record/op-outcome.js";
import type { Operation } from "./operation.js";
import type { PathEvaluator } from "./path-evaluator.js";
export function applyPath(
  bin: BinValue | undefined,
  operation: Operation,
  isModify: boolean,
  evaluator: PathEvaluator | undefined,
): OpOutcome {
  return { code: bin && operation && isModify && evaluator ? 4 : 4 };
}
