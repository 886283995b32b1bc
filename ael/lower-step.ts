import { CONTEXT_INVERTED, ContextCreate, ContextType } from "../protocol/cdt/context.js";
import { constantOf } from "../protocol/exp/constant.js";
import { packLiteral } from "../protocol/exp/literal.js";
import { type ExpNode, NO_VALUE, type PathStep } from "../protocol/exp/node.js";
import { ExpOp } from "../protocol/exp/op-code.js";
import { opNode } from "../protocol/exp/ops.js";
import type { SearchValue } from "../protocol/value/pack.js";
import { INFINITY, WILDCARD } from "../protocol/value/special.js";
import type { AelNode, Property, Step, StepKind } from "./ast.js";
import { int } from "./constants.js";
import type { Lowering } from "./lower.js";

const TRUE = Uint8Array.of(0xc3);

/** Types of steps in a context, by what they select by, for lists and maps. */
const CONTEXTS: Readonly<Record<StepKind, readonly [list: number, map: number]>> = {
  index: [ContextType.LIST_INDEX, ContextType.MAP_INDEX],
  rank: [ContextType.LIST_RANK, ContextType.MAP_RANK],
  key: [0, ContextType.MAP_KEY],
  firstValue: [ContextType.LIST_VALUE, ContextType.MAP_VALUE],
  value: [ContextType.LIST_VALUE, ContextType.MAP_VALUE],
  indexRange: [ContextType.LIST_INDEX_RANGE, ContextType.MAP_INDEX_RANGE],
  rankRange: [ContextType.LIST_RANK_RANGE, ContextType.MAP_RANK_RANGE],
  keyList: [0, ContextType.MAP_KEYS_IN],
  valueList: [ContextType.LIST_VALUES_IN, ContextType.MAP_VALUES_IN],
  keyRange: [0, ContextType.MAP_KEY_RANGE],
  valueRange: [ContextType.LIST_VALUE_RANGE, ContextType.MAP_VALUE_RANGE],
  relativeIndexRange: [0, ContextType.MAP_KEY_REL_INDEX_RANGE],
  relativeRankRange: [ContextType.LIST_VALUE_REL_RANK_RANGE, ContextType.MAP_VALUE_REL_RANK_RANGE],
  all: [ContextType.EXPRESSION, ContextType.EXPRESSION],
  filter: [ContextType.EXPRESSION, ContextType.EXPRESSION],
};

const CREATES: Readonly<Record<string, number>> = {
  UNORDERED: ContextCreate.MAP_UNORDERED,
  UNSORTED: ContextCreate.LIST_UNORDERED,
  KEY_ORDERED: ContextCreate.MAP_KEY_ORDERED,
  UNSORTED_PAD: ContextCreate.LIST_PADDED,
  KEY_VALUE_ORDERED: ContextCreate.MAP_KEY_VALUE_ORDERED,
  SORTED: ContextCreate.LIST_ORDERED,
  PERSIST_INDEX: ContextCreate.PERSIST_INDEX,
};

function contextType(step: Step): number {
  const [list, map] = CONTEXTS[step.kind];
  return step.on === "list" ? list : map;
}

/** A step to one place on the way; `holder`: what is said of the container that it looks into, if it is created. */
export function contextStep(lowering: Lowering, step: Step, holder: readonly Property[] = []): PathStep {
  const create = holder.reduce((sum, { name }) => sum | (CREATES[name] ?? 0), 0);
  return { code: contextType(step) | create, value: packed(lowering, step, step.operands[0]!) };
}

function packed(lowering: Lowering, where: Step, node: AelNode): Uint8Array {
  return lowering.checked(where, () => packLiteral(lowering.valueOf(node) as SearchValue));
}

/** A constant as a parameter of a call: a template keeps room for it. */
function operand(lowering: Lowering, node: AelNode): ExpNode {
  if (node.kind === "special") return special(node.word === "INF" ? INFINITY : WILDCARD);
  return lowering.lower(node);
}

function special(value: symbol): ExpNode {
  return { kind: "special", type: "special", value };
}

/** What follows the return type, or the code of a removal: the selector's own parameters. */
export function selectorParams(lowering: Lowering, step: Step): ExpNode[] {
  const [first] = step.operands;
  switch (step.kind) {
    case "keyList":
    case "valueList":
      return [
        lowering.checked(step, () =>
          constantOf(
            step.operands.map((each) => lowering.valueOf(each)),
            "The list",
          ),
        ),
      ];
    case "indexRange":
    case "rankRange":
      return places(lowering, step);
    case "keyRange":
    case "valueRange": {
      const begin =
        step.begin === undefined ? lowering.checked(step, () => constantOf(null, "")) : operand(lowering, step.begin);
      return step.until === undefined ? [begin] : [begin, operand(lowering, step.until)];
    }
    case "relativeIndexRange":
    case "relativeRankRange":
      return [operand(lowering, first!), ...places(lowering, step)];
    default:
      return [operand(lowering, first!)];
  }
}

/** Start and count of a range of indexes or ranks; ranges relative to a key or value include their end. */
function places(lowering: Lowering, step: Step): ExpNode[] {
  return placesOf(lowering, step).map(int);
}

function placesOf(lowering: Lowering, step: Step): number[] {
  const start = step.begin === undefined ? 0 : Number(lowering.valueOf(step.begin));
  if (step.until === undefined) return [start];
  const until = Number(lowering.valueOf(step.until));
  const isRelative = step.kind === "relativeIndexRange" || step.kind === "relativeRankRange";
  const count = until - start + (isRelative ? 1 : 0);
  if (count < 0)
    lowering.fail(
      step,
      "A range ends after it begins",
      isRelative ? "Its end belongs to it" : "Its end does not belong to it",
    );
  if (!isRelative && start < 0 !== until < 0) lowering.fail(step, "Both ends of a range count from the same end");
  return [start, count];
}

/** A step of a path to any number of places; `lenient`: an element where it can't be worked out is none of them. */
export interface SelectStep {
  readonly steps: readonly PathStep[];
  readonly lenient: boolean;
}

/** `mayReplace`: servers before 8.2 may be given a condition that means the same. */
export function selectStep(lowering: Lowering, step: Step, mayReplace: boolean): SelectStep {
  const also: readonly PathStep[] =
    step.also === undefined
      ? []
      : [{ code: ContextType.AND_EXPRESSION, value: NO_VALUE, filter: lowering.lower(step.also) }];
  switch (step.kind) {
    case "all":
      return plain({ code: ContextType.EXPRESSION, value: TRUE });
    case "filter":
      return plain({ code: ContextType.EXPRESSION, value: NO_VALUE, filter: lowering.lower(step.filter!) });
    case "index":
    case "rank":
    case "key":
    case "firstValue":
      return plain(contextStep(lowering, step), ...also);
    case "keyList":
      if (!step.inverted) return plain(several(lowering, step), ...also);
      break;
  }
  const filter = mayReplace && !step.inverted && also.length === 0 ? conditionOf(lowering, step) : undefined;
  if (filter === undefined) return plain(several(lowering, step), ...also);
  if (filter === true) return plain({ code: ContextType.EXPRESSION, value: TRUE });
  return { steps: [{ code: ContextType.EXPRESSION, value: NO_VALUE, filter }], lenient: true };
}

function plain(...steps: readonly PathStep[]): SelectStep {
  return { steps, lenient: false };
}

function several(lowering: Lowering, step: Step): PathStep {
  const value = lowering.checked(step, () => packLiteral(valuesOf(lowering, step) as SearchValue));
  return { code: contextType(step) | (step.inverted ? CONTEXT_INVERTED : 0), value };
}

/** `[start, count]`, `[begin, end]`, values, `[pivot, start, count]`. */
function valuesOf(lowering: Lowering, step: Step): unknown[] {
  switch (step.kind) {
    case "indexRange":
    case "rankRange":
      return placesOf(lowering, step);
    case "keyRange":
    case "valueRange": {
      const begin = step.begin === undefined ? null : lowering.valueOf(step.begin);
      return step.until === undefined ? [begin] : [begin, lowering.valueOf(step.until)];
    }
    case "relativeIndexRange":
    case "relativeRankRange":
      return [lowering.valueOf(step.operands[0]!), ...placesOf(lowering, step)];
    default:
      return step.operands.map((each) => lowering.valueOf(each));
  }
}

/** A condition on the element that selects what the step selects; undefined where none does exactly. */
function conditionOf(lowering: Lowering, step: Step): ExpNode | true | undefined {
  switch (step.kind) {
    case "indexRange": {
      if (step.on !== "list") return undefined;
      const [start = 0, count] = placesOf(lowering, step);
      if (start < 0) return undefined;
      const index: ExpNode = { kind: "loopVar", type: "int", part: "index" };
      const from = start === 0 ? undefined : opNode(ExpOp.GE, [index, int(start)]);
      const until = count === undefined ? undefined : opNode(ExpOp.LT, [index, int(start + count)]);
      return both(from, until) ?? true;
    }
    case "keyRange":
      return between(lowering, step, "key");
    case "valueRange":
      return between(lowering, step, "value");
    case "valueList": {
      const values = step.operands.map((each) => operand(lowering, each));
      const [first, ...others] = values.map((value) => equals(value));
      const types = new Set(values.map(({ type }) => type));
      if (first === undefined || types.size !== 1 || !isScalar(values[0]!)) return undefined;
      return others.length === 0 ? first : opNode(ExpOp.OR, [first, ...others]);
    }
    default:
      return undefined;
  }
}

function isScalar({ kind, type }: ExpNode): boolean {
  return kind === "const" && (type === "int" || type === "float" || type === "string" || type === "blob");
}

function equals(value: ExpNode): ExpNode {
  if (!isScalar(value) || value.kind !== "const") return value;
  return opNode(ExpOp.EQ, [{ kind: "loopVar", type: value.type, part: "value" }, value]);
}

/** Between two bounds of one type are values of that type only. */
function between(lowering: Lowering, step: Step, part: "key" | "value"): ExpNode | undefined {
  if (step.begin === undefined || step.until === undefined) return undefined;
  const begin = operand(lowering, step.begin);
  const until = operand(lowering, step.until);
  if (!isScalar(begin) || !isScalar(until) || begin.type !== until.type || begin.kind !== "const") return undefined;
  const element: ExpNode = { kind: "loopVar", type: begin.type, part };
  return opNode(ExpOp.AND, [opNode(ExpOp.GE, [element, begin]), opNode(ExpOp.LT, [element, until])]);
}

function both(a: ExpNode | undefined, b: ExpNode | undefined): ExpNode | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return opNode(ExpOp.AND, [a, b]);
}
