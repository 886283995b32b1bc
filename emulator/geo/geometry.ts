import { cellCentre, cellId, leafCellOf } from "./leaf-cell.js";
import { Circle, MultiPolygon, Polygon, type Region } from "./region.js";
import { equal, fromLngLat, type Vector } from "./vector.js";

/** What a GeoJSON value describes: a point, as the server rounds it, or an area. */
export type Geometry =
  | { readonly kind: "point"; readonly cellId: bigint; readonly centre: Vector }
  | { readonly kind: "region"; readonly region: Region };

/** Reads GeoJSON text; undefined for what the server refuses with result code 160. */
export function parseGeometry(json: Uint8Array): Geometry | undefined {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(json));
  } catch {
    return undefined;
  }
  if (!isObject(value)) return undefined;
  if (value["type"] !== "Feature") return geometryOf(value);
  const inner = value["geometry"];
  return isObject(inner) ? geometryOf(inner) : undefined;
}

/** Whether one is a point and the other an area that contains it, in either order. */
export function geoWithin(a: Geometry, b: Geometry): boolean {
  if (a.kind === "point") return b.kind === "region" && b.region.contains(a.centre);
  return b.kind === "point" && a.region.contains(b.centre);
}

function geometryOf(value: Record<string, unknown>): Geometry | undefined {
  const coordinates = value["coordinates"];
  switch (value["type"]) {
    case "Point": {
      const point = pointOf(coordinates);
      if (point === undefined) return undefined;
      const cell = leafCellOf(point);
      return { kind: "point", cellId: cellId(cell), centre: cellCentre(cell) };
    }
    case "Polygon":
      return area(polygonOf(coordinates));
    case "MultiPolygon": {
      const polygons = allOf(coordinates, polygonOf);
      return area(polygons && new MultiPolygon(polygons));
    }
    case "AeroCircle":
      return area(circleOf(coordinates));
    default:
      return undefined;
  }
}

function area(region: Region | undefined): Geometry | undefined {
  return region && { kind: "region", region };
}

function pointOf(value: unknown): Vector | undefined {
  if (!Array.isArray(value) || value.length !== 2) return undefined;
  const [lng, lat]: unknown[] = value;
  if (typeof lng !== "number" || typeof lat !== "number") return undefined;
  if (Math.abs(lng) > 180 || Math.abs(lat) > 90) return undefined;
  return fromLngLat(lng, lat);
}

function circleOf(value: unknown): Circle | undefined {
  if (!Array.isArray(value) || value.length !== 2) return undefined;
  const centre = pointOf(value[0]);
  const radius: unknown = value[1];
  return centre !== undefined && typeof radius === "number" ? new Circle(centre, radius) : undefined;
}

function polygonOf(value: unknown): Polygon | undefined {
  const loops = allOf(value, loopOf);
  return loops && new Polygon(loops);
}

function loopOf(value: unknown): Vector[] | undefined {
  const points = allOf(value, pointOf);
  if (points === undefined) return undefined;
  const distinct = points.filter((point, i) => i === 0 || !equal(point, points[i - 1]!));
  const last = distinct.at(-1);
  if (distinct.length < 4 || last === undefined || !equal(distinct[0]!, last)) return undefined;
  return distinct.slice(0, -1);
}

function allOf<T>(value: unknown, read: (item: unknown) => T | undefined): T[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const all: T[] = [];
  for (const item of value) {
    const one = read(item);
    if (one === undefined) return undefined;
    all.push(one);
  }
  return all;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
