import type { ExpKind } from "../../protocol/exp/exp-type.js";
import type { ExpNode, OpNode } from "../../protocol/exp/node.js";
import { ExpOp } from "../../protocol/exp/op-code.js";
import { ParticleType } from "../../protocol/value/particle-type.js";
import { binName, code, operand, Precedence, type Printed, type Printer, parenthesized } from "./printed.js";

const BINARY: Readonly<Record<number, readonly [operator: string, precedence: number]>> = {
  [ExpOp.EQ]: ["==", Precedence.COMPARISON],
  [ExpOp.NE]: ["!=", Precedence.COMPARISON],
  [ExpOp.GT]: [">", Precedence.COMPARISON],
  [ExpOp.GE]: [">=", Precedence.COMPARISON],
  [ExpOp.LT]: ["<", Precedence.COMPARISON],
  [ExpOp.LE]: ["<=", Precedence.COMPARISON],
  [ExpOp.INT_AND]: ["&", Precedence.BIT_AND],
  [ExpOp.INT_OR]: ["|", Precedence.BIT_OR],
  [ExpOp.INT_XOR]: ["^", Precedence.BIT_XOR],
  [ExpOp.INT_LSHIFT]: ["<<", Precedence.SHIFT],
  [ExpOp.INT_ARSHIFT]: [">>", Precedence.SHIFT],
  [ExpOp.INT_RSHIFT]: [">>>", Precedence.SHIFT],
  [ExpOp.ADD]: ["+", Precedence.SUM],
  [ExpOp.SUB]: ["-", Precedence.SUM],
  [ExpOp.MUL]: ["*", Precedence.PRODUCT],
  [ExpOp.DIV]: ["/", Precedence.PRODUCT],
  [ExpOp.MOD]: ["%", Precedence.PRODUCT],
  [ExpOp.POW]: ["**", Precedence.POWER],
};

const FUNCTIONS: Readonly<Record<number, string>> = {
  [ExpOp.ABS]: "abs",
  [ExpOp.CEIL]: "ceil",
  [ExpOp.FLOOR]: "floor",
  [ExpOp.LOG]: "log",
  [ExpOp.MIN]: "min",
  [ExpOp.MAX]: "max",
  [ExpOp.INT_COUNT]: "countOneBits",
  [ExpOp.INT_LSCAN]: "findBitLeft",
  [ExpOp.INT_RSCAN]: "findBitRight",
  [ExpOp.GEO_COMPARE]: "geoCompare",
};

const METADATA: Readonly<Record<number, string>> = {
  [ExpOp.RECORD_SIZE]: "recordSize",
  [ExpOp.DEVICE_SIZE]: "deviceSize",
  [ExpOp.MEMORY_SIZE]: "memorySize",
  [ExpOp.IS_TOMBSTONE]: "isTombstone",
  [ExpOp.KEY_EXISTS]: "keyExists",
  [ExpOp.LAST_UPDATE]: "lastUpdateTime",
  [ExpOp.SINCE_UPDATE]: "timeSinceLastUpdate",
  [ExpOp.SET_NAME]: "setName",
  [ExpOp.TTL]: "ttl",
  [ExpOp.VOID_TIME]: "voidTime",
};

const METHODS: Readonly<Record<number, string>> = {
  [ExpOp.TO_INT]: "toInt",
  [ExpOp.TO_FLOAT]: "toFloat",
  [ExpOp.TO_STRING]: "toString",
};

/** Types by particle type, for `$.bin.type() == INT`. */
const PARTICLES: Readonly<Record<number, string>> = {
  [ParticleType.INTEGER]: "INT",
  [ParticleType.DOUBLE]: "FLOAT",
  [ParticleType.STRING]: "STRING",
  [ParticleType.BLOB]: "BLOB",
  [ParticleType.BOOL]: "BOOL",
  [ParticleType.HLL]: "HLL",
  [ParticleType.MAP]: "MAP",
  [ParticleType.LIST]: "LIST",
  [ParticleType.GEOJSON]: "GEO",
};

/** Operators, functions, metadata. */
export function printOp(printer: Printer, node: OpNode, known: ExpKind | undefined): Printed {
  const { args } = node;
  const [left, right] = args;
  const metadata = METADATA[node.code];
  if (metadata !== undefined) return operand(`$.${metadata}()`);
  if (node.code === ExpOp.UNKNOWN) return operand("unknown");
  if (node.code === ExpOp.AND || node.code === ExpOp.OR) {
    const precedence = node.code === ExpOp.AND ? Precedence.AND : Precedence.OR;
    const parts = args.map((arg) => parenthesized(precedence + 1, printer.print(arg, "bool")));
    return { text: parts.join(node.code === ExpOp.AND ? " and " : " or "), precedence };
  }
  if (node.code === ExpOp.NOT) return operand(`not(${printer.print(left!, "bool").text})`);
  if (node.code === ExpOp.EXCLUSIVE)
    return operand(`exclusive(${args.map((arg) => printer.print(arg, "bool").text).join(", ")})`);
  if (node.code === ExpOp.INT_NOT)
    return { text: `~${parenthesized(Precedence.UNARY, printer.print(left!, "int"))}`, precedence: Precedence.UNARY };
  const method = METHODS[node.code];
  if (method !== undefined) return printMethod(printer, method, left!);
  const called = FUNCTIONS[node.code];
  if (called !== undefined) return printFunction(printer, node, called, known);
  const [operator, precedence] = BINARY[node.code] ?? [];
  if (operator === undefined || precedence === undefined || left === undefined) return code(node);
  if (precedence === Precedence.COMPARISON) return printComparison(printer, node, operator, left, right!);
  return printBinary(printer, node, operator, precedence, known);
}

function printComparison(printer: Printer, node: OpNode, operator: string, left: ExpNode, right: ExpNode): Printed {
  // Compared with null, a path asks whether it is there.
  if (isNil(left) || isNil(right)) return code(node);
  if (left.kind === "binType" && right.kind === "const") {
    const presence = printPresence(node.code, `$.${binName(left.name)}`, Number(right.value));
    if (presence !== undefined) return presence;
  }
  const givenByRight = printer.isOpen(right) ? undefined : right.type;
  const first = printer.print(left, printer.isOpen(left) ? givenByRight : left.type);
  // Once the left side has its type, the right side has it too.
  const second = printer.print(right, left.type);
  return {
    text: `${parenthesized(Precedence.BIT_OR, first)} ${operator} ${parenthesized(Precedence.BIT_OR, second)}`,
    precedence: Precedence.COMPARISON,
  };
}

function isNil(node: ExpNode): boolean {
  return node.kind === "const" && node.type === "nil";
}

/** Comparisons of a bin's particle type that have words of their own. */
function printPresence(opCode: number, bin: string, particle: number): Printed | undefined {
  if (opCode === ExpOp.NE && particle === 0) return operand(`${bin}.exists()`);
  if (opCode === ExpOp.EQ && particle === 0) return { text: `${bin} == null`, precedence: Precedence.COMPARISON };
  const type = PARTICLES[particle];
  return opCode === ExpOp.EQ && type !== undefined
    ? { text: `${bin}.type() == ${type}`, precedence: Precedence.COMPARISON }
    : undefined;
}

function printBinary(
  printer: Printer,
  node: OpNode,
  operator: string,
  precedence: number,
  known: ExpKind | undefined,
): Printed {
  const { args } = node;
  const negated = node.code === ExpOp.SUB ? negatedBy(args) : undefined;
  if (negated !== undefined)
    return { text: `-${parenthesized(Precedence.UNARY, printer.print(negated, known))}`, precedence: Precedence.UNARY };
  if (args.length === 1 && node.code === ExpOp.DIV) return code(node);
  const givenInside = args.find((arg) => !printer.isOpen(arg))?.type;
  const given = isArithmetic(node.code) ? (givenInside ?? known) : node.code === ExpOp.POW ? "float" : "int";
  const parts = openTypes(printer, args, given);
  if (parts.length === 1) return code(node);
  if (node.code === ExpOp.POW)
    return {
      text: `${parenthesized(Precedence.UNARY, parts[0]!)} ** ${parenthesized(Precedence.POWER, parts[1]!)}`,
      precedence,
    };
  const first = parenthesized(precedence, parts[0]!);
  const rest = parts.slice(1).map((part) => parenthesized(precedence + 1, part));
  return { text: `${first} ${operator} ${rest.join(` ${operator} `)}`, precedence };
}

/** What a subtraction turns the sign of. Before a literal the sign would belong to the literal. */
export function negatedBy(args: readonly ExpNode[]): ExpNode | undefined {
  const operandNode = args.at(-1);
  if (args.length !== 2 || operandNode?.kind === "const") return undefined;
  const [zero] = args;
  return zero?.kind === "const" && Object.is(zero.value, 0) ? operandNode : undefined;
}

/** Operands of which each gives its type to the others once one has it. */
function openTypes(printer: Printer, args: readonly ExpNode[], given: ExpKind | undefined): Printed[] {
  let known = given;
  return args.map((arg) => {
    const printed = printer.print(arg, known);
    known = arg.type ?? known;
    return printed;
  });
}

function printFunction(printer: Printer, node: OpNode, name: string, known: ExpKind | undefined): Printed {
  const { code: opCode, args } = node;
  if ((opCode === ExpOp.MIN || opCode === ExpOp.MAX) && args.length < 2) return code(node);
  const given = args.find((arg) => !printer.isOpen(arg))?.type;
  const type = isArithmetic(opCode)
    ? (given ?? known)
    : opCode === ExpOp.GEO_COMPARE
      ? "geo"
      : isFloat(opCode)
        ? "float"
        : "int";
  const parts = isArithmetic(opCode)
    ? openTypes(printer, args, type)
    : args.map((arg, i) =>
        printer.print(arg, i === 1 && !isFloat(opCode) && opCode !== ExpOp.GEO_COMPARE ? "bool" : type),
      );
  const names = NAMED[opCode] ?? [];
  return operand(
    `${name}(${parts.map((part, i) => (names[i] === undefined ? part.text : `${names[i]}: ${part.text}`)).join(", ")})`,
  );
}

/** Names of arguments, where they have some. */
const NAMED: Readonly<Record<number, readonly string[]>> = {
  [ExpOp.LOG]: ["value", "base"],
  [ExpOp.INT_LSCAN]: ["x", "value"],
  [ExpOp.INT_RSCAN]: ["x", "value"],
};

function isFloat(opCode: number): boolean {
  return opCode === ExpOp.CEIL || opCode === ExpOp.FLOOR || opCode === ExpOp.LOG;
}

function printMethod(printer: Printer, method: string, target: ExpNode): Printed {
  return operand(`${printer.receiver(target, undefined)}.${method}()`);
}

/** Ops that give what they are given. */
export function isArithmetic(opCode: number): boolean {
  return (
    (opCode >= ExpOp.ADD && opCode <= ExpOp.DIV) || opCode === ExpOp.ABS || opCode === ExpOp.MIN || opCode === ExpOp.MAX
  );
}
