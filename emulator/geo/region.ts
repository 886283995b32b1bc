import { Loop } from "./loop.js";
import { chordSquared, type Vector } from "./vector.js";

const EARTH_RADIUS_METERS = 6_371_000;

/** An area of the sphere. */
export interface Region {
  contains(point: Vector): boolean;
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
}

/** Loops where an odd number of them contains a point: shells, holes in shells, islands in holes. */
export class Polygon implements Region {
  readonly loops: readonly Loop[];

  constructor(loops: readonly (readonly Vector[])[]) {
    this.loops = loops.map((vertices) => new Loop(vertices));
  }

  contains(point: Vector): boolean {
    let inside = false;
    for (const loop of this.loops) if (loop.contains(point)) inside = !inside;
    return inside;
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
}
