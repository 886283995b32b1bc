import { byId, Cell, clipArc, commonAncestor, MAX_LEVEL, type Rectangle, smallestAround } from "./cell.js";
import { chordSquared, type Vector } from "./vector.js";

// S2 keeps the arcs of a polygon in an index of cells, which are split until each has few arcs. Where a covering starts
// from depends on how far it was split.

const FACES = [0, 1, 2, 3, 4, 5];
const WHOLE_FACE: Rectangle = { uMin: -1, uMax: 1, vMin: -1, vMax: 1 };
const MAX_ARCS = 10;
/** Of the arcs in a cell, so many must be short for it to be split. */
const LEAST_SHORT_SHARE = 0.2;
/** A cell of level n has edges of this times 2^−n, on average. */
const MEAN_WIDTH = 1.459213746386106;

interface IndexedArc {
  readonly from: Vector;
  readonly to: Vector;
  /** At this level cells are no larger than the arc: it is long there and does not count. */
  readonly longFrom: number;
}

/** A few cells that hold a polygon between them. */
export function boundOf(arcs: readonly (readonly [Vector, Vector])[], contains: (point: Vector) => boolean): Cell[] {
  const indexed = arcs.map(([from, to]) => ({ from, to, longFrom: levelOfWidth(Math.sqrt(chordSquared(from, to))) }));
  const cells = FACES.flatMap((face) => cellsOnFace(face, indexed, contains)).sort(byId);
  const [first, last] = [cells[0], cells.at(-1)];
  if (first === undefined || last === undefined || first === last) return cells;
  const level = (commonAncestor(first, last)?.level ?? -1) + 1;
  const bounds: Cell[] = [];
  let start = first;
  for (const [i, cell] of cells.entries()) {
    const next = cells[i + 1];
    const common = next && commonAncestor(start, next);
    if (common !== undefined && common.level >= level) continue;
    bounds.push(commonAncestor(start, cell) ?? cell);
    if (next !== undefined) start = next;
  }
  return bounds;
}

function cellsOnFace(face: number, arcs: readonly IndexedArc[], contains: (point: Vector) => boolean): Cell[] {
  const whole = new Cell(face, 0, 0, 0);
  const [first, ...others] = arcs.flatMap(({ from, to }) => clipArc(face, WHOLE_FACE, from, to) ?? []);
  if (first === undefined) return contains(whole.centre) ? [whole] : [];
  const isInsideBeyond = whole.vertices.some(contains);
  const start = isInsideBeyond ? whole : smallestAround(face, others.reduce(unite, first));
  const cells: Cell[] = [];
  split(start, arcs, contains, cells);
  return cells;
}

function split(cell: Cell, arcs: readonly IndexedArc[], contains: (point: Vector) => boolean, into: Cell[]): void {
  const inside = arcs.filter(({ from, to }) => cell.meetsArc(from, to));
  const short = inside.filter(({ longFrom }) => cell.level < longFrom).length;
  if (short > Math.max(MAX_ARCS, LEAST_SHORT_SHARE * inside.length)) {
    for (const quarter of cell.children) split(quarter, inside, contains, into);
  } else if (inside.length > 0 || contains(cell.centre)) {
    into.push(cell);
  }
}

/** The first level whose cells are no wider. */
function levelOfWidth(width: number): number {
  if (width <= 0) return MAX_LEVEL;
  return Math.max(0, Math.min(MAX_LEVEL, -Math.floor(Math.log2(width / MEAN_WIDTH))));
}

function unite(a: Rectangle, b: Rectangle): Rectangle {
  return {
    uMin: Math.min(a.uMin, b.uMin),
    uMax: Math.max(a.uMax, b.uMax),
    vMin: Math.min(a.vMin, b.vMin),
    vMax: Math.max(a.vMax, b.vMax),
  };
}
