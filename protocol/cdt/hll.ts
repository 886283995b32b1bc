import type { AnyInteger } from "../bytes/utf8.js";
import { checkOptions } from "../check/check-options.js";
import { Double } from "../value/double.js";
import { GeoJson } from "../value/geojson.js";
import { Hll } from "../value/hll.js";
import { describe, InvalidValue } from "../value/invalid-value.js";
import { isBytes } from "../value/pack.js";
import type { Value } from "../value/value.js";
import { type CdtCall, cdtCall } from "./call.js";
import { checkFlags, checkInteger, refuseCreateAndUpdateOnly } from "./check.js";
import { HLLWriteFlags } from "./flags.js";
import { HllOp } from "./operations.js";
import { type Arg, Computed, integer, listOf, type Param, stored } from "./param.js";

const NOT_GIVEN = -1;
const MIN_INDEX_BITS = 4;
const MAX_INDEX_BITS = 16;
const MIN_MINHASH_BITS = 4;
const MAX_MINHASH_BITS = 51;
const MAX_BITS_TOGETHER = 64;

const { DEFAULT, CREATE_ONLY, UPDATE_ONLY, NO_FAIL, ALLOW_FOLD } = HLLWriteFlags;
const INIT_FLAGS = { DEFAULT, CREATE_ONLY, UPDATE_ONLY, NO_FAIL };
const ADD_FLAGS = { DEFAULT, CREATE_ONLY, NO_FAIL };
const UNION_FLAGS = { DEFAULT, CREATE_ONLY, UPDATE_ONLY, NO_FAIL, ALLOW_FOLD };

/** Precision of a sketch: it takes `2 ** indexBits` registers of `6 + minhashBits` bits. */
export interface HllBits {
  /** 4 to 16. Must be given where an operation creates the sketch. */
  readonly indexBits?: number;
  /** 0, or 4 to 51 to estimate intersections; with `indexBits` at most 64. Default: 0 for a new sketch. */
  readonly minhashBits?: number;
}

/** Creates a sketch, or empties one. */
export function hllInit(bits: HllBits = {}, flags: number = DEFAULT): CdtCall {
  return cdtCall(HllOp.INIT, [...bitParams(bits), writeFlags(flags, INIT_FLAGS)]);
}

/** Adds values; lists and maps can't be counted. */
export function hllAdd(values: Arg<readonly Value[]>, bits: HllBits = {}, flags: number = DEFAULT): CdtCall {
  return cdtCall(HllOp.ADD, [countable(values), ...bitParams(bits), writeFlags(flags, ADD_FLAGS)]);
}

/** Merges sketches into the bin. */
export function hllSetUnion(sketches: Arg<readonly Hll[]>, flags: number = DEFAULT): CdtCall {
  return cdtCall(HllOp.SET_UNION, [sketchList(sketches), writeFlags(flags, UNION_FLAGS)]);
}

/** Counts and keeps the result in the sketch. */
export function hllRefreshCount(): CdtCall {
  return cdtCall(HllOp.REFRESH_COUNT, []);
}

/** Lowers the index bits of a sketch without minhash bits. */
export function hllFold(indexBits: Arg<AnyInteger>): CdtCall {
  return cdtCall(HllOp.FOLD, [integer("indexBits", indexBits, MIN_INDEX_BITS, MAX_INDEX_BITS)]);
}

export function hllGetCount(): CdtCall {
  return cdtCall(HllOp.GET_COUNT, []);
}

export function hllGetUnion(sketches: Arg<readonly Hll[]>): CdtCall {
  return cdtCall(HllOp.GET_UNION, [sketchList(sketches)]);
}

export function hllGetUnionCount(sketches: Arg<readonly Hll[]>): CdtCall {
  return cdtCall(HllOp.GET_UNION_COUNT, [sketchList(sketches)]);
}

export function hllGetIntersectCount(sketches: Arg<readonly Hll[]>): CdtCall {
  return cdtCall(HllOp.GET_INTERSECT_COUNT, [sketchList(sketches)]);
}

export function hllGetSimilarity(sketches: Arg<readonly Hll[]>): CdtCall {
  return cdtCall(HllOp.GET_SIMILARITY, [sketchList(sketches)]);
}

/** Returns `[indexBits, minhashBits]`. */
export function hllDescribe(): CdtCall {
  return cdtCall(HllOp.DESCRIBE, []);
}

/** Returns 1 when all values may have been added, 0 when one was not. */
export function hllMayContain(values: Arg<readonly Value[]>): CdtCall {
  return cdtCall(HllOp.MAY_CONTAIN, [countable(values)]);
}

/** Bits within the bounds of the server. */
export function checkHllBits(bits: HllBits): void {
  checkOptions("bits", bits, { indexBits: true, minhashBits: true });
  const indexBits = bits.indexBits ?? NOT_GIVEN;
  const minhashBits = bits.minhashBits ?? NOT_GIVEN;
  if (indexBits !== NOT_GIVEN) checkInteger("indexBits", indexBits, MIN_INDEX_BITS, MAX_INDEX_BITS);
  if (minhashBits !== NOT_GIVEN && minhashBits !== 0) {
    checkInteger("minhashBits (when not 0)", minhashBits, MIN_MINHASH_BITS, MAX_MINHASH_BITS);
  }
  if (indexBits + minhashBits > MAX_BITS_TOGETHER) {
    throw new RangeError(
      `indexBits and minhashBits are ${indexBits} and ${minhashBits}; expected at most ${MAX_BITS_TOGETHER} together`,
    );
  }
}

function bitParams(bits: HllBits): readonly Param[] {
  checkHllBits(bits);
  return [stored("indexBits", bits.indexBits ?? NOT_GIVEN), stored("minhashBits", bits.minhashBits ?? NOT_GIVEN)];
}

function countable(values: Arg<readonly Value[]>): Param {
  const list = listOf("values", values);
  if (!(list instanceof Computed)) {
    refuseEmpty("values", list);
    list.forEach((value, i) => {
      if (isContainer(value)) throw new InvalidValue(`${describe(value)} can't be counted by a sketch`, `values[${i}]`);
    });
  }
  return stored("values", list);
}

/** Anything that would travel as a list or map; what is of no type at all is refused when it is packed. */
function isContainer(value: Value): boolean {
  if (typeof value !== "object" || value === null) return false;
  return !isBytes(value) && !(value instanceof Double) && !(value instanceof GeoJson) && !(value instanceof Hll);
}

function sketchList(sketches: Arg<readonly Hll[]>): Param {
  const list = listOf("sketches", sketches);
  if (!(list instanceof Computed)) {
    refuseEmpty("sketches", list);
    list.forEach((sketch, i) => {
      const place = `sketches[${i}]`;
      if (!(sketch instanceof Hll)) throw new InvalidValue(`expected an Hll, got ${describe(sketch)}`, place);
      if (!isSketch(sketch.bytes)) throw new InvalidValue(`these ${sketch.bytes.length} bytes are no sketch`, place);
    });
  }
  return stored("sketches", list);
}

/** Flags (0), index bits, minhash bits, cached count (8 bytes), registers. */
function isSketch(bytes: Uint8Array): boolean {
  const [flags, indexBits, minhashBits] = bytes;
  if (flags !== 0 || indexBits === undefined || minhashBits === undefined) return false;
  if (indexBits < MIN_INDEX_BITS || indexBits > MAX_INDEX_BITS || minhashBits > MAX_MINHASH_BITS) return false;
  return bytes.length === 11 + Math.ceil((2 ** indexBits * (6 + minhashBits)) / 8);
}

function refuseEmpty(name: string, list: readonly unknown[]): void {
  if (list.length === 0) throw new RangeError(`${name} is empty; expected at least one`);
}

function writeFlags(flags: number, allowed: Readonly<Record<string, number>>): Param {
  const checked = checkFlags("flags", flags, allowed);
  refuseCreateAndUpdateOnly("flags", checked);
  return stored("flags", checked);
}
