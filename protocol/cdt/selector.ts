import { describe } from "../value/invalid-value.js";
import { CallSystem, type CdtCall } from "./call.js";
import { INVERTED, ListReturnType, MapReturnType } from "./flags.js";
import { Computed, type Param, stored } from "./param.js";

// Reading and removing what a selector names:   [op, return type, selector's params…]
// Every selector has one op code for either.

/** What a selector goes by; it decides which return types make sense. */
export type SelectedBy = "index" | "rank" | "key" | "value" | "keyList" | "valueList";

/** Elements of a list, or entries of a map, named by position, rank, key or value. */
interface AnySelector {
  /** Op code of the read. */
  readonly get: number;
  /** Op code of the removal. */
  readonly remove: number;
  readonly by: SelectedBy;
  /** Names at most one element. */
  readonly single: boolean;
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
  return selectorCall(selector, selector.get, false, returnType);
}

/** Removes what the selector names. */
export function removeBy(selector: Selector, returnType: number = MapReturnType.NONE): CdtCall {
  return selectorCall(selector, selector.remove, true, returnType);
}

function selectorCall(selector: Selector, code: number, modify: boolean, returnType: number): CdtCall {
  checkReturnType(selector, returnType);
  return {
    system: CallSystem.CDT,
    code,
    modify,
    params: [stored("returnType", returnType), ...selector.params],
  };
}

function checkReturnType(selector: Selector, returnType: number): void {
  const inverted = (returnType & INVERTED) !== 0;
  const kind = inverted ? returnType - INVERTED : returnType;
  const allowed: Readonly<Record<string, number>> = selector.on === "list" ? ListReturnType : MapReturnType;
  const names = Object.keys(allowed).filter((each) => allowed[each] !== INVERTED);
  const name = names.find((each) => allowed[each] === kind);
  if (name === undefined) {
    throw new RangeError(
      `returnType is ${describe(returnType)}; one of ${names.join(", ")} is due for a ${selector.on}`,
    );
  }
  if (isRange(kind) && !rangeApplies(selector, kind)) refuse(name, "does not apply to this selector");
  if (selector.by === "keyList" && (kind === MapReturnType.RANK || kind === MapReturnType.REVERSE_RANK)) {
    refuse(name, "does not apply to a list of keys");
  }
  if (inverted) checkInverted(selector, kind, name);
}

function checkInverted(selector: Selector, kind: number, name: string): void {
  if (selector.single) throw new TypeError("A selector of a single element can't be inverted");
  if (isRange(kind)) refuse(name, "can't be inverted: what is left over is no run of neighbours");
  // The server answers whether the selector found something, not whether something is left over.
  if (kind === MapReturnType.EXISTS) refuse(name, "can't be inverted; use COUNT");
  if (selector.on === "map" && selector.mayBeEmpty) {
    throw new RangeError(
      `An empty list of ${selector.by === "keyList" ? "keys" : "values"} can't be inverted on a map: it can bring the server down`,
    );
  }
}

function isRange(kind: number): boolean {
  return kind >= MapReturnType.INDEX_RANGE && kind <= MapReturnType.REVERSE_RANK_RANGE;
}

/** An ordered list has its ranks in index order, so all four apply; the order of a list is not known here. */
function rangeApplies(selector: Selector, kind: number): boolean {
  switch (selector.by) {
    case "keyList":
    case "valueList":
      return false;
    case "index":
    case "key":
      return selector.on === "list" || kind <= MapReturnType.REVERSE_INDEX_RANGE;
    case "rank":
    case "value":
      return selector.on === "list" || kind >= MapReturnType.RANK_RANGE;
  }
}

function refuse(name: string, why: string): never {
  throw new TypeError(`Return type ${name} ${why}`);
}

/** Whether a list parameter can be without elements; a computed one can, unless it is a quoted literal. */
export function mayBeEmpty(list: readonly unknown[] | Computed): boolean {
  if (!(list instanceof Computed)) return list.length === 0;
  const [head, quote, inner] = list.packed;
  return head !== 0x92 || quote !== 0x7e || inner === undefined || !startsFilledList(inner);
}

function startsFilledList(head: number): boolean {
  return (head > 0x90 && head <= 0x9f) || head === 0xdc || head === 0xdd;
}
