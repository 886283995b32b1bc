import { PackedType } from "../../protocol/value/packed-head.js";
import { ParticleType } from "../../protocol/value/particle-type.js";
import type { Compilation } from "./form.js";
import { isGeometry } from "./geometry.js";
import { peekKind, skipValue, takeBytes, takeDouble, takeInteger, takeValue } from "./packed.js";
import { refuse } from "./refused.js";
import { ResultType } from "./result-type.js";
import { EXTENSION, type ExpValue } from "./value.js";

// Constants stand as plain values: nil, bool, int, float, map; string, blob, GeoJSON and HLL with their type prefix.
// Lists are quoted (see control.ts). Maps are taken as they are, unsorted or not.

/** Bytes that a constant takes in the server's compiled form. */
const SIZE = { NIL: 8, BOOL: 24, NUMBER: 16, BYTES: 24, GEOJSON: 40 } as const;

export function compileConstant(c: Compilation): ResultType {
  const r = c.reader;
  const kind = peekKind(r);
  switch (kind) {
    case PackedType.NIL:
      skipValue(r);
      return emit(c, SIZE.NIL, null, ResultType.NIL);
    case PackedType.FALSE:
    case PackedType.TRUE:
      skipValue(r);
      return emit(c, SIZE.BOOL, kind === PackedType.TRUE, ResultType.BOOL);
    case PackedType.NEGATIVE_INTEGER:
    case PackedType.INTEGER:
      return emit(c, SIZE.NUMBER, takeInteger(r), ResultType.INT);
    case PackedType.DOUBLE:
      return emit(c, SIZE.NUMBER, takeDouble(r), ResultType.FLOAT);
    case PackedType.STRING:
    case PackedType.BYTES:
    case PackedType.GEOJSON:
      return compileBytes(c, takeBytes(r));
    case PackedType.MAP:
      return emit(c, SIZE.BYTES, { type: ParticleType.MAP, bytes: takeValue(r) }, ResultType.MAP);
    default:
      return emit(c, SIZE.BYTES, { type: EXTENSION, bytes: takeValue(r) }, ResultType.EXTENSION);
  }
}

function compileBytes(c: Compilation, content: Uint8Array | undefined): ResultType {
  const type = content?.[0];
  const bytes = content?.subarray(1) ?? new Uint8Array(0);
  switch (type) {
    case ParticleType.STRING:
      return emit(c, SIZE.BYTES, { type, bytes }, ResultType.STRING);
    case ParticleType.BLOB:
      return emit(c, SIZE.BYTES, { type, bytes }, ResultType.BLOB);
    case ParticleType.HLL:
      return emit(c, SIZE.BYTES, { type, bytes }, ResultType.HLL);
    case ParticleType.GEOJSON: {
      const value = { type, bytes };
      if (!isGeometry(value)) refuse("a GeoJSON constant is no geometry");
      return emit(c, SIZE.GEOJSON, value, ResultType.GEOJSON);
    }
    default:
      return refuse(`a constant starts with the type prefix ${type}`);
  }
}

function emit(c: Compilation, size: number, value: ExpValue | undefined, type: ResultType): ResultType {
  if (value === undefined) refuse("a constant of the wrong kind");
  c.grow(size);
  c.emit((m) => m.push(value));
  return type;
}
