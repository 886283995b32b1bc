import { INT64_MIN } from "../limits.js";
import { type CondNode, childrenOf, type ExpNode, type LetNode, mapChildren } from "./node.js";
import { ExpOp } from "./op-code.js";

// Servers die of −2^63 divided by −1, and of −2^63 modulo −1. Both can come out of any bin, so a division whose divisor
// may be −1 and whose dividend may be −2^63 travels in a form that means the same and never meets the pair:
//   x / d   →   (d == −1 ? −1 : 1) * (x / (d == −1 ? 1 : d))         −2^63 / −1 wraps to −2^63, as −2^63 * −1 does
//   x % d   →   x % (d == −1 ? 1 : d)                                x % −1 is 0, as x % 1 is
// A divisor that is more than a bin, variable or the like is worked out once: let (_d0 = divisor) then (…).

const ONE: ExpNode = { kind: "const", type: "int", value: 1 };
const MINUS_ONE: ExpNode = { kind: "const", type: "int", value: -1 };

/** Gives each variable that guards need a name of its own. */
export type FreshName = () => string;

/** The operation in a form that is safe to send; `args` are two or more and all int. */
export function guardDivision(code: number, args: readonly ExpNode[], fresh: FreshName): ExpNode {
  const plain: ExpNode = { kind: "op", type: "int", code, args };
  const dividend = args[0]!;
  if (args.length < 2 || !canBeLowest(dividend)) return plain;
  const rest = args.slice(1);
  if (rest.every((divisor) => divisor.kind === "const")) {
    const product = rest.reduce((sum, divisor) => BigInt.asIntN(64, sum * toBigint(divisor)), 1n);
    if (product !== -1n) return plain;
  }
  const divisor: ExpNode = rest.length === 1 ? rest[0]! : { kind: "op", type: "int", code: ExpOp.MUL, args: rest };
  if (isGuarded(divisor)) return plain;
  if (isLeaf(divisor)) return safe(code, dividend, divisor);
  const name = fresh();
  const body = safe(code, dividend, { kind: "var", type: "int", name });
  return { kind: "let", type: "int", definitions: [{ name, value: divisor }], body };
}

function safe(code: number, dividend: ExpNode, divisor: ExpNode): ExpNode {
  if (divisor.kind === "const") {
    // The constant −1.
    const args = code === ExpOp.MOD ? [dividend, ONE] : [dividend, MINUS_ONE];
    return { kind: "op", type: "int", code: code === ExpOp.MOD ? ExpOp.MOD : ExpOp.MUL, args };
  }
  const quotient: ExpNode = { kind: "op", type: "int", code, args: [dividend, unlessMinusOne(divisor, ONE, divisor)] };
  if (code === ExpOp.MOD) return quotient;
  return { kind: "op", type: "int", code: ExpOp.MUL, args: [unlessMinusOne(divisor, MINUS_ONE, ONE), quotient] };
}

function unlessMinusOne(divisor: ExpNode, then: ExpNode, otherwise: ExpNode): ExpNode {
  const isMinusOne: ExpNode = { kind: "op", type: "bool", code: ExpOp.EQ, args: [divisor, MINUS_ONE] };
  return { kind: "cond", type: "int", parts: [isMinusOne, then, otherwise] };
}

function canBeLowest(node: ExpNode): boolean {
  if (node.kind === "const") return toBigint(node) === INT64_MIN;
  if (node.kind === "op") return node.args.length > 0;
  return node.kind !== "binType" && node.kind !== "digestModulo";
}

function toBigint(node: ExpNode): bigint {
  return node.kind === "const" && node.type === "int" ? BigInt(node.value as number | bigint) : 0n;
}

function isLeaf(node: ExpNode): boolean {
  switch (node.kind) {
    case "const":
    case "param":
    case "bin":
    case "binType":
    case "binExists":
    case "key":
    case "var":
    case "loopVar":
    case "digestModulo":
      return true;
    case "op":
      return node.args.length === 0;
    default:
      return false;
  }
}

/** `d == −1 ? 1 : d`, as this file writes it: a guarded expression that is read back needs no second guard. */
function isGuarded(node: ExpNode): node is CondNode {
  if (node.kind !== "cond" || node.parts.length !== 3) return false;
  const [condition, then, otherwise] = node.parts;
  if (condition?.kind !== "op" || condition.code !== ExpOp.EQ || then === undefined || otherwise === undefined)
    return false;
  const [left, right] = condition.args;
  return (
    then.kind === "const" &&
    toBigint(then) === 1n &&
    right?.kind === "const" &&
    toBigint(right) === -1n &&
    left !== undefined &&
    isSameLeaf(left, otherwise)
  );
}

function isSameLeaf(a: ExpNode, b: ExpNode): boolean {
  if (a.kind === "bin" && b.kind === "bin") return a.name === b.name && a.type === b.type;
  if (a.kind === "binType" && b.kind === "binType") return a.name === b.name;
  if (a.kind === "var" && b.kind === "var") return a.name === b.name;
  if (a.kind === "param" && b.kind === "param") return a.index === b.index && a.type === b.type;
  if (a.kind === "key" && b.kind === "key") return a.type === b.type;
  if (a.kind === "loopVar" && b.kind === "loopVar") return a.part === b.part && a.type === b.type;
  if (a.kind === "digestModulo" && b.kind === "digestModulo") return a.modulus === b.modulus;
  return a.kind === "op" && b.kind === "op" && a.code === b.code && a.args.length === 0;
}

/** A tree in which guarded divisions are what they were made from. */
export function withoutGuards(node: ExpNode): ExpNode {
  return withoutGuard(mapChildren(node, withoutGuards));
}

/** The division that a guarded one was made from; the node itself when it is none. */
function withoutGuard(node: ExpNode): ExpNode {
  if (node.kind === "let") return withoutVariable(node);
  if (node.kind !== "op" || node.args.length !== 2) return node;
  const [first, second] = node.args;
  if (node.code === ExpOp.MOD) return first === undefined ? node : (divisionOf(ExpOp.MOD, first, second) ?? node);
  if (node.code !== ExpOp.MUL || second?.kind !== "op" || second.code !== ExpOp.DIV || second.args.length !== 2)
    return node;
  const [dividend, divisor] = second.args;
  if (dividend === undefined || !isSign(first, divisor)) return node;
  return divisionOf(ExpOp.DIV, dividend, divisor) ?? node;
}

function divisionOf(code: number, dividend: ExpNode, divisor: ExpNode | undefined): ExpNode | undefined {
  if (divisor === undefined || !isGuarded(divisor)) return undefined;
  return { kind: "op", type: "int", code, args: [dividend, divisor.parts[2]!] };
}

/** `d == −1 ? −1 : 1`, for the divisor that follows. */
function isSign(node: ExpNode | undefined, divisor: ExpNode | undefined): boolean {
  if (node?.kind !== "cond" || divisor?.kind !== "cond" || node.parts.length !== 3) return false;
  const [condition, then, otherwise] = node.parts;
  const guarded = divisor.parts[2];
  if (condition?.kind !== "op" || condition.code !== ExpOp.EQ || guarded === undefined) return false;
  const [left, right] = condition.args;
  const isMinusOne = (part: ExpNode | undefined): boolean => part?.kind === "const" && toBigint(part) === -1n;
  const isOne = otherwise?.kind === "const" && toBigint(otherwise) === 1n;
  return left !== undefined && isSameLeaf(left, guarded) && isMinusOne(right) && isMinusOne(then) && isOne;
}

/** `let (_d0 = divisor) then (dividend / _d0)`, as guards write it. */
function withoutVariable(node: LetNode): ExpNode {
  const [definition, ...more] = node.definitions;
  const { body } = node;
  const isDivision =
    body.kind === "op" && (body.code === ExpOp.DIV || body.code === ExpOp.MOD) && body.args.length === 2;
  if (definition === undefined || more.length > 0 || !/^_d\d+$/.test(definition.name) || !isDivision) return node;
  const [dividend, divisor] = body.args;
  const isUsed = divisor?.kind === "var" && divisor.name === definition.name;
  if (dividend === undefined || !isUsed || uses(dividend, definition.name)) return node;
  return { ...body, args: [dividend, definition.value] };
}

function uses(node: ExpNode, name: string): boolean {
  return node.kind === "var" ? node.name === name : childrenOf(node).some((child) => uses(child, name));
}
