import { cellId, faceUvToVector, faceUvwOf, fromColumnEdge, type LeafCell, leafCellOf, toColumn } from "./leaf-cell.js";
import { cross, normalize, type Vector } from "./vector.js";

export const MAX_LEVEL = 30;
const SIDE = 2 ** MAX_LEVEL;
/** How far rounding can move the end of an arc that is cut at the edge of a face. */
const CLIP_ERROR = 9 * Math.SQRT1_2 * Number.EPSILON + 3 * Math.SQRT2 * Number.EPSILON;

/** A rectangle in the coordinates of a face of the cube, −1 to 1. */
export interface Rectangle {
  readonly uMin: number;
  readonly uMax: number;
  readonly vMin: number;
  readonly vMax: number;
}

/** A square of the S2 grid: a face of the cube at level 0, a quarter of the one before at each further level. */
export class Cell {
  readonly face: number;
  readonly level: number;
  /** The column and row of its lowest leaf. */
  readonly i: number;
  readonly j: number;
  readonly bounds: Rectangle;
  /** A leaf's id with the bits below the cell's own level replaced by a one and zeros. */
  readonly id: bigint;
  #vertices: readonly Vector[] | undefined;
  #edges: readonly Vector[] | undefined;

  constructor(face: number, level: number, i: number, j: number) {
    const size = 2 ** (MAX_LEVEL - level);
    this.face = face;
    this.level = level;
    this.i = i - (i % size);
    this.j = j - (j % size);
    this.bounds = {
      uMin: fromColumnEdge(this.i),
      uMax: fromColumnEdge(this.i + size),
      vMin: fromColumnEdge(this.j),
      vMax: fromColumnEdge(this.j + size),
    };
    const lowest = lowestBit(level);
    this.id = (cellId({ face, i: this.i, j: this.j }) & -lowest) | lowest;
  }

  /** The cell of a level that holds a leaf. */
  static around(leaf: LeafCell, level: number): Cell {
    return new Cell(leaf.face, level, leaf.i, leaf.j);
  }

  get size(): number {
    return 2 ** (MAX_LEVEL - this.level);
  }

  get parent(): Cell {
    return new Cell(this.face, this.level - 1, this.i, this.j);
  }

  /** The four quarters in the order of their ids. */
  get children(): readonly Cell[] {
    const { face, level, i, j } = this;
    const half = this.size / 2;
    return [
      new Cell(face, level + 1, i, j),
      new Cell(face, level + 1, i, j + half),
      new Cell(face, level + 1, i + half, j),
      new Cell(face, level + 1, i + half, j + half),
    ].sort(byId);
  }

  get centre(): Vector {
    const half = this.size / 2;
    const u = fromColumnEdge(this.i + half);
    const v = fromColumnEdge(this.j + half);
    return normalize(faceUvToVector(this.face, u, v));
  }

  /** Counterclockwise from the lowest column and row. */
  get vertices(): readonly Vector[] {
    const { uMin, uMax, vMin, vMax } = this.bounds;
    this.#vertices ??= [[uMin, vMin] as const, [uMax, vMin] as const, [uMax, vMax] as const, [uMin, vMax] as const].map(
      ([u, v]) => normalize(faceUvToVector(this.face, u, v)),
    );
    return this.#vertices;
  }

  /** For each edge, from a vertex to the next, the direction that is at right angles to it and points inside. */
  get edges(): readonly Vector[] {
    const { vertices } = this;
    this.#edges ??= vertices.map((vertex, k) => cross(vertex, vertices[(k + 1) & 3]!));
    return this.#edges;
  }

  containsCell(other: Cell): boolean {
    if (other.face !== this.face || other.level < this.level) return false;
    const { size } = this;
    return other.i - (other.i % size) === this.i && other.j - (other.j % size) === this.j;
  }

  containsPoint(point: Vector): boolean {
    const { u, v, w } = faceUvwOf(this.face, point);
    const { uMin, uMax, vMin, vMax } = this.bounds;
    const [x, y] = [u / w, v / w];
    const slack = Number.EPSILON;
    return w > 0 && x >= uMin - slack && x <= uMax + slack && y >= vMin - slack && y <= vMax + slack;
  }

  /** Whether the shorter arc between two points comes into the cell, or as near to it as rounding can tell. */
  meetsArc(from: Vector, to: Vector): boolean {
    return clipArc(this.face, this.bounds, from, to) !== undefined;
  }

  /** Up to four cells of a level around the corner of that level's grid that is nearest to a point. */
  static aroundCorner(point: Vector, level: number): Cell[] {
    const leaf = leafCellOf(point);
    const half = 2 ** (MAX_LEVEL - level - 1);
    const stepTo = (column: number): number => (Math.floor(column / half) % 2 === 1 ? 2 * half : -2 * half);
    const [i, j] = [leaf.i + stepTo(leaf.i), leaf.j + stepTo(leaf.j)];
    const cells = [
      Cell.around(leaf, level),
      Cell.around(wrapped(leaf.face, i, leaf.j), level),
      Cell.around(wrapped(leaf.face, leaf.i, j), level),
    ];
    // At a corner of the cube only three cells meet.
    if (isOnFace(i) || isOnFace(j)) cells.push(Cell.around(wrapped(leaf.face, i, j), level));
    return cells;
  }
}

/** The lowest bit that is set in the ids of a level's cells. */
function lowestBit(level: number): bigint {
  return 1n << BigInt(2 * (MAX_LEVEL - level));
}

/** Whether the cell of an id holds the one of another. */
export function holdsCell(outer: bigint, inner: bigint): boolean {
  const reach = (outer & -outer) - 1n;
  return inner >= outer - reach && inner <= outer + reach;
}

export function byId(a: Cell, b: Cell): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

/** The smallest cell that holds both; undefined when they are on different faces. */
export function commonAncestor(a: Cell, b: Cell): Cell | undefined {
  if (a.face !== b.face) return undefined;
  const differing = (a.i ^ b.i) | (a.j ^ b.j);
  const level = Math.min(a.level, b.level, MAX_LEVEL - (32 - Math.clz32(differing)));
  return new Cell(a.face, level, a.i, a.j);
}

/** The smallest cell of a face that holds a rectangle, or the whole face. */
export function smallestAround(face: number, rectangle: Rectangle): Cell {
  const { uMin, uMax, vMin, vMax } = rectangle;
  if ((uMin <= 0 && uMax >= 0) || (vMin <= 0 && vMax >= 0)) return new Cell(face, 0, 0, 0);
  const slack = 2 * CLIP_ERROR + 1.5 * Number.EPSILON;
  const [i, iMax] = [toColumn(uMin - slack), toColumn(uMax + slack)];
  const [j, jMax] = [toColumn(vMin - slack), toColumn(vMax + slack)];
  const level = MAX_LEVEL - (32 - Math.clz32((i ^ iMax) | (j ^ jMax)));
  return new Cell(face, level, i, j);
}

/**
 * The stretch of the shorter arc between two points that lies in a rectangle of a face, as the rectangle that the stretch
 * spans; undefined when there is none.
 */
export function clipArc(face: number, rectangle: Rectangle, from: Vector, to: Vector): Rectangle | undefined {
  const a = faceUvwOf(face, from);
  const b = faceUvwOf(face, to);
  const { uMin, uMax, vMin, vMax } = rectangle;
  // A point p + t(q − p) of the straight line between the ends is seen inside the rectangle where all four are positive.
  const sides = (p: typeof a): readonly number[] => [
    p.u - (uMin - CLIP_ERROR) * p.w,
    (uMax + CLIP_ERROR) * p.w - p.u,
    p.v - (vMin - CLIP_ERROR) * p.w,
    (vMax + CLIP_ERROR) * p.w - p.v,
  ];
  const after = sides(b);
  let start = 0;
  let end = 1;
  for (const [k, before] of sides(a).entries()) {
    const change = after[k]! - before;
    if (before < 0 && after[k]! < 0) return undefined;
    if (before < 0) start = Math.max(start, -before / change);
    else if (after[k]! < 0) end = Math.min(end, -before / change);
  }
  if (start > end) return undefined;
  const at = (t: number) => {
    const w = a.w + t * (b.w - a.w);
    return { u: (a.u + t * (b.u - a.u)) / w, v: (a.v + t * (b.v - a.v)) / w };
  };
  const [p, q] = [at(start), at(end)];
  return {
    uMin: Math.min(p.u, q.u),
    uMax: Math.max(p.u, q.u),
    vMin: Math.min(p.v, q.v),
    vMax: Math.max(p.v, q.v),
  };
}

function isOnFace(column: number): boolean {
  return column >= 0 && column < SIDE;
}

/** The leaf at a column and row that may lie just outside of a face, which is then on the face next to it. */
function wrapped(face: number, i: number, j: number): LeafCell {
  if (isOnFace(i) && isOnFace(j)) return { face, i, j };
  const limit = 1 + Number.EPSILON;
  const toUv = (column: number): number => {
    const near = Math.max(-1, Math.min(SIDE, column));
    return Math.max(-limit, Math.min(limit, (2 * (near - SIDE / 2) + 1) / SIDE));
  };
  // Just beyond the edge the plain and the stretched coordinate are as good as the same.
  return leafCellOf(faceUvToVector(face, toUv(i), toUv(j)), (uv) => 0.5 * (uv + 1));
}
