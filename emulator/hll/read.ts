import { HllOp } from "../../protocol/cdt/operations.js";
import { ResultCode } from "../../protocol/result-code.js";
import { ParticleType } from "../../protocol/value/particle-type.js";
import { integerList } from "../cdt/answer.js";
import type { Params } from "../cdt/params.js";
import { type BinValue, doubleValue, integerValue } from "../record/bin-value.js";
import { withSubCode } from "../record/op-outcome.js";
import { count, intersectCount, type StoredSketch, similarity, union } from "./estimate.js";
import { comparableSketchesOf, elementsOf, sketchesOf } from "./hll-params.js";

/** Sub code. */
const OTHER_MINHASH = 9;

export interface HllRead {
  /** How many parameters are expected. */
  readonly params: number;
  readonly read: (params: Params) => HllQuestion;
}

/** What is asked of a sketch; a number is the result code it is refused with. */
export type HllQuestion = (own: StoredSketch) => BinValue | number;

/** The operations that read a sketch. */
export const HLL_READ_OPS: ReadonlyMap<number, HllRead> = new Map<number, HllRead>([
  [HllOp.GET_COUNT.code, { params: 0, read: () => (own) => integerValue(count(own.sketch)) }],
  [HllOp.GET_UNION.code, { params: 1, read: readUnion }],
  [HllOp.GET_UNION_COUNT.code, { params: 1, read: readUnionCount }],
  [
    HllOp.GET_INTERSECT_COUNT.code,
    { params: 1, read: (p) => readIntersection(p, (all) => integerValue(intersectCount(all))) },
  ],
  [HllOp.GET_SIMILARITY.code, { params: 1, read: (p) => readIntersection(p, (all) => doubleValue(similarity(all))) }],
  [
    HllOp.DESCRIBE.code,
    {
      params: 0,
      read:
        () =>
        ({ sketch }) =>
          integerList([sketch.indexBits, sketch.minhashBits]),
    },
  ],
  [HllOp.MAY_CONTAIN.code, { params: 1, read: readMayContain }],
]);

function readUnion(params: Params): HllQuestion {
  const sketches = sketchesOf(params).map(({ sketch }) => sketch);
  return (own) => ({ type: ParticleType.HLL, bytes: union([...sketches, own.sketch]).write() });
}

function readUnionCount(params: Params): HllQuestion {
  const sketches = sketchesOf(params).map(({ sketch }) => sketch);
  return (own) => integerValue(count(union([...sketches, own.sketch])));
}

function readIntersection(params: Params, answer: (all: readonly StoredSketch[]) => BinValue): HllQuestion {
  const sketches = comparableSketchesOf(params);
  return (own) => {
    const isComparable = sketches.every(({ sketch }) => sketch.minhashBits === own.sketch.minhashBits);
    if (sketches.length > 2 && !isComparable) return withSubCode(ResultCode.OP_NOT_APPLICABLE, OTHER_MINHASH);
    return answer([...sketches, own]);
  };
}

function readMayContain(params: Params): HllQuestion {
  const elements = elementsOf(params);
  return ({ sketch }) => integerValue(elements.every((element) => sketch.mayContain(element)) ? 1 : 0);
}
