import { MapReturnType } from "../../../protocol/cdt/flags.js";
import { ListOp } from "../../../protocol/cdt/operations.js";
import { literalValue } from "../../../protocol/exp/literal.js";
import type { ExpNode, OpNode } from "../../../protocol/exp/node.js";
import { ExpOp } from "../../../protocol/exp/op-code.js";
import { INT64_MAX, INT64_MIN } from "../../../protocol/limits.js";
import { isReturning, readOf } from "./index-source.js";
import { ALL, complement, type IntervalSet, intersection, interval, NONE, union } from "./interval-set.js";
import * as preimage from "./preimage.js";
import { comparisons, type Lattice, solve } from "./solve.js";

const INTEGERS: Lattice<IntervalSet> = { all: ALL, none: NONE, both: intersection, either: union };

/** The integers that something may be when a condition on it is `want`. */
export function integersOf(condition: ExpNode, want: boolean, isIndexed: (node: ExpNode) => boolean): IntervalSet {
  return solve(condition, want, INTEGERS, (node, wanted) => leafIntegers(node, wanted, isIndexed));
}

function leafIntegers(node: ExpNode, want: boolean, isIndexed: (node: ExpNode) => boolean): IntervalSet {
  for (const { op, left, right } of comparisons(node, want)) {
    const bound = foldInteger(right);
    if (bound !== undefined) return invert(left, satisfying(op, bound), isIndexed);
    if (right.kind === "const" && right.type === "float") return invertFloat(left, op, Number(right.value), isIndexed);
  }
  const member = membership(node);
  if (member === undefined) return ALL;
  const points = union(
    ...member.list.flatMap((value) => (isInteger(value) ? [interval(BigInt(value), BigInt(value))] : [])),
  );
  return invert(member.value, want ? points : complement(points), isIndexed);
}

/** `value in [constants]`, in either form. */
export function membership(node: ExpNode): { value: ExpNode; list: readonly unknown[] } | undefined {
  let value: ExpNode | undefined;
  let list: ExpNode | undefined;
  if (node.kind === "op" && node.code === ExpOp.IN_LIST) [value, list] = node.args;
  else if (node.kind === "call" && readOf(node) === ListOp.GET_ALL_BY_VALUE && node.path.length === 0) {
    if (isReturning(node.params[0], MapReturnType.EXISTS)) {
      value = node.params[1];
      list = node.target;
    }
  }
  if (value === undefined || value.kind === "special" || list?.kind !== "const" || list.specials === true)
    return undefined;
  const elements = literalValue(list.value);
  return Array.isArray(elements) ? { value, list: elements } : undefined;
}

function isInteger(value: unknown): value is number | bigint {
  return typeof value === "bigint" || (typeof value === "number" && Number.isSafeInteger(value));
}

/** The integers that stand in a relation to another. */
function satisfying(op: number, bound: bigint): IntervalSet {
  switch (op) {
    case ExpOp.EQ:
      return interval(bound, bound);
    case ExpOp.NE:
      return complement(interval(bound, bound));
    case ExpOp.GT:
      return interval(bound + 1n, INT64_MAX);
    case ExpOp.GE:
      return interval(bound, INT64_MAX);
    case ExpOp.LT:
      return interval(INT64_MIN, bound - 1n);
    default:
      return interval(INT64_MIN, bound);
  }
}

/** From the values that an integer expression has to those that the source under it may have. */
function invert(node: ExpNode, set: IntervalSet, isIndexed: (node: ExpNode) => boolean): IntervalSet {
  if (isIndexed(node)) return set;
  if (node.kind !== "op") return ALL;
  if (node.code === ExpOp.MAX || node.code === ExpOp.MIN) return invertExtreme(node, set, isIndexed);
  const constants = node.args.map(foldInteger);
  const open = constants.flatMap((value, i) => (value === undefined ? [i] : []));
  const [at] = open;
  if (open.length !== 1 || at === undefined) return ALL;
  const known = constants.filter((value) => value !== undefined);
  const before = invertOp(node.code, set, at, known, node.args.length);
  return before === undefined ? ALL : invert(node.args[at]!, before, isIndexed);
}

/** What the one argument at `at` may be, the others being known; undefined for operations that say nothing. */
function invertOp(
  code: number,
  set: IntervalSet,
  at: number,
  known: readonly bigint[],
  count: number,
): IntervalSet | undefined {
  const [first = 0n] = known;
  const isFirst = at === 0;
  switch (code) {
    case ExpOp.ADD:
      return preimage.preimageOfSum(set, wrap(sum(known)));
    case ExpOp.SUB:
      if (count === 1) return preimage.preimageOfDifference(set, 0n);
      // The source is what is subtracted from, or one of what is subtracted.
      return isFirst
        ? preimage.preimageOfSum(set, wrap(-sum(known)))
        : preimage.preimageOfDifference(set, wrap(first - sum(known.slice(1))));
    case ExpOp.MUL:
      return preimage.preimageOfProduct(set, wrap(product(known)));
    case ExpOp.DIV:
      if (count === 1) return preimage.preimageOfDivisor(set, 1n);
      if (isFirst) return preimage.preimageOfQuotient(set, wrap(product(known)));
      return count === 2 ? preimage.preimageOfDivisor(set, first) : undefined;
    case ExpOp.MOD:
      return isFirst ? preimage.preimageOfRemainder(set, first) : undefined;
    case ExpOp.ABS:
      return preimage.preimageOfAbs(set);
    case ExpOp.INT_NOT:
      return preimage.preimageOfNot(set);
    case ExpOp.INT_LSHIFT:
      return isFirst ? preimage.preimageOfLeftShift(set, first) : undefined;
    case ExpOp.INT_ARSHIFT:
      return isFirst ? preimage.preimageOfArithmeticShift(set, first) : undefined;
    case ExpOp.INT_RSHIFT:
      return isFirst ? preimage.preimageOfLogicalShift(set, first) : undefined;
    default:
      return undefined;
  }
}

/** The greatest is at most `high` only if all are; each argument can be the source. */
function invertExtreme(node: OpNode, set: IntervalSet, isIndexed: (node: ExpNode) => boolean): IntervalSet {
  const isMax = node.code === ExpOp.MAX;
  const constants = node.args.flatMap((arg) => foldInteger(arg) ?? []);
  const open = node.args.filter((arg) => foldInteger(arg) === undefined);
  const best = constants.length === 0 ? undefined : constants.reduce((a, b) => (isMax === a > b ? a : b));
  const solve = isMax ? preimage.preimageOfMax : preimage.preimageOfMin;
  let common = ALL;
  for (const arg of open) common = intersection(common, invert(arg, solve(set, best, open.length > 1), isIndexed));
  return common;
}

/** A comparison of an integer made float. */
function invertFloat(node: ExpNode, op: number, bound: number, isIndexed: (node: ExpNode) => boolean): IntervalSet {
  // Nothing is less, equal or greater than NaN, nor is that the opposite of anything.
  if (node.kind !== "op" || node.code !== ExpOp.TO_FLOAT || Number.isNaN(bound)) return ALL;
  return invert(node.args[0]!, floatsSatisfying(op, bound), isIndexed);
}

function floatsSatisfying(op: number, bound: number): IntervalSet {
  switch (op) {
    case ExpOp.GT:
      return preimage.preimageOfToFloat((value) => value > bound);
    case ExpOp.GE:
      return preimage.preimageOfToFloat((value) => value >= bound);
    case ExpOp.LT:
      return preimage.preimageOfToFloat((value) => value < bound);
    case ExpOp.LE:
      return preimage.preimageOfToFloat((value) => value <= bound);
    default: {
      const equal = intersection(floatsSatisfying(ExpOp.GE, bound), floatsSatisfying(ExpOp.LE, bound));
      return op === ExpOp.EQ ? equal : complement(equal);
    }
  }
}

/** The value of an integer expression without bins, worked out as the server does; undefined for any other. */
export function foldInteger(node: ExpNode): bigint | undefined {
  if (node.kind === "const") return node.type === "int" ? BigInt(node.value as number | bigint) : undefined;
  if (node.kind !== "op" || node.args.length === 0) return undefined;
  const args: bigint[] = [];
  for (const arg of node.args) {
    const value = foldInteger(arg);
    if (value === undefined) return undefined;
    args.push(value);
  }
  const [first = 0n, ...rest] = args;
  switch (node.code) {
    case ExpOp.ADD:
      return wrap(sum(args));
    case ExpOp.SUB:
      return wrap(rest.length === 0 ? -first : first - sum(rest));
    case ExpOp.MUL:
      return wrap(product(args));
    default:
      return undefined;
  }
}

function sum(values: readonly bigint[]): bigint {
  return values.reduce((a, b) => a + b, 0n);
}

function product(values: readonly bigint[]): bigint {
  return values.reduce((a, b) => a * b, 1n);
}

function wrap(value: bigint): bigint {
  return BigInt.asIntN(64, value);
}
