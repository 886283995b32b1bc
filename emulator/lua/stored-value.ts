import { packedValue, packHostValue, scalarValue } from "../../lua/host-codec.js";
import { HostBytes, HostList, HostMap, type HostValue } from "../../lua/host-value.js";
import { ParticleType } from "../../protocol/value/particle-type.js";
import { comparePacked } from "../packed/order.js";
import { type BinValue, isBlobType } from "../record/bin-value.js";

/** A value as a bin stores it; null for nil. */
export function toBinValue(value: HostValue): BinValue | null {
  if (value instanceof HostList || value instanceof HostMap) return packedValue(value, packHostValue(value, inOrder));
  if (value instanceof HostBytes) return { type: storedType(value.type), bytes: value.view.slice() };
  return scalarValue(value);
}

function inOrder(elements: Uint8Array[]): Uint8Array[] {
  return elements.sort((a, b) => comparePacked(a, b));
}

/** A function may give its bytes any type; what is no type of a bin is stored as BLOB. */
function storedType(type: number): number {
  const known = type === ParticleType.STRING || type === ParticleType.HLL || type === ParticleType.GEOJSON;
  return known || isBlobType(type) ? type : ParticleType.BLOB;
}
