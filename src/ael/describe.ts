import type { ExpType } from "../../protocol/exp/exp-type.js";
import type { AelNode } from "./ast.js";
import type { TypeVariable } from "./type-variable.js";

/** A type as the language writes it. */
export function typeName(type: ExpType): string {
  return type.toUpperCase();
}

/** What gave a type variable its type, in words that end with the type. */
export function describeOrigin(typeVariable: TypeVariable, text: string): string {
  const is = typeVariable.type === undefined ? "INT or FLOAT" : typeName(typeVariable.type);
  if (typeVariable.origin === undefined) return `something here is ${is}`;
  return `${describeNode(typeVariable.origin, text)} is ${is}`;
}

function describeNode(node: AelNode, text: string): string {
  const source = shorten(text.slice(node.at, node.end));
  switch (node.kind) {
    case "literal":
    case "list":
    case "map":
      return `the literal ${source}`;
    case "placeholder":
      return `the value of ${source}`;
    case "path":
    case "metadata":
    case "function":
    case "variable":
      return source;
    default:
      return `the result of ${source}`;
  }
}

function shorten(source: string): string {
  const line = source.replace(/\s+/g, " ");
  return line.length > 40 ? `${line.slice(0, 39)}…` : line;
}
