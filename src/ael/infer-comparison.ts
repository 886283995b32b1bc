import type { ExpType } from "../../protocol/exp/exp-type.js";
import { AelParseError } from "./ael-parse-error.js";
import type { AelNode, BinaryNode } from "./ast.js";
import { describeOrigin, typeName } from "./describe.js";
import type { Inference } from "./infer.js";
import { Slot } from "./slot.js";

export function inferComparison(
  inference: Inference,
  left: AelNode,
  leftSlot: Slot,
  right: AelNode,
  rightSlot: Slot,
): void {
  refuseUncomparable(inference, left, leftSlot);
  refuseUncomparable(inference, right, rightSlot);
  if (Slot.join(leftSlot, rightSlot) !== "mismatch") return;
  const a = leftSlot.root.type;
  const b = rightSlot.root.type;
  // A string beside a blob is base64.
  if ((a === "blob" && isText(right, b)) || (b === "blob" && isText(left, a))) return;
  const from = a === undefined ? "INT or FLOAT" : typeName(a);
  const to = b === undefined ? "INT or FLOAT" : typeName(b);
  const why = `${describeOrigin(leftSlot.root, inference.text)}; ${describeOrigin(rightSlot.root, inference.text)}`;
  throw new AelParseError(inference.text, {
    problem: `Cannot compare ${from} to ${to}: ${why}`,
    at: left.at,
    end: right.end,
    found: undefined,
  });
}

function refuseUncomparable(inference: Inference, node: AelNode, slot: Slot): void {
  const { type } = slot.root;
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
  literal.slot = new Slot("nil", literal);
}

export function inferIn(inference: Inference, node: BinaryNode): void {
  const { left, right } = node;
  const leftSlot = inference.infer(left);
  const rightSlot = inference.infer(right);
  const { type } = rightSlot.root;
  if (type !== undefined && type !== "list") {
    inference.fail(
      right,
      `IN operation requires a List as the right operand, got ${typeName(type)}: ${describeOrigin(rightSlot.root, inference.text)}`,
    );
  }
  Slot.join(rightSlot, new Slot("list", node));
  const element = elementType(inference, right);
  if (element === undefined) {
    if (leftSlot.root.type === undefined) {
      inference.fail(
        left,
        "cannot infer the type of the left operand for IN operation",
        "a type: add .get(type: STRING) or the like, or compare with a list whose elements show it",
      );
    }
    return;
  }
  if (Slot.join(leftSlot, element) === "joined") return;
  inference.fail(
    node,
    `Cannot compare ${typeName(leftSlot.settled)} to ${typeName(element.settled)} in IN expression: ${describeOrigin(leftSlot.root, inference.text)}`,
  );
}

/** The one type of a list's elements, as far as the text shows it. */
function elementType(inference: Inference, list: AelNode): Slot | undefined {
  if (list.kind === "placeholder") {
    const element = inference.params.elementOf(list.index);
    return element === undefined ? undefined : new Slot(element, list, element === "int");
  }
  if (list.kind !== "list") return undefined;
  let found: Slot | undefined;
  for (const item of list.items) {
    const type = item.slot?.root.type;
    if (type === undefined || type === "nil") continue;
    if (found !== undefined && found.type !== type) {
      inference.fail(
        item,
        `IN list elements must all be of the same type; found ${typeName(found.type ?? "int")} and ${typeName(type)}`,
      );
    }
    found ??= new Slot(type, item, type === "int");
  }
  return found;
}

/** A string that is known when the expression is built, so that it can be read as base64. */
function isText(node: AelNode, type: ExpType | undefined): boolean {
  return type === "string" && (node.kind === "literal" || node.kind === "placeholder");
}
