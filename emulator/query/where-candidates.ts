import { encodeUtf8 } from "../../protocol/bytes/utf8.js";
import { Writer } from "../../protocol/bytes/writer.js";
import { childrenOf, type ExpNode } from "../../protocol/exp/node.js";
import { ExpOp } from "../../protocol/exp/op-code.js";
import { packNode } from "../../protocol/exp/pack.js";
import { INT64_MAX, INT64_MIN } from "../../protocol/limits.js";
import { GeoJson } from "../../protocol/value/geojson.js";
import { ParticleType } from "../../protocol/value/particle-type.js";
import { IndexSource, sameBytes } from "../sindex/index-definition.js";
import { contained, contextOf, MAX_KEY_BYTES, type PathRead, type Probe, pathReadOf } from "./path-read.js";

// What a condition says of values that an index could be on, as a planner of 8.2 reads it: the comparisons that `and`
// joins. `or`, `not` and all else are for the filter alone, which looks at each record anyhow.

/** What one index has to be asked for. */
export type PlannedRange = Probe | { readonly type: typeof ParticleType.GEOJSON; readonly bytes: Uint8Array };

/** A range, and the index that would serve it. */
export interface Candidate {
  /** Empty for an expression. */
  readonly binName: string;
  readonly source: IndexSource;
  readonly context: Uint8Array | undefined;
  readonly expression: Uint8Array | undefined;
  range: PlannedRange;
}

const MAX_GEOJSON_BYTES = 1024 * 1024;
const MIRRORED = new Map<number, number>([
  [ExpOp.EQ, ExpOp.EQ],
  [ExpOp.GT, ExpOp.LT],
  [ExpOp.GE, ExpOp.LE],
  [ExpOp.LT, ExpOp.GT],
  [ExpOp.LE, ExpOp.GE],
]);

/** Null when nothing can fulfil the condition. */
export function candidatesOf(condition: ExpNode): readonly Candidate[] | null {
  const found: Candidate[] = [];
  return gather(condition, found) ? found : null;
}

/** False when nothing can fulfil the condition. */
function gather(node: ExpNode, found: Candidate[]): boolean {
  if (node.kind === "call") return asks(node, "exists", found);
  if (node.kind !== "op") return true;
  const [left, right] = node.args;
  if (node.code === ExpOp.AND) return node.args.every((arg) => gather(arg, found));
  if (left === undefined || right === undefined) return true;
  if (node.code === ExpOp.GEO_COMPARE) return geometry(left, right, found);
  if (node.code === ExpOp.IN_LIST) return membership(left, right, found);
  return MIRRORED.has(node.code) ? comparison(node.code, left, right, found) : true;
}

function comparison(code: number, left: ExpNode, right: ExpNode, found: Candidate[]): boolean {
  const mirrored = MIRRORED.get(code) ?? code;
  const bin = binOf(left) ?? binOf(right);
  if (bin !== undefined) {
    const isLeft = binOf(left) !== undefined;
    return narrow(found, { binName: bin }, isLeft ? code : mirrored, literalOf(isLeft ? right : left));
  }
  // An expression beside a literal, but a read along a path, which has indexes of its own.
  for (const [side, other, op] of [
    [right, left, mirrored],
    [left, right, code],
  ] as const) {
    const literal = literalOf(other);
    if (literal !== undefined && pathReadOf(side) === undefined && isOfRecord(side)) {
      const range = rangeOf(op, literal);
      if (range === null) return false;
      if (range !== undefined) found.push(candidate({ expression: packed(side) }, range));
      return true;
    }
  }
  const isGeo = [left, right].some((side) => side.kind === "op" && side.code === ExpOp.GEO_COMPARE);
  if (isGeo) return code === ExpOp.EQ ? besideTrue(left, right, found) : true;
  const side = left.kind === "call" ? left : right;
  return pathComparison(side === left ? code : mirrored, side, side === left ? right : left, found);
}

/** A condition that is compared with true. */
function besideTrue(left: ExpNode, right: ExpNode, found: Candidate[]): boolean {
  const isTrue = (node: ExpNode): boolean => node.kind === "const" && node.value === true;
  if (isTrue(right)) return gather(left, found);
  return isTrue(left) ? gather(right, found) : true;
}

function pathComparison(code: number, call: ExpNode, other: ExpNode, found: Candidate[]): boolean {
  const read = pathReadOf(call);
  if (read === undefined) return true;
  if (read.asks === "exists") return code === ExpOp.EQ ? besideTrue(call, other, found) : true;
  const literal = literalOf(other);
  if (literal === undefined) return true;
  if (read.asks === "count") {
    if (literal.type !== ParticleType.INTEGER) return true;
    const isSome =
      code === ExpOp.GT ? literal.begin >= 0n : (code === ExpOp.GE || code === ExpOp.EQ) && literal.begin > 0n;
    return isSome ? containment(read, found) : true;
  }
  const context = contextOf(read);
  if (read.asks !== "value" || context === undefined) return true;
  return narrow(found, { binName: read.bin, context }, code, literal);
}

function asks(node: ExpNode, what: PathRead["asks"], found: Candidate[]): boolean {
  const read = pathReadOf(node);
  return read?.asks === what ? containment(read, found) : true;
}

function containment(read: PathRead, found: Candidate[]): boolean {
  const what = contained(read);
  return what === undefined ? true : element(read.bin, what.source, what.context, what.probe, found);
}

/** A value in a list: that of a bin, or one inside of it. */
function membership(value: ExpNode, list: ExpNode, found: Candidate[]): boolean {
  const probe = literalOf(value);
  if (probe === undefined) return true;
  if (list.kind === "bin") return element(list.name, IndexSource.LIST, undefined, probe, found);
  const read = pathReadOf(list);
  const context = read?.asks === "value" ? contextOf(read) : undefined;
  return read === undefined || context === undefined
    ? true
    : element(read.bin, IndexSource.LIST, context, probe, found);
}

/** Elements are not narrowed: a list can hold one that is above 5 and another that is below 3. */
function element(
  binName: string,
  source: IndexSource,
  context: Uint8Array | undefined,
  range: Probe,
  found: Candidate[],
): boolean {
  if (range.type === ParticleType.INTEGER && range.begin > range.end) return false;
  found.push(candidate({ binName, source, context }, range));
  return true;
}

function geometry(left: ExpNode, right: ExpNode, found: Candidate[]): boolean {
  const isLeft = left.kind === "const";
  const [place, shape] = isLeft ? [right, left] : [left, right];
  if (shape.kind !== "const" || !(shape.value instanceof GeoJson)) return true;
  const bytes = encodeUtf8(shape.value.text);
  if (bytes.length === 0 || bytes.length >= MAX_GEOJSON_BYTES) return true;
  const range: PlannedRange = { type: ParticleType.GEOJSON, bytes };
  if (place.kind === "bin") found.push(candidate({ binName: place.name }, range));
  const read = pathReadOf(place);
  const context = read?.asks === "value" ? contextOf(read) : undefined;
  if (read !== undefined && context !== undefined) found.push(candidate({ binName: read.bin, context }, range));
  return true;
}

function candidate(on: Partial<Candidate>, range: PlannedRange): Candidate {
  return { binName: "", source: IndexSource.DEFAULT, context: undefined, expression: undefined, ...on, range };
}

/** Two ranges of one value are one; false when they have nothing in common. */
function narrow(found: Candidate[], on: Partial<Candidate>, code: number, literal: Probe | undefined): boolean {
  const range = literal && rangeOf(code, literal);
  if (range === undefined) return true;
  if (range === null) return false;
  const fresh = candidate(on, range);
  const same = found.find(
    (other) =>
      other.binName === fresh.binName &&
      other.source === fresh.source &&
      other.expression === undefined &&
      other.range.type === range.type &&
      sameBytes(other.context, fresh.context),
  );
  if (same === undefined) {
    found.push(fresh);
    return true;
  }
  const both = intersect(same.range, range);
  if (both === undefined) return false;
  same.range = both;
  return true;
}

/** Undefined for what no index can be asked for, null for what nothing fulfils. */
function rangeOf(code: number, literal: Probe): Probe | undefined | null {
  if (literal.type !== ParticleType.INTEGER) return code === ExpOp.EQ ? literal : undefined;
  const { type, begin: value } = literal;
  if (code === ExpOp.GT) return value === INT64_MAX ? null : { type, begin: value + 1n, end: INT64_MAX };
  if (code === ExpOp.GE) return { type, begin: value, end: INT64_MAX };
  if (code === ExpOp.LT) return value === INT64_MIN ? null : { type, begin: INT64_MIN, end: value - 1n };
  return { type, begin: code === ExpOp.LE ? INT64_MIN : value, end: value };
}

/** What is in both; undefined for nothing. */
function intersect(a: PlannedRange, b: PlannedRange): PlannedRange | undefined {
  if (a.type === ParticleType.INTEGER && b.type === ParticleType.INTEGER) {
    const begin = a.begin > b.begin ? a.begin : b.begin;
    const end = a.end < b.end ? a.end : b.end;
    return begin > end ? undefined : { type: a.type, begin, end };
  }
  if (a.type === ParticleType.INTEGER || b.type === ParticleType.INTEGER || a.type !== b.type) return undefined;
  return sameBytes(a.bytes, b.bytes) ? a : undefined;
}

/** The bin of a reference to one, through a conversion that changes nothing. */
function binOf(node: ExpNode): string | undefined {
  if (node.kind === "bin") return node.name;
  const [of] = node.kind === "op" && node.code === ExpOp.TO_INT ? node.args : [];
  return of?.type === "int" ? binOf(of) : undefined;
}

/** A constant that an index can hold, worked out where it is a sum, a difference, a product or a rest. */
function literalOf(node: ExpNode): Probe | undefined {
  const integer = fold(node);
  if (integer !== undefined) return { type: ParticleType.INTEGER, begin: integer, end: integer };
  if (node.kind !== "const") return undefined;
  const { type, value } = node;
  if (type === "string" && typeof value === "string") return bytesProbe(ParticleType.STRING, encodeUtf8(value));
  return type === "blob" && value instanceof Uint8Array ? bytesProbe(ParticleType.BLOB, value) : undefined;
}

function bytesProbe(type: typeof ParticleType.STRING | typeof ParticleType.BLOB, bytes: Uint8Array): Probe | undefined {
  return bytes.length < MAX_KEY_BYTES ? { type, bytes } : undefined;
}

function fold(node: ExpNode): bigint | undefined {
  if (node.kind === "const" && node.type === "int") {
    const { value } = node;
    return typeof value === "number" || typeof value === "bigint" ? BigInt(value) : undefined;
  }
  if (node.kind !== "op") return undefined;
  const work = FOLDED.get(node.code);
  if (work === undefined) return undefined;
  const values: bigint[] = [];
  for (const arg of node.args) {
    const value = fold(arg);
    if (value === undefined) return undefined;
    values.push(value);
  }
  const result = work(values);
  return result === undefined || result < INT64_MIN || result > INT64_MAX ? undefined : result;
}

const FOLDED = new Map<number, (values: readonly bigint[]) => bigint | undefined>([
  [ExpOp.TO_INT, ([value]) => value],
  [ExpOp.ADD, (values) => values.reduce((a, b) => a + b)],
  [ExpOp.MUL, (values) => values.reduce((a, b) => a * b)],
  [ExpOp.SUB, ([first = 0n, ...rest]) => (rest.length === 0 ? -first : rest.reduce((a, b) => a - b, first))],
  [ExpOp.MOD, ([a, b]) => (a === undefined || b === undefined || b === 0n ? undefined : a % b)],
]);

/** Whether a value changes with the bins and the digest of a record alone, so that an index can be on it. */
function isOfRecord(node: ExpNode): boolean {
  if (node.kind === "key" || (node.kind === "op" && isMetadata(node.code))) return false;
  return childrenOf(node).every(isOfRecord);
}

function isMetadata(code: number): boolean {
  return code >= ExpOp.DEVICE_SIZE && code < ExpOp.KEY;
}

function packed(node: ExpNode): Uint8Array {
  const w = new Writer(64);
  packNode(w, node);
  return w.copy();
}
