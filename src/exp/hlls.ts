import type { HllBits } from "../../protocol/cdt/hll.js";
import * as hll from "../../protocol/cdt/hll.js";
import type { Hll } from "../../protocol/value/hll.js";
import { type Argument, call, list, ofType } from "./call.js";
import type { ValueListArg } from "./call-types.js";
import type { Expression } from "./expression.js";

type HllExp = Expression<"hll">;
/** Sketches to combine with: a list of them, or one expression. */
export type SketchArg = readonly Hll[] | Expression<"list" | "hll">;

/** A new sketch in place of the bin's. @param flags a sum of HLLWriteFlags */
function hllInit(flags: number | undefined, bits: HllBits, bin: HllExp): HllExp {
  return call("hllInit", () => hll.hllInit(bits, flags), bin);
}

/** The sketch with values added. @param flags a sum of HLLWriteFlags */
function hllAdd(flags: number | undefined, values: ValueListArg, bits: HllBits, bin: HllExp): HllExp {
  return call("hllAdd", () => hll.hllAdd(list(values), bits, flags), bin);
}

/** The sketch with others merged in. @param flags a sum of HLLWriteFlags */
function hllSetUnion(flags: number | undefined, sketches: SketchArg, bin: HllExp): HllExp {
  return call("hllSetUnion", () => hll.hllSetUnion(sketchArg(sketches), flags), bin);
}

/** The sketch with its count refreshed. */
function hllRefreshCount(bin: HllExp): HllExp {
  return call("hllRefreshCount", hll.hllRefreshCount, bin);
}

/** The sketch with fewer index bits. */
function hllFold(indexBits: number, bin: HllExp): HllExp {
  return call("hllFold", () => hll.hllFold(indexBits), bin);
}

/** Estimated number of distinct values. */
function hllGetCount(bin: HllExp): Expression<"int"> {
  return call("hllGetCount", hll.hllGetCount, bin);
}

/** `[index bits, minhash bits]`. */
function hllDescribe(bin: HllExp): Expression<"list"> {
  return call("hllDescribe", hll.hllDescribe, bin);
}

/** 1 when all values may have been added, 0 when one was not. */
function hllMayContain(values: ValueListArg, bin: HllExp): Expression<"int"> {
  return call("hllMayContain", () => hll.hllMayContain(list(values)), bin);
}

/** The union with other sketches. */
function hllGetUnion(sketches: SketchArg, bin: HllExp): HllExp {
  return call("hllGetUnion", () => hll.hllGetUnion(sketchArg(sketches)), bin);
}

/** Estimated number of distinct values in the union. */
function hllGetUnionCount(sketches: SketchArg, bin: HllExp): Expression<"int"> {
  return call("hllGetUnionCount", () => hll.hllGetUnionCount(sketchArg(sketches)), bin);
}

/** Estimated number of values that all have in common. */
function hllGetIntersectCount(sketches: SketchArg, bin: HllExp): Expression<"int"> {
  return call("hllGetIntersectCount", () => hll.hllGetIntersectCount(sketchArg(sketches)), bin);
}

/** Estimated likeness, 0 to 1. */
function hllGetSimilarity(sketches: SketchArg, bin: HllExp): Expression<"float"> {
  return call("hllGetSimilarity", () => hll.hllGetSimilarity(sketchArg(sketches)), bin);
}

function sketchArg(sketches: SketchArg): readonly Hll[] | Argument {
  return ofType<readonly Hll[]>(sketches, "what to combine with", "list", "hll");
}

/** HyperLogLog sketches, for {@link Exp}. */
export const hlls = {
  hllAdd,
  hllDescribe,
  hllFold,
  hllGetCount,
  hllGetIntersectCount,
  hllGetSimilarity,
  hllGetUnion,
  hllGetUnionCount,
  hllInit,
  hllMayContain,
  hllRefreshCount,
  hllSetUnion,
};
