import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Geometry, geoValueOf, geoWithin, parseGeometry } from "../../../../emulator/geo/index.js";

const EARTH_RADIUS_METERS = 6_371_000;

function geometry(value: unknown): Geometry | undefined {
  return parseGeometry(new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value)));
}

function within(a: unknown, b: unknown): boolean {
  return geoWithin(geometry(a)!, geometry(b)!);
}

const point = (lng: number, lat: number) => ({ type: "Point", coordinates: [lng, lat] });
const circle = (lng: number, lat: number, radius: number) => ({
  type: "AeroCircle",
  coordinates: [[lng, lat], radius],
});
const box = (west: number, south: number, east: number, north: number) => [
  [west, south],
  [east, south],
  [east, north],
  [west, north],
  [west, south],
];

/** Great-circle distance by the haversine formula. */
function distance(lng1: number, lat1: number, lng2: number, lat2: number): number {
  const rad = (degrees: number): number => (degrees * Math.PI) / 180;
  const h =
    Math.sin(rad(lat2 - lat1) / 2) ** 2 +
    Math.cos(rad(lat1)) * Math.cos(rad(lat2)) * Math.sin(rad(lng2 - lng1) / 2) ** 2;
  return 2 * EARTH_RADIUS_METERS * Math.asin(Math.min(1, Math.sqrt(h)));
}

describe("geoWithin", () => {
  it("knows what lies in a circle by its distance", () => {
    const place = fc.tuple(
      fc.double({ min: -180, max: 180, noNaN: true }),
      fc.double({ min: -90, max: 90, noNaN: true }),
    );
    fc.assert(
      fc.property(place, place, fc.integer({ min: 1, max: 20_000_000 }), ([lng1, lat1], [lng2, lat2], radius) => {
        const meters = distance(lng1, lat1, lng2, lat2);
        fc.pre(Math.abs(meters - radius) > 1);
        expect(within(point(lng1, lat1), circle(lng2, lat2, radius))).toBe(meters < radius);
      }),
    );
  });

  it("knows what lies in a small box", () => {
    const polygon = { type: "Polygon", coordinates: [box(10, 10, 11, 11)] };
    const coordinate = fc.double({ min: 9, max: 12, noNaN: true });
    fc.assert(
      fc.property(coordinate, coordinate, (lng, lat) => {
        // The sides along a parallel are arcs of great circles, which leave it by some hundredths of a degree.
        fc.pre([lng, lat].every((x) => Math.abs(x - 10) > 0.02 && Math.abs(x - 11) > 0.02));
        const isInside = lng > 10 && lng < 11 && lat > 10 && lat < 11;
        expect(within(point(lng, lat), polygon)).toBe(isInside);
      }),
    );
  });

  it("leaves out the holes of a polygon", () => {
    const polygon = { type: "Polygon", coordinates: [box(0, 0, 10, 10), box(4, 4, 6, 6)] };
    expect(within(point(1, 1), polygon)).toBe(true);
    expect(within(point(5, 5), polygon)).toBe(false);
  });

  it("takes a point in any of several polygons", () => {
    const polygons = { type: "MultiPolygon", coordinates: [[box(0, 0, 1, 1)], [box(20, 20, 21, 21)]] };
    expect(within(point(0.5, 0.5), polygons)).toBe(true);
    expect(within(point(20.5, 20.5), polygons)).toBe(true);
    expect(within(point(10, 10), polygons)).toBe(false);
  });

  it("takes point and area in either order, and says false of two of a kind", () => {
    const area = circle(0, 0, 1000);
    expect(within(area, point(0, 0))).toBe(true);
    expect(within(point(0, 0), area)).toBe(true);
    expect(within(point(0, 0), point(0, 0))).toBe(false);
    expect(within(area, area)).toBe(false);
  });

  it("crosses the date line", () => {
    expect(within(point(-179.9, 0), circle(179.9, 0, 50_000))).toBe(true);
    expect(within(point(179, 0), { type: "Polygon", coordinates: [box(178, -1, -178, 1)] })).toBe(true);
    expect(within(point(0, 0), { type: "Polygon", coordinates: [box(178, -1, -178, 1)] })).toBe(false);
  });
});

describe("parseGeometry", () => {
  it.each([
    ["no JSON", "{"],
    ["no object", "[1,2]"],
    ["no type", {}],
    [
      "a type that the server does not take",
      {
        type: "LineString",
        coordinates: [
          [0, 0],
          [1, 1],
        ],
      },
    ],
    ["a point with a height", { type: "Point", coordinates: [0, 0, 5] }],
    ["a longitude beyond 180", point(180.1, 0)],
    ["a latitude beyond 90", point(0, -90.1)],
    ["coordinates that are no numbers", { type: "Point", coordinates: ["0", 0] }],
    ["a ring that is not closed", { type: "Polygon", coordinates: [box(0, 0, 1, 1).slice(0, 4)] }],
    [
      "a ring of two points",
      {
        type: "Polygon",
        coordinates: [
          [
            [0, 0],
            [1, 1],
            [0, 0],
          ],
        ],
      },
    ],
    ["a circle without a radius", { type: "AeroCircle", coordinates: [[0, 0]] }],
    ["a feature without a geometry", { type: "Feature" }],
  ])("refuses %s", (_, value) => {
    expect(geometry(value)).toBeUndefined();
  });

  it("looks into a feature", () => {
    expect(geometry({ type: "Feature", properties: {}, geometry: point(1, 2) })?.kind).toBe("point");
  });
});

describe("geoValueOf", () => {
  const cellsOf = (value: unknown) =>
    geoValueOf(new TextEncoder().encode(JSON.stringify(value)))?.cells.map((id) => id.toString(16));

  it("gives a point the leaf cell that the server gives it", () => {
    expect(cellsOf(point(0, 0))).toEqual(["1000000000000001"]);
  });
});
