import { encodeBase64 } from "../../protocol/bytes/base64.js";
import { Writer } from "../../protocol/bytes/writer.js";
import { CONTEXT_INVERTED, ContextCreate, ContextType } from "../../protocol/cdt/context.js";
import { ListOrderType, MapOrder } from "../../protocol/cdt/flags.js";
import { BitOp, type CdtOperation, HllOp, operationOf } from "../../protocol/cdt/operations.js";
import { PATH_NO_FAIL, PATH_RESULT_MASK } from "../../protocol/cdt/path.js";
import { literalValue, UnusualMap } from "../../protocol/exp/literal.js";
import type { CallNode, ConstNode, ExpNode, PathStep, SelectNode } from "../../protocol/exp/node.js";
import { OPS } from "../../protocol/exp/ops.js";
import { packNode } from "../../protocol/exp/pack.js";
import { Double } from "../../protocol/value/double.js";
import { GeoJson } from "../../protocol/value/geojson.js";
import { Hll } from "../../protocol/value/hll.js";
import { OrderedList } from "../../protocol/value/ordered-list.js";
import { isBytes } from "../../protocol/value/pack.js";
import { INFINITY } from "../../protocol/value/special.js";
import { type CallShape, callShape } from "./call-names.js";

// Expressions as the code that builds them.

const BINS: Readonly<Record<string, string>> = { geo: "geoBin", hll: "hllBin" };

/** Operations whose factory takes an array. */
const TAKES_ARRAY = new Set([
  "and",
  "or",
  "xor",
  "numAdd",
  "numSub",
  "numMul",
  "numDiv",
  "min",
  "max",
  "intAnd",
  "intOr",
  "intXor",
]);

export function printCode(node: ExpNode): string {
  switch (node.kind) {
    case "const":
      return printConst(node);
    case "special":
      return node.value === INFINITY ? "Exp.infinity()" : "Exp.wildcard()";
    case "param":
      return `?${node.index}`;
    case "bin":
      return `Exp.${BINS[node.type] ?? `${node.type}Bin`}(${text(node.name)})`;
    case "binType":
      return `Exp.binType(${text(node.name)})`;
    case "binExists":
      return `Exp.binExists(${text(node.name)}, { opCode: true })`;
    case "text":
      return node.type === "bool" || node.type === undefined
        ? `serverAel(${text(node.text)})`
        : `serverAelOf("${node.type}", ${text(node.text)})`;
    case "key":
      return `Exp.key("${node.type}")`;
    case "digestModulo":
      return `Exp.digestModulo(${node.modulus})`;
    case "op": {
      const name = OPS[node.code]?.name ?? "";
      const args = node.args.map(printCode).join(", ");
      return TAKES_ARRAY.has(name) ? `Exp.${name}([${args}])` : `Exp.${name}(${args})`;
    }
    case "regex": {
      const pattern = typeof node.pattern === "string" ? text(node.pattern) : `?${node.pattern.index}`;
      return `Exp.regexCompare(${pattern}, ${node.flags}, ${printCode(node.subject)})`;
    }
    case "cond":
      return `Exp.cond([${node.parts.map(printCode).join(", ")}])`;
    case "var":
      return `Exp.var(${text(node.name)})`;
    case "let": {
      const definitions = node.definitions.map(({ name, value }) => `Exp.def(${text(name)}, ${printCode(value)})`);
      return `Exp.let([${[...definitions, printCode(node.body)].join(", ")}])`;
    }
    case "loopVar":
      return `Exp.loopVar("${node.type}", "${node.part}")`;
    case "call":
      return printCall(node);
    case "select":
      return printSelect(node);
  }
}

function printConst(node: ConstNode): string {
  switch (node.type) {
    case "int":
      return `Exp.intVal(${valueCode(node.value)})`;
    case "float":
      return `Exp.floatVal(${String(node.value)})`;
    case "string":
      return `Exp.stringVal(${valueCode(node.value)})`;
    case "bool":
      return `Exp.boolVal(${String(node.value)})`;
    case "blob":
      return `Exp.blobVal(${valueCode(node.value)})`;
    case "geo":
      return `Exp.geoVal(${text(String(node.value))})`;
    case "hll":
      return `Exp.hllVal(${valueCode(node.value)})`;
    case "list":
      return `Exp.listVal(${valueCode(literalValue(node.value))})`;
    case "map": {
      const value = literalValue(node.value);
      return value instanceof UnusualMap ? packedCode(node) : `Exp.mapVal(${valueCode(value)})`;
    }
    case "nil":
      return "Exp.nil()";
  }
}

/** A plain value, as JavaScript writes it. */
function valueCode(value: unknown): string {
  switch (typeof value) {
    case "string":
      return text(value);
    case "bigint":
      return `${value}n`;
    case "symbol":
      return value === INFINITY ? "INFINITY" : "WILDCARD";
    case "number":
      return Object.is(value, -0) ? "-0" : String(value);
  }
  if (typeof value !== "object" || value === null) return String(value);
  if (value instanceof Double) return `double(${valueCode(value.value)})`;
  if (value instanceof GeoJson) return `new GeoJson(${text(value.text)})`;
  if (value instanceof Hll) return `new Hll(${valueCode(value.bytes)})`;
  if (isBytes(value)) return `Uint8Array.of(${value.join(", ")})`;
  if (Array.isArray(value)) {
    const order = value instanceof OrderedList ? "/* ordered */ " : "";
    return `${order}[${Array.from(value, valueCode).join(", ")}]`;
  }
  if (value instanceof UnusualMap)
    return `/* ${value.flags === 0 ? "unordered" : "ordered by value"} */ ${valueCode(value.map)}`;
  return value instanceof Map ? `new Map([${[...value].map(valueCode).join(", ")}])` : String(value);
}

function printCall(node: CallNode): string {
  const operation = operationOf(node.system, node.code);
  // A read sent as a write, or the reverse, is nothing that a factory builds.
  if (operation?.modifies !== node.modify) return packedCode(node);
  const shape = callShape(operation);
  const written =
    shape === undefined ? unusualCall(operation, node.params.map(paramCode), node) : callCode(node, shape);
  return written ?? packedCode(node);
}

const SIGNED = 1;

/** Calls whose parameters stand in another order than the arguments of their factories. */
function unusualCall(operation: CdtOperation, params: readonly string[], node: CallNode): string | undefined {
  const target = printCode(node.target);
  const [a = "undefined", b = "undefined", c = "undefined", d = "undefined", e = "0"] = params;
  switch (operation) {
    case HllOp.INIT:
      return `Exp.hllInit(${c}, ${bitsCode(a, b)}, ${target})`;
    case HllOp.ADD:
      return `Exp.hllAdd(${d}, ${a}, ${bitsCode(b, c)}, ${target})`;
    case BitOp.RESIZE:
      return `Exp.bitResize(${b}, ${a}, ${c === "undefined" ? "0" : c}, ${target})`;
    case BitOp.ADD:
    case BitOp.SUBTRACT: {
      const flags = Number(e);
      const options = `{ signed: ${(flags & SIGNED) !== 0}, overflow: ${flags & ~SIGNED}, flags: ${d} }`;
      return `Exp.${operation === BitOp.ADD ? "bitAdd" : "bitSubtract"}(${a}, ${b}, ${c}, ${options}, ${target})`;
    }
    case BitOp.B64_ENCODE:
      return `Exp.bitB64Encode(${a === "undefined" ? "null" : a}, ${b === "undefined" ? "null" : b}, ${c === "1"}, ${target})`;
    case BitOp.GET_INT:
      return `Exp.bitGetInt(${a}, ${b}, ${c === "1"}, ${target})`;
    default:
      return undefined;
  }
}

/** Bits of a sketch; −1 stands for those that are not given. */
function bitsCode(indexBits: string, minhashBits: string): string {
  const given = [
    ["indexBits", indexBits],
    ["minhashBits", minhashBits],
  ].filter(([, bits]) => bits !== "-1" && bits !== "undefined");
  return given.length === 0 ? "{}" : `{ ${given.map((pair) => pair.join(": ")).join(", ")} }`;
}

function callCode(node: CallNode, shape: CallShape): string | undefined {
  const { params } = node;
  let { name } = shape;
  const args: string[] = [];
  let at = 0;
  for (const part of shape.takes) {
    switch (part) {
      case "type":
        args.push(`"${node.type}"`);
        break;
      case "count":
        if (params[at] === undefined) break;
        name += "Count";
        args.push(paramCode(params[at++]!));
        break;
      case "rest":
        args.unshift(optionsCode(shape, params.slice(at)));
        at = params.length;
        break;
      case "end":
        // An end that is not sent is open.
        args.push(params[at] === undefined ? "null" : paramCode(params[at++]!));
        break;
      case "zero":
      case "one":
        args.push(params[at] === undefined ? (part === "zero" ? "0" : "1") : paramCode(params[at++]!));
        break;
      case "pair": {
        const both = pairCode(params[at++]);
        if (both === undefined) return undefined;
        args.push(...both);
        break;
      }
      case "skip":
        at++;
        break;
      default: {
        const param = params[at++];
        if (param === undefined) return undefined;
        args.push(paramCode(param));
      }
    }
  }
  if (at < params.length) return undefined;
  const context = node.path.map(stepCode);
  return `Exp.${name}(${[...args, printCode(node.target), ...context].join(", ")})`;
}

/** A constant list of two, as two arguments. */
function pairCode(node: ExpNode | undefined): readonly string[] | undefined {
  if (node?.kind !== "const" || node.type !== "list") return undefined;
  const values = literalValue(node.value);
  return Array.isArray(values) && values.length === 2 ? values.map(valueCode) : undefined;
}

/** What the policy of a write says: an object with the names of the parameters left over. */
function optionsCode(shape: CallShape, rest: readonly ExpNode[]): string {
  const names = shape.options ?? [];
  const values = rest.map((param) => (param.kind === "const" ? valueCode(param.value) : printCode(param)));
  if (names.length === 1 && names[0] === "flags") return values[0] ?? "undefined";
  if (values.length === 0) return "undefined";
  return `{ ${values.map((value, i) => `${names[i] ?? `p${i}`}: ${value}`).join(", ")} }`;
}

/** Plain values stand in calls as they are. */
function paramCode(node: ExpNode): string {
  if (node.kind !== "const") return printCode(node);
  if (node.type === "float") return `double(${String(node.value)})`;
  const value = node.type === "list" || node.type === "map" ? literalValue(node.value) : node.value;
  return valueCode(value);
}

function printSelect(node: SelectNode): string {
  const path = node.path.map(stepCode);
  const noFail = (node.flags & PATH_NO_FAIL) !== 0 ? ["{ noFail: true }"] : [];
  const parts =
    node.apply === undefined
      ? [`"${node.type}"`, String(node.flags & PATH_RESULT_MASK), printCode(node.target)]
      : [printCode(node.apply), printCode(node.target)];
  const name = node.apply === undefined ? "selectByPath" : "modifyByPath";
  return `Exp.${name}(${[...parts, ...path, ...noFail].join(", ")})`;
}

const STEPS: Readonly<Record<number, string>> = {
  [ContextType.LIST_INDEX]: "listIndex",
  [ContextType.LIST_RANK]: "listRank",
  [ContextType.LIST_VALUE]: "listValue",
  [ContextType.MAP_INDEX]: "mapIndex",
  [ContextType.MAP_RANK]: "mapRank",
  [ContextType.MAP_KEY]: "mapKey",
  [ContextType.MAP_VALUE]: "mapValue",
  [ContextType.MAP_KEYS_IN]: "mapKeysIn",
  [ContextType.LIST_VALUES_IN]: "listValuesIn",
  [ContextType.MAP_VALUES_IN]: "mapValuesIn",
};

/** Steps whose value is the list of their arguments, with how many there are if none is left out. */
const RANGES: Readonly<Record<number, readonly [name: string, most: number]>> = {
  [ContextType.LIST_INDEX_RANGE]: ["listIndexRange", 2],
  [ContextType.LIST_RANK_RANGE]: ["listRankRange", 2],
  [ContextType.LIST_VALUE_RANGE]: ["listValueRange", 2],
  [ContextType.LIST_VALUE_REL_RANK_RANGE]: ["listValueRelativeRankRange", 3],
  [ContextType.MAP_INDEX_RANGE]: ["mapIndexRange", 2],
  [ContextType.MAP_RANK_RANGE]: ["mapRankRange", 2],
  [ContextType.MAP_KEY_RANGE]: ["mapKeyRange", 2],
  [ContextType.MAP_VALUE_RANGE]: ["mapValueRange", 2],
  [ContextType.MAP_KEY_REL_INDEX_RANGE]: ["mapKeyRelativeIndexRange", 3],
  [ContextType.MAP_VALUE_REL_RANK_RANGE]: ["mapValueRelativeRankRange", 3],
};

const CREATED_MAPS: Readonly<Record<number, MapOrder>> = {
  [ContextCreate.MAP_UNORDERED]: MapOrder.UNORDERED,
  [ContextCreate.MAP_KEY_ORDERED]: MapOrder.KEY_ORDERED,
  [ContextCreate.MAP_KEY_VALUE_ORDERED]: MapOrder.KEY_VALUE_ORDERED,
};

function stepCode(step: PathStep): string {
  if (step.filter !== undefined) {
    const name = step.code === ContextType.AND_EXPRESSION ? "andFilter" : "allChildrenWithFilter";
    return `CTX.${name}(${printCode(step.filter)})`;
  }
  if (step.code === ContextType.EXPRESSION) return "CTX.allChildren()";
  const others = (step.code & CONTEXT_INVERTED) === 0 ? "" : ".allOthers()";
  const range = RANGES[step.code & ~CONTEXT_INVERTED];
  if (range !== undefined) return `CTX.${rangeCode(range, literalValue(step.value))}${others}`;
  if (others !== "") return `${stepCode({ ...step, code: step.code & ~CONTEXT_INVERTED })}${others}`;
  const value = valueCode(literalValue(step.value));
  const create = step.code & ContextCreate.MASK;
  const base = step.code & ~ContextCreate.MASK;
  if (create === 0) return `CTX.${STEPS[step.code] ?? `step${step.code}`}(${value})`;
  if (base === ContextType.MAP_KEY) return `CTX.mapKeyCreate(${value}, ${CREATED_MAPS[create]})`;
  return `CTX.listIndexCreate(${value}, ${create === ContextCreate.LIST_ORDERED ? ListOrderType.ORDERED : ListOrderType.UNORDERED}${create === ContextCreate.LIST_PADDED ? ", true" : ""})`;
}

function rangeCode([name, most]: readonly [string, number], value: unknown): string {
  const args = Array.isArray(value) ? value.map(valueCode) : [];
  // Ranges between two bounds name both; a count may be left out.
  const isOpen = args.length < most && (name.endsWith("KeyRange") || name.endsWith("ValueRange"));
  return `${name}(${[...args, ...(isOpen ? ["null"] : [])].join(", ")})`;
}

/** What no factory builds, such as an operation code of no call known here. */
function packedCode(node: ExpNode): string {
  const w = new Writer(64);
  packNode(w, node);
  return `Exp.fromBase64("${encodeBase64(w.copy())}")`;
}

function text(value: string): string {
  return JSON.stringify(value);
}
