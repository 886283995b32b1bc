import type { ExpKind } from "../../protocol/exp/exp-type.js";
import type { ExpNode } from "../../protocol/exp/node.js";
import { OPS, opNode } from "../../protocol/exp/ops.js";
import { describe } from "../../protocol/value/invalid-value.js";
import { Expression } from "./expression.js";

/** An expression of one operation; its static type is what the factory says it is. */
export function operation<T extends ExpKind>(code: number, args: readonly Expression[]): Expression<T> {
  const name = OPS[code]!.name;
  return new Expression(
    opNode(
      code,
      args.map((arg, i) => nodeOf(arg, `Exp.${name}: argument ${i + 1}`)),
    ),
  );
}

/** The tree of an argument; plain JavaScript may hand in anything. */
export function nodeOf(value: unknown, where: string): ExpNode {
  if (value instanceof Expression) {
    if (value.node.kind === "text")
      throw new TypeError(`${where} is a text for the server, which is a whole expression and never part of one`);
    return value.node;
  }
  throw new TypeError(
    `${where} is ${describe(value)}; expected an expression, such as Exp.intBin("a") or Exp.intVal(1)`,
  );
}

/** A list of arguments. */
export function nodesOf(values: unknown, where: string): ExpNode[] {
  if (!Array.isArray(values)) throw new TypeError(`${where} is ${describe(values)}; expected an array of expressions`);
  return values.map((value, i) => nodeOf(value, `${where}[${i}]`));
}
