export { type Geometry, geoWithin, parseGeometry } from "./geometry.js";
