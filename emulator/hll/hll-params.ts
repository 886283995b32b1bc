import { PackedHead, PackedType } from "../../protocol/value/packed-head.js";
import { readValues } from "../cdt/packed-list.js";
import type { Params } from "../cdt/params.js";
import { rewriteValue } from "../cdt/rewrite.js";
import { isShortest, isSpecial } from "../packed/form.js";
import type { StoredSketch } from "./estimate.js";
import { areIndexBits, areMinhashBits, fitTogether, Sketch } from "./sketch.js";

export const HllFlag = { CREATE_ONLY: 1, UPDATE_ONLY: 2, NO_FAIL: 4, ALLOW_FOLD: 8 } as const;

const NOT_GIVEN = -1n;

/** Undefined when left to what the bin has. */
export function indexBitsOf(params: Params): number | undefined {
  return bitsOf(params, areIndexBits);
}

export function minhashBitsOf(params: Params, indexBits: number | undefined): number | undefined {
  return bitsOf(params, (bits) => areMinhashBits(bits) && (indexBits === undefined || fitTogether(indexBits, bits)));
}

function bitsOf(params: Params, isValid: (bits: number) => boolean): number | undefined {
  if (!params.hasNext) return undefined;
  const bits = params.integer();
  if (bits === NOT_GIVEN) return undefined;
  params.demand(isValid(Number(bits)));
  return Number(bits);
}

/** The flags of a write, among those that its operation knows. */
export function hllFlags(params: Params, known: number): number {
  const flags = params.flags();
  params.demand((flags & ~BigInt(known)) === 0n);
  const both = BigInt(HllFlag.CREATE_ONLY | HllFlag.UPDATE_ONLY);
  params.demand((flags & both) !== both);
  return Number(flags & BigInt(known));
}

/** The elements of a list, compact: as they are hashed. Lists and maps are none. */
export function elementsOf(params: Params): Uint8Array[] {
  const elements = listOf(params.value()) ?? [];
  params.demand(elements.length > 0 && elements.every(isScalar));
  return elements.map(compact);
}

/** A list of sketches, or one alone. */
export function sketchesOf(params: Params): StoredSketch[] {
  const packed = params.value();
  const found: StoredSketch[] = [];
  for (const item of listOf(packed) ?? [packed]) {
    const stored = storedSketch(item);
    if (stored !== undefined) found.push(stored);
    else params.demand(false);
  }
  params.demand(found.length > 0);
  return found;
}

/** Sketches to intersect: of three or more all must have the same minhash bits, and some. */
export function comparableSketchesOf(params: Params): StoredSketch[] {
  const sketches = sketchesOf(params);
  const minhashBits = sketches[0]?.sketch.minhashBits ?? 0;
  const agree = minhashBits > 0 && sketches.every(({ sketch }) => sketch.minhashBits === minhashBits);
  params.demand(sketches.length <= 2 || agree);
  return sketches;
}

function listOf(packed: Uint8Array): Uint8Array[] | undefined {
  const head = new PackedHead();
  if (!head.read(packed, 0, packed.length) || head.type !== PackedType.LIST) return undefined;
  return readValues(packed, head.next, head.count);
}

/** Elements come in hundreds of thousands. */
const head = new PackedHead();

function compact(element: Uint8Array): Uint8Array {
  const isCompact = head.read(element, 0, element.length) && !isSpecial(head) && isShortest(head, element, 0);
  return isCompact ? element : (rewriteValue(element) ?? element);
}

function isScalar(packed: Uint8Array): boolean {
  return head.read(packed, 0, packed.length) && head.type !== PackedType.LIST && head.type !== PackedType.MAP;
}

/** The sketch in a string or blob, whose particle type byte does not count. */
function storedSketch(packed: Uint8Array): StoredSketch | undefined {
  const head = new PackedHead();
  if (!head.read(packed, 0, packed.length) || head.length === 0) return undefined;
  if (head.type !== PackedType.BYTES && head.type !== PackedType.STRING && head.type !== PackedType.GEOJSON)
    return undefined;
  const bytes = packed.subarray(head.content + 1, head.next);
  const sketch = Sketch.read(bytes);
  return sketch === undefined ? undefined : { sketch, bytes };
}
