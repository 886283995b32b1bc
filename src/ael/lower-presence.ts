import { MapReturnType } from "../../protocol/cdt/flags.js";
import { listSize } from "../../protocol/cdt/list.js";
import { mapSize } from "../../protocol/cdt/map.js";
import type { ExpNode } from "../../protocol/exp/node.js";
import { ExpOp } from "../../protocol/exp/op-code.js";
import { callNode } from "../exp/call.js";
import type { AelNode, PathFunction, PathNode, Step } from "./ast.js";
import { isSingular } from "./infer-path.js";
import { type Lowering, typeOf } from "./lower.js";
import { container, contextOf, PARTICLES, stepCall, valueOfPath, withoutSelf, ZERO } from "./lower-path.js";

// Whether something is there: null tests, and values in place of missing ones.

/** The value, or another where there is none; a bin of another type counts as none. */
export function orElse(lowering: Lowering, node: PathNode, fn: PathFunction): ExpNode {
  const type = typeOf(node);
  const value = valueOfPath(lowering, node);
  const fallback = lowering.lowerAs(fn.args[0]!, type);
  const isThere =
    value.kind === "bin"
      ? lowering.op(ExpOp.EQ, [
          { kind: "binType", type: "int", name: value.name },
          { kind: "const", type: "int", value: PARTICLES[value.type] },
        ])
      : presence(lowering, node, true);
  return { kind: "cond", type, parts: [isThere, value, fallback] };
}

/** `== null` and `!= null`: whether a bin or an element is missing; never unknown because of a missing one. */
export function nullTest(lowering: Lowering, node: AelNode, isMissing: boolean): ExpNode {
  if (node.kind !== "path") return lowering.fail(node, "Only a bin, or an element of one, is compared with null");
  return presence(lowering, node, !isMissing);
}

/** True when the bin and every element on the way is there; or, the other way round, when one is missing. */
function presence(lowering: Lowering, node: PathNode, isThere: boolean): ExpNode {
  const steps = withoutSelf(node.steps);
  const tests: ExpNode[] = [];
  if (node.base.from === "bin") {
    const type: ExpNode = { kind: "binType", type: "int", name: node.base.name };
    tests.push(lowering.op(isThere ? ExpOp.NE : ExpOp.EQ, [type, ZERO]));
  }
  steps.forEach((step, i) => {
    const found = isStepThere(lowering, node, steps.slice(0, i + 1), step);
    tests.push(isThere ? found : lowering.op(ExpOp.NOT, [found]));
  });
  if (tests.length === 1) return tests[0]!;
  if (tests.length === 0) return lowering.fail(node, "Only a bin, or an element of one, can be missing");
  return lowering.op(isThere ? ExpOp.AND : ExpOp.OR, tests);
}

/** By key and value the server says whether there is one; by index and rank an error tells, so the size is asked. */
function isStepThere(lowering: Lowering, node: PathNode, steps: readonly Step[], step: Step): ExpNode {
  const { select } = step;
  if (select.by !== "index" && select.by !== "rank") {
    if (!isSingular(step)) lowering.fail(step, "Only a bin, or one element of one, can be missing");
    return stepCall(lowering, node, steps, MapReturnType.EXISTS, "bool");
  }
  const place = Number(lowering.valueOf(select.by === "index" ? select.index : select.rank));
  const least: ExpNode = { kind: "const", type: "int", value: place < 0 ? -place : place + 1 };
  const size = callNode(
    "int",
    step.on === "list" ? listSize() : mapSize(),
    container(lowering, node, steps),
    contextOf(lowering, steps.slice(0, -1)),
  );
  return lowering.op(ExpOp.GE, [size, least]);
}
