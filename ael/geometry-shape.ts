/** Whether a text is GeoJSON of the kinds that servers read. How the loops of an area may lie is left to them. */
export function isGeometry(text: string): boolean {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return false;
  }
  const { type, geometry } = partsOf(value);
  return hasShape(type === "Feature" ? geometry : value);
}

interface Parts {
  readonly type?: unknown;
  readonly geometry?: unknown;
  readonly coordinates?: unknown;
}

function partsOf(value: unknown): Parts {
  return typeof value === "object" && value !== null ? value : {};
}

function hasShape(value: unknown): boolean {
  const { type, coordinates } = partsOf(value);
  switch (type) {
    case "Point":
      return isPoint(coordinates);
    case "Polygon":
      return isPolygon(coordinates);
    case "MultiPolygon":
      return isAllOf(coordinates, isPolygon);
    case "AeroCircle":
      return isPair(coordinates) && isPoint(coordinates[0]) && typeof coordinates[1] === "number";
    default:
      return false;
  }
}

function isPolygon(value: unknown): boolean {
  return isAllOf(value, (loop) => isAllOf(loop, isPoint));
}

/** Longitude and latitude. */
function isPoint(value: unknown): boolean {
  return isPair(value) && isWithin(value[0], 180) && isWithin(value[1], 90);
}

function isWithin(value: unknown, most: number): boolean {
  return typeof value === "number" && Math.abs(value) <= most;
}

function isPair(value: unknown): value is readonly [unknown, unknown] {
  return Array.isArray(value) && value.length === 2;
}

function isAllOf(value: unknown, isOne: (value: unknown) => boolean): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(isOne);
}
