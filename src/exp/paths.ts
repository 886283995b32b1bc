import { CTX, checkPath } from "../../protocol/cdt/context.js";
import { PATH_NO_FAIL, type PathOptions, PathSelectFlags } from "../../protocol/cdt/path.js";
import { checkOptions } from "../../protocol/check/check-options.js";
import { checkType, type ExpType } from "../../protocol/exp/exp-type.js";
import type { LoopPart } from "../../protocol/exp/node.js";
import { ExpOp } from "../../protocol/exp/op-code.js";
import { checkChange } from "../../protocol/exp/path-change.js";
import { describe } from "../../protocol/value/invalid-value.js";
import { isPlainObject } from "../../protocol/value/pack.js";
import { nodeOf } from "./build.js";
import { pathStep } from "./call.js";
import type { Container } from "./call-types.js";
import { Expression } from "./expression.js";

// Path expressions reach any number of places in a list or map at once. Server 8.1.1 and later.

/** The parts of the element that a path's filter or change looks at. */
export const LoopVarPart = {
  /** The key of a map entry. */
  MAP_KEY: "key",
  /** The value of the entry or list element. */
  VALUE: "value",
  /** The index of a list element. */
  LIST_INDEX: "index",
} as const;

/**
 * All places that a path reaches, see PathSelectFlags: a list, or with MATCHING_TREE a container like the bin with only
 * them in it. COUNT and EXISTS take server 8.2.
 * @param returnType what the result is: `"list"`, with MATCHING_TREE what the bin is, with COUNT `"int"`, with EXISTS `"bool"`
 * @example
 * Exp.selectByPath("list", PathSelectFlags.VALUES, Exp.mapBin("stock"),
 *   CTX.allChildrenWithFilter(Exp.gt(Exp.intLoopVar("value"), Exp.intVal(10))))
 */
export function selectByPath<T extends Container | "int" | "bool">(
  returnType: T,
  select: PathSelectFlags,
  bin: Expression<Container>,
  ...path: readonly CTX[] | readonly [...CTX[], PathOptions]
): Expression<T> {
  if (!Object.values(PathSelectFlags).includes(select)) {
    throw new TypeError(`Exp.selectByPath: expected one of PathSelectFlags, got ${describe(select)}`);
  }
  const { steps, noFail } = splitPath(path, "Exp.selectByPath");
  checkReturnType(returnType, select);
  return new Expression({
    kind: "select",
    type: checkType(returnType, "Exp.selectByPath"),
    path: steps.map(pathStep),
    flags: select | noFail,
    apply: undefined,
    target: containerNode(bin, "Exp.selectByPath"),
  });
}

function checkReturnType(returnType: string, select: PathSelectFlags): void {
  const expected = select === PathSelectFlags.COUNT ? "int" : select === PathSelectFlags.EXISTS ? "bool" : undefined;
  const isRight = expected === undefined ? returnType !== "int" && returnType !== "bool" : returnType === expected;
  if (!isRight) {
    throw new TypeError(
      `Exp.selectByPath: the result is ${describe(returnType)}; expected ${expected === undefined ? '"list" or "map"' : `"${expected}"`}`,
    );
  }
}

/**
 * A copy of the bin in which every place that a path reaches is replaced by what `change` gives, or taken out where it
 * gives {@link removeResult}. `change` sees the loop variables and nothing else of the record. It gives a number, a
 * boolean, a list, a map, GeoJSON or a constant of at most 30 bytes; servers of 8.1.2 abort over other text and bytes,
 * so those are refused.
 */
export function modifyByPath<C extends Container>(
  change: Expression<ExpType | "remove">,
  bin: Expression<C>,
  ...path: readonly CTX[] | readonly [...CTX[], PathOptions]
): Expression<C> {
  const { steps, noFail } = splitPath(path, "Exp.modifyByPath");
  const target = containerNode(bin, "Exp.modifyByPath");
  const apply = nodeOf(change, "Exp.modifyByPath: the change");
  checkChange(apply);
  return new Expression({
    kind: "select",
    type: target.type === "map" ? "map" : "list",
    path: steps.map(pathStep),
    flags: noFail,
    apply,
    target,
  });
}

/** As the change of {@link modifyByPath}: takes the element out. */
export function removeResult(): Expression<"remove"> {
  return new Expression({ kind: "op", type: "remove", code: ExpOp.REMOVE_RESULT, args: [] });
}

/** The element that a path's filter or change looks at: its value, map key or list index. */
export function loopVar<T extends ExpType>(type: T, part: LoopPart): Expression<T> {
  if (part !== "key" && part !== "value" && part !== "index") {
    throw new TypeError(`Exp.loopVar: expected "key", "value" or "index", got ${describe(part)}`);
  }
  if (part === "index" && type !== "int")
    throw new TypeError(`Exp.loopVar: expected type "int" for an index, got ${describe(type)}`);
  return new Expression({ kind: "loopVar", type: checkType(type, "Exp.loopVar"), part });
}

/** An int of the element at hand, see {@link loopVar}. */
export function intLoopVar(part: LoopPart): Expression<"int"> {
  return loopVar("int", part);
}

/** A float of the element at hand, see {@link loopVar}. */
export function floatLoopVar(part: LoopPart): Expression<"float"> {
  return loopVar("float", part);
}

/** A string of the element at hand, see {@link loopVar}. */
export function stringLoopVar(part: LoopPart): Expression<"string"> {
  return loopVar("string", part);
}

/** A bool of the element at hand, see {@link loopVar}. */
export function boolLoopVar(part: LoopPart): Expression<"bool"> {
  return loopVar("bool", part);
}

/** A blob of the element at hand, see {@link loopVar}. */
export function blobLoopVar(part: LoopPart): Expression<"blob"> {
  return loopVar("blob", part);
}

/** A list that is the element at hand, see {@link loopVar}. */
export function listLoopVar(part: LoopPart): Expression<"list"> {
  return loopVar("list", part);
}

/** A map that is the element at hand, see {@link loopVar}. */
export function mapLoopVar(part: LoopPart): Expression<"map"> {
  return loopVar("map", part);
}

/** A GeoJSON of the element at hand, see {@link loopVar}. */
export function geoLoopVar(part: LoopPart): Expression<"geo"> {
  return loopVar("geo", part);
}

/** A HyperLogLog of the element at hand, see {@link loopVar}. */
export function hllLoopVar(part: LoopPart): Expression<"hll"> {
  return loopVar("hll", part);
}

function containerNode(bin: unknown, where: string) {
  const node = nodeOf(bin, `${where}: the value it works on`);
  if (node.type === undefined || node.type === "list" || node.type === "map") return node;
  throw new TypeError(`${where} works on a list or map; this is ${node.type}`);
}

function splitPath(path: readonly unknown[], where: string): { steps: readonly CTX[]; noFail: number } {
  const last = path.at(-1);
  const options = isPathOptions(last) ? last : undefined;
  checkOptions<PathOptions>(where, options, { noFail: true });
  const steps = (options === undefined ? path : path.slice(0, -1)) as readonly CTX[];
  try {
    checkPath(steps);
  } catch (error) {
    throw error instanceof RangeError || error instanceof TypeError
      ? new (error instanceof RangeError ? RangeError : TypeError)(`${where}: ${error.message}`)
      : error;
  }
  return { steps, noFail: options?.noFail === true ? PATH_NO_FAIL : 0 };
}

/** What stands last in a path and is no step are its options. */
function isPathOptions(last: unknown): last is PathOptions {
  return typeof last === "object" && last !== null && !(last instanceof CTX) && isPlainObject(last);
}
