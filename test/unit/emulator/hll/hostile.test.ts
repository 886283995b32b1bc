import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyHll } from "../../../../emulator/hll/index.js";
import type { BinValue } from "../../../../emulator/record/bin-value.js";
import { OpCode } from "../../../../protocol/message/op.js";
import { ParticleType } from "../../../../protocol/value/particle-type.js";
import { runs } from "../../../support/runs.js";
import { hostilePayload } from "../cdt/hostile-payload.js";
import { recordedPayloads } from "../cdt/recorded.js";

const RUNS = runs(400);

const payloads = recordedPayloads("hll", [OpCode.HLL_READ, OpCode.HLL_MODIFY]);

/** A sketch with registers at random, whose ranks and minhashes no value has. */
const sketch = fc
  .constantFrom([4, 0, 12], [4, 4, 20], [6, 30, 288], [8, 0, 192], [4, 51, 114], [4, 64, 200], [16, 0, 9])
  .chain(([indexBits = 0, minhashBits = 0, size = 0]) =>
    fc.uint8Array({ minLength: size + 8, maxLength: size + 8 }).map((bytes): BinValue => {
      return { type: ParticleType.HLL, bytes: Uint8Array.from([0, indexBits, minhashBits, ...bytes]) };
    }),
  );
const bin = fc.oneof(
  { weight: 5, arbitrary: sketch },
  fc.constant(undefined),
  fc.constant<BinValue>({ type: ParticleType.STRING, bytes: Uint8Array.of(0x61) }),
  fc.constant<BinValue>({ type: ParticleType.HLL, bytes: new Uint8Array(0) }),
);

describe("hostile bytes", () => {
  it("in an operation on a sketch come to an outcome", { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(hostilePayload(payloads), bin, fc.boolean(), (payload, held, modify) => {
        const before = held?.bytes.slice();
        const outcome = applyHll(held, payload, modify);
        expect(outcome.code).toBeGreaterThanOrEqual(0);
        expect(held?.bytes).toEqual(before);
        if (outcome.bin !== undefined) expect(outcome).toMatchObject({ code: 0, bin: { type: ParticleType.HLL } });
      }),
      { numRuns: RUNS },
    );
  });

  it("in a sketch come to an outcome of every operation", () => {
    const codes = [0, 1, 2, 3, 4, 50, 51, 52, 53, 54, 55, 56];
    fc.assert(
      fc.property(bin, bin, fc.constantFrom(...codes), (held, other, code) => {
        const param = other?.bytes ?? new Uint8Array(0);
        const size = [(param.length + 1) >> 8, (param.length + 1) & 0xff];
        const sketches = [0x91, 0xc5, ...size, ParticleType.HLL, ...param];
        const payload = Uint8Array.from([0x92, code, ...sketches]);
        for (const modify of [true, false]) {
          expect(applyHll(held, payload, modify).code).toBeGreaterThanOrEqual(0);
          expect(applyHll(held, Uint8Array.of(0x91, code), modify).code).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: RUNS },
    );
  });
});
