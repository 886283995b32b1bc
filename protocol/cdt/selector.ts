import { describe } from "../value/invalid-value.js";
import { type CdtCall, cdtCall } from "./call.js";
import { INVERTED, ListReturnType, MapReturnType } from "./flags.js";
import { type CdtOperation, isSingle, type SelectorKind, selectorOperations } from "./operations.js";
import { Computed, type Param, stored } from "./param.js";

// Reading and removing what a selector names:   [code, return type, selector's params…]

/** Elements of a list, or entries of a map, named by position, rank, key or value. */
interface AnySelector {
  readonly kind: SelectorKind;
  readonly params: readonly Param[];
  /** A key or value list that may be empty when the server sees it. */
  readonly mayBeEmpty: boolean;
}

export interface ListSelector extends AnySelector {
  readonly on: "list";
}

export interface MapSelector extends AnySelector {
  readonly on: "map";
}

export type Selector = ListSelector | MapSelector;

/** Reads what the selector names. */
export function getBy(selector: Selector, returnType: number): CdtCall {
  return selectorCall(selectorOperations(selector.on, selector.kind).read, selector, returnType);
}

/** Removes what the selector names. */
export function removeBy(selector: Selector, returnType: number = MapReturnType.NONE): CdtCall {
  return selectorCall(selectorOperations(selector.on, selector.kind).remove, selector, returnType);
}

function selectorCall(operation: CdtOperation, selector: Selector, returnType: number): CdtCall {
  checkReturnType(selector, returnType);
  return cdtCall(operation, [stored("returnType", returnType), ...selector.params]);
}

function checkReturnType(selector: Selector, returnType: number): void {
  const inverted = (returnType & INVERTED) !== 0;
  const kind = inverted ? returnType - INVERTED : returnType;
  const allowed: Readonly<Record<string, number>> = selector.on === "list" ? ListReturnType : MapReturnType;
  const names = Object.keys(allowed).filter((each) => allowed[each] !== INVERTED);
  const name = names.find((each) => allowed[each] === kind);
  if (name === undefined) {
    throw new RangeError(
      `returnType is ${describe(returnType)}; expected one of ${names.join(", ")} for a ${selector.on}`,
    );
  }
  if (isRange(kind) && !rangeApplies(selector, kind)) refuse(name, "does not apply to this selector");
  if (selector.kind === "keyList" && (kind === MapReturnType.RANK || kind === MapReturnType.REVERSE_RANK)) {
    refuse(name, "does not apply to a list of keys");
  }
  if (inverted) checkInverted(selector, kind, name);
}

function checkInverted(selector: Selector, kind: number, name: string): void {
  if (isSingle(selector.kind)) throw new TypeError("A selector of a single element can't be inverted");
  if (isRange(kind)) refuse(name, "can't be inverted: what is left over is no run of neighbours");
  // The server returns whether the selector found something, not whether something is left over.
  if (kind === MapReturnType.EXISTS) refuse(name, "can't be inverted; use COUNT");
  if (selector.on === "map" && selector.mayBeEmpty) {
    throw new RangeError(
      `An empty list of ${selector.kind === "keyList" ? "keys" : "values"} can't be inverted on a map: it can bring the server down`,
    );
  }
}

function isRange(kind: number): boolean {
  return kind >= MapReturnType.INDEX_RANGE && kind <= MapReturnType.REVERSE_RANK_RANGE;
}

/** An ordered list has its ranks in index order, so all four apply; the order of a list is not known here. */
function rangeApplies(selector: Selector, kind: number): boolean {
  switch (selector.kind) {
    case "keyList":
    case "valueList":
      return false;
    case "index":
    case "indexRange":
    case "relativeIndexRange":
    case "key":
    case "keyRange":
      return selector.on === "list" || kind <= MapReturnType.REVERSE_INDEX_RANGE;
    default:
      return selector.on === "list" || kind >= MapReturnType.RANK_RANGE;
  }
}

function refuse(name: string, why: string): never {
  throw new TypeError(`Return type ${name} ${why}`);
}

/** Whether a list parameter can be without elements when the server sees it. */
export function mayBeEmpty(list: readonly unknown[] | Computed): boolean {
  return list instanceof Computed ? !list.isFilledList : list.length === 0;
}
