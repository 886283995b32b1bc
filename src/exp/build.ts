import { utf8Length } from "../../protocol/bytes/utf8.js";
import { MAX_BIN_NAME_BYTES } from "../../protocol/limits.js";
import { describe } from "../../protocol/value/invalid-value.js";
import type { ExpKind } from "./exp-type.js";
import { Expression } from "./expression.js";
import type { ExpNode } from "./node.js";
import { OPS, resultType } from "./ops.js";

/** The node of an operation, its arguments' types checked. */
export function opNode(code: number, args: readonly ExpNode[]): ExpNode {
  const op = OPS[code]!;
  return {
    kind: "op",
    type: resultType(
      op,
      args.map((arg) => arg.type),
    ),
    code,
    args,
  };
}

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
  if (value instanceof Expression) return value.node;
  throw new TypeError(`${where} is ${describe(value)}; an expression is due, such as Exp.intBin("a") or Exp.intVal(1)`);
}

/** A list of arguments. */
export function nodesOf(values: unknown, where: string): ExpNode[] {
  if (!Array.isArray(values)) throw new TypeError(`${where} is ${describe(values)}; an array of expressions is due`);
  return values.map((value, i) => nodeOf(value, `${where}[${i}]`));
}

/** Throws a TypeError when the server would refuse the name. */
export function checkBinName(name: unknown, where: string): string {
  if (typeof name !== "string") throw new TypeError(`${where}: a bin name is a string, not ${describe(name)}`);
  if (name === "") throw new TypeError(`${where}: Bin name must not be empty`);
  const bytes = utf8Length(name);
  if (bytes > MAX_BIN_NAME_BYTES) {
    throw new TypeError(
      `${where}: the bin name ${describe(name)} has ${bytes} bytes; allowed are ${MAX_BIN_NAME_BYTES}`,
    );
  }
  if (name.includes("\0") || !name.isWellFormed()) {
    throw new TypeError(`${where}: the bin name ${describe(name)} holds a NUL or half a surrogate pair`);
  }
  return name;
}

/** A variable's name, by the server's rule. */
export function checkVariableName(name: unknown, where: string): string {
  if (typeof name === "string" && /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return name;
  throw new TypeError(
    `${where}: ${describe(name)} is no name of a variable; allowed are letters, digits and _, no digit first`,
  );
}
