import { normalize, type Vector } from "./vector.js";

// The server keeps a point as the leaf cell of the S2 grid that holds it (about a centimetre wide) and compares cells'
// centres, not the coordinates as given. A cell id is
//   3 bits cube face · 60 bits of position on the Hilbert curve, two a level · 1
// where a face is a square of 2^30 by 2^30 leaf cells, stretched so that cells are of about equal size.

const SIDE = 2 ** 30;
const LEVELS = 30;

/** Position on the curve of the four quarters (i high, j low bit), for each of four orientations of the curve. */
const QUARTER_TO_POSITION = [
  [0, 1, 3, 2],
  [0, 3, 1, 2],
  [2, 3, 1, 0],
  [2, 1, 3, 0],
] as const;
/** How the curve turns inside the quarter at each position: bit 0 swaps the axes, bit 1 inverts them. */
const POSITION_TO_TURN = [1, 0, 0, 3] as const;

/** A leaf cell: face 0 to 5, and its column and row there. */
export interface LeafCell {
  readonly face: number;
  readonly i: number;
  readonly j: number;
}

/** @param stretch from the cube's own coordinate, −1 to 1, to the one that columns are counted in, 0 to 1 */
export function leafCellOf(point: Vector, stretch: (uv: number) => number = stretched): LeafCell {
  const { x, y, z } = point;
  const ax = Math.abs(x);
  const ay = Math.abs(y);
  const az = Math.abs(z);
  let axis: number;
  if (ax > ay) axis = ax > az ? 0 : 2;
  else axis = ay > az ? 1 : 2;
  const face = [x, y, z][axis]! < 0 ? axis + 3 : axis;
  const { u, v, w } = faceUvwOf(face, point);
  return { face, i: column(stretch(u / w)), j: column(stretch(v / w)) };
}

export function cellId(cell: LeafCell): bigint {
  let orientation = cell.face & 1;
  // Two numbers of 30 bits: sixty don't fit into one.
  let high = 0;
  let low = 0;
  for (let level = LEVELS - 1; level >= 0; level--) {
    const quarter = (((cell.i >>> level) & 1) << 1) | ((cell.j >>> level) & 1);
    const step = QUARTER_TO_POSITION[orientation]![quarter]!;
    if (level >= LEVELS / 2) high = (high << 2) | step;
    else low = (low << 2) | step;
    orientation ^= POSITION_TO_TURN[step]!;
  }
  return (BigInt(cell.face) << 61n) | (BigInt(high) << 31n) | (BigInt(low) << 1n) | 1n;
}

export function cellCentre(cell: LeafCell): Vector {
  return normalize(faceUvToVector(cell.face, fromColumn(cell.i), fromColumn(cell.j)));
}

/** A point in the coordinates of a face: u and v across it, w outwards; seen from the centre it is at (u/w, v/w). */
export function faceUvwOf(face: number, p: Vector): { readonly u: number; readonly v: number; readonly w: number } {
  switch (face) {
    case 0:
      return { u: p.y, v: p.z, w: p.x };
    case 1:
      return { u: -p.x, v: p.z, w: p.y };
    case 2:
      return { u: -p.x, v: -p.y, w: p.z };
    case 3:
      return { u: -p.z, v: -p.y, w: -p.x };
    case 4:
      return { u: -p.z, v: p.x, w: -p.y };
    default:
      return { u: p.y, v: p.x, w: -p.z };
  }
}

export function faceUvToVector(face: number, u: number, v: number): Vector {
  switch (face) {
    case 0:
      return { x: 1, y: u, z: v };
    case 1:
      return { x: -u, y: 1, z: v };
    case 2:
      return { x: -u, y: -v, z: 1 };
    case 3:
      return { x: -1, y: -v, z: -u };
    case 4:
      return { x: v, y: -1, z: -u };
    default:
      return { x: v, y: u, z: -1 };
  }
}

/** The column that holds a coordinate of the cube's own, −1 to 1. */
export function toColumn(uv: number): number {
  return column(stretched(uv));
}

/** Where a column begins, in the cube's own coordinate. */
export function fromColumnEdge(column: number): number {
  return unstretched(column / SIDE);
}

function column(s: number): number {
  return Math.max(0, Math.min(SIDE - 1, Math.floor(s * SIDE)));
}

/** The middle of a column in the cube's own coordinate. */
function fromColumn(column: number): number {
  return unstretched((2 * column + 1) / (2 * SIDE));
}

/** From the cube's own coordinate, −1 to 1, to the stretched one, 0 to 1. */
function stretched(uv: number): number {
  return uv >= 0 ? 0.5 * Math.sqrt(1 + 3 * uv) : 1 - 0.5 * Math.sqrt(1 - 3 * uv);
}

/** And back. */
function unstretched(s: number): number {
  return s >= 0.5 ? (1 / 3) * (4 * s * s - 1) : (1 / 3) * (1 - 4 * (1 - s) * (1 - s));
}
