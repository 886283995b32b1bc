import { boundOf } from "./arc-index.js";
import { Cell, MAX_LEVEL } from "./cell.js";
import { Loop } from "./loop.js";
import { chordSquared, cross, dot, type Vector } from "./vector.js";

const EARTH_RADIUS_METERS = 6_371_000;
const FACES = [0, 1, 2, 3, 4, 5];
/** The square of the chord to the rim of a hemisphere. */
const HEMISPHERE = 2;
/** A cell of level n is at least this times 2^−n wide. */
const LEAST_WIDTH = (2 * Math.SQRT2) / 3;

/** An area of the sphere. */
export interface Region {
  contains(point: Vector): boolean;
  containsCell(cell: Cell): boolean;
  /** False only for a cell outside. */
  mayMeet(cell: Cell): boolean;
  /** A few cells that hold the whole region between them. */
  bound(): readonly Cell[];
}

export class Circle implements Region {
  readonly centre: Vector;
  /** Square of the chord from centre to rim; below 0 nothing is inside. */
  readonly rimChordSquared: number;

  constructor(centre: Vector, radiusMeters: number) {
    const angle = radiusMeters / EARTH_RADIUS_METERS;
    const chord = 2 * Math.sin(0.5 * Math.min(Math.PI, angle));
    this.centre = centre;
    this.rimChordSquared = angle < 0 ? -1 : chord * chord;
  }

  contains(point: Vector): boolean {
    return Math.min(4, chordSquared(this.centre, point)) <= this.rimChordSquared;
  }

  containsCell(cell: Cell): boolean {
    if (!cell.vertices.every((vertex) => this.contains(vertex))) return false;
    if (this.rimChordSquared >= 4) return true;
    const { x, y, z } = this.centre;
    return !capCutsEdges({ x: -x, y: -y, z: -z }, 4 - this.rimChordSquared, cell);
  }

  mayMeet(cell: Cell): boolean {
    if (cell.vertices.some((vertex) => this.contains(vertex))) return true;
    return capCutsEdges(this.centre, this.rimChordSquared, cell);
  }

  bound(): readonly Cell[] {
    const angle = this.rimChordSquared < 0 ? -1 : 2 * Math.asin(0.5 * Math.sqrt(this.rimChordSquared));
    const level = lastLevelAsWideAs(angle) - 1;
    if (level < 0) return FACES.map((face) => new Cell(face, 0, 0, 0));
    return Cell.aroundCorner(this.centre, level);
  }
}

/** Loops where an odd number of them contains a point: shells, holes in shells, islands in holes. */
export class Polygon implements Region {
  readonly loops: readonly Loop[];
  readonly #arcs: readonly (readonly [Vector, Vector])[];

  constructor(loops: readonly (readonly Vector[])[]) {
    this.loops = loops.map((vertices) => new Loop(vertices));
    this.#arcs = this.loops.flatMap(({ vertices }) =>
      vertices.map((from, i) => [from, vertices[(i + 1) % vertices.length]!] as const),
    );
  }

  contains(point: Vector): boolean {
    let inside = false;
    for (const loop of this.loops) if (loop.contains(point)) inside = !inside;
    return inside;
  }

  containsCell(cell: Cell): boolean {
    return !this.#hasArcIn(cell) && this.contains(cell.centre);
  }

  mayMeet(cell: Cell): boolean {
    return this.#hasArcIn(cell) || this.contains(cell.centre);
  }

  bound(): readonly Cell[] {
    return boundOf(this.#arcs, (point) => this.contains(point));
  }

  #hasArcIn(cell: Cell): boolean {
    return this.#arcs.some(([from, to]) => cell.meetsArc(from, to));
  }
}

export class MultiPolygon implements Region {
  readonly polygons: readonly Polygon[];

  constructor(polygons: readonly Polygon[]) {
    this.polygons = polygons;
  }

  contains(point: Vector): boolean {
    return this.polygons.some((polygon) => polygon.contains(point));
  }

  containsCell(cell: Cell): boolean {
    return this.polygons.some((polygon) => polygon.containsCell(cell));
  }

  mayMeet(cell: Cell): boolean {
    return this.polygons.some((polygon) => polygon.mayMeet(cell));
  }

  bound(): readonly Cell[] {
    return this.polygons.flatMap((polygon) => polygon.bound());
  }
}

/** Whether a cap that holds none of a cell's vertices comes into the cell all the same: over an edge, or wholly inside. */
function capCutsEdges(centre: Vector, rimChordSquared: number, cell: Cell): boolean {
  if (rimChordSquared >= HEMISPHERE || rimChordSquared < 0) return false;
  if (cell.containsPoint(centre)) return true;
  const sineSquared = rimChordSquared * (1 - 0.25 * rimChordSquared);
  for (const [k, edge] of cell.edges.entries()) {
    const height = dot(centre, edge);
    // On the inner side of this edge: then it is the opposite one that would be cut.
    if (height > 0) continue;
    if (height * height > sineSquared * dot(edge, edge)) return false;
    const along = cross(edge, centre);
    if (dot(along, cell.vertices[k]!) < 0 && dot(along, cell.vertices[(k + 1) & 3]!) > 0) return true;
  }
  return false;
}

function lastLevelAsWideAs(angle: number): number {
  if (angle <= 0) return MAX_LEVEL;
  return Math.max(0, Math.min(MAX_LEVEL, Math.floor(Math.log2(LEAST_WIDTH / angle))));
}
