import { CONTEXT_LIST, ContextCreate, ContextType } from "../../protocol/cdt/context.js";
import { INVERTED, ListOrderType, ListWriteFlags, MapOrder } from "../../protocol/cdt/flags.js";
import { PERSIST_INDEX } from "../../protocol/cdt/list.js";
import { type CdtOperation, ListOp, MapOp } from "../../protocol/cdt/operations.js";
import { PATH_NO_FAIL } from "../../protocol/cdt/path.js";
import type { CallNode, ExpNode, PathStep, SelectNode } from "../../protocol/exp/node.js";
import { ExpOp } from "../../protocol/exp/op-code.js";
import { printBase } from "./print-path.js";
import { printContextStep, printStep } from "./print-step.js";
import { operand, type Printed, type Printer } from "./printed.js";

// Changed lists and maps.

const { NO_FAIL, PARTIAL, INSERT_BOUNDED: BOUNDED } = ListWriteFlags;

interface Verb {
  readonly name: string;
  /** How many parameters come before order and flags. */
  readonly takes: 0 | 1 | 2;
  readonly hasOrder: boolean;
  readonly hasFlags: boolean;
}

const VERBS: ReadonlyMap<CdtOperation, Verb> = new Map<CdtOperation, Verb>([
  [ListOp.APPEND, { name: "append", takes: 1, hasOrder: true, hasFlags: true }],
  [ListOp.APPEND_ITEMS, { name: "appendItems", takes: 1, hasOrder: true, hasFlags: true }],
  [ListOp.SET, { name: "setTo", takes: 2, hasOrder: false, hasFlags: true }],
  [ListOp.INSERT, { name: "insert", takes: 2, hasOrder: false, hasFlags: true }],
  [ListOp.INSERT_ITEMS, { name: "insertItems", takes: 2, hasOrder: false, hasFlags: true }],
  [ListOp.INCREMENT, { name: "add", takes: 2, hasOrder: true, hasFlags: true }],
  [ListOp.SORT, { name: "sort", takes: 0, hasOrder: false, hasFlags: true }],
  [ListOp.CLEAR, { name: "clear", takes: 0, hasOrder: false, hasFlags: false }],
  [MapOp.PUT, { name: "setTo", takes: 2, hasOrder: true, hasFlags: true }],
  [MapOp.PUT_ITEMS, { name: "putItems", takes: 1, hasOrder: true, hasFlags: true }],
  [MapOp.INCREMENT, { name: "add", takes: 2, hasOrder: true, hasFlags: false }],
  [MapOp.CLEAR, { name: "clear", takes: 0, hasOrder: false, hasFlags: false }],
]);

/** A write as a function behind a path; undefined for what the language can't say. */
export function printWrite(printer: Printer, node: CallNode, operation: CdtOperation): Printed | undefined {
  const { on, selects } = operation;
  if ((on !== "list" && on !== "map") || node.type !== node.target.type) return undefined;
  const { params } = node;
  if (selects !== undefined) {
    const returns = constantInt(params[0]);
    if (returns !== 0 && returns !== INVERTED) return undefined;
    const step = printStep(on, selects, returns === INVERTED, params.slice(1));
    if (step === undefined) return undefined;
    return finish(printer, node, on, [step], "", "remove()", node.noFailPath === true ? ":NO_FAIL" : "");
  }
  const verb = VERBS.get(operation);
  if (verb === undefined || params.length < verb.takes) return undefined;
  const rest = params.slice(verb.takes).map(constantInt);
  if (rest.includes(undefined) || rest.length > (verb.hasOrder ? 1 : 0) + (verb.hasFlags ? 1 : 0)) return undefined;
  const order = verb.hasOrder ? (rest[0] ?? 0) : 0;
  const flags = (verb.hasOrder ? rest[1] : rest[0]) ?? 0;
  // What is not sent when it is nothing.
  if (rest.length !== (flags !== 0 ? (verb.hasOrder ? 2 : 1) : order !== 0 ? 1 : 0)) return undefined;
  const said = on === "list" ? listFlags(verb, flags) : mapFlags(verb, flags);
  const holder = holderOf(on, order, said?.isPadded === true);
  if (said === undefined || holder === undefined) return undefined;
  const noFail = node.noFailPath === true;
  const properties = verb.hasFlags ? said.properties : noFail ? ":NO_FAIL" : "";
  if (noFail !== (properties.includes("NO_FAIL") || properties.includes("PARTIAL")) && node.path.length > 0)
    return undefined;
  const value = params[verb.takes - 1];
  const call = `${said.name}(${value === undefined ? "" : printer.print(value, undefined).text})`;
  const place =
    verb.takes === 2 ? printStep(on, on === "list" ? "index" : "key", false, params.slice(0, 1)) : undefined;
  if (verb.takes === 2 && place === undefined) return undefined;
  return finish(printer, node, on, place === undefined ? [] : [place], holder, call, properties);
}

interface Said {
  readonly name: string;
  readonly properties: string;
  /** Places beyond the end are filled up. */
  readonly isPadded: boolean;
}

function listFlags(verb: Verb, flags: number): Said | undefined {
  if (verb.name === "sort") {
    return flags === 0 || flags === 2
      ? { name: "sort", properties: flags === 0 ? "" : ":DROP_DUPS", isPadded: false }
      : undefined;
  }
  const isPlaced = verb.takes === 2;
  const isPadded = isPlaced && (flags & BOUNDED) === 0;
  if (!isPlaced && (flags & BOUNDED) !== 0) return undefined;
  const properties = lenience(flags);
  if (properties === undefined || ((flags & PARTIAL) !== 0 && !verb.name.endsWith("Items"))) return undefined;
  return { name: verb.name, properties: `${(flags & 1) === 0 ? "" : ":ADD_UNIQUE"}${properties}`, isPadded };
}

function mapFlags(verb: Verb, flags: number): Said | undefined {
  const properties = lenience(flags);
  const only = flags & 3;
  const isMany = verb.name === "putItems";
  if (properties === undefined || only === 3 || ((flags & PARTIAL) !== 0 && !isMany)) return undefined;
  const names = isMany ? [verb.name, "insertItems", "updateItems"] : [verb.name, "insert", "update"];
  return { name: names[only]!, properties, isPadded: false };
}

function lenience(flags: number): string | undefined {
  if (flags > 15 || (flags & (NO_FAIL | PARTIAL)) === PARTIAL) return undefined;
  return (flags & PARTIAL) !== 0 ? ":PARTIAL" : (flags & NO_FAIL) !== 0 ? ":NO_FAIL" : "";
}

/** What is said of the container that is changed, should it be created. */
function holderOf(on: "list" | "map", order: number, isPadded: boolean): string | undefined {
  const kind = order & ~PERSIST_INDEX;
  const index = (order & PERSIST_INDEX) === 0 ? "" : ":PERSIST_INDEX";
  if (isPadded) return order === ListOrderType.UNORDERED ? ":UNSORTED_PAD" : undefined;
  if (kind === 0) return index;
  if (kind === MapOrder.KEY_ORDERED) return `${on === "list" ? ":SORTED" : ":KEY_ORDERED"}${index}`;
  return kind === MapOrder.KEY_VALUE_ORDERED && on === "map" ? `:KEY_VALUE_ORDERED${index}` : undefined;
}

const CREATE = ContextCreate.MASK | ContextCreate.PERSIST_INDEX;
const MAP_ORDERS = ["", ":UNORDERED", ":KEY_ORDERED", ":KEY_VALUE_ORDERED"];
const LIST_ORDERS = ["", ":UNSORTED", ":UNSORTED_PAD", ":SORTED"];

/** The order of the container that a step looks into, should it be created. */
function createdBy({ code, filter }: PathStep): string {
  if (filter !== undefined || code >= 0x200) return "";
  const orders = (code & CONTEXT_LIST) === 0 ? MAP_ORDERS : LIST_ORDERS;
  return `${orders[(code & ContextCreate.MASK) >> 6]}${(code & ContextCreate.PERSIST_INDEX) === 0 ? "" : ":PERSIST_INDEX"}`;
}

function finish(
  printer: Printer,
  { target, path }: CallNode,
  on: "list" | "map",
  place: readonly string[],
  holder: string,
  call: string,
  properties: string,
): Printed | undefined {
  if (target.kind !== "bin") return undefined;
  const plain = path.map((step) => ({ ...step, code: step.filter === undefined ? step.code & ~CREATE : step.code }));
  const steps = plain.map((step) => printContextStep(printer, step));
  if (steps.includes(undefined)) return undefined;
  // clear() alone does not say of what.
  const isClear = call === "clear()";
  const known = isClear && steps.length === 0 ? undefined : target.type;
  const parts = [printer.print(target, known).text, ...steps];
  if (isClear && steps.length > 0) parts[parts.length - 1] += `:${on.toUpperCase()}`;
  const holders = [...path.map(createdBy), holder];
  const written = parts.map((part, i) => `${part}${holders[i]}`);
  return operand(`${[...written, ...place, call].join(".")}${properties}`);
}

/** `modify()`, and `remove()` behind wildcards. */
export function printChange(printer: Printer, node: SelectNode): Printed | undefined {
  const { apply, target, path, flags } = node;
  if (apply === undefined || node.type !== target.type) return undefined;
  const base = printBase(printer, target, path, target.type === "list" ? "list" : "map");
  if (base === undefined) return undefined;
  const isRemoval = apply.kind === "op" && apply.code === ExpOp.REMOVE_RESULT;
  if (isRemoval && !path.some(({ code }) => code === ContextType.EXPRESSION || code >= 0x200)) return undefined;
  const call = isRemoval ? "remove()" : `modify(${printer.print(apply, undefined).text})`;
  return operand(`${base}.${call}${(flags & PATH_NO_FAIL) === 0 ? "" : ":NO_FAIL"}`);
}

function constantInt(node: ExpNode | undefined): number | undefined {
  return node?.kind === "const" && node.type === "int" && typeof node.value === "number" ? node.value : undefined;
}
