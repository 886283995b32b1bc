import type { InNode, PlaceholderNode } from "./ast.js";
import { describeType } from "./describe.js";
import type { Inference } from "./infer.js";
import { paramSet } from "./params.js";
import { BOOL, FLOAT, LIST, NIL, NUMBER, setName, single } from "./type-set.js";
import { TypeVar } from "./type-var.js";

/** `value in list`: an open value takes the type of the list's first element; else it must be known. */
export function inferIn(inference: Inference, node: InNode): TypeVar {
  const { left, right } = node;
  const leftType = inference.infer(left);
  const result = new TypeVar(BOOL, { node, why: undefined });
  const rightType = inference.infer(right);
  if (!rightType.narrow(LIST, { node, why: "in looks into a LIST" })) {
    inference.fail(
      right,
      `in looks into a LIST; ${describeType(right, rightType, inference.text)}`,
      right.kind === "literal" ? `Write [${inference.source(right)}], or ==` : undefined,
    );
  }
  if (right.kind === "placeholder") inParameter(inference, node, right, leftType);
  else if (right.kind === "list") {
    const first = right.items[0];
    const isOpen = single(leftType.set) === undefined;
    if (isOpen && first !== undefined && first.typed !== undefined) {
      inference.meet(node, left, leftType, first, first.typed, "Cannot look among");
    }
    if (
      !isOpen &&
      first !== undefined &&
      right.items.every((item) => item.typed !== undefined && (item.typed.set & leftType.set) === 0)
    ) {
      inference.fail(
        node,
        `None of the list can be equal: ${describeType(left, leftType, inference.text)}; ${describeType(first, first.typed!, inference.text)}`,
      );
    }
  }
  return result;
}

/** A list that is a parameter: all its elements, of one type, tell the type of what is looked for. */
function inParameter(inference: Inference, node: InNode, right: PlaceholderNode, leftType: TypeVar): void {
  const list = inference.params[right.index];
  if (!Array.isArray(list) || list.length === 0) return;
  let set = 0;
  for (const item of list) {
    const type = paramSet(item, right.index);
    if (type === NIL) continue;
    if (set === 0) set = type;
    // Numbers with and without a fraction: all are FLOAT.
    else if ((set & type) !== 0) set &= type;
    else {
      inference.fail(
        right,
        `The elements of ?${right.index} must be of one type; found ${typeWord(set)} and ${typeWord(type)}`,
      );
    }
  }
  if (set === 0) return;
  const elements = new TypeVar(set, { node: right, why: undefined });
  if (!TypeVar.unify(leftType, elements)) {
    inference.fail(
      right,
      `Cannot compare ${leftType.name} to ${typeWord(set)} in a list: ${describeType(node.left, leftType, inference.text)}; ?${right.index} holds ${typeWord(set)}`,
    );
  }
  if (leftType.set === NUMBER) inference.soften(leftType, NUMBER & ~FLOAT);
}

function typeWord(set: number): string {
  return set === NUMBER ? "INT" : setName(set);
}
