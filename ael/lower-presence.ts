import { MapReturnType } from "../protocol/cdt/flags.js";
import { ListOp, MapOp } from "../protocol/cdt/operations.js";
import type { ExpNode } from "../protocol/exp/node.js";
import { ExpOp } from "../protocol/exp/op-code.js";
import { opNode } from "../protocol/exp/ops.js";
import { type AelNode, isSingleStep, type MethodNode, type PathNode, type Step } from "./ast.js";
import { int, PARTICLES } from "./constants.js";
import type { Lowering } from "./lower.js";
import { contextOf, readOf } from "./lower-path.js";

// Whether something is there: null tests, and values in place of missing ones.

/** The value, or another where there is none; a bin of another type counts as none. */
export function orElse(lowering: Lowering, node: MethodNode): ExpNode {
  const { receiver } = node;
  const type = lowering.typeOf(receiver);
  const value = lowering.lower(receiver);
  const fallback = lowering.lower(node.args[0]!);
  const isThere =
    value.kind === "bin"
      ? opNode(ExpOp.EQ, [{ kind: "binType", type: "int", name: value.name }, int(PARTICLES[value.type])])
      : presence(lowering, receiver, true);
  return { kind: "cond", type, parts: [isThere, value, fallback] };
}

/** True when the bin and every element on the way is there; or, the other way round, when one is missing. */
export function presence(lowering: Lowering, node: AelNode, isThere: boolean): ExpNode {
  const path = node.kind === "path" ? node : undefined;
  const base = path?.base ?? node;
  if (base.kind !== "bin") return lowering.fail(node, "Only a bin, or an element of one, can be missing");
  const type: ExpNode = { kind: "binType", type: "int", name: base.name };
  const tests: ExpNode[] = [opNode(isThere ? ExpOp.NE : ExpOp.EQ, [type, int(0)])];
  path?.steps.forEach((step, i) => {
    const found = isStepThere(lowering, path, path.steps.slice(0, i + 1), step);
    tests.push(isThere ? found : opNode(ExpOp.NOT, [found]));
  });
  return tests.length === 1 ? tests[0]! : opNode(isThere ? ExpOp.AND : ExpOp.OR, tests);
}

/** By key and value the server says whether there is one; by index and rank an error tells, so the size is asked. */
function isStepThere(lowering: Lowering, node: PathNode, steps: readonly Step[], step: Step): ExpNode {
  if (!isSingleStep(step)) lowering.fail(step, "Only a bin, or one element of one, can be missing");
  if (step.kind !== "index" && step.kind !== "rank") {
    return readOf(lowering, node, steps, MapReturnType.EXISTS, "bool", step);
  }
  const place = Number(lowering.valueOf(step.operands[0]!));
  const size = lowering.call(step, {
    type: "int",
    system: "cdt",
    code: step.on === "list" ? ListOp.SIZE.code : MapOp.SIZE.code,
    params: [],
    path: contextOf(lowering, steps.slice(0, -1)),
    target: lowering.lower(node.base),
  });
  return opNode(ExpOp.GE, [size, int(place < 0 ? -place : place + 1)]);
}
