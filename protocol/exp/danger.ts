import { mayOverrun, SAFE_SHIFTS } from "../cdt/bit.js";
import { ContextCreate, ContextType, checkCreatedIndex } from "../cdt/context.js";
import { BitWriteFlags, INVERTED } from "../cdt/flags.js";
import { BitOp, type CdtOperation, ListOp, operationOf } from "../cdt/operations.js";
import { MAX_PADDED_INDEX } from "../cdt/param.js";
import { checkMapKey } from "../value/pack.js";
import { isEmptyList, literalValue } from "./literal.js";
import type { CallNode, ExpNode, PathStep } from "./node.js";

// Calls that bring a server down, whichever way they were built: by a factory, from text, or from bytes. What is
// only wrong the server refuses by itself.

/** List writes that pad with nil up to the index. */
const PADDING: ReadonlySet<CdtOperation> = new Set([ListOp.INSERT, ListOp.INSERT_ITEMS, ListOp.SET, ListOp.INCREMENT]);
/** The server has room for 18 pieces of a call, and every computed parameter takes up to two. */
const MAX_COMPUTED = 8;
/** The kinds of steps that lead to one place; those to an index or a key can create it, by these flags. */
const STEPS: ReadonlySet<number> = new Set([
  ContextType.LIST_INDEX,
  ContextType.LIST_RANK,
  ContextType.LIST_VALUE,
  ContextType.MAP_INDEX,
  ContextType.MAP_RANK,
  ContextType.MAP_KEY,
  ContextType.MAP_VALUE,
]);

/** Throws TypeError or RangeError for a call that must not be sent. */
export function checkCall(node: CallNode): void {
  const { params, system } = node;
  if (params.filter(isComputed).length > MAX_COMPUTED) {
    throw new TypeError(`the call has more than ${MAX_COMPUTED} computed parameters`);
  }
  if (params.some((param) => param.type === "remove")) {
    throw new TypeError("removeResult is the change of a path and nothing else; a server goes down over it elsewhere");
  }
  const operation = operationOf(system, node.code);
  if (operation !== undefined) checkOperation(operation, params);
  if (node.path.length === 0) {
    if (node.noFailPath === true) throw new TypeError("places may only be missing where steps lead to them");
    return;
  }
  if (system === "bits" || system === "hll")
    throw new TypeError(`operations of ${system} work on whole values, not in a context`);
  checkSteps(node.path);
}

function checkOperation(operation: CdtOperation, params: readonly ExpNode[]): void {
  // With PARTIAL a shift may leave the blob.
  if (operation === BitOp.LSHIFT || operation === BitOp.RSHIFT) checkShift(params);
  // An empty list and INVERTED end in a segmentation fault, on maps.
  const isByList = operation.selects === "keyList" || operation.selects === "valueList";
  if (operation.on === "map" && isByList && isInverted(params[0])) checkFilled(params[1]);
  if (PADDING.has(operation)) checkPadding(params[0]);
}

function checkShift([bitOffset, bitSize, shift, flags]: readonly ExpNode[]): void {
  const flag = flags === undefined ? 0n : integerOf(flags);
  if (flag !== undefined && (flag & BigInt(BitWriteFlags.PARTIAL)) === 0n) return;
  if (!mayOverrun(integerOf(bitOffset), integerOf(bitSize), integerOf(shift))) return;
  throw new RangeError(`a bit shift with the flag PARTIAL can take a server down: ${SAFE_SHIFTS}`);
}

function integerOf(node: ExpNode | undefined): bigint | undefined {
  if (node?.kind !== "const" || node.type !== "int") return undefined;
  return typeof node.value === "number" || typeof node.value === "bigint" ? BigInt(node.value) : undefined;
}

function isComputed(param: ExpNode): boolean {
  return param.kind !== "special" && (param.kind !== "const" || param.type === "list");
}

function isInverted(returnType: ExpNode | undefined): boolean {
  const value = integerOf(returnType);
  return value === undefined || (value & BigInt(INVERTED)) !== 0n;
}

function checkFilled(list: ExpNode | undefined): void {
  if (list?.kind === "const" && list.value instanceof Uint8Array && !isEmptyList(list.value)) return;
  throw new RangeError(
    "a list of keys or values that may be empty can't be inverted on a map: it can bring the server down",
  );
}

function checkPadding(index: ExpNode | undefined): void {
  if (index?.kind === "const" && index.type === "int" && Number(index.value) > MAX_PADDED_INDEX) {
    throw new RangeError(
      `the index is ${String(index.value)}; at most ${MAX_PADDED_INDEX} is allowed, as the server pads up to it`,
    );
  }
}

/** Steps to one place. Below a step that creates, the server creates the others as well, whatever their keys. */
function checkSteps(path: readonly PathStep[]): void {
  const creates = path.some((step) => (step.code & ContextCreate.MASK) !== 0);
  for (const { code, value } of path) {
    const base = code & ~(ContextCreate.MASK | ContextCreate.PERSIST_INDEX);
    const create = code & ContextCreate.MASK;
    if (!STEPS.has(base) || (base !== code && base !== ContextType.LIST_INDEX && base !== ContextType.MAP_KEY)) {
      throw new TypeError(`a context has a step of type 0x${code.toString(16)}, which leads to no one place`);
    }
    if (base === ContextType.LIST_INDEX && create !== 0)
      checkCreatedIndex(literalValue(value), create === ContextCreate.LIST_PADDED);
    if (base === ContextType.MAP_KEY && creates) checkMapKey(literalValue(value));
  }
}
