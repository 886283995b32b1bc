import { Writer } from "../../protocol/bytes/writer.js";
import type { CdtCall } from "../../protocol/cdt/call.js";
import type { BinNode, ExpNode } from "../../protocol/exp/node.js";
import { packNode } from "../../protocol/exp/pack.js";
import { callNode, pathStep } from "../../src/exp/call.js";

/** Third and fourth of `[127, type, system, call, bin]`: the call as it stands in an expression. */
export function packedCall(call: CdtCall): { readonly system: number; readonly call: Uint8Array } {
  const { on } = call.operation;
  const type = on === "bits" ? "blob" : on === "container" ? "list" : on;
  const target: BinNode = { kind: "bin", type, name: "b" };
  const isInside = call.context !== undefined;
  const context = (call.context ?? []).map(pathStep);
  // Through a context the bin may be of the other kind, but its type takes a byte in any case.
  const whole = packed(callNode("int", call, isInside ? { ...target, type: "map" } : target, context));
  // 95 7f type system … 93 51 type a1 62
  return { system: whole[3]!, call: whole.slice(4, whole.length - packed(target).length) };
}

function packed(node: ExpNode): Uint8Array {
  const w = new Writer(64);
  packNode(w, node);
  return w.copy();
}
