import type { ExpNode } from "./node.js";
export function printNode(node: ExpNode): string {
  return node.kind;
}
