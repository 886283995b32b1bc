import { expect, test } from "vitest";
import { isGeometry } from "../../../ael/geometry-shape.js";

const SQUARE = [
  [
    [0, 0],
    [0, 2],
    [2, 2],
    [0, 0],
  ],
];

test.each([
  { type: "Point", coordinates: [-122.5, 37] },
  { type: "Point", coordinates: [180, -90], more: true },
  { type: "Polygon", coordinates: SQUARE },
  { type: "MultiPolygon", coordinates: [SQUARE, SQUARE] },
  { type: "AeroCircle", coordinates: [[0, 0], 1000] },
  { type: "Feature", geometry: { type: "Point", coordinates: [0, 0] } },
])("%j is a geometry", (value) => {
  expect(isGeometry(JSON.stringify(value))).toBe(true);
});

test.each([
  null,
  "Point",
  [],
  {},
  { type: "Point" },
  { type: "Point", coordinates: ["0", 0] },
  { type: "Point", coordinates: [0, 0, 0] },
  { type: "Point", coordinates: [181, 0] },
  { type: "LineString", coordinates: [[0, 0]] },
  { type: "Polygon", coordinates: [] },
  { type: "Polygon", coordinates: [[0, 0]] },
  { type: "AeroCircle", coordinates: [[0, 0], "1"] },
  { type: "Feature", geometry: { type: "Feature", geometry: { type: "Point", coordinates: [0, 0] } } },
])("%j is none", (value) => {
  expect(isGeometry(JSON.stringify(value))).toBe(false);
});

test("what is no JSON is none", () => {
  expect(isGeometry("{")).toBe(false);
});
