import type { Reader } from "../bytes/reader.js";
import type { Writer } from "../bytes/writer.js";
import { INT64_MAX, INT64_MIN } from "../limits.js";
import { ProtocolError } from "../protocol-error.js";
import { ambiguousNumber, isAmbiguousNumber } from "./ambiguous-number.js";
import { Double } from "./double.js";
import { GeoJson } from "./geojson.js";
import { Hll } from "./hll.js";
import { hasNoType, InvalidValue } from "./invalid-value.js";
import { isBytes, packValue } from "./pack.js";
import { ParticleType } from "./particle-type.js";
import { unpackPairs, unpackValue } from "./unpack.js";
import type { DecodeOptions, Value } from "./value.js";

/** Writes a bin's value as it stands in an op and returns its type byte. Throws InvalidValue naming what is wrong. */
export function writeParticle(w: Writer, value: Value): ParticleType {
  switch (typeof value) {
    case "string":
      writeText(w, value);
      return ParticleType.STRING;
    case "number":
      if (Number.isSafeInteger(value)) {
        w.i64(value);
        return ParticleType.INTEGER;
      }
      if (isAmbiguousNumber(value)) throw new InvalidValue(ambiguousNumber(value));
      w.f64(value);
      return ParticleType.DOUBLE;
    case "bigint":
      if (value < INT64_MIN || value > INT64_MAX) {
        throw new InvalidValue(`${value}n does not fit a 64-bit signed integer`);
      }
      w.i64(value);
      return ParticleType.INTEGER;
    case "boolean":
      w.u8(value ? 1 : 0);
      return ParticleType.BOOL;
    case "object":
      return value === null ? ParticleType.NULL : writeObject(w, value);
    default:
      throw new InvalidValue(hasNoType(value));
  }
}

function writeObject(w: Writer, value: Exclude<Value, null> & object): ParticleType {
  if (isBytes(value)) {
    w.bytes(value);
    return ParticleType.BLOB;
  }
  if (value instanceof Double) {
    w.f64(value.value);
    return ParticleType.DOUBLE;
  }
  if (value instanceof GeoJson) {
    // Flags and cell count: the server works both out again.
    w.u8(0);
    w.u16(0);
    writeText(w, value.text);
    return ParticleType.GEOJSON;
  }
  if (value instanceof Hll) {
    w.bytes(value.bytes);
    return ParticleType.HLL;
  }
  packValue(w, value);
  return Array.isArray(value) ? ParticleType.LIST : ParticleType.MAP;
}

function writeText(w: Writer, text: string): void {
  if (!text.isWellFormed()) throw new InvalidValue("the string holds half a surrogate pair, which UTF-8 can't carry");
  w.utf8(text);
}

/** Reads a bin's value of `size` bytes. An unknown type is a ProtocolError: guessing would hand out wrong data. */
export function readParticle(r: Reader, type: number, size: number, options: DecodeOptions = {}): unknown {
  switch (type) {
    case ParticleType.NULL:
      r.skip(size);
      return null;
    case ParticleType.INTEGER:
      expectSize(size, 8, "an integer");
      return options.int64 === "bigint" ? r.i64() : r.integer();
    case ParticleType.DOUBLE:
      expectSize(size, 8, "a double");
      return r.f64();
    case ParticleType.STRING:
      return r.utf8(size);
    case ParticleType.BOOL:
      expectSize(size, 1, "a bool");
      return r.u8() !== 0;
    case ParticleType.HLL:
      return new Hll(r.copy(size));
    case ParticleType.GEOJSON:
      return readGeoJson(r, size);
    case ParticleType.LIST:
    case ParticleType.MAP:
      return readContainer(r, size, options, unpackValue);
    case ParticleType.BLOB:
    case ParticleType.JAVA_BLOB:
    case ParticleType.CSHARP_BLOB:
    case ParticleType.PYTHON_BLOB:
    case ParticleType.RUBY_BLOB:
    case ParticleType.PHP_BLOB:
    case ParticleType.ERLANG_BLOB:
    case ParticleType.VECTOR:
      return r.lasting(size);
    default:
      throw new ProtocolError(`a bin holds a value of unknown type ${type}`);
  }
}

function expectSize(size: number, expected: number, what: string): void {
  if (size !== expected) throw new ProtocolError(`a bin holds ${what} of ${size} bytes, expected ${expected}`);
}

function readGeoJson(r: Reader, size: number): GeoJson {
  if (size < 3) throw new ProtocolError(`a GeoJSON value of ${size} bytes is too short`);
  r.skip(1);
  const cells = r.u16() * 8;
  if (3 + cells > size) throw new ProtocolError("a GeoJSON value claims more cells than it has bytes for");
  r.skip(cells);
  return new GeoJson(r.utf8(size - 3 - cells));
}

/** Reads the value of a bin that is a map as pairs of key and value, in the order in which they came. */
export function readPairs(r: Reader, size: number, options: DecodeOptions = {}): [unknown, unknown][] {
  return readContainer(r, size, options, unpackPairs);
}

function readContainer<V>(
  r: Reader,
  size: number,
  options: DecodeOptions,
  unpack: (r: Reader, options: DecodeOptions) => V,
): V {
  const outer = r.end;
  if (size > r.left) throw new ProtocolError(`${size} bytes were announced where ${r.left} are left`);
  const end = r.at + size;
  r.end = end;
  const value = unpack(r, options);
  r.end = outer;
  if (r.at !== end) throw new ProtocolError(`${end - r.at} bytes follow the end of a list or map`);
  return value;
}
