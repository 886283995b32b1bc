import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyBits } from "../../../../emulator/bits/index.js";
import type { BinValue } from "../../../../emulator/record/bin-value.js";
import { OpCode } from "../../../../protocol/message/op.js";
import { ParticleType } from "../../../../protocol/value/particle-type.js";
import { runs } from "../../../support/runs.js";
import { hostilePayload } from "../cdt/hostile-payload.js";
import { recordedPayloads } from "../cdt/recorded.js";

const RUNS = runs(400);

const payloads = recordedPayloads("bits", [OpCode.BITS_READ, OpCode.BITS_MODIFY]);
const bins: readonly (BinValue | undefined)[] = [
  undefined,
  { type: ParticleType.BLOB, bytes: new Uint8Array(0) },
  { type: ParticleType.BLOB, bytes: Uint8Array.of(0xa5) },
  { type: ParticleType.BLOB, bytes: Uint8Array.from({ length: 40 }, (_, i) => i * 37) },
  { type: ParticleType.STRING, bytes: Uint8Array.of(0x61) },
];

describe("hostile bytes", () => {
  it("in an operation on bits come to an outcome", { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(hostilePayload(payloads), fc.constantFrom(...bins), fc.boolean(), (payload, bin, modify) => {
        const before = bin?.bytes.slice();
        const outcome = applyBits(bin, payload, modify);
        expect(outcome.code).toBeGreaterThanOrEqual(0);
        expect(bin?.bytes).toEqual(before);
        if (outcome.bin !== undefined) expect(outcome).toMatchObject({ code: 0, bin: { type: ParticleType.BLOB } });
      }),
      { numRuns: RUNS },
    );
  });
});
