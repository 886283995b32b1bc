import type { ExpKind } from "../../protocol/exp/exp-type.js";
import { ExpOp } from "../../protocol/exp/op-code.js";
import { opNode } from "../../protocol/exp/ops.js";
import { nodesOf, operation } from "./build.js";
import { Expression } from "./expression.js";

type Int = Expression<"int">;
type Float = Expression<"float">;
type Bool = Expression<"bool">;

function nary(code: number, exps: readonly Expression[], where: string): Expression<never> {
  return new Expression(opNode(code, nodesOf(exps, where)));
}

/** The sum of one or more, all int or all float. Integers wrap around at 64 bits. */
function numAdd(exps: readonly Int[]): Int;
function numAdd(exps: readonly Float[]): Float;
function numAdd(exps: readonly Expression[]): Expression<ExpKind> {
  return nary(ExpOp.ADD, exps, "Exp.numAdd");
}

/** The first less all others; one alone is negated. Integers wrap around. */
function numSub(exps: readonly Int[]): Int;
function numSub(exps: readonly Float[]): Float;
function numSub(exps: readonly Expression[]): Expression<ExpKind> {
  return nary(ExpOp.SUB, exps, "Exp.numSub");
}

/** The product. Integers wrap around. */
function numMul(exps: readonly Int[]): Int;
function numMul(exps: readonly Float[]): Float;
function numMul(exps: readonly Expression[]): Expression<ExpKind> {
  return nary(ExpOp.MUL, exps, "Exp.numMul");
}

/**
 * The first divided by the product of the others; one alone gives its reciprocal. Integers are cut off towards zero, and
 * divided by zero they are unknown.
 *
 * Servers die when −2^63 is divided by −1. Where that could happen the division travels in a form that wraps around
 * instead, so a little longer than written.
 */
function numDiv(exps: readonly Int[]): Int;
function numDiv(exps: readonly Float[]): Float;
function numDiv(exps: readonly Expression[]): Expression<ExpKind> {
  return nary(ExpOp.DIV, exps, "Exp.numDiv");
}

/** `base` to the power of `exponent`. */
function numPow(base: Float, exponent: Float): Float {
  return operation(ExpOp.POW, [base, exponent]);
}

/** The logarithm of `num` to the base `base`. */
function numLog(num: Float, base: Float): Float {
  return operation(ExpOp.LOG, [num, base]);
}

/**
 * The rest of an integer division, with the sign of `numerator`; unknown when `denominator` is zero. As with
 * {@link numDiv}, −2^63 modulo −1 is kept from the server.
 */
function numMod(numerator: Int, denominator: Int): Int {
  return operation(ExpOp.MOD, [numerator, denominator]);
}

/** Without its sign; −2^63 stays what it is. */
function numAbs<T extends "int" | "float">(value: Expression<T>): Expression<T> {
  return operation(ExpOp.ABS, [value]);
}

/** Rounded down. */
function numFloor(value: Float): Float {
  return operation(ExpOp.FLOOR, [value]);
}

/** Rounded up. */
function numCeil(value: Float): Float {
  return operation(ExpOp.CEIL, [value]);
}

/** A float cut off towards zero; what does not fit an integer, NaN too, gives −2^63. */
function toInt(value: Float): Int {
  return operation(ExpOp.TO_INT, [value]);
}

/** An integer as float; above 2^53 it may be rounded. */
function toFloat(value: Int): Float {
  return operation(ExpOp.TO_FLOAT, [value]);
}

/** The least of one or more. */
function min(exps: readonly Int[]): Int;
function min(exps: readonly Float[]): Float;
function min(exps: readonly Expression[]): Expression<ExpKind> {
  return nary(ExpOp.MIN, exps, "Exp.min");
}

/** The greatest of one or more. */
function max(exps: readonly Int[]): Int;
function max(exps: readonly Float[]): Float;
function max(exps: readonly Expression[]): Expression<ExpKind> {
  return nary(ExpOp.MAX, exps, "Exp.max");
}

/** Bit by bit and. */
function intAnd(exps: readonly Int[]): Int {
  return nary(ExpOp.INT_AND, exps, "Exp.intAnd");
}

/** Bit by bit or. */
function intOr(exps: readonly Int[]): Int {
  return nary(ExpOp.INT_OR, exps, "Exp.intOr");
}

/** Bit by bit exclusive or. */
function intXor(exps: readonly Int[]): Int {
  return nary(ExpOp.INT_XOR, exps, "Exp.intXor");
}

/** All bits turned over. */
function intNot(value: Int): Int {
  return operation(ExpOp.INT_NOT, [value]);
}

/** Bits moved left; only the low six bits of `shift` count. */
function intLshift(value: Int, shift: Int): Int {
  return operation(ExpOp.INT_LSHIFT, [value, shift]);
}

/** Bits moved right, zeros coming in; only the low six bits of `shift` count. */
function intRshift(value: Int, shift: Int): Int {
  return operation(ExpOp.INT_RSHIFT, [value, shift]);
}

/** Bits moved right, the sign coming in; only the low six bits of `shift` count. */
function intArshift(value: Int, shift: Int): Int {
  return operation(ExpOp.INT_ARSHIFT, [value, shift]);
}

/** How many bits are 1. */
function intCount(value: Int): Int {
  return operation(ExpOp.INT_COUNT, [value]);
}

/** Place of the first bit that is `search`, counted from the most significant, 0; −1 when there is none. */
function intLscan(value: Int, search: Bool): Int {
  return operation(ExpOp.INT_LSCAN, [value, search]);
}

/** Place of the last bit that is `search`, counted from the most significant, 0; −1 when there is none. */
function intRscan(value: Int, search: Bool): Int {
  return operation(ExpOp.INT_RSCAN, [value, search]);
}

/** Numbers, for {@link Exp}. */
export const arithmetic = {
  intAnd,
  intArshift,
  intCount,
  intLscan,
  intLshift,
  intNot,
  intOr,
  intRscan,
  intRshift,
  intXor,
  max,
  min,
  numAbs,
  numAdd,
  numCeil,
  numDiv,
  numFloor,
  numLog,
  numMod,
  numMul,
  numPow,
  numSub,
  toFloat,
  toInt,
};
