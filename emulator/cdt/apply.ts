import { CdtForm } from "../../protocol/cdt/operations.js";
import { ResultCode } from "../../protocol/result-code.js";
import { ParticleType } from "../../protocol/value/particle-type.js";
import type { BinValue } from "../record/bin-value.js";
import { failedWith, type OpOutcome } from "../record/op-outcome.js";
import type { Release } from "../release.js";
import type { Answer } from "./answer.js";
import { type Container, containerValue, isContainerType, packContainer, readContainer } from "./container.js";
import { findPlace } from "./context.js";
import { type Modified, modify, type Operation, read, suits } from "./operation.js";
import { applyPath } from "./path.js";
import type { PathEvaluator } from "./path-evaluator.js";
import { PayloadReader } from "./payload-reader.js";

// The payload of an operation on a list or map; what follows it is not looked at:
//   [code, param, …]
//   [0xff, [level type, level value, …], [code, param, …]]      in a context
//   [0xfe, [level type, level value, …], flags (, expression)]  path select and apply
//   00, u8 code, then the list of parameters if any             the form of the first servers

/**
 * Runs the payload of a CDT_READ or CDT_MODIFY op on a bin. Any bytes at all give an outcome. Path expressions need an
 * evaluator; without one those that hold an expression are refused.
 */
export function applyCdt(
  bin: BinValue | undefined,
  payload: Uint8Array,
  isModify: boolean,
  evaluator?: PathEvaluator,
): OpOutcome {
  // A read of a missing bin is never looked at.
  if (bin === undefined && !isModify) return { code: ResultCode.OK };
  const operation = readPayload(payload, evaluator?.release ?? "8.1");
  if (operation === undefined) return failure(ResultCode.PARAMETER_ERROR);
  switch (operation.code) {
    case CdtForm.SELECT:
      return applyPath(bin, operation, isModify, evaluator);
    case CdtForm.IN_CONTEXT:
      return applyInContext(bin, operation, isModify);
    default:
      return applyToBin(bin, operation, isModify);
  }
}

function readPayload(payload: Uint8Array, release: Release): Operation | undefined {
  if (payload[0] !== 0) return readOperation(new PayloadReader(payload), release);
  const code = payload[1];
  if (code === undefined) return undefined;
  const reader = new PayloadReader(payload, 2);
  const given = reader.isDone ? 0 : reader.list();
  return given === undefined ? undefined : { code, given, reader, release };
}

/** Takes `[code, …` and leaves the parameters to be read. */
function readOperation(reader: PayloadReader, release: Release): Operation | undefined {
  const count = reader.list();
  const code = count === undefined || count === 0 ? undefined : reader.unsigned();
  if (count === undefined || code === undefined) return undefined;
  return { code: Number(BigInt.asUintN(32, code)), given: count - 1, reader, release };
}

function applyToBin(bin: BinValue | undefined, operation: Operation, isModify: boolean): OpOutcome {
  if (bin !== undefined && !(isContainerType(bin.type) && suits(operation, kindOf(bin)))) {
    return failure(ResultCode.BIN_TYPE_ERROR);
  }
  const container = bin === undefined ? undefined : readContainer(bin.bytes);
  if (bin !== undefined && container === undefined) return failure(ResultCode.PARAMETER_ERROR);
  if (!isModify)
    return container === undefined ? failure(ResultCode.PARAMETER_ERROR) : answered(read(container, operation));
  const modified = modify(container, bin !== undefined, operation);
  if (typeof modified === "number") return failure(modified);
  return changed(modified, modified.container ?? modified.opened);
}

function applyInContext(bin: BinValue | undefined, operation: Operation, isModify: boolean): OpOutcome {
  const { reader } = operation;
  if (operation.given !== 2) return failure(ResultCode.PARAMETER_ERROR);
  const top = bin !== undefined && isContainerType(bin.type) ? readContainer(bin.bytes) : undefined;
  if (bin !== undefined && top === undefined) return failure(ResultCode.PARAMETER_ERROR);
  const place = findPlace(top, reader, isModify, operation.release);
  if (typeof place === "number") return failure(place);
  const nested = readOperation(reader, operation.release);
  if (nested === undefined) return failure(ResultCode.PARAMETER_ERROR);
  const container = place.inner === undefined ? undefined : readContainer(place.inner);
  if (place.inner !== undefined && (container === undefined || !suits(nested, container.kind))) {
    return failure(ResultCode.BIN_TYPE_ERROR);
  }
  if (!isModify)
    return container === undefined ? failure(ResultCode.PARAMETER_ERROR) : answered(read(container, nested));
  const modified = modify(container, bin !== undefined, nested);
  if (typeof modified === "number") return failure(modified);
  if (modified.container === undefined) return changed(modified, undefined);
  return changed(modified, place.embed(packContainer(modified.container)));
}

function kindOf({ type }: BinValue): Container["kind"] {
  return type === ParticleType.LIST ? "list" : "map";
}

function answered(answer: Answer): OpOutcome {
  return typeof answer === "number" ? failure(answer) : { code: ResultCode.OK, result: answer };
}

function changed(modified: Modified, container: Container | undefined): OpOutcome {
  const outcome = { code: ResultCode.OK, result: modified.value ?? null };
  return container === undefined ? outcome : { ...outcome, bin: containerValue(container) };
}

function failure(code: number): OpOutcome {
  return failedWith(code);
}
