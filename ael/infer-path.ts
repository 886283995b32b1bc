import { type AelNode, isSingleStep, needsSelect, type PathNode, type Step } from "./ast.js";
import type { Inference } from "./infer.js";
import { ANY, BLOB, BOOL, CONTAINER, FLOAT, INT, KEY, LIST, MAP, NIL, STRING, setName, setOf } from "./type-set.js";
import { TypeVar } from "./type-var.js";

/** What a path leads to: the element, or a list of several. */
export function inferPath(inference: Inference, node: PathNode): TypeVar {
  walkPath(inference, node);
  const last = node.steps.at(-1)!;
  const several = !isSingleStep(last) || needsSelect(node.steps);
  const typed = several ? new TypeVar(LIST, { node, why: undefined }) : new TypeVar(ANY);
  inference.pin(node, typed, last.pins);
  return typed;
}

/** The steps of a path, without saying what it leads to. */
export function walkPath(inference: Inference, { base, steps }: PathNode): void {
  const typed = inference.infer(base);
  const first = steps[0]!;
  const wanted = first.on === "list" ? LIST : first.on === "map" ? MAP : CONTAINER;
  const what =
    first.on === "any"
      ? "A wildcard looks into a LIST or MAP"
      : `${first.on === "list" ? "[…]" : "A key or {…}"} looks into a ${setName(wanted)}`;
  inference.demand(base, typed, wanted, what, first);
  steps.forEach((step, i) => {
    operands(inference, step);
    if (step.filter !== undefined) condition(inference, step.filter);
    if (step.also !== undefined) condition(inference, step.also);
    const next = steps[i + 1];
    if (next === undefined) return;
    for (const pin of step.pins) {
      const set = setOf(pin.type);
      if ((set & CONTAINER) === 0) inference.fail(pin, `A step follows, and ${setName(set)} has nothing inside`);
      if (next.on !== "any" && pin.type !== next.on) {
        inference.fail(pin, `The next step looks into a ${next.on.toUpperCase()}, not a ${setName(set)}`);
      }
    }
  });
}

function operands(inference: Inference, step: Step): void {
  const { kind } = step;
  const isKey = kind === "key" || kind === "keyList" || kind === "keyRange" || kind === "relativeIndexRange";
  const isPlace = kind === "index" || kind === "rank";
  const isRelative = kind === "relativeIndexRange" || kind === "relativeRankRange";
  const isPlaceRange = kind === "indexRange" || kind === "rankRange" || isRelative;
  for (const operand of step.operands) {
    if (operand.kind === "special") continue;
    if (isPlace) inference.need(operand, INT, "A place is INT", step);
    else if (isKey) inference.need(operand, KEY | NIL, "A key is INT, STRING or BLOB", step);
    else
      inference.need(
        operand,
        BOOL | INT | STRING | BLOB | FLOAT | NIL | CONTAINER,
        "A value of a step is a constant",
        step,
      );
  }
  for (const bound of [step.begin, step.until]) {
    if (bound === undefined || bound.kind === "special") continue;
    if (isPlaceRange) inference.need(bound, INT, "An end of the range is INT", step);
    else if (kind === "keyRange") inference.need(bound, KEY | NIL, "A key is INT, STRING or BLOB", step);
    else inference.infer(bound);
  }
}

function condition(inference: Inference, filter: AelNode): void {
  inference.inElement(new TypeVar(KEY), new TypeVar(ANY), () => {
    inference.need(filter, BOOL, "A path's condition is BOOL", filter);
  });
}
