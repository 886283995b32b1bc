import { constantOf } from "../protocol/exp/constant.js";
import type { ConstNode, ExpNode } from "../protocol/exp/node.js";
import { ExpOp } from "../protocol/exp/op-code.js";
import { opNode } from "../protocol/exp/ops.js";
import { INT64_MAX, INT64_MIN } from "../protocol/limits.js";
import { Double, double } from "../protocol/value/double.js";
import type { AelNode, BinNode, InNode, Span } from "./ast.js";
import { COMPARISONS, int, PARTICLES } from "./constants.js";
import { isNumberBin } from "./infer-number.js";
import type { Lowering } from "./lower.js";

/** The comparison with its sides changed. */
const FLIPPED: Readonly<Record<string, string>> = {
  "==": "==",
  "!=": "!=",
  "<": ">",
  "<=": ">=",
  ">": "<",
  ">=": "<=",
};

/** A comparison of which one side at least is a bin of either kind of number; exact where the other is a constant. */
export function lowerNumbers(lowering: Lowering, where: Span, op: string, left: AelNode, right: AelNode): ExpNode {
  if (isNumberBin(left)) {
    return byKind(left, (mine) => {
      if (isNumberBin(right)) return byKind(right, (other) => compare(lowering, where, op, mine, other));
      return compare(lowering, where, op, mine, constantFirst(lowering, right));
    });
  }
  return lowerNumbers(lowering, where, FLIPPED[op]!, right, left);
}

export function lowerNumberIn(lowering: Lowering, node: InNode, bin: BinNode): ExpNode {
  const given = lowering.valueOf(node.right);
  const values = (Array.isArray(given) ? given : []).map(numberOf);
  if (values.length === 0) return truth(false);
  for (const value of values) refuseNaN(lowering, node.right, value);
  return byKind(bin, (mine) => {
    const same = values.map((value) => (mine.type === "int" ? asInteger(value) : asDouble(value)));
    const list = same.filter((value) => value !== undefined);
    return list.length === 0
      ? truth(false)
      : lowering.inList(
          node,
          mine,
          lowering.checked(node, () => constantOf(list, "The list")),
        );
  });
}

/** One expression for each of the types that the bin can have; of another type or missing, it is unknown. */
function byKind({ name }: BinNode, of: (bin: ExpNode) => ExpNode): ExpNode {
  const parts = (["int", "float"] as const).flatMap((type): ExpNode[] => [
    opNode(ExpOp.EQ, [{ kind: "binType", type: "int", name }, int(PARTICLES[type])]),
    of({ kind: "bin", type, name }),
  ]);
  return { kind: "cond", type: "bool", parts: [...parts, opNode(ExpOp.UNKNOWN, [])] };
}

/** A parameter's value decides what it is compared with. */
function constantFirst(lowering: Lowering, node: AelNode): ExpNode {
  if (node.kind === "placeholder") lowering.needsValues = true;
  return lowering.lower(node);
}

function compare(lowering: Lowering, where: Span, op: string, mine: ExpNode, other: ExpNode): ExpNode {
  if (other.kind === "const") refuseNaN(lowering, where, numberOf(other.value));
  const code = COMPARISONS[op]!;
  if (mine.type === other.type) return opNode(code, [mine, other]);
  if (other.kind === "const") {
    return mine.type === "int" ? besideDouble(op, mine, Number(other.value)) : besideInteger(op, mine, other);
  }
  const [left, right] = [mine, other].map((each) => (each.type === "int" ? opNode(ExpOp.TO_FLOAT, [each]) : each));
  return opNode(code, [left!, right!]);
}

/** An INT and a constant that is none: what lies on which side of it is found among the integers. */
function besideDouble(op: string, mine: ExpNode, value: number): ExpNode {
  const integer = asInteger(value);
  if (integer !== undefined) return opNode(COMPARISONS[op]!, [mine, integerNode(integer)]);
  if (op === "==" || op === "!=") return truth(op === "!=");
  const isAbove = op === ">" || op === ">=";
  if (value >= 2 ** 63) return truth(!isAbove);
  if (value < -(2 ** 63)) return truth(isAbove);
  const below = integerNode(BigInt(Math.floor(value)));
  return opNode(isAbove ? ExpOp.GT : ExpOp.LE, [mine, below]);
}

/** A FLOAT and an integer: if no double is that integer, the nearest one lies on one side of it. */
function besideInteger(op: string, mine: ExpNode, { value }: ConstNode): ExpNode {
  const integer = BigInt(value as number | bigint);
  const near = Number(integer);
  const nearNode: ConstNode = { kind: "const", type: "float", value: near };
  const difference = BigInt(near) - integer;
  if (difference === 0n) return opNode(COMPARISONS[op]!, [mine, nearNode]);
  if (op === "==" || op === "!=") return truth(op === "!=");
  const isAbove = op === ">" || op === ">=";
  if (difference > 0n) return opNode(isAbove ? ExpOp.GE : ExpOp.LT, [mine, nearNode]);
  return opNode(isAbove ? ExpOp.GT : ExpOp.LE, [mine, nearNode]);
}

function numberOf(value: unknown): number | bigint {
  if (value instanceof Double) return value.value;
  return typeof value === "bigint" ? value : Number(value);
}

/** The integer that a number is; undefined for others, and for those that no bin holds. */
function asInteger(value: number | bigint): bigint | undefined {
  if (typeof value === "number" && !Number.isInteger(value)) return undefined;
  const integer = BigInt(value);
  return integer >= INT64_MIN && integer <= INT64_MAX ? integer : undefined;
}

/** The double that a number is; undefined for integers that none is. */
function asDouble(value: number | bigint): Double | undefined {
  return typeof value === "bigint" && BigInt(Number(value)) !== value ? undefined : double(Number(value));
}

function integerNode(value: bigint): ConstNode {
  const number = Number(value);
  return { kind: "const", type: "int", value: Number.isSafeInteger(number) ? number : value };
}

function truth(value: boolean): ConstNode {
  return { kind: "const", type: "bool", value };
}

function refuseNaN(lowering: Lowering, where: Span, value: number | bigint): void {
  if (Number.isNaN(value)) lowering.fail(where, "NaN is no number that another can be compared with");
}
