import { ResultCode } from "../../protocol/result-code.js";
import { type BinValue, boolValue, integerValue } from "../record/bin-value.js";
import type { OpOutcome } from "../record/op-outcome.js";
import type { Release } from "../release.js";
import { containerValue, isContainerType, readContainer } from "./container.js";
import type { Operation } from "./operation.js";
import { listOf } from "./packed-list.js";
import type { PathEvaluator } from "./path-evaluator.js";
import { readPathLevels } from "./path-level.js";
import { PathKind, PathWalk } from "./path-walk.js";

const KIND_MASK = 0x0fn;
const NO_FAIL = 0x10n;

const NO_EVALUATOR: PathEvaluator = { release: "8.1", compile: () => undefined };
const BAD_PARAMETER: OpOutcome = { code: ResultCode.PARAMETER_ERROR };

/** Runs `[0xfe, path, flags (, expression)]`: what to hand back in the low four bits of the flags, above them NO_FAIL. */
export function applyPath(
  bin: BinValue | undefined,
  operation: Operation,
  isModify: boolean,
  evaluator: PathEvaluator = NO_EVALUATOR,
): OpOutcome {
  const { reader } = operation;
  const top = bin !== undefined && isContainerType(bin.type) ? readContainer(bin.bytes) : undefined;
  if (bin === undefined || top === undefined) return { code: ResultCode.BIN_TYPE_ERROR };
  const levels = readPathLevels(reader, evaluator);
  const flags = levels === undefined ? undefined : reader.integer();
  if (levels === undefined || flags === undefined) return BAD_PARAMETER;
  const kind = Number(flags & KIND_MASK);
  const isApply = kind === PathKind.APPLY;
  if (!isKind(kind, evaluator.release) || operation.given !== (isApply ? 3 : 2) || (isApply && !isModify))
    return BAD_PARAMETER;
  const packed = isApply ? reader.value() : undefined;
  const replacement = packed === undefined ? undefined : evaluator.compile(packed);
  if (isApply && replacement === undefined) return BAD_PARAMETER;
  const isCounted = kind === PathKind.COUNT || kind === PathKind.EXISTS;
  const walk = new PathWalk({
    levels,
    kind: isCounted ? PathKind.VALUES : kind,
    noFail: (flags & NO_FAIL) !== 0n,
    replacement,
  });
  const bytes = walk.through(bin.bytes, top, 0);
  if (walk.code !== ResultCode.OK) return { code: walk.code };
  if (isApply) return { code: ResultCode.OK, bin: { type: bin.type, bytes } };
  if (kind === PathKind.COUNT) return { code: ResultCode.OK, result: integerValue(walk.leaves.length) };
  if (kind === PathKind.EXISTS) return { code: ResultCode.OK, result: boolValue(walk.leaves.length > 0) };
  const isTree = kind === PathKind.TREE;
  return { code: ResultCode.OK, result: isTree ? { type: bin.type, bytes } : containerValue(listOf(0, walk.leaves)) };
}

function isKind(kind: number, release: Release): boolean {
  if (kind === PathKind.COUNT || kind === PathKind.EXISTS) return release === "8.2";
  return kind <= PathKind.APPLY;
}
