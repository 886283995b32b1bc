import { Reader } from "../../protocol/bytes/reader.js";
import { compareBytes } from "../../protocol/value/map-key.js";
import { ParticleType } from "../../protocol/value/particle-type.js";
import { comparePacked } from "../packed/order.js";
import type { Compilation, Form, Operands } from "./form.js";
import { geoContains } from "./geometry.js";
import { binary, emitBinary, expectCount, expectType, PLAIN_SIZE } from "./operands.js";
import { isPacked, packedOf } from "./pack.js";
import { listCount, takeValue } from "./packed.js";
import { refuse } from "./refused.js";
import { ResultType, sameType } from "./result-type.js";
import { type ExpValue, isParticle, UNKNOWN } from "./value.js";

type Verdict = (order: number) => boolean;

function comparison(verdict: Verdict): Form {
  return {
    size: PLAIN_SIZE,
    *compile(c: Compilation, count: number): Operands {
      expectCount(count, 2);
      const left = yield;
      const right = yield;
      if (!sameType(left, right)) refuse(`types ${left} and ${right} don't compare`);
      // The server takes a comparison of two remove_results and aborts when it comes to it.
      if (left === ResultType.GEOJSON || left === ResultType.HLL || left === ResultType.REMOVE) {
        refuse(`values of type ${left} don't compare`);
      }
      emitBinary(c, (a, b) => compareValues(a, b, verdict));
      return ResultType.BOOL;
    },
  };
}

function compareValues(a: ExpValue, b: ExpValue, verdict: Verdict): ExpValue {
  if (isParticle(a) && isParticle(b)) {
    if (!isPacked(a)) return verdict(compareBytes(a.bytes, b.bytes));
    const notes = { sawUnorderedMap: false };
    const order = comparePacked(a.bytes, b.bytes, notes);
    return notes.sawUnorderedMap ? UNKNOWN : verdict(order);
  }
  if (a === null && b === null) return verdict(0);
  if (!isOrdered(a) || !isOrdered(b)) return UNKNOWN;
  // NaN is unequal to everything and neither below nor above it.
  return verdict(a < b ? -1 : a > b ? 1 : a === b ? 0 : Number.NaN);
}

function isOrdered(value: ExpValue): value is bigint | number | boolean {
  return typeof value === "bigint" || typeof value === "number" || typeof value === "boolean";
}

export const equal = comparison((order) => order === 0);
export const notEqual = comparison((order) => order !== 0);
export const greater = comparison((order) => order > 0);
export const greaterOrEqual = comparison((order) => order >= 0);
export const less = comparison((order) => order < 0);
export const lessOrEqual = comparison((order) => order <= 0);

const { GEOJSON, BOOL } = ResultType;

/** A point within a region, in either order of the operands. */
export const geoCompare = binary([GEOJSON, GEOJSON], BOOL, (a, b) =>
  isParticle(a) && isParticle(b) ? (geoContains(a, b) ?? UNKNOWN) : UNKNOWN,
);

/** True if any element of a list equals a value of any type. */
export const inList: Form = {
  size: PLAIN_SIZE,
  *compile(c: Compilation, count: number): Operands {
    expectCount(count, 2);
    // The server takes remove_result as the value and aborts when it comes to it.
    if ((yield) === ResultType.REMOVE) refuse("remove_result is no element");
    expectType(yield, ResultType.LIST);
    emitBinary(c, contains);
    return ResultType.BOOL;
  },
};

function contains(value: ExpValue, list: ExpValue): ExpValue {
  const wanted = packedOf(value);
  if (wanted === undefined || !isParticle(list) || list.type !== ParticleType.LIST) return UNKNOWN;
  const r = new Reader(list.bytes);
  const count = listCount(r) ?? 0;
  for (let i = 0; i < count; i++) if (comparePacked(wanted, takeValue(r)) === 0) return true;
  return false;
}
