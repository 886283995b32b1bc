export { type GeoCells, geoCells } from "./cells.js";
export { type Geometry, geoWithin, parseGeometry } from "./geometry.js";
