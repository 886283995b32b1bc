import { Reader } from "../../protocol/bytes/reader.js";
import { ProtocolError } from "../../protocol/protocol-error.js";
import { ParticleType } from "../../protocol/value/particle-type.js";
import { readName } from "../record/name.js";
import { bytesEqual, geoRange, type IndexRange, integerRange } from "../sindex/index-range.js";

// The INDEX_RANGE field:
//   u8 ranges = 1 · u8 length of bin name · bin name · u8 particle type · begin · end
//   integer: u32 8 · i64 begin · u32 8 · i64 end
//   string, blob, GeoJSON: u32 size · bytes; what follows, the same once more, is not looked at

const MAX_NAME_BYTES = 15;
const MAX_KEY_BYTES = 2048;
const MAX_GEOJSON_BYTES = 1024 * 1024;

/** A where clause. */
export interface QueryRange {
  /** Empty when the index is given by name or expression. */
  readonly binName: string;
  readonly range: IndexRange;
}

/** Undefined for what the server refuses with PARAMETER. */
export function parseQueryRange(field: Uint8Array): QueryRange | undefined {
  try {
    const r = new Reader(field);
    if (r.u8() !== 1) return undefined;
    const nameSize = r.u8();
    if (nameSize > MAX_NAME_BYTES) return undefined;
    const binName = readName(r.view(nameSize));
    const range = parseRange(r);
    return range && { binName, range };
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

function parseRange(r: Reader): IndexRange | undefined {
  const type = r.u8();
  switch (type) {
    case ParticleType.INTEGER: {
      if (r.u32() !== 8) return undefined;
      const begin = r.i64();
      if (r.u32() !== 8) return undefined;
      const end = r.i64();
      return begin > end ? undefined : integerRange(begin, end);
    }
    case ParticleType.STRING:
    case ParticleType.BLOB: {
      const size = r.u32();
      return size >= MAX_KEY_BYTES ? undefined : bytesEqual(type, r.copy(size));
    }
    case ParticleType.GEOJSON: {
      const size = r.u32();
      return size === 0 || size >= MAX_GEOJSON_BYTES ? undefined : geoRange(r.copy(size));
    }
    default:
      return undefined;
  }
}
