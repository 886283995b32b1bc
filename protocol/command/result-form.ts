import type { Reader } from "../bytes/reader.js";
import type { ResultForm } from "../message/op.js";
import { ProtocolError } from "../protocol-error.js";
import { readPairs, readParticle } from "../value/particle.js";
import { ParticleType } from "../value/particle-type.js";
import type { DecodeOptions } from "../value/value.js";

/** Reads the result of an op in the form that it asks for. Nil and values that have no such form come as they are. */
export function readResult(
  r: Reader,
  type: number,
  size: number,
  form: ResultForm,
  options: DecodeOptions = {},
): unknown {
  if (form === "numbers") return readParticle(r, type, size, { ...options, int64: "auto" });
  if (type === ParticleType.MAP) {
    const pairs = readPairs(r, size, options);
    return form === "map" ? new Map(pairs) : pairs;
  }
  const value = readParticle(r, type, size, options);
  return form === "pairs" && Array.isArray(value) ? pairUp(value) : value;
}

/** Paths give entries as a flat list: key, value, key, value. */
function pairUp(list: readonly unknown[]): [unknown, unknown][] {
  if (list.length % 2 !== 0) throw new ProtocolError(`${list.length} keys and values are no list of entries`);
  const pairs: [unknown, unknown][] = [];
  for (let i = 0; i < list.length; i += 2) pairs.push([list[i], list[i + 1]]);
  return pairs;
}
