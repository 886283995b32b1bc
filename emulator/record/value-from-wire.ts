import { ResultCode } from "../../protocol/result-code.js";
import { ParticleType } from "../../protocol/value/particle-type.js";
import { rewriteContainer } from "../cdt/index.js";
import { geoValueOf } from "../geo/index.js";
import { type BinValue, isBlobType } from "./bin-value.js";

/** The value of a WRITE, INCR, APPEND or PREPEND op in storage form, or the result code it is refused with. */
export function valueFromWire(type: number, bytes: Uint8Array): BinValue | number {
  switch (type) {
    case ParticleType.INTEGER:
      return integerFromWire(bytes);
    case ParticleType.DOUBLE:
      return bytes.length === 8 ? { type, bytes: bytes.slice() } : ResultCode.PARAMETER_ERROR;
    case ParticleType.STRING:
      return { type, bytes: bytes.slice() };
    case ParticleType.BOOL:
      return bytes.length === 1 && bytes[0]! <= 1 ? { type, bytes: bytes.slice() } : ResultCode.PARAMETER_ERROR;
    case ParticleType.HLL:
      return isHll(bytes) ? { type, bytes: bytes.slice() } : ResultCode.PARAMETER_ERROR;
    case ParticleType.LIST:
    case ParticleType.MAP: {
      const rewritten = rewriteContainer(type, bytes);
      return typeof rewritten === "number" ? rewritten : { type, bytes: rewritten };
    }
    case ParticleType.GEOJSON:
      return geoJsonFromWire(bytes);
    default:
      return isBlobType(type) ? { type, bytes: bytes.slice() } : ResultCode.PARAMETER_ERROR;
  }
}

/** Short integers are taken as unsigned. */
function integerFromWire(bytes: Uint8Array): BinValue | number {
  switch (bytes.length) {
    case 8:
      return { type: ParticleType.INTEGER, bytes: bytes.slice() };
    case 1:
    case 2:
    case 4: {
      const wide = new Uint8Array(8);
      wide.set(bytes, 8 - bytes.length);
      return { type: ParticleType.INTEGER, bytes: wide };
    }
    default:
      return ResultCode.PARAMETER_ERROR;
  }
}

/** u8 flags · u16 cells · cells of 8 bytes · JSON; the cells are not looked at. */
function geoJsonFromWire(bytes: Uint8Array): BinValue | number {
  if (bytes.length < 3) return ResultCode.INVALID_GEOJSON;
  const start = 3 + 8 * ((bytes[1]! << 8) | bytes[2]!);
  if (start > bytes.length) return ResultCode.INVALID_GEOJSON;
  const json = bytes.slice(start);
  return geoValueOf(json) === undefined ? ResultCode.INVALID_GEOJSON : { type: ParticleType.GEOJSON, bytes: json };
}

const HLL_HEADER = 11;
const HLL_REGISTER_BITS = 6;

/** u8 flags = 0 · u8 index bits · u8 minhash bits · 8 bytes cache · registers. */
function isHll(bytes: Uint8Array): boolean {
  if (bytes.length < HLL_HEADER || bytes[0] !== 0) return false;
  const indexBits = bytes[1]!;
  const minhashBits = bytes[2]!;
  if (indexBits < 4 || indexBits > 16) return false;
  if (minhashBits !== 0 && (minhashBits < 4 || minhashBits > 51)) return false;
  if (indexBits + minhashBits > 64) return false;
  const registers = Math.ceil(((HLL_REGISTER_BITS + minhashBits) * 2 ** indexBits) / 8);
  return bytes.length === HLL_HEADER + registers;
}
