/** A point of the unit sphere (or a direction in space). */
export interface Vector {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

export function fromLngLat(lngDegrees: number, latDegrees: number): Vector {
  const lng = lngDegrees * (Math.PI / 180);
  const lat = latDegrees * (Math.PI / 180);
  const cosLat = Math.cos(lat);
  return { x: Math.cos(lng) * cosLat, y: Math.sin(lng) * cosLat, z: Math.sin(lat) };
}

export function cross(a: Vector, b: Vector): Vector {
  return { x: a.y * b.z - a.z * b.y, y: a.z * b.x - a.x * b.z, z: a.x * b.y - a.y * b.x };
}

export function dot(a: Vector, b: Vector): number {
  return a.x * b.x + a.y * b.y + a.z * b.z;
}

export function normalize(v: Vector): Vector {
  const length = Math.sqrt(dot(v, v));
  return { x: v.x / length, y: v.y / length, z: v.z / length };
}

export function angleBetween(a: Vector, b: Vector): number {
  const normal = cross(a, b);
  return Math.atan2(Math.sqrt(dot(normal, normal)), dot(a, b));
}

export function equal(a: Vector, b: Vector): boolean {
  return a.x === b.x && a.y === b.y && a.z === b.z;
}

/** The square of the straight distance, at most 4 on the unit sphere. */
export function chordSquared(a: Vector, b: Vector): number {
  const dx = a.x - b.x;
  const dy = a.y - b.y;
  const dz = a.z - b.z;
  return dx * dx + dy * dy + dz * dz;
}

/** 1 when a, b, c turn counterclockwise seen from outside, −1 clockwise, 0 on one great circle. */
export function turn(a: Vector, b: Vector, c: Vector): number {
  return Math.sign(dot(cross(a, b), c));
}
