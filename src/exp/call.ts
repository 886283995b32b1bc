import type { CdtCall } from "../../protocol/cdt/call.js";
import { ContextType, CTX, checkContext } from "../../protocol/cdt/context.js";
import { checkNestedFlags } from "../../protocol/cdt/nested-flags.js";
import type { CdtOperation } from "../../protocol/cdt/operations.js";
import { Computed, type Param } from "../../protocol/cdt/param.js";
import { checkTarget } from "../../protocol/exp/call-target.js";
import { constantOf } from "../../protocol/exp/constant.js";
import { checkCall } from "../../protocol/exp/danger.js";
import type { ExpKind, ExpType } from "../../protocol/exp/exp-type.js";
import { isExpType } from "../../protocol/exp/exp-type.js";
import { isEmptyList, packLiteral } from "../../protocol/exp/literal.js";
import { type CallNode, type ExpNode, NO_VALUE, type PathStep } from "../../protocol/exp/node.js";
import { readExpression } from "../../protocol/exp/read.js";
import { Double } from "../../protocol/value/double.js";
import { describe } from "../../protocol/value/invalid-value.js";
import type { SearchValue } from "../../protocol/value/pack.js";
import { nodeOf } from "./build.js";
import { Expression } from "./expression.js";

/**
 * An expression as a parameter of a collection call. The call makers of protocol/cdt check what stands there as a
 * plain value; what the server works out they let pass.
 */
export class Argument extends Computed {
  readonly node: ExpNode;

  constructor(node: ExpNode) {
    super(node.kind === "const" && node.type === "list" && !isEmptyList(node.value));
    this.node = node;
  }
}

/** A factory's argument for a call maker: constants as plain values, which it can check, all else as what is computed. */
export function argument<V>(value: V | Expression): V | Argument {
  if (!(value instanceof Expression)) return value;
  const { node } = value;
  if (node.kind === "special") return node.value as V;
  if (node.kind !== "const" || node.type === "list" || node.type === "map" || node.type === "hll")
    return new Argument(node);
  return (node.type === "float" ? new Double(Number(node.value)) : node.value) as V;
}

/** An argument that, where its type is known, has one of these. */
export function ofType<V>(value: V | Expression, name: string, ...types: readonly ExpKind[]): V | Argument {
  if (value instanceof Expression && value.type !== undefined && !types.includes(value.type)) {
    throw new TypeError(`expected ${name} to be ${types.join(" or ")}, got ${value.type}`);
  }
  return argument(value);
}

/** An index, a rank, a count, a size … */
export function int<V>(value: V | Expression): V | Argument {
  return ofType(value, "an index, rank, count, offset or size", "int");
}

/** What is added to a number. */
export function number<V>(value: V | Expression): V | Argument {
  return ofType(value, "what is added", "int", "float");
}

/** Several values or keys. */
export function list<V>(value: V | Expression): V | Argument {
  return ofType(value, "the list of values or keys", "list");
}

export function map<V>(value: V | Expression): V | Argument {
  return ofType(value, "the map of entries", "map");
}

export function key<V>(value: V | Expression): V | Argument {
  return ofType(value, "the key", "int", "string", "blob", "nil", "special");
}

export function bool<V>(value: V | Expression): V | Argument {
  return ofType(value, "the bit to look for", "bool");
}

export function blob<V>(value: V | Expression): V | Argument {
  return ofType(value, "the bytes", "blob");
}

export function text<V>(value: V | Expression): V | Argument {
  return ofType(value, "the text", "string");
}

/** Several texts, where a text alone is none. */
export function strings<V>(values: V | Expression): V | Argument {
  return ofType(values, "the list of texts", "list");
}

/** A call as an expression; `type` is that of its result where the operation does not say it. */
export function call<T extends ExpKind>(
  name: string,
  make: () => CdtCall,
  target: unknown,
  context: readonly CTX[] = [],
  type?: ExpType,
): Expression<T> {
  try {
    const made = make();
    const node = nodeOf(target, "the value it works on");
    if (context.length > 0) checkNested(made, context);
    return new Expression(callNode(type ?? resultType(made.operation, node), made, node, context.map(pathStep)));
  } catch (error) {
    if (error instanceof RangeError) throw new RangeError(`Exp.${name}: ${error.message}`);
    throw error instanceof TypeError ? new TypeError(`Exp.${name}: ${error.message}`) : error;
  }
}

function checkNested({ operation, params }: CdtCall, context: readonly CTX[]): void {
  checkContext(context);
  checkNestedFlags(operation, params);
}

/** What an operation gives in an expression: a modifying one what it was given, changed. */
function resultType({ on, modifies, returns }: CdtOperation, target: ExpNode): ExpType | undefined {
  if (on === "hll" && modifies) return "hll";
  if (on === "bits" && modifies) return "blob";
  if (!modifies) return isExpType(returns) ? returns : undefined;
  const { type } = target;
  return type === "remove" || type === "special" ? undefined : type;
}

/** A call as a node: the maker's parameters become constants, those that are expressions their trees. */
export function callNode(
  type: ExpType | undefined,
  made: CdtCall,
  target: ExpNode,
  path: readonly PathStep[] = [],
): CallNode {
  const node: CallNode = {
    kind: "call",
    type,
    system: made.operation.system,
    modify: made.operation.modifies,
    code: made.operation.code,
    params: made.params.map(paramNode),
    path,
    target,
  };
  checkCall(node);
  return { ...node, type: checkTarget(node, target) };
}

function paramNode(param: Param): ExpNode {
  if (param instanceof Argument) return param.node;
  if (param instanceof Computed) {
    throw new TypeError("a packed parameter has no place in an expression built here");
  }
  return constantOf(param.value, param.name);
}

/** A context step as part of a tree; the filter of a path is read back from its bytes. */
export function pathStep(step: CTX): PathStep {
  if (!(step instanceof CTX)) throw new TypeError(`expected a CTX step, got ${describe(step)}`);
  const { type, value } = step;
  const isFilter = type === ContextType.AND_EXPRESSION || type === ContextType.EXPRESSION;
  if (isFilter && value instanceof Uint8Array) return { code: type, value: NO_VALUE, filter: readExpression(value) };
  return { code: type, value: packLiteral(value as SearchValue) };
}
