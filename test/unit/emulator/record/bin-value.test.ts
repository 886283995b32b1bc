import fc from "fast-check";
import { expect, it } from "vitest";
import { integerOf } from "../../../../emulator/record/bin-value.js";
import { ParticleType } from "../../../../protocol/value/particle-type.js";
import { runs } from "../../../support/runs.js";

it("an integer is read as it was written, whatever stands before it in its buffer", () => {
  const anyInteger = fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.bigInt({ min: -9n, max: 9n }));
  fc.assert(
    fc.property(
      fc.oneof(anyInteger, fc.constantFrom(2n ** 31n, 2n ** 32n - 1n, -(2n ** 32n), -(2n ** 63n))),
      (value) => {
        const buffer = new DataView(new ArrayBuffer(13));
        buffer.setBigInt64(5, value);
        expect(integerOf({ type: ParticleType.INTEGER, bytes: new Uint8Array(buffer.buffer, 5) })).toBe(value);
      },
    ),
    { numRuns: runs(200) },
  );
});
