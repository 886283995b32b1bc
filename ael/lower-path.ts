import { INVERTED, MapReturnType } from "../protocol/cdt/flags.js";
import { ListOp, selectorOperations } from "../protocol/cdt/operations.js";
import { PATH_NO_FAIL, PathSelectFlags } from "../protocol/cdt/path.js";
import type { ExpType } from "../protocol/exp/exp-type.js";
import type { ExpNode, PathStep, SelectNode } from "../protocol/exp/node.js";
import { ExpOp } from "../protocol/exp/op-code.js";
import { opNode } from "../protocol/exp/ops.js";
import { needsSelect, type PathNode, type Property, type Span, type Step } from "./ast.js";
import { int } from "./constants.js";
import type { Lowering } from "./lower.js";
import { contextStep, selectorParams, selectStep } from "./lower-step.js";

/** What the path leads to. */
export function lowerPath(lowering: Lowering, node: PathNode): ExpNode {
  if (needsSelect(node.steps)) return select(lowering, node, PathSelectFlags.VALUES, "list");
  return readStep(lowering, node, MapReturnType.VALUE, lowering.typeOf(node));
}

/** A read of the last step, those before it as its context. */
export function readStep(lowering: Lowering, node: PathNode, returns: number, type: ExpType): ExpNode {
  const last = node.steps.at(-1)!;
  return readOf(lowering, node, node.steps, returns, type, last);
}

export function readOf(
  lowering: Lowering,
  node: PathNode,
  steps: readonly Step[],
  returns: number,
  type: ExpType,
  where: Span,
): ExpNode {
  const last = steps.at(-1)!;
  const { code } = selectorOperations(last.on === "list" ? "list" : "map", kindOf(last)).read;
  return lowering.call(where, {
    type,
    system: "cdt",
    code,
    params: [int(last.inverted ? returns | INVERTED : returns), ...selectorParams(lowering, last)],
    path: contextOf(lowering, steps.slice(0, -1)),
    target: lowering.lower(node.base),
  });
}

/** Wildcards and conditions have no selector of their own: paths that hold them are read in another way. */
export function kindOf({ kind }: Step): Exclude<Step["kind"], "all" | "filter"> {
  return kind === "all" || kind === "filter" ? "index" : kind;
}

export function contextOf(
  lowering: Lowering,
  steps: readonly Step[],
  holders: readonly (readonly Property[])[] = [],
): readonly PathStep[] {
  return steps.map((step, i) => contextStep(lowering, step, holders[i]));
}

/** Every place that the steps lead to: its values, its keys … */
export function select(
  lowering: Lowering,
  node: PathNode,
  flags: number,
  type: ExpType,
  apply?: { readonly change: ExpNode; readonly noFail: boolean },
): ExpNode {
  const { steps } = node;
  // A condition in place of a range passes over what it can't compare; beside others it would make them do so, too.
  const isFiltered = steps.some((step) => step.filter !== undefined || step.also !== undefined);
  const mayReplace = lowering.target === "any" && apply === undefined && !isFiltered;
  const selected = steps.map((step) => selectStep(lowering, step, mayReplace));
  const lenient = apply?.noFail === true || selected.some((each) => each.lenient);
  const selection: SelectNode = {
    kind: "select",
    type,
    path: selected.flatMap((each) => each.steps),
    flags: lenient ? flags | PATH_NO_FAIL : flags,
    apply: apply?.change,
    target: lowering.lower(node.base),
  };
  return selection;
}

/** How many places a path with wildcards leads to. */
export function selectCount(lowering: Lowering, node: PathNode): ExpNode {
  if (lowering.target === "8.2") return select(lowering, node, PathSelectFlags.COUNT, "int");
  return lowering.call(node, {
    type: "int",
    system: "cdt",
    code: ListOp.SIZE.code,
    params: [],
    target: select(lowering, node, PathSelectFlags.VALUES, "list"),
  });
}

export function selectExists(lowering: Lowering, node: PathNode): ExpNode {
  if (lowering.target === "8.2") return select(lowering, node, PathSelectFlags.EXISTS, "bool");
  return opNode(ExpOp.GT, [selectCount(lowering, node), int(0)]);
}
