import { GeoJson } from "../../protocol/value/geojson.js";
import { describe } from "../../protocol/value/invalid-value.js";

// GeoJSON as an index range takes it: text. A geometry that a server can't read fails the whole query there, so what can
// be seen here is refused here.

const REGIONS = ["Polygon", "MultiPolygon", "AeroCircle"] as const;
const POINTS = ["Point"] as const;

/** The text of a region. @throws TypeError when it is none */
export function regionText(region: GeoJson | string | object): string {
  return geometryText("region", region, REGIONS);
}

/** The text of a point. @throws TypeError when it is none */
export function pointText(point: GeoJson | string | object): string {
  return geometryText("point", point, POINTS);
}

/** Aerospike's own kind of GeoJSON: everything within a distance of a point. */
export function aeroCircle(longitude: number, latitude: number, radius: number): string {
  checkNumber("longitude", longitude, -180, 180);
  checkNumber("latitude", latitude, -90, 90);
  checkNumber("radius", radius, Number.MIN_VALUE, Number.MAX_VALUE);
  return JSON.stringify({ type: "AeroCircle", coordinates: [[longitude, latitude], radius] });
}

function geometryText(argument: string, geometry: GeoJson | string | object, allowed: readonly string[]): string {
  const { text } = geometry instanceof GeoJson ? geometry : new GeoJson(geometry);
  const type = typeOf(argument, text);
  if (!allowed.some((name) => name === type)) {
    throw new TypeError(
      `Filter: expected GeoJSON of type ${allowed.join(", ")} as ${argument}, got type ${describe(type)}`,
    );
  }
  return text;
}

function typeOf(argument: string, text: string): unknown {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null && "type" in parsed ? parsed.type : undefined;
  } catch {
    throw new TypeError(`Filter: expected GeoJSON as ${argument}, got ${describe(text)}`);
  }
}

function checkNumber(argument: string, value: unknown, least: number, most: number): void {
  if (typeof value !== "number" || Number.isNaN(value)) {
    throw new TypeError(`Filter: expected a number as ${argument}, got ${describe(value)}`);
  }
  if (value < least || value > most)
    throw new RangeError(`Filter: expected a ${argument} from ${least} to ${most}, got ${value}`);
}
