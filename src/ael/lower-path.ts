import { bitCount, bitGet, bitGetInt, bitLscan, bitRscan } from "../../protocol/cdt/bit.js";
import type { CdtCall } from "../../protocol/cdt/call.js";
import { ContextType } from "../../protocol/cdt/context.js";
import { INVERTED, MapReturnType } from "../../protocol/cdt/flags.js";
import * as hll from "../../protocol/cdt/hll.js";
import { listSize } from "../../protocol/cdt/list.js";
import { mapSize } from "../../protocol/cdt/map.js";
import { getBy } from "../../protocol/cdt/selector.js";
import type { ExpType } from "../../protocol/exp/exp-type.js";
import { type ExpNode, NO_VALUE, type PathStep } from "../../protocol/exp/node.js";
import { ExpOp } from "../../protocol/exp/op-code.js";
import { ParticleType } from "../../protocol/value/particle-type.js";
import { type Argument, argument, callNode } from "../exp/call.js";
import { Expression } from "../exp/expression.js";
import type { AelNode, PathFunction, PathNode, Step } from "./ast.js";
import { hasWildcard, isSingular } from "./infer-path.js";
import { type Lowering, typeOf } from "./lower.js";
import { orElse } from "./lower-presence.js";
import { stepSelector } from "./step-selector.js";

const TRUE = Uint8Array.of(0xc3);
export const ZERO: ExpNode = { kind: "const", type: "int", value: 0 };

/** Particle types, which BIN_TYPE gives, by type. */
export const PARTICLES: Readonly<Record<ExpType, number>> = {
  nil: ParticleType.NULL,
  bool: ParticleType.BOOL,
  int: ParticleType.INTEGER,
  string: ParticleType.STRING,
  list: ParticleType.LIST,
  map: ParticleType.MAP,
  blob: ParticleType.BLOB,
  float: ParticleType.DOUBLE,
  geo: ParticleType.GEOJSON,
  hll: ParticleType.HLL,
};

/** `select` flags: what a path with wildcards gives; elements for which a filter is unknown are passed over. */
const SELECT_VALUES = 1;
const SELECT_KEYS = 2;
const SELECT_KEY_VALUES = 3;
const SELECT_NO_FAIL = 0x10;

export function lowerPath(lowering: Lowering, node: PathNode): ExpNode {
  const { fn } = node;
  if (fn === undefined) return valueOfPath(lowering, node);
  switch (fn.name) {
    case "get":
      return lowerGet(lowering, node, fn);
    case "exists":
      return exists(lowering, node);
    case "count":
      return count(lowering, node);
    case "type":
      return binType(lowering, node);
    case "is": {
      const code: ExpNode = { kind: "const", type: "int", value: PARTICLES[fn.type ?? "int"] };
      return lowering.op(ExpOp.EQ, [binType(lowering, node), code]);
    }
    case "orElse":
      return orElse(lowering, node, fn);
    case "asInt":
      return lowering.op(ExpOp.TO_INT, [valueOfPath(lowering, node)]);
    case "asFloat":
      return lowering.op(ExpOp.TO_FLOAT, [valueOfPath(lowering, node)]);
    case "mapKeys":
      return lowering.op(ExpOp.MAP_KEYS, [valueOfPath(lowering, node)]);
    case "mapValues":
      return lowering.op(ExpOp.MAP_VALUES, [valueOfPath(lowering, node)]);
  }
  return lowering.checked(fn, () => callNode(typeOf(node), functionCall(lowering, fn), valueOfPath(lowering, node)));
}

/** What the path leads to. */
export function valueOfPath(lowering: Lowering, node: PathNode): ExpNode {
  const type = node.value?.resolved ?? "int";
  const steps = withoutSelf(node.steps);
  const last = steps.at(-1);
  if (last === undefined) return baseOf(lowering, node, type);
  if (hasWildcard(node)) return select(lowering, node, SELECT_VALUES);
  return stepCall(lowering, node, steps, MapReturnType.VALUE, type);
}

/** A read of the last step, those before it as its context. */
export function stepCall(
  lowering: Lowering,
  node: PathNode,
  steps: readonly Step[],
  returns: number,
  type: ExpType,
): ExpNode {
  const last = steps.at(-1)!;
  const inverted = last.inverted ? INVERTED : 0;
  return lowering.checked(last, () => {
    const call = getBy(stepSelector(lowering, last, returns), returns + inverted);
    return callNode(type, call, container(lowering, node, steps), contextOf(lowering, steps.slice(0, -1)));
  });
}

/** The list or map that the first step looks into. */
export function container(lowering: Lowering, node: PathNode, steps: readonly Step[]): ExpNode {
  return baseOf(lowering, node, steps[0]!.on === "list" ? "list" : "map");
}

function baseOf(lowering: Lowering, node: PathNode, type: ExpType): ExpNode {
  const { base } = node;
  switch (base.from) {
    case "bin":
      return { kind: "bin", type, name: base.name };
    case "element":
      return { kind: "loopVar", type: base.part === "index" ? "int" : type, part: base.part };
    case "node":
      return lowering.lower(base.node);
  }
}

/** `{}` and `[]` only say what the value is. */
export function withoutSelf(steps: readonly Step[]): readonly Step[] {
  return steps.some((step) => step.select.by === "self") ? steps.filter((step) => step.select.by !== "self") : steps;
}

export function contextOf(lowering: Lowering, steps: readonly Step[]): readonly PathStep[] {
  return steps.map((step) => contextStep(lowering, step));
}

function contextStep(lowering: Lowering, step: Step): PathStep {
  const { select, on } = step;
  const onList = on === "list";
  switch (select.by) {
    case "key":
      return { code: ContextType.MAP_KEY, value: lowering.packed(select.key) };
    case "index":
      return { code: onList ? ContextType.LIST_INDEX : ContextType.MAP_INDEX, value: lowering.packed(select.index) };
    case "rank":
      return { code: onList ? ContextType.LIST_RANK : ContextType.MAP_RANK, value: lowering.packed(select.rank) };
    case "value":
      return { code: onList ? ContextType.LIST_VALUE : ContextType.MAP_VALUE, value: lowering.packed(select.value) };
    default:
      return lowering.fail(
        step,
        "A step that selects several elements cannot be used as context",
        "one element, or a wildcard: [*], {*}",
      );
  }
}

/** A path with wildcards: every element that all steps lead to. */
function select(lowering: Lowering, node: PathNode, flags: number): ExpNode {
  const path = node.steps
    .filter((step) => step.select.by !== "self")
    .map((step): PathStep => {
      switch (step.select.by) {
        case "all":
          return { code: ContextType.EXPRESSION, value: TRUE };
        case "filter":
          return {
            code: ContextType.EXPRESSION,
            value: NO_VALUE,
            filter: lowering.lowerAs(step.select.condition, "bool"),
          };
        case "keyList":
          if (step.inverted) return contextStep(lowering, step);
          return { code: ContextType.MAP_KEYS_IN, value: lowering.packedList(step.select.list) };
        default:
          return contextStep(lowering, step);
      }
    });
  const target = container(lowering, node, node.steps);
  // Others are what variables and branches stand for, which shows only when the whole is put together.
  const type = target.kind === "op" || target.kind === "call" ? target.type : undefined;
  if (type !== undefined && type !== "list" && type !== "map") {
    lowering.fail(node.steps[0]!, `A path leads into a list or map; this is ${type.toUpperCase()}`);
  }
  return { kind: "select", type: "list", path, flags: flags | SELECT_NO_FAIL, apply: undefined, target };
}

function lowerGet(lowering: Lowering, node: PathNode, fn: PathFunction): ExpNode {
  const { returns } = fn;
  if (returns === undefined || returns === "VALUE") return valueOfPath(lowering, node);
  const steps = withoutSelf(node.steps);
  if (hasWildcard(node)) return selectReturning(lowering, node, fn, returns);
  const code = (MapReturnType as Readonly<Record<string, number>>)[returns]!;
  return stepCall(lowering, node, steps, code, typeOf(node));
}

function selectReturning(lowering: Lowering, node: PathNode, fn: PathFunction, returns: string): ExpNode {
  switch (returns) {
    case "KEY":
      return select(lowering, node, SELECT_KEYS);
    case "KEY_VALUE":
      return select(lowering, node, SELECT_KEY_VALUES);
    case "COUNT":
      return count(lowering, node);
    case "EXISTS":
      return exists(lowering, node);
    default:
      return lowering.fail(
        fn,
        `return: ${returns} is not possible with wildcards`,
        "VALUE, KEY, KEY_VALUE, COUNT or EXISTS",
      );
  }
}

function exists(lowering: Lowering, node: PathNode): ExpNode {
  const steps = withoutSelf(node.steps);
  if (hasWildcard(node)) return lowering.op(ExpOp.GT, [count(lowering, node), ZERO]);
  if (steps.length > 0) return stepCall(lowering, node, steps, MapReturnType.EXISTS, "bool");
  return lowering.op(ExpOp.NE, [binType(lowering, node), ZERO]);
}

function count(lowering: Lowering, node: PathNode): ExpNode {
  const self = node.steps.at(-1)?.select.by === "self" ? node.steps.at(-1) : undefined;
  const steps = withoutSelf(node.steps);
  const last = steps.at(-1);
  if (hasWildcard(node)) return callNode("int", listSize(), select(lowering, node, SELECT_VALUES));
  const isOne = last === undefined || (isSingular(last) && last.select.by !== "value");
  if (self === undefined && !isOne) return stepCall(lowering, node, steps, MapReturnType.COUNT, "int");
  const size = self?.on === "map" || (last === undefined && node.value?.resolved === "map") ? mapSize() : listSize();
  if (last === undefined)
    return callNode(
      "int",
      size,
      baseOf(lowering, node, self?.on === "map" || node.value?.resolved === "map" ? "map" : "list"),
    );
  return callNode("int", size, container(lowering, node, steps), contextOf(lowering, steps));
}

function binType(lowering: Lowering, node: PathNode): ExpNode {
  if (node.base.from !== "bin" || withoutSelf(node.steps).length > 0) {
    lowering.fail(
      node.fn ?? node,
      `${node.fn?.name ?? "exists"}() asks for a bin, not for what is in it or worked out`,
    );
  }
  return { kind: "binType", type: "int", name: node.base.name };
}

/** HLL and bit functions. */
function functionCall(lowering: Lowering, fn: PathFunction): CdtCall {
  const [first, second, third] = fn.args;
  // Constants are checked as they are, what the server works out can't be.
  const arg = <V>(node: AelNode | undefined): V | Argument => argument<V>(new Expression(lowering.lower(node!)));
  switch (fn.name) {
    case "hllCount":
      return hll.hllGetCount();
    case "hllDescribe":
      return hll.hllDescribe();
    case "hllMayContain":
      return hll.hllMayContain(arg(first));
    case "hllUnion":
      return hll.hllGetUnion(arg(first));
    case "hllUnionCount":
      return hll.hllGetUnionCount(arg(first));
    case "hllIntersectCount":
      return hll.hllGetIntersectCount(arg(first));
    case "hllSimilarity":
      return hll.hllGetSimilarity(arg(first));
    case "bitGet":
      return bitGet(arg(first), arg(second));
    case "bitCount":
      return bitCount(arg(first), arg(second));
    case "bitLscan":
      return bitLscan(arg(first), arg(second), arg(third));
    case "bitRscan":
      return bitRscan(arg(first), arg(second), arg(third));
    default:
      return bitGetInt(arg(first), arg(second), third !== undefined && lowering.valueOf(third) === true);
  }
}
