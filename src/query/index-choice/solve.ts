import type { ExpNode } from "../../../protocol/exp/node.js";
import { ExpOp } from "../../../protocol/exp/op-code.js";

/** Sets of whatever an index has entries for, as far as a condition narrows them. */
export interface Lattice<S> {
  /** Not narrowed at all. */
  readonly all: S;
  /** Never true. */
  readonly none: S;
  /** What fulfils both. */
  both(a: S, b: S): S;
  /** What fulfils one of the two. */
  either(a: S, b: S): S;
}

/**
 * The entries for which a condition can be `want`. Always a superset: what a condition says about other things, or in
 * a form that is not understood, narrows nothing. Unknown is neither true nor false.
 */
export function solve<S>(
  node: ExpNode,
  want: boolean,
  lattice: Lattice<S>,
  leaf: (node: ExpNode, want: boolean) => S,
): S {
  if (node.kind === "const") return node.value === want ? lattice.all : lattice.none;
  if (node.kind !== "op") return leaf(node, want);
  const part = (arg: ExpNode): S => solve(arg, want, lattice, leaf);
  switch (node.code) {
    case ExpOp.NOT:
      return solve(node.args[0]!, !want, lattice, leaf);
    case ExpOp.AND:
    case ExpOp.OR: {
      const isBoth = (node.code === ExpOp.AND) === want;
      return node.args.map(part).reduce((a, b) => (isBoth ? lattice.both(a, b) : lattice.either(a, b)));
    }
    case ExpOp.UNKNOWN:
      return lattice.none;
    default:
      return leaf(node, want);
  }
}

/** A comparison with its constant on the right and what it must come out as worked in: `op` holds. */
export interface Comparison {
  readonly op: number;
  readonly left: ExpNode;
  readonly right: ExpNode;
}

const MIRRORED: Readonly<Record<number, number>> = {
  [ExpOp.EQ]: ExpOp.EQ,
  [ExpOp.NE]: ExpOp.NE,
  [ExpOp.GT]: ExpOp.LT,
  [ExpOp.GE]: ExpOp.LE,
  [ExpOp.LT]: ExpOp.GT,
  [ExpOp.LE]: ExpOp.GE,
};
const OPPOSITE: Readonly<Record<number, number>> = {
  [ExpOp.EQ]: ExpOp.NE,
  [ExpOp.NE]: ExpOp.EQ,
  [ExpOp.GT]: ExpOp.LE,
  [ExpOp.GE]: ExpOp.LT,
  [ExpOp.LT]: ExpOp.GE,
  [ExpOp.LE]: ExpOp.GT,
};

/** Both ways of reading a comparison: `a < b` and `b > a`. */
export function comparisons(node: ExpNode, want: boolean): readonly Comparison[] {
  if (node.kind !== "op" || node.code < ExpOp.EQ || node.code > ExpOp.LE) return [];
  const [left, right] = node.args;
  if (left === undefined || right === undefined) return [];
  const op = want ? node.code : OPPOSITE[node.code]!;
  return [
    { op, left, right },
    { op: MIRRORED[op]!, left: right, right: left },
  ];
}
