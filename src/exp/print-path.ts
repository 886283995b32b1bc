import { CONTEXT_LIST, ContextType } from "../../protocol/cdt/context.js";
import { INVERTED, MapReturnType } from "../../protocol/cdt/flags.js";
import { isSingle, ListOp, MapOp, operationOf, type SelectorKind } from "../../protocol/cdt/operations.js";
import { PathSelectFlags } from "../../protocol/cdt/path.js";
import type { ExpKind } from "../../protocol/exp/exp-type.js";
import { literalValue } from "../../protocol/exp/literal.js";
import type { CallNode, ExpNode, PathStep, SelectNode } from "../../protocol/exp/node.js";
import { Double } from "../../protocol/value/double.js";
import { isBytes, isPlainObject } from "../../protocol/value/pack.js";
import { printContextStep, printStep } from "./print-step.js";
import { operand, Precedence, type Printed, type Printer, parenthesized, typed } from "./printed.js";

// Calls as paths: the context's steps, the last step, and what is asked about it.

const RETURNS: Readonly<Record<number, string>> = {
  [MapReturnType.INDEX]: "getIndexes()",
  [MapReturnType.REVERSE_INDEX]: "getIndexes():REVERSE",
  [MapReturnType.RANK]: "getRanks()",
  [MapReturnType.REVERSE_RANK]: "getRanks():REVERSE",
  [MapReturnType.KEY_VALUE]: "get(return: KEY_VALUE)",
  [MapReturnType.UNORDERED_MAP]: "getMaps():UNORDERED",
  [MapReturnType.ORDERED_MAP]: "getMaps()",
};

/** A read as a path; undefined for what the language can't say. */
export function printCall(printer: Printer, node: CallNode, known: ExpKind | undefined): Printed | undefined {
  const operation = operationOf(node.system, node.code);
  if (operation === undefined || node.type === undefined || node.type === "nil") return undefined;
  const { on, selects } = operation;
  if (on === "string" || on === "hll" || on === "bits") return undefined;
  if (operation === ListOp.JOIN) return printJoin(printer, node);
  if (on === "container") return node.path.length === 0 ? undefined : printSize(printer, node, on);
  if (operation === ListOp.SIZE || operation === MapOp.SIZE) return printSize(printer, node, on);
  const contained = operation === ListOp.GET_ALL_BY_VALUE ? printIn(printer, node) : undefined;
  if (contained !== undefined) return contained;
  if (selects === undefined) return undefined;
  const returns = constantInt(node.params[0]);
  if (returns === undefined) return undefined;
  const inverted = (returns & INVERTED) !== 0;
  if (inverted && (returns & ~INVERTED) === MapReturnType.EXISTS) return undefined;
  const step = printStep(on, selects, inverted, node.params.slice(1));
  const base = printBase(printer, node.target, node.path, on);
  if (step === undefined || base === undefined) return undefined;
  return finish(`${base}.${step}`, node, returns & ~INVERTED, selects, known);
}

function finish(
  path: string,
  node: CallNode,
  returns: number,
  selects: SelectorKind,
  known: ExpKind | undefined,
): Printed | undefined {
  // A value that is looked for is one element; all with it are only ever counted.
  if (
    selects === "value" ? returns !== MapReturnType.COUNT : selects === "firstValue" && returns === MapReturnType.COUNT
  ) {
    return undefined;
  }
  const isMany = !isSingle(selects) && selects !== "value";
  switch (returns) {
    case MapReturnType.VALUE:
      if (isMany) return node.type === "list" ? operand(path) : undefined;
      return typed(path, node.type, known);
    case MapReturnType.EXISTS:
      return node.type === "bool" ? operand(`${path}.exists()`) : undefined;
    case MapReturnType.COUNT:
      return node.type === "int"
        ? operand(isMany || selects === "value" ? `${path}.count()` : `${path}.get(return: COUNT)`)
        : undefined;
    case MapReturnType.KEY:
      if (isMany) return node.type === "list" ? operand(`${path}.getKeys()`) : undefined;
      if (node.type !== "int" && node.type !== "string" && node.type !== "blob") return undefined;
      return operand(`${path}.get(type: ${node.type.toUpperCase()}, return: KEY)`);
  }
  const says = RETURNS[returns];
  if (says === undefined || (returns >= MapReturnType.KEY_VALUE && !isMany)) return undefined;
  const expected = returns >= MapReturnType.KEY_VALUE ? "map" : isMany ? "list" : "int";
  return node.type === expected ? operand(`${path}.${says}`) : undefined;
}

/** `value in list`, which is an EXISTS read. */
function printIn(printer: Printer, node: CallNode): Printed | undefined {
  const [returns, value] = node.params;
  const isIn = node.path.length === 0 && node.type === "bool" && constantInt(returns) === MapReturnType.EXISTS;
  if (!isIn || value === undefined || value.kind === "special" || node.target.type !== "list") return undefined;
  const { target } = node;
  if (target.kind !== "const") {
    const left = printer.print(value, undefined);
    return {
      text: `${parenthesized(Precedence.BIT_OR, left)} in ${parenthesized(Precedence.BIT_OR, printer.print(target, "list"))}`,
      precedence: Precedence.COMPARISON,
    };
  }
  const list = literalValue(target.value);
  const types = Array.isArray(list) ? list.map(typeOfValue) : [];
  // A text in which no element can be equal is refused.
  if (!types.includes(value.type)) return undefined;
  // A value of open type takes the type of the first element; else it has to say its own.
  const left = parenthesized(Precedence.BIT_OR, printer.print(value, types[0] === value.type ? value.type : undefined));
  return { text: `${left} in ${printer.print(target, "list").text}`, precedence: Precedence.COMPARISON };
}

function typeOfValue(value: unknown): ExpKind | undefined {
  switch (typeof value) {
    case "number":
      return Number.isSafeInteger(value) ? "int" : "float";
    case "bigint":
      return "int";
    case "string":
      return "string";
    case "boolean":
      return "bool";
    case "object":
      if (value === null) return undefined;
      if (isBytes(value)) return "blob";
      if (value instanceof Double) return "float";
      if (value instanceof Map || isPlainObject(value)) return "map";
      return Array.isArray(value) ? "list" : undefined;
    default:
      return undefined;
  }
}

/** Strings of a list with something between. */
function printJoin(printer: Printer, node: CallNode): Printed | undefined {
  const { target, path, params } = node;
  if (params.length !== 1 || node.noFailPath === true) return undefined;
  const base =
    path.length > 0
      ? printBase(printer, target, path, "list")
      : target.kind === "bin"
        ? printer.print(target, "list").text
        : `(${printer.print(target, "list").text})`;
  return base === undefined ? undefined : operand(`${base}.join(${printer.print(params[0]!, "string").text})`);
}

function printSize(printer: Printer, node: CallNode, on: "list" | "map" | "container"): Printed | undefined {
  const { target, path } = node;
  if (path.length === 0) {
    if (target.type !== on) return undefined;
    // Behind a path it would count in its context, which is another call.
    const text =
      target.kind === "call" ? `(${printer.print(target, undefined).text})` : printer.receiver(target, undefined);
    return operand(`${text}.count()`);
  }
  const base = printBase(printer, target, path, on === "container" ? "map" : on);
  const last = path.at(-1)?.code;
  // How often a value is there is another call.
  if (base === undefined || last === ContextType.LIST_VALUE || last === ContextType.MAP_VALUE) return undefined;
  return operand(`${base}${on === "container" ? "" : `:${on.toUpperCase()}`}.count()`);
}

/** What the language says of a path's result; it has no words for skipping what can't be worked out. */
const PATH_RETURNS: ReadonlyMap<number, string> = new Map([
  [PathSelectFlags.MATCHING_TREE, ".getTree()"],
  [PathSelectFlags.VALUES, ""],
  [PathSelectFlags.MAP_KEYS, ".getKeys()"],
  [PathSelectFlags.MAP_KEY_VALUES, ".getKeyValues()"],
]);

/** A path with wildcards. */
export function printSelect(printer: Printer, node: SelectNode): Printed | undefined {
  const isTree = node.flags === PathSelectFlags.MATCHING_TREE;
  if (node.apply !== undefined || node.type !== (isTree ? node.target.type : "list")) return undefined;
  const says = PATH_RETURNS.get(node.flags);
  const { target } = node;
  // The first step says whether the bin is a list or a map.
  const base = printBase(printer, target, node.path, target.type === "list" ? "list" : "map");
  const hasWildcard = node.path.some(
    (step) => step.code === ContextType.EXPRESSION || step.code === ContextType.AND_EXPRESSION,
  );
  if (says === undefined || base === undefined || !hasWildcard) return undefined;
  return operand(`${base}${says}`);
}

/** What a path starts from, and its context. */
export function printBase(
  printer: Printer,
  target: ExpNode,
  path: readonly PathStep[],
  last: "list" | "map",
): string | undefined {
  const first = path[0];
  const on = first === undefined ? last : stepOn(first, target.type);
  if (target.type !== undefined && on !== target.type) return undefined;
  const steps = path.map((step) => printContextStep(printer, step));
  if (steps.includes(undefined)) return undefined;
  // A wildcard does not tell what it looks into.
  const { text } = printer.print(target, first?.code === ContextType.EXPRESSION ? undefined : target.type);
  const isPath = target.kind === "bin" || (target.kind === "loopVar" && !text.includes(":"));
  return [isPath ? text : `(${text})`, ...steps].join(".").replaceAll(".&[", "&[");
}

function stepOn(step: PathStep, type: ExpKind | undefined): ExpKind | undefined {
  if (step.code === ContextType.EXPRESSION) return type;
  return (step.code & CONTEXT_LIST) !== 0 ? "list" : "map";
}

function constantInt(node: ExpNode | undefined): number | undefined {
  return node?.kind === "const" && node.type === "int" && typeof node.value === "number" ? node.value : undefined;
}
