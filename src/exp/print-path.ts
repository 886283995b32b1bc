import { ContextType } from "../../protocol/cdt/context.js";
import { INVERTED, MapReturnType } from "../../protocol/cdt/flags.js";
import type { ExpKind } from "../../protocol/exp/exp-type.js";
import { literalValue } from "../../protocol/exp/literal.js";
import type { CallNode, ExpNode, PathStep, SelectNode } from "../../protocol/exp/node.js";
import { isBytes } from "../../protocol/value/pack.js";
import { print, receiver, typed } from "./print.js";
import { printContextStep, printStep, type Shape } from "./print-step.js";
import { at, Hold, operand, type Printed } from "./printed.js";

// Calls as paths: the context's steps, the last step, and what is asked about it.

/** Reads by op code: what they look into, how the step is written, and whether it selects several. */
const READS: Readonly<Record<number, readonly [on: "list" | "map", shape: Shape, several: boolean]>> = {
  19: ["list", "index", false],
  20: ["list", "value", false],
  21: ["list", "rank", false],
  22: ["list", "value", true],
  23: ["list", "values", true],
  24: ["list", "indexRange", true],
  25: ["list", "valueRange", true],
  26: ["list", "rankRange", true],
  27: ["list", "rankRel", true],
  97: ["map", "key", false],
  98: ["map", "index", false],
  99: ["map", "value", false],
  100: ["map", "rank", false],
  102: ["map", "value", true],
  103: ["map", "keyRange", true],
  104: ["map", "indexRange", true],
  105: ["map", "valueRange", true],
  106: ["map", "rankRange", true],
  107: ["map", "keys", true],
  108: ["map", "values", true],
  109: ["map", "indexRel", true],
  110: ["map", "rankRel", true],
};
const LIST_SIZE = 16;
const MAP_SIZE = 96;

const RETURNS: Readonly<Record<number, string>> = {
  [MapReturnType.INDEX]: "INDEX",
  [MapReturnType.REVERSE_INDEX]: "REVERSE_INDEX",
  [MapReturnType.RANK]: "RANK",
  [MapReturnType.REVERSE_RANK]: "REVERSE_RANK",
  [MapReturnType.COUNT]: "COUNT",
  [MapReturnType.KEY]: "KEY",
  [MapReturnType.KEY_VALUE]: "KEY_VALUE",
  [MapReturnType.EXISTS]: "EXISTS",
  [MapReturnType.UNORDERED_MAP]: "UNORDERED_MAP",
  [MapReturnType.ORDERED_MAP]: "ORDERED_MAP",
};

const HLL: Readonly<Record<number, string>> = {
  50: "hllCount",
  51: "hllUnion",
  52: "hllUnionCount",
  53: "hllIntersectCount",
  54: "hllSimilarity",
  55: "hllDescribe",
  56: "hllMayContain",
};
const BITS: Readonly<Record<number, string>> = {
  50: "bitGet",
  51: "bitCount",
  52: "bitLscan",
  53: "bitRscan",
  54: "bitGetInt",
};

/** A read as a path; undefined for what the language can't say. */
export function printCall(node: CallNode, known: ExpKind | undefined): Printed | undefined {
  if (node.modify || node.type === undefined) return undefined;
  if (node.system === "hll") return printHll(node);
  if (node.system === "bits") return printBits(node);
  if (node.code === LIST_SIZE || node.code === MAP_SIZE) return printSize(node);
  const contained = printIn(node);
  if (contained !== undefined) return contained;
  const [on, shape, several] = READS[node.code] ?? [];
  if (on === undefined || shape === undefined) return undefined;
  const returns = constantInt(node.params[0]);
  if (returns === undefined) return undefined;
  const inverted = (returns & INVERTED) !== 0;
  const step = printStep(on, shape, inverted, node.params.slice(1));
  const base = printBase(node.target, node.path, on);
  if (step === undefined || base === undefined) return undefined;
  return finish(`${base}.${step}`, node, returns & ~INVERTED, shape, several === true, known);
}

function finish(
  path: string,
  node: CallNode,
  returns: number,
  shape: Shape,
  several: boolean,
  known: ExpKind | undefined,
): Printed | undefined {
  // Values are looked for one by one, or all where they are counted.
  const isAll =
    returns === MapReturnType.COUNT || returns === MapReturnType.EXISTS || returns >= MapReturnType.KEY_VALUE;
  if (shape === "value" && several !== isAll) return undefined;
  const isMany = several && shape !== "value";
  switch (returns) {
    case MapReturnType.VALUE:
      if (isMany) return node.type === "list" ? operand(path) : undefined;
      return typed(path, node.type, known);
    case MapReturnType.EXISTS:
      return node.type === "bool" ? operand(`${path}.exists()`) : undefined;
    case MapReturnType.COUNT:
      return node.type === "int"
        ? operand(isMany || shape === "value" ? `${path}.count()` : `${path}.get(return: COUNT)`)
        : undefined;
    case MapReturnType.KEY:
      if (isMany) return node.type === "list" ? operand(`${path}.get(return: KEY)`) : undefined;
      return operand(`${path}.get(${node.type === known ? "" : `type: ${node.type?.toUpperCase()}, `}return: KEY)`);
  }
  const name = RETURNS[returns];
  if (name === undefined) return undefined;
  const due = returns >= MapReturnType.KEY_VALUE ? "map" : isMany ? "list" : "int";
  return node.type === due ? operand(`${path}.get(return: ${name})`) : undefined;
}

/** `value in list`, which is an EXISTS read. */
function printIn(node: CallNode): Printed | undefined {
  const [returns, value] = node.params;
  const isIn =
    node.code === 22 && node.path.length === 0 && node.type === "bool" && constantInt(returns) === MapReturnType.EXISTS;
  if (!isIn || value === undefined || value.kind === "special" || node.target.type !== "list") return undefined;
  const { target } = node;
  if (target.kind !== "const") {
    const left = print(value, undefined);
    return { text: `${at(Hold.BITS, left)} in ${at(Hold.BITS, print(target, "list"))}`, hold: Hold.COMPARISON };
  }
  const element = elementType(literalValue(target.value));
  if (element === undefined || element !== value.type) return undefined;
  const left = at(Hold.BITS, print(value, element));
  return { text: `${left} in ${print(target, "list").text}`, hold: Hold.COMPARISON };
}

function elementType(list: unknown): ExpKind | undefined {
  if (!Array.isArray(list) || list.length === 0) return undefined;
  const types = new Set(list.map(typeOfValue));
  const [only] = types;
  return types.size === 1 ? only : undefined;
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
      if (value !== null && isBytes(value)) return "blob";
      return Array.isArray(value) ? "list" : undefined;
    default:
      return undefined;
  }
}

function printSize(node: CallNode): Printed | undefined {
  const on = node.code === LIST_SIZE ? "list" : "map";
  const base = printBase(node.target, node.path, on);
  if (base === undefined) return undefined;
  const last = node.path.at(-1)?.code;
  const byValue = last === ContextType.LIST_VALUE || last === ContextType.MAP_VALUE;
  // count() alone counts a list's elements, and after a value how often it occurs.
  const says = on === "map" ? ".{}" : byValue ? ".[]" : "";
  return operand(`${base}${says}.count()`);
}

function printHll(node: CallNode): Printed | undefined {
  const name = HLL[node.code];
  if (name === undefined) return undefined;
  const target = receiver(node.target, "hll");
  const [param] = node.params;
  if (param === undefined) return operand(`${target}.${name}()`);
  if (param.kind === "const" && param.type === "list" && print(param, "list").text.startsWith("Exp.")) return undefined;
  return operand(`${target}.${name}(${print(param, name === "hllMayContain" ? "list" : "hll").text})`);
}

function printBits(node: CallNode): Printed | undefined {
  const name = BITS[node.code];
  if (name === undefined) return undefined;
  const params = node.params.map((param, i) => (i < 2 ? print(param, "int").text : print(param, "bool").text));
  if (name === "bitGetInt" && node.params.length > 2) {
    if (constantInt(node.params[2]) !== 1) return undefined;
    params[2] = "true";
  }
  return operand(`${receiver(node.target, "blob")}.${name}(${params.join(", ")})`);
}

/** A path with wildcards. */
export function printSelect(node: SelectNode): Printed | undefined {
  if (node.apply !== undefined || node.type !== "list") return undefined;
  const says = { 17: "", 18: ".get(return: KEY)", 19: ".get(return: KEY_VALUE)" }[node.flags];
  const { target } = node;
  // The first step says whether the bin is a list or a map.
  const base = printBase(target, node.path, target.type === "list" ? "list" : "map");
  const hasWildcard = node.path.some((step) => step.code === ContextType.EXPRESSION);
  if (says === undefined || base === undefined || !hasWildcard) return undefined;
  return operand(`${base}${says}`);
}

/** What a path starts from, and its context. */
function printBase(target: ExpNode, path: readonly PathStep[], last: "list" | "map"): string | undefined {
  const first = path[0];
  const on = first === undefined ? last : stepOn(first, target.type);
  if (target.type !== undefined && on !== target.type) return undefined;
  const steps = path.map((step, i) => printContextStep(step, i === 0 ? target.type : undefined));
  if (steps.includes(undefined)) return undefined;
  const { text } = print(target, target.type);
  const isPath = target.kind === "bin" || target.kind === "loopVar" || target.kind === "var" || isChainable(target);
  return [isPath ? text : `(${text})`, ...steps].join(".");
}

/** Ends in a function, so that steps after it start anew. */
function isChainable(target: ExpNode): boolean {
  return target.kind === "op" && print(target, undefined).text.endsWith("()");
}

function stepOn(step: PathStep, type: ExpKind | undefined): ExpKind | undefined {
  if (step.code === ContextType.EXPRESSION) return type;
  return (step.code & 0x10) !== 0 ? "list" : "map";
}

function constantInt(node: ExpNode | undefined): number | undefined {
  return node?.kind === "const" && node.type === "int" && typeof node.value === "number" ? node.value : undefined;
}
