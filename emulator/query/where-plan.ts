import { encodeUtf8 } from "../../protocol/bytes/utf8.js";
import type { ExpNode } from "../../protocol/exp/node.js";
import { ExpOp } from "../../protocol/exp/op-code.js";
import { INT64_MAX, INT64_MIN } from "../../protocol/limits.js";
import { ParticleType } from "../../protocol/value/particle-type.js";
import { IndexSource } from "../sindex/index-definition.js";
import type { SecondaryIndex } from "../sindex/secondary-indexes.js";

// Which index serves a condition, as a server of 8.2 would choose: comparisons of integers, equality of strings and blobs,
// joined by `and`. What else a server reads (arithmetic, `in`, geometries, collections) is a scan here.

/** What one index has to be asked for. */
export type PlannedRange =
  | { readonly type: typeof ParticleType.INTEGER; readonly begin: bigint; readonly end: bigint }
  | { readonly type: typeof ParticleType.STRING | typeof ParticleType.BLOB; readonly bytes: Uint8Array };

/** A range of an index, all records, or none at all. */
export type PlannedWay =
  | { readonly type: "index"; readonly index: SecondaryIndex; readonly range: PlannedRange }
  | { readonly type: "scan" }
  | { readonly type: "nothing" };

const MAX_KEY_BYTES = 2048;
const MIRRORED = new Map<number, number>([
  [ExpOp.EQ, ExpOp.EQ],
  [ExpOp.GT, ExpOp.LT],
  [ExpOp.GE, ExpOp.LE],
  [ExpOp.LT, ExpOp.GT],
  [ExpOp.LE, ExpOp.GE],
]);

/** The way to take; the index that was named, where it serves, else the first on the set, else on the namespace. */
export function planWhere(
  condition: ExpNode,
  indexes: readonly SecondaryIndex[],
  setName: string,
  preferred: string | undefined,
): PlannedWay {
  const ranges = new Map<string, PlannedRange>();
  if (!gather(condition, ranges)) return { type: "nothing" };
  const usable = indexes.filter(({ definition }) => {
    const isOfBin =
      definition.source === IndexSource.DEFAULT &&
      definition.context === undefined &&
      definition.expression === undefined &&
      ranges.get(definition.binName)?.type === definition.valueType;
    return isOfBin && (definition.setName === "" || definition.setName === setName);
  });
  const index =
    usable.find(({ name }) => name === preferred) ??
    usable.find(({ definition }) => definition.setName !== "") ??
    usable[0];
  const range = index && ranges.get(index.definition.binName);
  return index === undefined || range === undefined ? { type: "scan" } : { type: "index", index, range };
}

/** Narrows the ranges of bins by a condition; false when nothing can fulfil it. */
function gather(node: ExpNode, ranges: Map<string, PlannedRange>): boolean {
  if (node.kind !== "op") return true;
  if (node.code === ExpOp.AND) return node.args.every((arg) => gather(arg, ranges));
  const mirrored = MIRRORED.get(node.code);
  const [left, right] = node.args;
  if (mirrored === undefined || left === undefined || right === undefined) return true;
  if (left.kind === "bin") return narrow(ranges, left.name, node.code, right);
  return right.kind === "bin" ? narrow(ranges, right.name, mirrored, left) : true;
}

function narrow(ranges: Map<string, PlannedRange>, bin: string, code: number, constant: ExpNode): boolean {
  const range = rangeOf(code, constant);
  if (range === undefined) return true;
  const before = ranges.get(bin);
  const both = before === undefined ? range : intersect(before, range);
  if (both === undefined || (both.type === ParticleType.INTEGER && both.begin > both.end)) return false;
  ranges.set(bin, both);
  return true;
}

function rangeOf(code: number, constant: ExpNode): PlannedRange | undefined {
  if (constant.kind !== "const") return undefined;
  const { type, value } = constant;
  if (type === "int" && (typeof value === "number" || typeof value === "bigint")) return integers(code, BigInt(value));
  if (code !== ExpOp.EQ) return undefined;
  if (type === "string" && typeof value === "string") return bytesRange(ParticleType.STRING, encodeUtf8(value));
  return value instanceof Uint8Array && type === "blob" ? bytesRange(ParticleType.BLOB, value) : undefined;
}

function bytesRange(
  type: typeof ParticleType.STRING | typeof ParticleType.BLOB,
  bytes: Uint8Array,
): PlannedRange | undefined {
  return bytes.length < MAX_KEY_BYTES ? { type, bytes } : undefined;
}

function integers(code: number, value: bigint): PlannedRange {
  const type = ParticleType.INTEGER;
  if (code === ExpOp.GT) return { type, begin: value + 1n, end: INT64_MAX };
  if (code === ExpOp.GE) return { type, begin: value, end: INT64_MAX };
  if (code === ExpOp.LT) return { type, begin: INT64_MIN, end: value - 1n };
  return { type, begin: code === ExpOp.LE ? INT64_MIN : value, end: value };
}

/** What is in both; undefined for nothing. */
function intersect(a: PlannedRange, b: PlannedRange): PlannedRange | undefined {
  if (a.type === ParticleType.INTEGER && b.type === ParticleType.INTEGER) {
    return { type: a.type, begin: a.begin > b.begin ? a.begin : b.begin, end: a.end < b.end ? a.end : b.end };
  }
  if (a.type === ParticleType.INTEGER || b.type === ParticleType.INTEGER || a.type !== b.type) return undefined;
  const isSame = a.bytes.length === b.bytes.length && a.bytes.every((byte, i) => byte === b.bytes[i]);
  return isSame ? a : undefined;
}
