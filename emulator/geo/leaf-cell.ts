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

export function leafCellOf(point: Vector): LeafCell {
  const { x, y, z } = point;
  const ax = Math.abs(x);
  const ay = Math.abs(y);
  const az = Math.abs(z);
  let axis: number;
  if (ax > ay) axis = ax > az ? 0 : 2;
  else axis = ay > az ? 1 : 2;
  const face = [x, y, z][axis]! < 0 ? axis + 3 : axis;
  const [u, v] = faceToUv(face, point);
  return { face, i: column(u), j: column(v) };
}

export function cellId(cell: LeafCell): bigint {
  let position = BigInt(cell.face);
  let orientation = cell.face & 1;
  for (let level = LEVELS - 1; level >= 0; level--) {
    const quarter = (((cell.i >>> level) & 1) << 1) | ((cell.j >>> level) & 1);
    const step = QUARTER_TO_POSITION[orientation]![quarter]!;
    position = (position << 2n) | BigInt(step);
    orientation ^= POSITION_TO_TURN[step]!;
  }
  return (position << 1n) | 1n;
}

export function cellCentre(cell: LeafCell): Vector {
  return normalize(faceUvToVector(cell.face, fromColumn(cell.i), fromColumn(cell.j)));
}

function faceToUv(face: number, p: Vector): [number, number] {
  switch (face) {
    case 0:
      return [p.y / p.x, p.z / p.x];
    case 1:
      return [-p.x / p.y, p.z / p.y];
    case 2:
      return [-p.x / p.z, -p.y / p.z];
    case 3:
      return [p.z / p.x, p.y / p.x];
    case 4:
      return [p.z / p.y, -p.x / p.y];
    default:
      return [-p.y / p.z, -p.x / p.z];
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

function column(u: number): number {
  const stretched = u >= 0 ? 0.5 * Math.sqrt(1 + 3 * u) : 1 - 0.5 * Math.sqrt(1 - 3 * u);
  return Math.max(0, Math.min(SIDE - 1, Math.floor(stretched * SIDE)));
}

/** The middle of a column in the cube's own coordinate, −1 to 1. */
function fromColumn(column: number): number {
  return unstretch((2 * column + 1) / (2 * SIDE));
}

/** From the stretched coordinate, 0 to 1, to the cube's own, −1 to 1. */
export function unstretch(s: number): number {
  return s >= 0.5 ? (1 / 3) * (4 * s * s - 1) : (1 / 3) * (1 - 4 * (1 - s) * (1 - s));
}
