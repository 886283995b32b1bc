import type { ExpType } from "../../protocol/exp/exp-type.js";
import type { PathFunction, PathNode, Step } from "./ast.js";
import { typeName } from "./describe.js";
import type { Inference } from "./infer.js";
import { TypeVariable } from "./type-variable.js";

/** Steps that select one element; the others give a list. */
const SINGULAR = new Set(["key", "index", "rank", "value"]);

export function isSingular(step: Step): boolean {
  return SINGULAR.has(step.select.by);
}

/** Result types of path functions that do not depend on anything. */
const RESULTS: Readonly<Record<string, ExpType>> = {
  exists: "bool",
  count: "int",
  type: "int",
  is: "bool",
  asInt: "int",
  asFloat: "float",
  hllCount: "int",
  hllDescribe: "list",
  hllMayContain: "int",
  hllUnion: "hll",
  hllUnionCount: "int",
  hllIntersectCount: "int",
  hllSimilarity: "float",
  mapKeys: "list",
  mapValues: "list",
  bitGet: "blob",
  bitCount: "int",
  bitGetInt: "int",
  bitLscan: "int",
  bitRscan: "int",
};

/** Types that path functions need the value before them to be. */
const RECEIVERS: readonly (readonly [RegExp, ExpType])[] = [
  [/^asInt$/, "float"],
  [/^asFloat$/, "int"],
  [/^hll/, "hll"],
  [/^map/, "map"],
  [/^bit/, "blob"],
];

export function inferPath(inference: Inference, node: PathNode): TypeVariable {
  const { base, steps, fn } = node;
  const source = baseType(inference, node);
  const first = steps[0];
  if (first !== undefined && base.from !== "bin") {
    const type = first.on === "list" ? "list" : "map";
    if (first.on !== "any") requireReceiver(inference, node, source, type);
  }
  for (const step of steps) inferStep(inference, step);
  const value = steps.length === 0 ? source : stepsType(node);
  node.value = value;
  if (fn === undefined) return value;
  return inferFunction(inference, node, fn, value);
}

function baseType(inference: Inference, node: PathNode): TypeVariable {
  const { base } = node;
  switch (base.from) {
    case "bin":
      inference.refuseInFilter(node, "A bin");
      return new TypeVariable(undefined, node);
    case "element":
      if (inference.filters === 0) {
        inference.fail(
          node,
          '"@" stands for the element that a filter looks at: it has a meaning only inside [?(…)] or {?(…)}',
        );
      }
      return base.part === "index" ? new TypeVariable("int", node) : new TypeVariable(undefined, node);
    case "node":
      return inference.infer(base.node);
  }
}

/** The type of what the steps lead to. */
function stepsType(node: PathNode): TypeVariable {
  const last = node.steps.at(-1)!;
  if (last.select.by === "self") return new TypeVariable(last.on === "list" ? "list" : "map", node);
  if (hasWildcard(node) || !isSingular(last)) return new TypeVariable("list", node);
  // What is found by its value has the type of that value.
  const sought = last.select.by === "value" ? last.select.value.typeVariable?.root : undefined;
  return new TypeVariable(sought?.type, node, sought?.soft ?? false);
}

export function hasWildcard(node: PathNode): boolean {
  return node.steps.some((step) => step.select.by === "all" || step.select.by === "filter");
}

function inferStep(inference: Inference, step: Step): void {
  const { select } = step;
  switch (select.by) {
    case "filter": {
      inference.filters++;
      inference.require(select.condition, inference.infer(select.condition), "bool", "A filter is a condition");
      inference.filters--;
      return;
    }
    case "key":
      inference.infer(select.key);
      return;
    case "value":
      inference.infer(select.value);
      return;
    case "index":
      inference.infer(select.index);
      return;
    case "rank":
      inference.infer(select.rank);
      return;
    case "keyList":
    case "valueList":
      for (const one of select.list) inference.infer(one);
      return;
    case "keyRange":
    case "valueRange":
      inference.infer(select.begin);
      if (select.until !== undefined) inference.infer(select.until);
      return;
    case "indexRange":
    case "rankRange":
      for (const one of [select.begin, select.until, select.relativeTo]) if (one !== undefined) inference.infer(one);
  }
}

function inferFunction(inference: Inference, node: PathNode, fn: PathFunction, value: TypeVariable): TypeVariable {
  const receiver = RECEIVERS.find(([names]) => names.test(fn.name))?.[1];
  if (receiver !== undefined) requireReceiver(inference, node, value, receiver);
  if (fn.name === "count" && node.steps.length === 0 && value.root.type !== "map") {
    requireReceiver(inference, node, value, "list");
  }
  if (fn.name === "get") return inferGet(inference, node, fn, value);
  if (fn.name === "orElse") {
    const [fallback] = fn.args;
    const typeVariable = inference.infer(fallback!);
    if (TypeVariable.unify(value, typeVariable) === "mismatch") {
      inference.fail(
        fallback!,
        `orElse() needs a value of the same type as what it stands in for: ${typeName(value.resolved)}`,
      );
    }
    return value.root;
  }
  if (fn.name.startsWith("bit")) {
    fn.args.forEach((arg, i) => {
      const isFlag = i === 2;
      inference.require(
        arg,
        inference.infer(arg),
        isFlag ? "bool" : "int",
        `${fn.name}() takes offset, size${isFlag ? " and true or false" : ""}`,
      );
    });
  } else for (const arg of fn.args) inferSketches(inference, fn.name, arg);
  return new TypeVariable(RESULTS[fn.name] ?? "int", node);
}

/** `get(type: …, return: …)`: says the type of the value, or asks for something else than the value. */
function inferGet(inference: Inference, node: PathNode, fn: PathFunction, value: TypeVariable): TypeVariable {
  const { type, returns } = fn;
  const returned = returns === undefined || returns === "VALUE" ? undefined : returnType(inference, node, fn, returns);
  if (returned === undefined) {
    if (type === undefined) return value;
    // What get says is firm; the value itself was open, or a list for sure.
    if (TypeVariable.unify(value, new TypeVariable(type, node)) !== "unified") {
      inference.fail(fn, `These steps give ${typeName(value.resolved)}, not ${typeName(type)}`);
    }
    return value.root;
  }
  if (type !== undefined && returned.type !== undefined && type !== returned.type) {
    inference.fail(fn, `return: ${returns} gives ${typeName(returned.type)}, not ${typeName(type)}`);
  }
  if (type !== undefined) returned.type = type;
  return returned;
}

function returnType(inference: Inference, node: PathNode, fn: PathFunction, returns: string): TypeVariable {
  const last = node.steps.at(-1);
  if (last === undefined || last.select.by === "self") {
    inference.fail(fn, `return: ${returns} needs a step into a list or map before it`);
  }
  const several = !isSingular(last) || hasWildcard(node);
  switch (returns) {
    case "COUNT":
      return new TypeVariable("int", node);
    case "EXISTS":
      return new TypeVariable("bool", node);
    case "KEY":
      return several ? new TypeVariable("list", node) : new TypeVariable(undefined, node);
    case "KEY_VALUE":
    case "ORDERED_MAP":
    case "UNORDERED_MAP":
      return new TypeVariable("map", node);
    case "NONE":
      return inference.fail(fn, "return: NONE gives nothing that an expression could use");
    default:
      return new TypeVariable(several ? "list" : "int", node);
  }
}

function requireReceiver(inference: Inference, node: PathNode, value: TypeVariable, type: ExpType): void {
  const joined = TypeVariable.unify(value, new TypeVariable(type, node));
  if (joined === "unified") return;
  const name = node.fn?.name;
  const what = name === undefined ? "A step" : `${name}()`;
  inference.fail(node.fn ?? node, `${what} works on ${typeName(type)}; this is ${typeName(value.resolved)}`);
}

/** The sketches, or for hllMayContain the values: a list, or one HLL bin. */
function inferSketches(inference: Inference, name: string, arg: PathFunction["args"][number]): void {
  const typeVariable = inference.infer(arg);
  const { type } = typeVariable.root;
  const expected = name === "hllMayContain" || arg.kind === "list" ? "list" : "hll";
  if (type === undefined) TypeVariable.unify(typeVariable, new TypeVariable(expected, arg));
  else if (type !== "list" && (type !== "hll" || name === "hllMayContain")) {
    inference.fail(
      arg,
      `HLL multi-sketch argument must resolve to a list expression or a single HLL bin reference; got ${typeName(type)}`,
    );
  }
}
