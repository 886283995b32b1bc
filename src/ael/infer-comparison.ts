import type { ExpType } from "../../protocol/exp/exp-type.js";
import { AelParseError } from "./ael-parse-error.js";
import type { AelNode, BinaryNode } from "./ast.js";
import { describeOrigin, typeName } from "./describe.js";
import type { Inference } from "./infer.js";
import { TypeVariable } from "./type-variable.js";

export function inferComparison(
  inference: Inference,
  left: AelNode,
  leftType: TypeVariable,
  right: AelNode,
  rightType: TypeVariable,
): void {
  refuseUncomparable(inference, left, leftType);
  refuseUncomparable(inference, right, rightType);
  if (TypeVariable.unify(leftType, rightType) !== "mismatch") return;
  const a = leftType.root.type;
  const b = rightType.root.type;
  // A string beside a blob is base64.
  if ((a === "blob" && isText(right, b)) || (b === "blob" && isText(left, a))) return;
  const from = a === undefined ? "INT or FLOAT" : typeName(a);
  const to = b === undefined ? "INT or FLOAT" : typeName(b);
  const why = `${describeOrigin(leftType.root, inference.text)}; ${describeOrigin(rightType.root, inference.text)}`;
  throw new AelParseError(inference.text, {
    problem: `Cannot compare ${from} to ${to}: ${why}`,
    at: left.at,
    end: right.end,
    found: undefined,
  });
}

function refuseUncomparable(inference: Inference, node: AelNode, typeVariable: TypeVariable): void {
  const { type } = typeVariable.root;
  if (type !== "geo" && type !== "hll") return;
  inference.fail(node, `${typeName(type)} values can't be compared`, type === "geo" ? "geoCompare(a, b)" : undefined);
}

/** `$.bin == null`: the bin itself is asked for, not its value. */
export function inferNullTest(inference: Inference, node: BinaryNode, other: AelNode): void {
  if (other.kind !== "path" || other.base.from !== "bin" || other.fn !== undefined) {
    inference.fail(node, "Only a bin, or an element of one, is compared with null");
  }
  inference.infer(other);
  const literal = node.left === other ? node.right : node.left;
  literal.typeVariable = new TypeVariable("nil", literal);
}

export function inferIn(inference: Inference, node: BinaryNode): void {
  const { left, right } = node;
  const leftType = inference.infer(left);
  const rightType = inference.infer(right);
  const { type } = rightType.root;
  if (type !== undefined && type !== "list") {
    inference.fail(
      right,
      `IN operation requires a List as the right operand, got ${typeName(type)}: ${describeOrigin(rightType.root, inference.text)}`,
    );
  }
  TypeVariable.unify(rightType, new TypeVariable("list", node));
  const element = elementType(inference, right);
  if (element === undefined) {
    if (leftType.root.type === undefined) {
      inference.fail(
        left,
        "cannot infer the type of the left operand for IN operation",
        "a type: add .get(type: STRING) or the like, or compare with a list whose elements show it",
      );
    }
    return;
  }
  if (TypeVariable.unify(leftType, element) === "unified") return;
  inference.fail(
    node,
    `Cannot compare ${typeName(leftType.resolved)} to ${typeName(element.resolved)} in IN expression: ${describeOrigin(leftType.root, inference.text)}`,
  );
}

/** The one type of a list's elements, as far as the text shows it. */
function elementType(inference: Inference, list: AelNode): TypeVariable | undefined {
  if (list.kind === "placeholder") {
    const element = inference.params.elementOf(list.index);
    return element === undefined ? undefined : new TypeVariable(element, list, element === "int");
  }
  if (list.kind !== "list") return undefined;
  let found: TypeVariable | undefined;
  for (const item of list.items) {
    const type = item.typeVariable?.root.type;
    if (type === undefined || type === "nil") continue;
    if (found !== undefined && found.type !== type) {
      inference.fail(
        item,
        `IN list elements must all be of the same type; found ${typeName(found.type ?? "int")} and ${typeName(type)}`,
      );
    }
    found ??= new TypeVariable(type, item, type === "int");
  }
  return found;
}

/** A string that is known when the expression is built, so that it can be read as base64. */
function isText(node: AelNode, type: ExpType | undefined): boolean {
  return type === "string" && (node.kind === "literal" || node.kind === "placeholder");
}
