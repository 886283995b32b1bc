import type { ExpKind } from "./exp-type.js";
import type { ExpNode, OpNode } from "./node.js";
import { Op } from "./ops.js";
import { binName, code, isOpen, print, receiver } from "./print.js";
import { at, Hold, operand, type Printed } from "./printed.js";

const BINARY: Readonly<Record<number, readonly [operator: string, hold: number]>> = {
  [Op.EQ]: ["==", Hold.COMPARISON],
  [Op.NE]: ["!=", Hold.COMPARISON],
  [Op.GT]: [">", Hold.COMPARISON],
  [Op.GE]: [">=", Hold.COMPARISON],
  [Op.LT]: ["<", Hold.COMPARISON],
  [Op.LE]: ["<=", Hold.COMPARISON],
  [Op.INT_AND]: ["&", Hold.BITS],
  [Op.INT_OR]: ["|", Hold.BITS],
  [Op.INT_XOR]: ["^", Hold.BITS],
  [Op.INT_LSHIFT]: ["<<", Hold.SHIFT],
  [Op.INT_ARSHIFT]: [">>", Hold.SHIFT],
  [Op.INT_RSHIFT]: [">>>", Hold.SHIFT],
  [Op.ADD]: ["+", Hold.SUM],
  [Op.SUB]: ["-", Hold.SUM],
  [Op.MUL]: ["*", Hold.PRODUCT],
  [Op.DIV]: ["/", Hold.PRODUCT],
  [Op.MOD]: ["%", Hold.PRODUCT],
  [Op.POW]: ["**", Hold.POWER],
};

const FUNCTIONS: Readonly<Record<number, string>> = {
  [Op.ABS]: "abs",
  [Op.CEIL]: "ceil",
  [Op.FLOOR]: "floor",
  [Op.LOG]: "log",
  [Op.MIN]: "min",
  [Op.MAX]: "max",
  [Op.INT_COUNT]: "countOneBits",
  [Op.INT_LSCAN]: "findBitLeft",
  [Op.INT_RSCAN]: "findBitRight",
  [Op.GEO_COMPARE]: "geoCompare",
};

const METADATA: Readonly<Record<number, string>> = {
  [Op.RECORD_SIZE]: "recordSize",
  [Op.IS_TOMBSTONE]: "isTombstone",
  [Op.KEY_EXISTS]: "keyExists",
  [Op.LAST_UPDATE]: "lastUpdate",
  [Op.SINCE_UPDATE]: "sinceUpdate",
  [Op.SET_NAME]: "setName",
  [Op.TTL]: "ttl",
  [Op.VOID_TIME]: "voidTime",
};

const METHODS: Readonly<Record<number, string>> = {
  [Op.TO_INT]: "asInt",
  [Op.TO_FLOAT]: "asFloat",
  [Op.MAP_KEYS]: "mapKeys",
  [Op.MAP_VALUES]: "mapValues",
};

/** Types by particle type, for `$.bin.is(type: …)`. */
const PARTICLES: Readonly<Record<number, string>> = {
  1: "INT",
  2: "FLOAT",
  3: "STRING",
  4: "BLOB",
  17: "BOOL",
  18: "HLL",
  19: "MAP",
  20: "LIST",
  23: "GEO",
};

/** Operators, functions, metadata. */
export function printOp(node: OpNode, known: ExpKind | undefined): Printed {
  const { args } = node;
  const [left, right] = args;
  const metadata = METADATA[node.code];
  if (metadata !== undefined) return operand(`$.${metadata}()`);
  if (node.code === Op.UNKNOWN) return operand("unknown");
  if (node.code === Op.AND || node.code === Op.OR) {
    const hold = node.code === Op.AND ? Hold.AND : Hold.OR;
    const parts = args.map((arg) => at(hold + 1, print(arg, "bool")));
    return { text: parts.join(node.code === Op.AND ? " and " : " or "), hold };
  }
  if (node.code === Op.NOT) return operand(`not(${print(left!, "bool").text})`);
  if (node.code === Op.EXCLUSIVE) return operand(`exclusive(${args.map((arg) => print(arg, "bool").text).join(", ")})`);
  if (node.code === Op.INT_NOT) return { text: `~${at(Hold.UNARY, print(left!, "int"))}`, hold: Hold.UNARY };
  const method = METHODS[node.code];
  if (method !== undefined) return printMethod(method, left!);
  const called = FUNCTIONS[node.code];
  if (called !== undefined) return printFunction(node, called, known);
  const [operator, hold] = BINARY[node.code] ?? [];
  if (operator === undefined || hold === undefined || left === undefined) return code(node);
  if (hold === Hold.COMPARISON) return printComparison(node, operator, left, right!);
  return printBinary(node, operator, hold, known);
}

function printComparison(node: OpNode, operator: string, left: ExpNode, right: ExpNode): Printed {
  // Compared with null, a path asks whether it is there.
  if (isNil(left) || isNil(right)) return code(node);
  if (left.kind === "binType" && right.kind === "const") {
    const presence = printPresence(node.code, `$.${binName(left.name)}`, Number(right.value));
    if (presence !== undefined) return presence;
  }
  const givenByRight = isOpen(right) ? "int" : right.type;
  const first = print(left, isOpen(left) ? givenByRight : left.type);
  // Once the left side has its type, the right side has it too.
  const second = print(right, left.type);
  return { text: `${at(Hold.BITS, first)} ${operator} ${at(Hold.BITS, second)}`, hold: Hold.COMPARISON };
}

function isNil(node: ExpNode): boolean {
  return node.kind === "const" && node.type === "nil";
}

/** Comparisons of a bin's particle type that have words of their own. */
function printPresence(opCode: number, bin: string, particle: number): Printed | undefined {
  if (opCode === Op.NE && particle === 0) return operand(`${bin}.exists()`);
  if (opCode === Op.EQ && particle === 0) return { text: `${bin} == null`, hold: Hold.COMPARISON };
  const type = PARTICLES[particle];
  return opCode === Op.EQ && type !== undefined ? operand(`${bin}.is(type: ${type})`) : undefined;
}

function printBinary(node: OpNode, operator: string, hold: number, known: ExpKind | undefined): Printed {
  const { args } = node;
  const negated = node.code === Op.SUB ? negatedBy(args) : undefined;
  if (negated !== undefined) return { text: `-${at(Hold.UNARY, print(negated, known))}`, hold: Hold.UNARY };
  if (args.length === 1 && node.code === Op.DIV) return code(node);
  const givenInside = args.find((arg) => !isOpen(arg))?.type;
  const given = isArithmetic(node.code) ? (givenInside ?? known) : node.code === Op.POW ? "float" : "int";
  const parts = openTypes(args, given);
  if (parts.length === 1) return parts[0]!;
  if (node.code === Op.POW) return { text: `${at(Hold.UNARY, parts[0]!)} ** ${at(Hold.POWER, parts[1]!)}`, hold };
  const first = at(hold, parts[0]!);
  const rest = parts.slice(1).map((part) => at(hold + 1, part));
  // The server divides by the product of all that follow the first.
  const joined = node.code === Op.DIV && rest.length > 1 ? `(${rest.join(" * ")})` : rest.join(` ${operator} `);
  return { text: `${first} ${operator} ${joined}`, hold };
}

/** What a subtraction turns the sign of. Before a literal the sign would belong to the literal. */
export function negatedBy(args: readonly ExpNode[]): ExpNode | undefined {
  const operandNode = args.at(-1);
  if (args.length > 2 || operandNode?.kind === "const") return undefined;
  if (args.length === 1) return operandNode;
  const [zero] = args;
  return zero?.kind === "const" && Object.is(zero.value, 0) ? operandNode : undefined;
}

/** Operands of which each gives its type to the others once one has it. */
function openTypes(args: readonly ExpNode[], given: ExpKind | undefined): Printed[] {
  let known = given;
  return args.map((arg) => {
    const printed = print(arg, known);
    known = arg.type ?? known;
    return printed;
  });
}

function printFunction(node: OpNode, name: string, known: ExpKind | undefined): Printed {
  const { code: opCode, args } = node;
  if ((opCode === Op.MIN || opCode === Op.MAX) && args.length < 2) return code(node);
  const given = args.find((arg) => !isOpen(arg))?.type;
  const type = isArithmetic(opCode)
    ? (given ?? known)
    : opCode === Op.GEO_COMPARE
      ? "geo"
      : isFloat(opCode)
        ? "float"
        : "int";
  const parts = isArithmetic(opCode)
    ? openTypes(args, type)
    : args.map((arg, i) => print(arg, i === 1 && !isFloat(opCode) && opCode !== Op.GEO_COMPARE ? "bool" : type));
  return operand(`${name}(${parts.map((part) => part.text).join(", ")})`);
}

function isFloat(opCode: number): boolean {
  return opCode === Op.CEIL || opCode === Op.FLOOR || opCode === Op.LOG;
}

const RECEIVED: Readonly<Record<string, ExpKind>> = {
  asInt: "float",
  asFloat: "int",
  mapKeys: "map",
  mapValues: "map",
};

function printMethod(method: string, target: ExpNode): Printed {
  return operand(`${receiver(target, RECEIVED[method])}.${method}()`);
}

/** Ops that give what they are given. */
export function isArithmetic(opCode: number): boolean {
  return (opCode >= Op.ADD && opCode <= Op.DIV) || opCode === Op.ABS || opCode === Op.MIN || opCode === Op.MAX;
}
