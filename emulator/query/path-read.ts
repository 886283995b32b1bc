import { Reader } from "../../protocol/bytes/reader.js";
import { Writer } from "../../protocol/bytes/writer.js";
import { ContextType } from "../../protocol/cdt/context.js";
import { INVERTED, MapReturnType } from "../../protocol/cdt/flags.js";
import { ContainerOp, ListOp, MapOp } from "../../protocol/cdt/operations.js";
import type { ExpNode } from "../../protocol/exp/node.js";
import { packNode } from "../../protocol/exp/pack.js";
import { packInteger, packListHeader } from "../../protocol/value/pack.js";
import { ParticleType } from "../../protocol/value/particle-type.js";
import { takeBytes, takeInteger } from "../exp/packed.js";
import { IndexSource } from "../sindex/index-definition.js";

// Reads along a path of a bin, as a planner of 8.2 sees them: up to seven steps and what of them is asked for.

const MAX_STEPS = 7;
/** Strings and blobs of this size are in no index. */
export const MAX_KEY_BYTES = 2048;
const MAX_CONTEXT_BYTES = 1536;

/** A value that an index can be asked for. */
export type Probe =
  | { readonly type: typeof ParticleType.INTEGER; readonly begin: bigint; readonly end: bigint }
  | { readonly type: typeof ParticleType.STRING | typeof ParticleType.BLOB; readonly bytes: Uint8Array };

interface ReadStep {
  /** As in a context. */
  readonly code: number;
  /** Packed; of a range the begin and the end. */
  readonly values: readonly Uint8Array[];
}

export interface PathRead {
  readonly bin: string;
  readonly steps: readonly ReadStep[];
  readonly asks: "value" | "count" | "exists" | "other";
}

/** Steps of reads of one element, or of a range, by operation. */
const STEPS = new Map<number, { readonly code: number; readonly isRange?: true }>([
  [ListOp.GET_BY_VALUE.code, { code: ContextType.LIST_VALUE }],
  [ListOp.GET_BY_INDEX.code, { code: ContextType.LIST_INDEX }],
  [ListOp.GET_BY_VALUE_INTERVAL.code, { code: ContextType.LIST_VALUE, isRange: true }],
  [MapOp.GET_BY_KEY.code, { code: ContextType.MAP_KEY }],
  [MapOp.GET_BY_VALUE.code, { code: ContextType.MAP_VALUE }],
  [MapOp.GET_BY_INDEX.code, { code: ContextType.MAP_INDEX }],
  [MapOp.GET_BY_KEY_INTERVAL.code, { code: ContextType.MAP_KEY, isRange: true }],
  [MapOp.GET_BY_VALUE_INTERVAL.code, { code: ContextType.MAP_VALUE, isRange: true }],
]);

const ONE_PLACE: readonly number[] = [
  ContextType.LIST_INDEX,
  ContextType.LIST_RANK,
  ContextType.MAP_INDEX,
  ContextType.MAP_RANK,
  ContextType.MAP_KEY,
];

const COLLECTIONS = new Map<number, IndexSource>([
  [ContextType.LIST_VALUE, IndexSource.LIST],
  [ContextType.MAP_KEY, IndexSource.MAPKEYS],
  [ContextType.MAP_VALUE, IndexSource.MAPVALUES],
]);

const ASKS = new Map<number, PathRead["asks"]>([
  [MapReturnType.VALUE, "value"],
  [MapReturnType.COUNT, "count"],
  [MapReturnType.EXISTS, "exists"],
]);

/** Undefined for what the planner makes nothing of. */
export function pathReadOf(node: ExpNode): PathRead | undefined {
  if (node.kind !== "call" || node.system !== "cdt" || node.modify || node.noFailPath === true) return undefined;
  const { target, path, params, code } = node;
  if (target.kind !== "bin" || path.length > MAX_STEPS || path.some(({ filter }) => filter !== undefined)) {
    return undefined;
  }
  const steps: ReadStep[] = path.map((step) => ({ code: step.code, values: [step.value] }));
  if (code === ContainerOp.COUNT.code) {
    return params.length === 0 && steps.length > 0 ? { bin: target.name, steps, asks: "count" } : undefined;
  }
  const last = STEPS.get(code);
  const [returns, ...selectors] = params;
  if (last === undefined || returns?.kind !== "const" || steps.length === MAX_STEPS) return undefined;
  if (selectors.length !== (last.isRange === true ? 2 : 1)) return undefined;
  const flags = Number(returns.value);
  if ((flags & INVERTED) !== 0) return undefined;
  steps.push({ code: last.code, values: selectors.map(packed) });
  const read: PathRead = { bin: target.name, steps, asks: ASKS.get(flags) ?? "other" };
  return isTooLong(read) ? undefined : read;
}

/** The context of an index on the place that is read; undefined where the way leads to several. */
export function contextOf({ steps }: PathRead, count: number = steps.length): Uint8Array | undefined {
  const way = steps.slice(0, count);
  if (way.some(({ code, values }) => values.length !== 1 || !ONE_PLACE.includes(code))) return undefined;
  const w = new Writer(64);
  packListHeader(w, way.length * 2);
  for (const { code, values } of way) {
    packInteger(w, code);
    for (const value of values) w.bytes(value);
  }
  return w.length > MAX_CONTEXT_BYTES ? undefined : w.copy();
}

/** What a collection has to contain for the last step to find something. */
export function contained(
  read: PathRead,
): { readonly source: IndexSource; readonly context: Uint8Array | undefined; readonly probe: Probe } | undefined {
  const last = read.steps.at(-1);
  const source = last && COLLECTIONS.get(last.code);
  const probe = last && probeOf(last.values);
  const context = contextOf(read, read.steps.length - 1);
  if (source === undefined || probe === undefined || context === undefined) return undefined;
  return { source, context: read.steps.length === 1 ? undefined : context, probe };
}

function isTooLong({ steps }: PathRead): boolean {
  const bytes = bytesOf(steps.at(-1)?.values[0]);
  return bytes !== undefined && bytes.length - 1 >= MAX_KEY_BYTES;
}

/** Of ranges those of integers; their end belongs to it, for what is read decides. */
function probeOf([first, second]: readonly Uint8Array[]): Probe | undefined {
  if (first === undefined) return undefined;
  const begin = takeInteger(new Reader(first));
  if (second !== undefined) {
    const end = takeInteger(new Reader(second));
    return begin === undefined || end === undefined ? undefined : { type: ParticleType.INTEGER, begin, end };
  }
  if (begin !== undefined) return { type: ParticleType.INTEGER, begin, end: begin };
  const bytes = bytesOf(first);
  const type = bytes?.[0];
  if (bytes === undefined || (type !== ParticleType.STRING && type !== ParticleType.BLOB)) return undefined;
  return { type, bytes: bytes.subarray(1) };
}

function bytesOf(value: Uint8Array | undefined): Uint8Array | undefined {
  return value && takeBytes(new Reader(value));
}

function packed(node: ExpNode): Uint8Array {
  const w = new Writer(32);
  packNode(w, node);
  return w.copy();
}
