import { describe, expect, it } from "vitest";
import { Reader } from "../../../../protocol/bytes/reader.js";
import { Writer } from "../../../../protocol/bytes/writer.js";
import { Double, double } from "../../../../protocol/value/double.js";
import { packValue } from "../../../../protocol/value/pack.js";
import { writeParticle } from "../../../../protocol/value/particle.js";
import { ParticleType } from "../../../../protocol/value/particle-type.js";
import { unpackValue } from "../../../../protocol/value/unpack.js";
import type { Value } from "../../../../protocol/value/value.js";

const INT64_MIN = -(2 ** 63);

function particleType(value: Value): ParticleType {
  return writeParticle(new Writer(), value);
}

function throughList(value: Value): unknown {
  const w = new Writer();
  packValue(w, [value]);
  return unpackValue(new Reader(w.copy()));
}

describe("a whole number that may not be the exact integer", () => {
  it.each([2 ** 53, -(2 ** 53), 2 ** 53 + 2, Date.UTC(2030, 0) * 1e6, 2 ** 63 - 1024, INT64_MIN])(
    "%d is refused in bins, lists and maps, and as a key",
    (value) => {
      const message = `${value} is beyond the integers that a number holds exactly; use BigInt(…) for an integer, double(…) for a double`;
      expect(() => particleType(value)).toThrow(new TypeError(message));
      expect(() => throughList(value)).toThrow(new TypeError(`[0]: ${message}`));
      expect(() => particleType({ at: { ns: value } })).toThrow(new TypeError(`.at.ns: ${message}`));
      expect(() => particleType(new Map([[value, 1]]))).toThrow("use BigInt(…) for an integer beyond 2^53");
    },
  );

  it.each([2 ** 53, -(2 ** 53), INT64_MIN])("BigInt(%d) is an integer, double(%d) a double", (value) => {
    expect(particleType(BigInt(value))).toBe(ParticleType.INTEGER);
    expect(throughList(BigInt(value))).toEqual([BigInt(value)]);
    expect(particleType(double(value))).toBe(ParticleType.DOUBLE);
    expect(throughList(new Double(value))).toEqual([value]);
  });

  it.each([Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 0])("%d is an integer", (value) => {
    expect(particleType(value)).toBe(ParticleType.INTEGER);
    expect(throughList(value)).toEqual([value]);
  });

  it.each([2 ** 63, -(2 ** 63) - 2048, 1e300, 0.5, 2 ** 51 + 0.5, Number.NaN, Number.NEGATIVE_INFINITY])(
    "%d can only be a double",
    (value) => {
      expect(particleType(value)).toBe(ParticleType.DOUBLE);
      expect(throughList(value)).toEqual([value]);
    },
  );
});
