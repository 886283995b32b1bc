import { Writer } from "../../../protocol/bytes/writer.js";
import { ContextType } from "../../../protocol/cdt/context.js";
import { MapReturnType } from "../../../protocol/cdt/flags.js";
import { type CdtOperation, operationOf, type SelectorKind } from "../../../protocol/cdt/operations.js";
import type { ExpType } from "../../../protocol/exp/exp-type.js";
import type { CallNode, ConstNode, ExpNode, PathStep } from "../../../protocol/exp/node.js";
import { ExpOp } from "../../../protocol/exp/op-code.js";
import { packConstant, packNode } from "../../../protocol/exp/pack.js";
import { resolveExpression } from "../../../protocol/exp/resolve.js";
import type { IndexType } from "../../../protocol/info/index-commands.js";
import type { IndexInfo } from "../../../protocol/info/index-info.js";
import { compareBytes } from "../../../protocol/value/map-key.js";
import { packInteger, packListHeader } from "../../../protocol/value/pack.js";

const NOTHING = new Uint8Array(0);

/** The step of a context that leads to what a read of one element selects. */
const STEPS: Readonly<Record<"list" | "map", Partial<Record<SelectorKind, number>>>> = {
  list: { index: ContextType.LIST_INDEX, rank: ContextType.LIST_RANK },
  map: { key: ContextType.MAP_KEY, index: ContextType.MAP_INDEX, rank: ContextType.MAP_RANK },
};

const TYPES: Readonly<Record<IndexType, ExpType>> = { integer: "int", string: "string", blob: "blob", geo: "geo" };

/** What an index has its entries from: a bin, a place inside of one, or an expression. */
export class IndexSource {
  readonly #index: IndexInfo;
  readonly #context: Uint8Array;
  /** Type of what is indexed: a value, or the list or map whose elements are. */
  readonly #type: ExpType | undefined;

  constructor(index: IndexInfo) {
    const { collection, type } = index;
    this.#index = index;
    this.#context = index.context ?? NOTHING;
    if (collection === "default") this.#type = type && TYPES[type];
    else this.#type = collection === "list" ? "list" : "map";
  }

  /** Whether the value of a node is what the index was made from. */
  is(node: ExpNode): boolean {
    if (node.type !== this.#type) return false;
    const { bin, expression } = this.#index;
    if (expression !== undefined) return isExpression(node, expression);
    const place = placeOf(node);
    return place !== undefined && place.bin === bin && compareBytes(packPath(place.path), this.#context) === 0;
  }

  /** Whether a call works on the list or map that the index was made from. */
  isTargetOf(call: CallNode): boolean {
    if (this.#index.expression !== undefined) return call.path.length === 0 && this.is(call.target);
    const place = placeOf(call.target);
    if (place === undefined || place.bin !== this.#index.bin) return false;
    return compareBytes(packPath([...place.path, ...call.path]), this.#context) === 0;
  }
}

/** The bin and the way into it that a node reads one value from. */
function placeOf(node: ExpNode): { bin: string; path: readonly PathStep[] } | undefined {
  if (node.kind === "bin") return { bin: node.name, path: [] };
  const operation = readOf(node);
  if (node.kind !== "call" || operation === undefined) return undefined;
  const [returns, selector] = node.params;
  const code = STEPS[operation.on][operation.selects];
  if (code === undefined || !isReturning(returns, MapReturnType.VALUE) || selector?.kind !== "const") return undefined;
  const inner = placeOf(node.target);
  if (inner === undefined) return undefined;
  return { bin: inner.bin, path: [...inner.path, ...node.path, { code, value: packedConstant(selector) }] };
}

/** A read that selects elements of a list or map. */
export interface SelectingRead extends CdtOperation {
  readonly on: "list" | "map";
  readonly selects: SelectorKind;
}

/** The read that a node makes of elements; undefined for any other node. */
export function readOf(node: ExpNode): SelectingRead | undefined {
  if (node.kind !== "call" || node.modify) return undefined;
  const operation = operationOf(node.system, node.code);
  return operation !== undefined && !operation.modifies && isSelecting(operation) ? operation : undefined;
}

function isSelecting(operation: CdtOperation): operation is SelectingRead {
  return operation.selects !== undefined;
}

export function isReturning(param: ExpNode | undefined, returnType: number): boolean {
  return param?.kind === "const" && param.value === returnType;
}

function packedConstant(node: ConstNode): Uint8Array {
  const w = new Writer(32);
  packConstant(w, node);
  return w.copy();
}

/** As an index's context is written; nothing for no steps. */
function packPath(path: readonly PathStep[]): Uint8Array {
  if (path.length === 0) return NOTHING;
  const w = new Writer(64);
  packListHeader(w, path.length * 2);
  for (const step of path) {
    packInteger(w, step.code);
    w.bytes(step.value);
  }
  return w.copy();
}

/** Whether a node packs into exactly these bytes; servers compare index expressions byte by byte. */
function isExpression(node: ExpNode, expression: Uint8Array): boolean {
  if (node.kind === "const" || node.kind === "special") return false;
  try {
    const w = new Writer(expression.length + 64);
    packNode(w, resolveExpression(node));
    return compareBytes(w.view(), expression) === 0;
  } catch (error) {
    // A part of a larger expression that can't stand alone, such as one with variables.
    if (error instanceof TypeError) return false;
    throw error;
  }
}

/** The collection that a node gives all elements of: a list, or the keys or values of a map. */
export function collectionOf(target: ExpNode): { of: ExpNode; elements: "list" | "mapKeys" | "mapValues" } {
  if (target.kind === "op" && target.code === ExpOp.MAP_KEYS) return { of: target.args[0]!, elements: "mapKeys" };
  if (target.kind === "op" && target.code === ExpOp.MAP_VALUES) return { of: target.args[0]!, elements: "mapValues" };
  if (
    target.kind === "call" &&
    target.path.length === 0 &&
    target.params.length === 2 &&
    readOf(target)?.on === "map"
  ) {
    // Every entry, as `$.m.{0:}` and `$.m.{0:}.getKeys()` read them.
    const [returns, from] = target.params;
    const isAll = readOf(target)?.selects === "indexRange" && from?.kind === "const" && from.value === 0;
    if (isAll && isReturning(returns, MapReturnType.KEY)) return { of: target.target, elements: "mapKeys" };
    if (isAll && isReturning(returns, MapReturnType.VALUE)) return { of: target.target, elements: "mapValues" };
  }
  return { of: target, elements: "list" };
}
