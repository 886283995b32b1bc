import { Reader } from "../../protocol/bytes/reader.js";
import { Writer } from "../../protocol/bytes/writer.js";
import { packListHeader } from "../../protocol/value/pack.js";
import { ParticleType } from "../../protocol/value/particle-type.js";
import type { Compilation, Form, Operands } from "./form.js";
import { expectCount, PLAIN_SIZE } from "./operands.js";
import { mapCount, skipValue, takeMarker, takeValue } from "./packed.js";
import { ResultType } from "./result-type.js";
import { type ExpValue, isParticle, UNKNOWN } from "./value.js";

/** `[101, map]` and `[102, map]`: the type of the operand is looked at when it is there. */
function mapPart(take: (r: Reader) => Uint8Array): Form {
  return {
    size: PLAIN_SIZE,
    *compile(c: Compilation, count: number): Operands {
      expectCount(count, 1);
      yield;
      c.emit((m) => m.push(partsOf(m.pop(), take)));
      return ResultType.LIST;
    },
  };
}

function partsOf(map: ExpValue, take: (r: Reader) => Uint8Array): ExpValue {
  if (!isParticle(map) || map.type !== ParticleType.MAP) return UNKNOWN;
  const r = new Reader(map.bytes);
  let pairs = mapCount(r) ?? 0;
  if (pairs > 0 && takeMarker(r, "map") !== undefined) pairs--;
  const w = new Writer(map.bytes.length);
  packListHeader(w, pairs);
  for (let i = 0; i < pairs; i++) w.bytes(take(r));
  return { type: ParticleType.LIST, bytes: w.take() };
}

export const mapKeys = mapPart((r) => {
  const key = takeValue(r);
  skipValue(r);
  return key;
});

export const mapValues = mapPart((r) => {
  skipValue(r);
  return takeValue(r);
});
