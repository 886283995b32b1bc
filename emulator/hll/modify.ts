import { HllOp } from "../../protocol/cdt/operations.js";
import { ResultCode } from "../../protocol/result-code.js";
import type { Params } from "../cdt/params.js";
import { type BinValue, integerValue } from "../record/bin-value.js";
import { withSubCode } from "../record/op-outcome.js";
import { commonBits, count, mergeInto, union } from "./estimate.js";
import { elementsOf, HllFlag, hllFlags, indexBitsOf, minhashBitsOf, sketchesOf } from "./hll-params.js";
import { fitTogether, Sketch } from "./sketch.js";

export interface HllModify {
  readonly required: number;
  readonly most: number;
  readonly read: (params: Params) => HllRequest;
}

export interface HllRequest {
  readonly flags: number;
  /** The sketch as it is from now on and what to answer, or a result code; `old` is a copy and may be changed. */
  readonly change: (old: Sketch | undefined) => HllChange | number;
}

export interface HllChange {
  readonly sketch: Sketch;
  readonly value?: BinValue;
}

const { CREATE_ONLY, UPDATE_ONLY, NO_FAIL, ALLOW_FOLD } = HllFlag;
const REFUSED = ResultCode.OP_NOT_APPLICABLE;
/** Sub codes. */
const Why = { NO_INDEX_BITS: 4, INDEX_BITS: 5, MINHASH_BITS: 6, FOLD_MINHASH: 7, FOLD_TO_MORE: 8 } as const;

/** The operations that change a sketch. */
export const HLL_MODIFY_OPS: ReadonlyMap<number, HllModify> = new Map<number, HllModify>([
  [HllOp.INIT.code, { required: 0, most: 3, read: readInit }],
  [HllOp.ADD.code, { required: 1, most: 4, read: readAdd }],
  [HllOp.SET_UNION.code, { required: 1, most: 2, read: readSetUnion }],
  [HllOp.REFRESH_COUNT.code, { required: 0, most: 0, read: readRefreshCount }],
  [HllOp.FOLD.code, { required: 1, most: 1, read: readFold }],
]);

function readInit(params: Params): HllRequest {
  const indexBits = indexBitsOf(params);
  const minhashBits = minhashBitsOf(params, indexBits);
  const flags = hllFlags(params, CREATE_ONLY | UPDATE_ONLY | NO_FAIL);
  return { flags, change: (old) => init(old, indexBits, minhashBits) };
}

function init(
  old: Sketch | undefined,
  indexBits: number | undefined = old?.indexBits,
  minhashBits: number = old?.minhashBits ?? 0,
): HllChange | number {
  if (indexBits === undefined) return withSubCode(REFUSED, Why.NO_INDEX_BITS);
  if (!fitTogether(indexBits, minhashBits)) return REFUSED;
  return { sketch: new Sketch(indexBits, minhashBits) };
}

function readAdd(params: Params): HllRequest {
  const elements = elementsOf(params);
  const indexBits = indexBitsOf(params);
  const minhashBits = minhashBitsOf(params, indexBits);
  const flags = hllFlags(params, CREATE_ONLY | NO_FAIL);
  const change = (old: Sketch | undefined): HllChange | number => {
    const fresh = old === undefined ? init(old, indexBits, minhashBits) : { sketch: old };
    if (typeof fresh === "number") return fresh;
    const added = elements.filter((element) => fresh.sketch.add(element)).length;
    return { sketch: fresh.sketch, value: integerValue(added) };
  };
  return { flags, change };
}

function readSetUnion(params: Params): HllRequest {
  const sketches = sketchesOf(params).map(({ sketch }) => sketch);
  const flags = hllFlags(params, CREATE_ONLY | UPDATE_ONLY | NO_FAIL | ALLOW_FOLD);
  return { flags, change: (old) => setUnion(old, sketches, (flags & ALLOW_FOLD) !== 0) };
}

function setUnion(old: Sketch | undefined, sketches: readonly Sketch[], mayFold: boolean): HllChange | number {
  if (old === undefined) return { sketch: union(sketches) };
  const { indexBits, minhashBits } = commonBits(sketches);
  const keepsIndex = old.indexBits <= indexBits;
  const keepsBits = keepsIndex && (old.minhashBits === 0 || old.minhashBits === minhashBits);
  if (keepsBits || mayFold) return { sketch: union([...sketches, old]) };
  return withSubCode(REFUSED, keepsIndex ? Why.MINHASH_BITS : Why.INDEX_BITS);
}

function readRefreshCount(): HllRequest {
  const change = (old: Sketch | undefined): HllChange | number => {
    if (old === undefined) return ResultCode.BIN_NOT_FOUND;
    old.cache = count(old);
    return { sketch: old, value: integerValue(old.cache) };
  };
  return { flags: 0, change };
}

function readFold(params: Params): HllRequest {
  const indexBits = indexBitsOf(params);
  const change = (old: Sketch | undefined): HllChange | number => {
    if (old === undefined) return ResultCode.BIN_NOT_FOUND;
    if (old.minhashBits > 0) return withSubCode(REFUSED, Why.FOLD_MINHASH);
    if (indexBits === undefined || old.indexBits < indexBits) return withSubCode(REFUSED, Why.FOLD_TO_MORE);
    if (old.indexBits === indexBits) return { sketch: old };
    const folded = new Sketch(indexBits, 0);
    mergeInto(folded, old);
    return { sketch: folded };
  };
  return { flags: 0, change };
}
