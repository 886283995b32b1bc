import { CallSystem, type CdtCall } from "../../protocol/cdt/call.js";
import { Computed, type Param } from "../../protocol/cdt/param.js";
import { constantOf } from "./constant.js";
import type { ExpType } from "./exp-type.js";
import type { CallNode, ExpNode, CallSystem as SystemName } from "./node.js";
import type { PathStep } from "./path-step.js";

const NOTHING = new Uint8Array(0);
const NAMES: Readonly<Record<CallSystem, SystemName>> = {
  [CallSystem.CDT]: "cdt",
  [CallSystem.BITS]: "bits",
  [CallSystem.HLL]: "hll",
};

/**
 * An expression as a parameter of a collection call. The call makers of protocol/cdt check what stands there as a
 * plain value; what the server works out they let pass.
 */
export class Argument extends Computed {
  readonly node: ExpNode;

  constructor(node: ExpNode) {
    super({ packed: NOTHING });
    this.node = node;
  }
}

/** A call as a node: the maker's parameters become constants, those that are expressions their trees. */
export function callNode(type: ExpType, call: CdtCall, target: ExpNode, path: readonly PathStep[] = []): CallNode {
  return {
    kind: "call",
    type,
    system: NAMES[call.system],
    modify: call.modify,
    code: call.code,
    params: call.params.map(paramNode),
    path,
    target,
  };
}

function paramNode(param: Param): ExpNode {
  if (param instanceof Argument) return param.node;
  if (param instanceof Computed || param.kind === "packed")
    throw new TypeError("This parameter has no place in an expression");
  return constantOf(param.value, param.name);
}
