export { holdsCell } from "./cell.js";
export { coveringOf } from "./covering.js";
export { geoValueOf } from "./geo-value.js";
export { type Geometry, geoWithin, parseGeometry } from "./geometry.js";
