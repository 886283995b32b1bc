import type { AelNode, BetweenNode, BinNode, CompareNode, InNode } from "./ast.js";
import type { Inference } from "./infer.js";
import { paramSet } from "./params.js";
import { BOOL, NUMBER, setName } from "./type-set.js";
import { TypeVar } from "./type-var.js";

// `$.price:NUMBER`: a bin that holds INT in some records and FLOAT in others, as numbers of JavaScript come to do.
// It is compared by value, whichever it is.

export function isNumberBin(node: AelNode): node is BinNode {
  return node.kind === "bin" && node.isNumber;
}

/** Comparisons in which either side, or what lies between, is such a bin. */
export function inferNumbers(
  inference: Inference,
  node: CompareNode | BetweenNode,
  operands: readonly AelNode[],
): TypeVar {
  for (const operand of operands) {
    if (isNumberBin(operand)) inferNumberBin(inference, operand);
    else inference.need(operand, NUMBER, "A NUMBER is compared with INT and FLOAT", node);
  }
  return new TypeVar(BOOL, { node, why: undefined });
}

function inferNumberBin(inference: Inference, bin: BinNode): void {
  inference.refuseInElement(bin, "A bin");
  bin.typed = new TypeVar(NUMBER);
}

/** `$.price:NUMBER in [1, 2.5]`: the numbers may be of both kinds. */
export function inferNumberIn(inference: Inference, node: InNode, bin: BinNode): TypeVar {
  const { right } = node;
  inferNumberBin(inference, bin);
  inference.infer(right);
  const refuse = (where: AelNode, set: number): void => {
    if ((set & NUMBER) === 0) inference.fail(where, `A NUMBER is looked for among INT and FLOAT, not ${setName(set)}`);
  };
  if (right.kind === "list") {
    for (const item of right.items) {
      if (item.typed === undefined) inference.fail(item, "A NUMBER is looked for among numbers");
      refuse(item, item.typed.set);
    }
  } else {
    const values = right.kind === "placeholder" ? inference.params[right.index] : undefined;
    if (!Array.isArray(values) || right.kind !== "placeholder") {
      inference.fail(right, "A NUMBER is looked for in a list literal or a parameter that is a list");
    }
    for (const value of values) refuse(right, paramSet(value, right.index));
  }
  return new TypeVar(BOOL, { node, why: undefined });
}
