import type { ExpKind } from "./exp-type.js";
import type { CallNode, ExpNode } from "./node.js";

const TARGETS: Readonly<Record<CallNode["system"], { readonly types: readonly ExpKind[]; readonly name: string }>> = {
  cdt: { types: ["list", "map"], name: "list or map" },
  bits: { types: ["blob"], name: "blob" },
  hll: { types: ["hll"], name: "HyperLogLog" },
  string: { types: ["string"], name: "string" },
};

/** Checks what a call works on; returns the type of its result. An open type passes until its variable is known. */
export function checkTarget(node: CallNode, target: ExpNode): CallNode["type"] {
  const { type } = target;
  // Steps lead from a list or map to what the call works on.
  const { types, name } = TARGETS[node.path.length > 0 ? "cdt" : node.system];
  if (type !== undefined && !types.includes(type)) throw new TypeError(`a ${name} operation can't work on ${type}`);
  const givesItAll = type === "list" || type === "map" || type === "string";
  return node.modify && givesItAll ? type : node.type;
}
