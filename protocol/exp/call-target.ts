import type { ExpKind } from "./exp-type.js";
import type { CallNode, ExpNode } from "./node.js";

const TARGETS: Readonly<Record<CallNode["system"], { readonly types: readonly ExpKind[]; readonly name: string }>> = {
  cdt: { types: ["list", "map"], name: "list or map" },
  bits: { types: ["blob"], name: "blob" },
  hll: { types: ["hll"], name: "HyperLogLog" },
};

/** Checks what a call works on; returns the type of its result. An open type passes until its variable is known. */
export function checkTarget(node: CallNode, target: ExpNode): CallNode["type"] {
  const { type } = target;
  const { types, name } = TARGETS[node.system];
  if (type !== undefined && !types.includes(type)) throw new TypeError(`a ${name} operation can't work on ${type}`);
  return node.modify && (type === "list" || type === "map") ? type : node.type;
}
