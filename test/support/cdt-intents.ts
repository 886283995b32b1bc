import { readFileSync } from "node:fs";
import * as bit from "../../protocol/cdt/bit.js";
import { type CdtCall, inContext } from "../../protocol/cdt/call.js";
import { CTX } from "../../protocol/cdt/context.js";
import {
  BitwiseOverflowActions,
  INVERTED,
  ListOrderType,
  type ListSortFlags,
  MapOrder,
  MapReturnType,
} from "../../protocol/cdt/flags.js";
import * as hll from "../../protocol/cdt/hll.js";
import * as list from "../../protocol/cdt/list.js";
import * as listBy from "../../protocol/cdt/list-selectors.js";
import * as map from "../../protocol/cdt/map.js";
import * as mapBy from "../../protocol/cdt/map-selectors.js";
import { getBy, removeBy, type Selector } from "../../protocol/cdt/selector.js";
import { Double } from "../../protocol/value/double.js";
import { GeoJson } from "../../protocol/value/geojson.js";
import { Hll } from "../../protocol/value/hll.js";
import type { SearchValue } from "../../protocol/value/pack.js";
import { INFINITY, WILDCARD } from "../../protocol/value/special.js";
import type { MapKey, Value } from "../../protocol/value/value.js";

// Reads the recorded operations on lists, maps, bits and sketches: what was asked, and the payload that travelled.

/** A typed value of the recordings. */
export interface Typed {
  readonly int?: string;
  readonly double?: string;
  readonly string?: string;
  readonly blob?: string;
  readonly bool?: boolean;
  readonly nil?: true;
  readonly list?: readonly Typed[];
  readonly map?: readonly (readonly [Typed, Typed])[];
  readonly order?: string;
  readonly geojson?: string;
  readonly hll?: string;
  readonly wildcard?: true;
  readonly infinity?: true;
}

interface Step {
  readonly type: string;
  readonly value: Typed;
  readonly create?: string;
}

export interface IntentOp {
  readonly op: string;
  readonly bin: string;
  readonly index?: number;
  readonly rank?: number;
  readonly count?: number;
  readonly key?: Typed;
  readonly keys?: readonly Typed[];
  readonly value?: Typed & (number | string | boolean);
  readonly values?: readonly Typed[];
  readonly items?: Typed;
  readonly begin?: Typed;
  readonly end?: Typed;
  readonly order?: string;
  readonly pad?: boolean;
  readonly persistIndex?: boolean;
  readonly flags?: ListSortFlags;
  readonly returnType?: string | number;
  readonly inverted?: boolean;
  readonly byteSize?: number;
  readonly byteOffset?: number;
  readonly bitSize?: number;
  readonly bitOffset?: number;
  readonly shift?: number;
  readonly signed?: boolean;
  readonly overflow?: keyof typeof BitwiseOverflowActions;
  readonly resizeFlags?: number;
  readonly indexBits?: number;
  readonly minhashBits?: number;
  readonly policy?: { readonly order?: string; readonly writeFlags?: number; readonly writeMode?: string };
  readonly ctx?: readonly Step[];
}

export interface RecordedOp {
  readonly id: string;
  readonly native: boolean;
  readonly group: string;
  /** Result code of the whole command. */
  readonly resultCode: number;
  readonly alone: boolean;
  readonly intent: IntentOp;
  readonly code: number;
  readonly payload: string;
}

interface Entry {
  readonly id: string;
  readonly group: string;
  readonly origin: string;
  readonly intent?: { readonly command: string; readonly ops?: readonly IntentOp[] };
  readonly request: string;
  readonly decoded: { readonly resultCode: number };
}

/** All recorded operations of a file that have an intent of their own, `cdt.raw` and `raw` left out. */
export function recordedOps(file: string): RecordedOp[] {
  const text = readFileSync(new URL(`../vectors/${file}.json`, import.meta.url), "utf8");
  const entries: readonly Entry[] = JSON.parse(text);
  return entries.flatMap((entry) => {
    const ops = entry.intent?.command === "operate" ? (entry.intent.ops ?? []) : [];
    const sent = ops.length === 0 ? [] : opsOf(entry.request);
    const cdtOps = ops.filter((op) => /^(list|map|bit|hll)\.(?!raw)/.test(op.op));
    return cdtOps.map((intent) => {
      const { code, payload } = sent[ops.indexOf(intent)]!;
      return {
        id: entry.id,
        native: entry.origin !== "handmade",
        group: entry.group,
        resultCode: entry.decoded.resultCode,
        alone: cdtOps.length === 1,
        intent,
        code,
        payload,
      };
    });
  });
}

/** The ops of a request in hex, proto header included. */
function opsOf(request: string): { code: number; payload: string }[] {
  const bytes = Buffer.from(request, "hex");
  let at = 8 + bytes[8]!;
  for (let fields = bytes.readUInt16BE(26); fields > 0; fields--) at += 4 + bytes.readUInt32BE(at);
  const ops: { code: number; payload: string }[] = [];
  for (let count = bytes.readUInt16BE(28); count > 0; count--) {
    const end = at + 4 + bytes.readUInt32BE(at);
    ops.push({ code: bytes[at + 4]!, payload: bytes.toString("hex", at + 8 + bytes[at + 7]!, end) });
    at = end;
  }
  return ops;
}

export function toValue(typed: Typed): Value {
  if (typed.int !== undefined) return exactInteger(BigInt(typed.int));
  if (typed.double !== undefined) return new Double(Number(typed.double));
  if (typed.string !== undefined) return typed.string;
  if (typed.blob !== undefined) return Uint8Array.from(Buffer.from(typed.blob, "hex"));
  if (typed.bool !== undefined) return typed.bool;
  if (typed.nil) return null;
  if (typed.list) return typed.list.map(toValue);
  if (typed.map) return new Map(typed.map.map(([key, value]) => [toKey(key), toValue(value)]));
  if (typed.geojson !== undefined) return new GeoJson(typed.geojson);
  if (typed.hll !== undefined) return toSketch(typed);
  throw new TypeError(`${JSON.stringify(typed)} is no value to store`);
}

function toSearch(typed: Typed): SearchValue {
  if (typed.wildcard) return WILDCARD;
  if (typed.infinity) return INFINITY;
  return typed.list ? typed.list.map(toSearch) : toValue(typed);
}

function toBound(typed: Typed | undefined): SearchValue | undefined {
  return typed === undefined ? undefined : toSearch(typed);
}

function toKey(typed: Typed): MapKey {
  const key = toValue(typed);
  if (typeof key === "number" || typeof key === "bigint" || typeof key === "string" || key instanceof Uint8Array) {
    return key;
  }
  throw new TypeError(`${JSON.stringify(typed)} is no map key`);
}

function toKeyBound(typed: Typed | undefined): mapBy.KeyBound | undefined {
  if (typed === undefined) return undefined;
  return typed.nil ? null : toKey(typed);
}

function toSketch(typed: Typed): Hll {
  if (typed.hll === undefined) throw new TypeError(`${JSON.stringify(typed)} is no sketch`);
  return new Hll(Uint8Array.from(Buffer.from(typed.hll, "hex")));
}

function toNumber(typed: Typed | undefined): number | bigint | Double | undefined {
  if (typed === undefined) return undefined;
  if (typed.int !== undefined) return exactInteger(BigInt(typed.int));
  if (typed.double !== undefined) return new Double(Number(typed.double));
  throw new TypeError(`${JSON.stringify(typed)} is no number`);
}

function exactInteger(value: bigint): number | bigint {
  const near = Number(value);
  return Number.isSafeInteger(near) ? near : value;
}

/** The call that our functions make of a recorded intent. Throws what they throw. */
export function callOf(intent: IntentOp): CdtCall {
  const kind = intent.op.slice(0, intent.op.indexOf("."));
  const context = (intent.ctx ?? []).map(toStep);
  const call = kind === "list" ? listCall(intent) : kind === "map" ? mapCall(intent) : blobCall(intent);
  return inContext(call, intent.op.endsWith(".create") ? creating(intent, context) : context);
}

/** The native client adds a create flag to the last step of a creation. */
function creating(intent: IntentOp, context: readonly CTX[]): readonly CTX[] {
  const last = intent.ctx?.at(-1);
  if (last === undefined || last.create !== undefined) return context;
  if (last.type === "list_index" && intent.op === "list.create") {
    return [...context.slice(0, -1), CTX.listIndexCreate(Number(last.value.int), listOrder(intent.order), intent.pad)];
  }
  if (last.type === "map_key") {
    return [...context.slice(0, -1), CTX.mapKeyCreate(toKey(last.value), mapOrder(intent.order))];
  }
  return context;
}

function toStep(step: Step): CTX {
  switch (step.type) {
    case "list_index": {
      const index = Number(step.value.int);
      if (step.create === undefined) return CTX.listIndex(index);
      return CTX.listIndexCreate(index, step.create === "ordered" ? 1 : 0, step.create === "pad");
    }
    case "list_rank":
      return CTX.listRank(Number(step.value.int));
    case "list_value":
      return CTX.listValue(toSearch(step.value));
    case "map_index":
      return CTX.mapIndex(Number(step.value.int));
    case "map_rank":
      return CTX.mapRank(Number(step.value.int));
    case "map_key":
      if (step.create === undefined) return CTX.mapKey(toKey(step.value));
      return CTX.mapKeyCreate(toKey(step.value), createOrders[step.create]!);
    case "map_value":
      return CTX.mapValue(toSearch(step.value));
    default:
      throw new TypeError(`the step ${step.type} is unknown`);
  }
}

const createOrders: Readonly<Record<string, MapOrder>> = {
  unordered: MapOrder.UNORDERED,
  key: MapOrder.KEY_ORDERED,
  keyValue: MapOrder.KEY_VALUE_ORDERED,
};

function listOrder(order: string | undefined): ListOrderType {
  return order === "ORDERED" ? ListOrderType.ORDERED : ListOrderType.UNORDERED;
}

function mapOrder(order: string | undefined): MapOrder {
  if (order === "KEY_ORDERED") return MapOrder.KEY_ORDERED;
  return order === "KEY_VALUE_ORDERED" ? MapOrder.KEY_VALUE_ORDERED : MapOrder.UNORDERED;
}

const returnTypes: Readonly<Record<string, number>> = {
  ...MapReturnType,
  REVINDEX_RANGE: MapReturnType.REVERSE_INDEX_RANGE,
  REVRANK_RANGE: MapReturnType.REVERSE_RANK_RANGE,
};

function returnTypeOf({ returnType, inverted }: IntentOp): number {
  const kind = typeof returnType === "number" ? returnType : returnTypes[returnType ?? "NONE"]!;
  return inverted ? kind | INVERTED : kind;
}

function listCall(o: IntentOp): CdtCall {
  const policy = o.policy && { order: listOrder(o.policy.order), flags: o.policy.writeFlags ?? 0 };
  const flags = o.policy?.writeFlags;
  const values = o.values?.map(toValue) ?? [];
  switch (o.op) {
    case "list.size":
      return list.listSize();
    case "list.get":
      return list.listGet(o.index!);
    case "list.getRange":
      return list.listGetRange(o.index!, o.count);
    case "list.append":
      return list.listAppend(toValue(o.value!), policy);
    case "list.appendItems":
      return list.listAppendItems(values, policy);
    case "list.insert":
      return list.listInsert(o.index!, toValue(o.value!), flags);
    case "list.insertItems":
      return list.listInsertItems(o.index!, values, flags);
    case "list.pop":
      return list.listPop(o.index!);
    case "list.popRange":
      return list.listPopRange(o.index!, o.count);
    case "list.remove":
      return list.listRemove(o.index!);
    case "list.removeRange":
      return list.listRemoveRange(o.index!, o.count);
    case "list.set":
      return list.listSet(o.index!, toValue(o.value!), flags);
    case "list.trim":
      return list.listTrim(o.index!, o.count!);
    case "list.clear":
      return list.listClear();
    case "list.increment":
      return list.listIncrement(o.index!, toNumber(o.value), policy);
    case "list.sort":
      return list.listSort(o.flags);
    case "list.setOrder":
    case "list.create":
      return list.listSetOrder(listOrder(o.order), o.persistIndex);
    default:
      return selected(o, listSelector(o));
  }
}

function listSelector(o: IntentOp): Selector {
  switch (o.op.replace(/^list\.(get|remove)/, "")) {
    case "ByIndex":
      return listBy.listByIndex(o.index!);
    case "ByRank":
      return listBy.listByRank(o.rank!);
    case "FirstByValue":
      return listBy.listByFirstValue(toSearch(o.value!));
    case "ByValue":
      return listBy.listByValue(toSearch(o.value!));
    case "ByValueList":
      return listBy.listByValueList(o.values!.map(toSearch));
    case "ByIndexRange":
      return listBy.listByIndexRange(o.index!, o.count);
    case "ByRankRange":
      return listBy.listByRankRange(o.rank!, o.count);
    case "ByValueRange":
      return listBy.listByValueRange(toBound(o.begin), toBound(o.end));
    case "ByValueRelRankRange":
      return listBy.listByValueRelRankRange(toSearch(o.value!), o.rank!, o.count);
    default:
      throw new Error(`no list operation for ${o.op}`);
  }
}

function mapCall(o: IntentOp): CdtCall {
  const writeMode = { CREATE_ONLY: 1, UPDATE_ONLY: 2, UPDATE: 0 }[o.policy?.writeMode ?? "UPDATE"];
  const flags = o.policy?.writeFlags ?? writeMode ?? 0;
  const policy = { order: mapOrder(o.policy?.order), flags };
  switch (o.op) {
    case "map.size":
      return map.mapSize();
    case "map.put":
      return map.mapPut(toKey(o.key!), toValue(o.value!), policy);
    case "map.putItems":
      return map.mapPutItems(new Map(o.items!.map!.map(([key, value]) => [toKey(key), toValue(value)])), policy);
    case "map.increment":
      return map.mapIncrement(toKey(o.key!), toNumber(o.value), policy);
    case "map.decrement":
      return map.mapDecrement(toKey(o.key!), toNumber(o.value), policy);
    case "map.clear":
      return map.mapClear();
    case "map.setPolicy":
      return map.mapSetOrder(mapOrder(o.policy?.order));
    case "map.create":
      return map.mapSetOrder(mapOrder(o.order), o.persistIndex);
    default:
      return selected(o, mapSelector(o));
  }
}

function mapSelector(o: IntentOp): Selector {
  switch (o.op.replace(/^map\.(get|remove)/, "")) {
    case "ByKey":
      return mapBy.mapByKey(toKey(o.key!));
    case "ByIndex":
      return mapBy.mapByIndex(o.index!);
    case "ByRank":
      return mapBy.mapByRank(o.rank!);
    case "FirstByValue":
      return mapBy.mapByFirstValue(toSearch(o.value!));
    case "ByValue":
      return mapBy.mapByValue(toSearch(o.value!));
    case "ByKeyList":
      return mapBy.mapByKeyList(o.keys!.map(toKey));
    case "ByValueList":
      return mapBy.mapByValueList(o.values!.map(toSearch));
    case "ByKeyRange":
      return mapBy.mapByKeyRange(toKeyBound(o.begin), toKeyBound(o.end));
    case "ByIndexRange":
      return mapBy.mapByIndexRange(o.index!, o.count);
    case "ByValueRange":
      return mapBy.mapByValueRange(toBound(o.begin), toBound(o.end));
    case "ByRankRange":
      return mapBy.mapByRankRange(o.rank!, o.count);
    case "ByKeyRelIndexRange":
      return mapBy.mapByKeyRelIndexRange(toKey(o.key!), o.index!, o.count);
    case "ByValueRelRankRange":
      return mapBy.mapByValueRelRankRange(toSearch(o.value!), o.rank!, o.count);
    default:
      throw new Error(`no map operation for ${o.op}`);
  }
}

function selected(o: IntentOp, selector: Selector): CdtCall {
  const returnType = returnTypeOf(o);
  return /\.get/.test(o.op) ? getBy(selector, returnType) : removeBy(selector, returnType);
}

function blobCall(o: IntentOp): CdtCall {
  return o.op.startsWith("bit.") ? bitCall(o) : hllCall(o);
}

function bitCall(o: IntentOp): CdtCall {
  const flags = o.policy?.writeFlags ?? 0;
  const bytes = () => Uint8Array.from(Buffer.from(o.value?.blob ?? "", "hex"));
  const number = () => (typeof o.value === "number" ? o.value : exactInteger(BigInt(String(o.value))));
  const overflow = BitwiseOverflowActions[o.overflow ?? "FAIL"];
  const arithmetic = { signed: o.signed === true, overflow, flags };
  const [offset, size] = [o.bitOffset!, o.bitSize!];
  switch (o.op) {
    case "bit.resize":
      return bit.bitResize(o.byteSize!, { flags, resizeFlags: o.resizeFlags ?? 0 });
    case "bit.insert":
      return bit.bitInsert(o.byteOffset!, bytes(), flags);
    case "bit.remove":
      return bit.bitRemove(o.byteOffset!, o.byteSize!, flags);
    case "bit.set":
      return bit.bitSet(offset, size, bytes(), flags);
    case "bit.or":
      return bit.bitOr(offset, size, bytes(), flags);
    case "bit.xor":
      return bit.bitXor(offset, size, bytes(), flags);
    case "bit.and":
      return bit.bitAnd(offset, size, bytes(), flags);
    case "bit.not":
      return bit.bitNot(offset, size, flags);
    case "bit.lshift":
      return bit.bitLshift(offset, size, o.shift!, flags);
    case "bit.rshift":
      return bit.bitRshift(offset, size, o.shift!, flags);
    case "bit.add":
      return bit.bitAdd(offset, size, number(), arithmetic);
    case "bit.subtract":
      return bit.bitSubtract(offset, size, number(), arithmetic);
    case "bit.setInt":
      return bit.bitSetInt(offset, size, number(), flags);
    case "bit.get":
      return bit.bitGet(offset, size);
    case "bit.count":
      return bit.bitCount(offset, size);
    case "bit.lscan":
      return bit.bitLscan(offset, size, Boolean(o.value));
    case "bit.rscan":
      return bit.bitRscan(offset, size, Boolean(o.value));
    case "bit.getInt":
      return bit.bitGetInt(offset, size, o.signed);
    default:
      throw new Error(`no bit operation for ${o.op}`);
  }
}

function hllCall(o: IntentOp): CdtCall {
  const flags = o.policy?.writeFlags ?? 0;
  const bits = {
    ...(o.indexBits === undefined ? {} : { indexBits: o.indexBits }),
    ...(o.minhashBits === undefined ? {} : { minhashBits: o.minhashBits }),
  };
  const values = () => o.values!.map(toValue);
  const sketches = () => o.values!.map(toSketch);
  switch (o.op) {
    case "hll.init":
      return hll.hllInit(bits, flags);
    case "hll.add":
      return hll.hllAdd(values(), bits, flags);
    case "hll.setUnion":
      return hll.hllSetUnion(sketches(), flags);
    case "hll.refreshCount":
      return hll.hllRefreshCount();
    case "hll.fold":
      return hll.hllFold(o.indexBits!);
    case "hll.getCount":
      return hll.hllGetCount();
    case "hll.getUnion":
      return hll.hllGetUnion(sketches());
    case "hll.getUnionCount":
      return hll.hllGetUnionCount(sketches());
    case "hll.getIntersectCount":
      return hll.hllGetIntersectCount(sketches());
    case "hll.getSimilarity":
      return hll.hllGetSimilarity(sketches());
    case "hll.describe":
      return hll.hllDescribe();
    case "hll.mayContain":
      return hll.hllMayContain(values());
    default:
      throw new Error(`no sketch operation for ${o.op}`);
  }
}

/** A recorded call inside of an expression on a bin, with literal parameters. */
export interface RecordedCall {
  readonly id: string;
  readonly intent: IntentOp;
  /** The whole request in hex; the call stands somewhere in it. */
  readonly request: string;
}

interface ExpressionEntry {
  readonly id: string;
  readonly intent?: { readonly ops?: readonly { readonly exp?: unknown }[] };
  readonly request: string;
}

const NUMBERS = ["index", "rank", "count", "bitOffset", "bitSize", "byteOffset", "byteSize", "shift"];

/** The calls of expressions.json that take nothing but a bin and literals. */
export function recordedCalls(): RecordedCall[] {
  const text = readFileSync(new URL("../vectors/expressions.json", import.meta.url), "utf8");
  const entries: readonly ExpressionEntry[] = JSON.parse(text);
  return entries.flatMap(({ id, intent, request }) => {
    const exp = intent?.ops?.[0]?.exp;
    const [name, args]: readonly unknown[] = Array.isArray(exp) ? exp : [];
    if (typeof name !== "string" || !/^(list|map|bit|hll)\./.test(name) || !isArguments(args)) return [];
    if (args["bin"]?.[0] !== "bin" || Object.entries(args).some(([key, arg]) => key !== "bin" && isComputed(arg)))
      return [];
    const literal: Record<string, unknown> = { ...args, op: name };
    for (const key of NUMBERS) if (args[key] !== undefined) literal[key] = Number(args[key].int);
    if (name.startsWith("bit.") && args["value"]?.int !== undefined) literal["value"] = args["value"].int;
    if (args["value"]?.bool !== undefined) literal["value"] = args["value"].bool;
    return [{ id, intent: JSON.parse(JSON.stringify(literal)), request }];
  });
}

type Arguments = Readonly<Record<string, Typed & { readonly [index: number]: unknown }>>;

function isArguments(args: unknown): args is Arguments {
  return typeof args === "object" && args !== null && !Array.isArray(args);
}

/** `["add", …]` and such; plain values and lists of them are typed. */
function isComputed(arg: unknown): boolean {
  return Array.isArray(arg) && typeof arg[0] === "string";
}
