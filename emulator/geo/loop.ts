import { angleBetween, cross, equal, normalize, turn, type Vector } from "./vector.js";

/** A point in general position: no meridian or parallel that people use runs through it. */
const ORIGIN = normalize({ x: -0.00999946643502502, y: 0.002592454260932412, z: 0.999946643502502 });

/**
 * A closed chain of great-circle arcs. Inside is what lies on its left; a loop given the other way round is turned, so
 * that inside is never more than half of the sphere.
 */
export class Loop {
  readonly vertices: readonly Vector[];
  readonly #originInside: boolean;

  /** @param vertices in order, the first not repeated at the end */
  constructor(vertices: readonly Vector[]) {
    this.vertices = totalTurn(vertices) < -1e-14 * vertices.length ? [...vertices].reverse() : vertices;
    const [before, at, after] = this.vertices;
    const inside = before !== undefined && at !== undefined && after !== undefined && cornerContains(before, at, after);
    this.#originInside = at !== undefined && inside !== this.#crosses(at);
  }

  contains(point: Vector): boolean {
    return this.#originInside !== this.#crosses(point);
  }

  /** Whether the way from the origin to `point` crosses the loop an odd number of times. */
  #crosses(point: Vector): boolean {
    let odd = false;
    let from = this.vertices.at(-1);
    for (const to of this.vertices) {
      if (from !== undefined && arcsCross(ORIGIN, point, from, to)) odd = !odd;
      from = to;
    }
    return odd;
  }
}

/** Sum of the turns at the vertices: 2π for a tiny counterclockwise loop, −2π for a tiny clockwise one. */
function totalTurn(vertices: readonly Vector[]): number {
  let sum = 0;
  const count = vertices.length;
  for (let i = 0; i < count; i++) {
    const a = vertices[(i + count - 1) % count]!;
    const b = vertices[i]!;
    const c = vertices[(i + 1) % count]!;
    const angle = angleBetween(cross(a, b), cross(b, c));
    sum += turn(a, b, c) > 0 ? angle : -angle;
  }
  return sum;
}

/** Whether arcs ab and cd cross; arcs that share an end cross by a rule that counts each vertex of a loop once. */
function arcsCross(a: Vector, b: Vector, c: Vector, d: Vector): boolean {
  if (equal(b, d)) return orderedAround(reference(b), c, a, b);
  if (equal(b, c)) return orderedAround(reference(b), d, a, b);
  const side = turn(a, c, b);
  if (side === 0 || turn(b, d, a) !== side) return false;
  return turn(c, b, d) === side && turn(d, a, c) === side;
}

/** Whether the corner a-b-c counts its own vertex b as inside. */
function cornerContains(a: Vector, b: Vector, c: Vector): boolean {
  return !orderedAround(reference(b), c, a, b);
}

/** Whether a, b, c come in counterclockwise order around `centre` (a and b may coincide, so may b and c). */
function orderedAround(a: Vector, b: Vector, c: Vector, centre: Vector): boolean {
  let sum = 0;
  if (turn(b, centre, a) >= 0) sum++;
  if (turn(c, centre, b) >= 0) sum++;
  if (turn(a, centre, c) > 0) sum++;
  return sum >= 2;
}

/** A fixed direction at right angles to `v`. */
function reference(v: Vector): Vector {
  const ax = Math.abs(v.x);
  const ay = Math.abs(v.y);
  const az = Math.abs(v.z);
  const largest = ax > ay ? (ax > az ? 0 : 2) : ay > az ? 1 : 2;
  const axis = (largest + 2) % 3;
  const off = { x: 0.012, y: 0.0053, z: 0.00457 };
  const aside = axis === 0 ? { ...off, x: 1 } : axis === 1 ? { ...off, y: 1 } : { ...off, z: 1 };
  return normalize(cross(v, aside));
}
