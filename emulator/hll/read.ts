import { ResultCode } from "../../protocol/result-code.js";
import { ParticleType } from "../../protocol/value/particle-type.js";
import { integerList } from "../cdt/answer.js";
import type { Params } from "../cdt/params.js";
import { type BinValue, doubleValue, integerValue } from "../record/bin-value.js";
import { count, intersectCount, type StoredSketch, similarity, union } from "./estimate.js";
import { comparableSketchesOf, elementsOf, sketchesOf } from "./hll-params.js";

export const HllReadOp = {
  GET_COUNT: 50,
  GET_UNION: 51,
  GET_UNION_COUNT: 52,
  GET_INTERSECT_COUNT: 53,
  GET_SIMILARITY: 54,
  DESCRIBE: 55,
  MAY_CONTAIN: 56,
} as const;

export interface HllRead {
  /** How many parameters are due. */
  readonly params: number;
  readonly read: (params: Params) => HllQuestion;
}

/** What is asked of a sketch; a number is the result code it is refused with. */
export type HllQuestion = (own: StoredSketch) => BinValue | number;

/** The operations that read a sketch. */
export const HLL_READ_OPS: ReadonlyMap<number, HllRead> = new Map<number, HllRead>([
  [HllReadOp.GET_COUNT, { params: 0, read: () => (own) => integerValue(count(own.sketch)) }],
  [HllReadOp.GET_UNION, { params: 1, read: readUnion }],
  [HllReadOp.GET_UNION_COUNT, { params: 1, read: readUnionCount }],
  [
    HllReadOp.GET_INTERSECT_COUNT,
    { params: 1, read: (p) => readIntersection(p, (all) => integerValue(intersectCount(all))) },
  ],
  [HllReadOp.GET_SIMILARITY, { params: 1, read: (p) => readIntersection(p, (all) => doubleValue(similarity(all))) }],
  [
    HllReadOp.DESCRIBE,
    {
      params: 0,
      read:
        () =>
        ({ sketch }) =>
          integerList([sketch.indexBits, sketch.minhashBits]),
    },
  ],
  [HllReadOp.MAY_CONTAIN, { params: 1, read: readMayContain }],
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
    if (sketches.length > 2 && !isComparable) return ResultCode.OP_NOT_APPLICABLE;
    return answer([...sketches, own]);
  };
}

function readMayContain(params: Params): HllQuestion {
  const elements = elementsOf(params);
  return ({ sketch }) => integerValue(elements.every((element) => sketch.mayContain(element)) ? 1 : 0);
}
