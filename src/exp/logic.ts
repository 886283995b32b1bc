import type { ExpKind } from "../../protocol/exp/exp-type.js";
import { ExpOp } from "../../protocol/exp/op-code.js";
import { opNode } from "../../protocol/exp/ops.js";
import { describe } from "../../protocol/value/invalid-value.js";
import { nodeOf, nodesOf, operation } from "./build.js";
import { Expression } from "./expression.js";

/** Types that compare; geo and hll do not. */
export type Comparable = Exclude<ExpKind, "geo" | "hll" | "remove" | "special">;
/** The other side of a comparison: the same type, or anything when the first side's is open. */
type Like<T extends ExpKind> = [T] extends [never] ? Comparable : T;

/** True when both are equal; NaN equals nothing. Maps compare only when ordered, else the result is unknown. */
function eq<T extends Comparable>(left: Expression<T>, right: Expression<NoInfer<Like<T>>>): Expression<"bool"> {
  return operation(ExpOp.EQ, [left, right]);
}

/** True when both differ. */
function ne<T extends Comparable>(left: Expression<T>, right: Expression<NoInfer<Like<T>>>): Expression<"bool"> {
  return operation(ExpOp.NE, [left, right]);
}

/** `left` is greater: numbers by value, strings and blobs by bytes, lists and maps by the server's order. */
function gt<T extends Comparable>(left: Expression<T>, right: Expression<NoInfer<Like<T>>>): Expression<"bool"> {
  return operation(ExpOp.GT, [left, right]);
}

/** `left` is greater or equal. */
function ge<T extends Comparable>(left: Expression<T>, right: Expression<NoInfer<Like<T>>>): Expression<"bool"> {
  return operation(ExpOp.GE, [left, right]);
}

/** `left` is less. */
function lt<T extends Comparable>(left: Expression<T>, right: Expression<NoInfer<Like<T>>>): Expression<"bool"> {
  return operation(ExpOp.LT, [left, right]);
}

/** `left` is less or equal. */
function le<T extends Comparable>(left: Expression<T>, right: Expression<NoInfer<Like<T>>>): Expression<"bool"> {
  return operation(ExpOp.LE, [left, right]);
}

/**
 * Whether a POSIX regular expression is found in a string.
 * @param regex POSIX syntax, not JavaScript's: no `\d`, no lazy quantifiers, no lookahead. The server refuses a pattern that is not valid.
 * @param flags a sum of {@link RegexFlag}
 * @example Exp.regexCompare("^(mr|ms) ", RegexFlag.EXTENDED | RegexFlag.ICASE, Exp.stringBin("name"))
 */
function regexCompare(regex: string, flags: number, subject: Expression<"string">): Expression<"bool"> {
  if (typeof regex !== "string" || !regex.isWellFormed() || regex.includes("\0")) {
    throw new TypeError(`Exp.regexCompare: the pattern is ${describe(regex)}; expected a string without NUL`);
  }
  if (!Number.isInteger(flags) || flags < 0 || flags > 15) {
    throw new TypeError(
      `Exp.regexCompare: expected the flags to be a sum of RegexFlag, 0 to 15, got ${describe(flags)}`,
    );
  }
  const node = nodeOf(subject, "Exp.regexCompare: the subject");
  if (node.type !== undefined && node.type !== "string") {
    throw new TypeError(`Exp.regexCompare: expected the subject to be a string, got ${node.type}`);
  }
  return new Expression({ kind: "regex", type: "bool", flags, pattern: regex, subject: node });
}

/** Whether one of two geometries, a point, lies within the other, a region; in either order. */
function geoCompare(left: Expression<"geo">, right: Expression<"geo">): Expression<"bool"> {
  return operation(ExpOp.GEO_COMPARE, [left, right]);
}

/** Whether an element of the list equals `value`. Unlike eq, types may be mixed. Server 8.1.2 and later. */
function inList(value: Expression<ExpKind>, list: Expression<"list">): Expression<"bool"> {
  return operation(ExpOp.IN_LIST, [value, list]);
}

/** The opposite; unknown stays unknown. */
function not(exp: Expression<"bool">): Expression<"bool"> {
  return operation(ExpOp.NOT, [exp]);
}

/** All are true. False as soon as one is false, even beside unknown ones. One expression alone is given back as it is. */
function and(exps: readonly Expression<"bool">[]): Expression<"bool"> {
  return logical(ExpOp.AND, exps, "Exp.and");
}

/** One is true. True as soon as one is true, even beside unknown ones. One expression alone is given back as it is. */
function or(exps: readonly Expression<"bool">[]): Expression<"bool"> {
  return logical(ExpOp.OR, exps, "Exp.or");
}

/** Exactly one is true. */
function xor(exps: readonly Expression<"bool">[]): Expression<"bool"> {
  return logical(ExpOp.EXCLUSIVE, exps, "Exp.xor");
}

function logical(code: number, exps: readonly Expression<"bool">[], where: string): Expression<"bool"> {
  const nodes = nodesOf(exps, where);
  const [only] = nodes;
  if (nodes.length === 1 && only !== undefined && (only.type === "bool" || only.type === undefined)) {
    return new Expression(only);
  }
  return new Expression(opNode(code, nodes));
}

/** Comparisons and what joins them, for {@link Exp}. */
export const logic = { and, eq, ge, geoCompare, gt, inList, le, lt, ne, not, or, regexCompare, xor };
