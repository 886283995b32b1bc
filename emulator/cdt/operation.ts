import { ContainerOp, ListOp, MapOp } from "../../protocol/cdt/operations.js";
import { ResultCode } from "../../protocol/result-code.js";
import { integerValue } from "../record/bin-value.js";
import type { Release } from "../release.js";
import { type Answer, answer } from "./answer.js";
import { type Collection, ListCollection, MapCollection } from "./collection.js";
import type { Container } from "./container.js";
import { join } from "./join.js";
import { LIST_MODIFY_OPS } from "./list-modify.js";
import { MAP_MODIFY_OPS } from "./map-modify.js";
import { type Change, type ModifyOp, Target } from "./modification.js";
import { Params } from "./params.js";
import type { PayloadReader } from "./payload-reader.js";
import { LIST_SELECT_OPS, MAP_SELECT_OPS, type SelectOp } from "./select-op.js";

/** An operation on one list or map: `[code, param, …]`, the code taken and `given` parameters to come. */
export interface Operation {
  readonly code: number;
  readonly given: number;
  readonly reader: PayloadReader;
  readonly release: Release;
}

/** Codes of lists are below those of maps. */
function isListOp(code: number): boolean {
  return code < MapOp.SET_TYPE.code;
}

/** Whether an operation is for what a container is. */
export function suits({ code, release }: Operation, kind: Container["kind"]): boolean {
  if (code === ContainerOp.COUNT.code && release === "8.2") return true;
  return isListOp(code) === (kind === "list");
}

export interface Modified extends Change<Container> {
  /** An empty list or map that was made on the way to doing nothing. */
  readonly opened?: Container | undefined;
}

/** A collection that can be had without some of its elements. */
interface Shrinkable extends Collection {
  without(positions: ReadonlySet<number>): Container;
}

/** Runs a read on a list (a map) that its code is for. */
export function read(container: Container, operation: Operation): Answer {
  const { code } = operation;
  if (operation.release === "8.2") {
    if (code === ContainerOp.COUNT.code) return count(container, operation);
    if (code === ListOp.JOIN.code && container.kind === "list") {
      return join(container, operation.reader, operation.given);
    }
  }
  if (container.kind === "list") {
    if (code === ListOp.SIZE.code) return integerValue(container.elements.length);
    return select(new ListCollection(container), LIST_SELECT_OPS.get(code), operation);
  }
  if (code === MapOp.SIZE.code) return integerValue(container.entries.length);
  return select(new MapCollection(container), MAP_SELECT_OPS.get(code), operation);
}

function count(container: Container, { given }: Operation): Answer {
  if (given > 0) return ResultCode.PARAMETER_ERROR;
  return integerValue(container.kind === "list" ? container.elements.length : container.entries.length);
}

/** Runs a modification on a list (a map) that its code is for, or where there is none yet. */
export function modify(existing: Container | undefined, binExists: boolean, operation: Operation): Modified | number {
  const { code } = operation;
  if (isListOp(code)) {
    const list = existing?.kind === "list" ? existing : undefined;
    const op = LIST_SELECT_OPS.get(code);
    if (op === undefined) return change(new Target(list, binExists), LIST_MODIFY_OPS.get(code), operation);
    return remove(list === undefined ? undefined : new ListCollection(list), op, operation);
  }
  const map = existing?.kind === "map" ? existing : undefined;
  const op = MAP_SELECT_OPS.get(code);
  if (op === undefined) return change(new Target(map, binExists), MAP_MODIFY_OPS.get(code), operation);
  return remove(map === undefined ? undefined : new MapCollection(map), op, operation);
}

function select<C extends Collection>(collection: C, op: SelectOp<C> | undefined, operation: Operation): Answer {
  if (op === undefined || op.removes) return ResultCode.PARAMETER_ERROR;
  const params = new Params(operation.reader, operation.given, op.required, op.most);
  const { wanted, criterion } = op.read(params);
  if (params.areBad) return ResultCode.PARAMETER_ERROR;
  const selection = criterion(collection, wanted);
  return typeof selection === "number" ? selection : answer(collection, selection, wanted);
}

function remove<C extends Shrinkable>(
  collection: C | undefined,
  op: SelectOp<C>,
  operation: Operation,
): Modified | number {
  if (!op.removes) return ResultCode.PARAMETER_ERROR;
  if (collection === undefined) return {};
  const params = new Params(operation.reader, operation.given, op.required, op.most);
  const { wanted, criterion } = op.read(params);
  if (params.areBad) return ResultCode.PARAMETER_ERROR;
  const selection = criterion(collection, wanted);
  if (typeof selection === "number") return selection;
  const value = answer(collection, selection, wanted);
  if (typeof value === "number") return value;
  return selection.count === 0 ? { value } : { value, container: collection.without(new Set(selection.positions)) };
}

function change<C extends Container>(
  target: Target<C>,
  op: ModifyOp<C> | undefined,
  operation: Operation,
): Modified | number {
  if (op === undefined) return ResultCode.PARAMETER_ERROR;
  if (target.existing === undefined && op.onMissing !== undefined) {
    const outcome = op.onMissing(target);
    if (outcome !== undefined) return outcome;
  }
  const params = new Params(operation.reader, operation.given, op.required, op.most);
  const modification = op.read(params);
  if (params.areBad) return ResultCode.PARAMETER_ERROR;
  const outcome = modification(target);
  if (typeof outcome === "number") return outcome;
  // What was handed back as it stood is no change: a sorted list around it does not put it in place again.
  const isSame = outcome.container !== undefined && outcome.container === target.existing;
  return isSame ? { value: outcome.value ?? null } : { ...outcome, opened: target.opened };
}
