import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyCdt, type PathEvaluator, REMOVE, rewriteContainer } from "../../../../emulator/cdt/index.js";
import { packedEnd } from "../../../../emulator/packed/size.js";
import type { BinValue } from "../../../../emulator/record/bin-value.js";
import { OpCode } from "../../../../protocol/message/op.js";
import { ParticleType } from "../../../../protocol/value/particle-type.js";
import { INFINITY, WILDCARD } from "../../../../protocol/value/special.js";
import { runs } from "../../../support/runs.js";
import { listBin, mapBin, packed, packedList } from "./bins.js";
import { hostilePayload } from "./hostile-payload.js";
import { fromHex, recordedPayloads } from "./recorded.js";

// Any bytes at all come to an outcome: a code, and a bin that can be read again.

const RUNS = runs(300);

const codes = [OpCode.CDT_READ, OpCode.CDT_MODIFY];
const payloads = ["lists", "maps", "expressions"].flatMap((file) => recordedPayloads(file, codes));

const entries = [
  ["a", [1, 2, { x: 1 }]],
  [1, { b: [5], c: "text" }],
  [-7, 0.5],
] as const;
const bins: readonly (BinValue | undefined)[] = [
  undefined,
  listBin([]),
  listBin([3, 1, 2, "a", [1, [2]], { a: 1 }, null, 0.5]),
  listBin([3, 1, 1, "a", [1, [2]], [], { a: 1 }], 1),
  listBin(new Array(300).fill(7), 1),
  ...[0, 1, 2, 3].map((flags) => mapBin(entries, flags)),
  mapBin([]),
  { ...listBin([]), bytes: packedList(0, fromHex("a0"), fromHex("cb7ff8000000000000"), fromHex("c70005")) },
  { type: ParticleType.STRING, bytes: Uint8Array.of(0x61) },
  { type: ParticleType.INTEGER, bytes: new Uint8Array(8) },
  // What a bin must never hold, should some other part let it in.
  { type: ParticleType.LIST, bytes: fromHex("9301") },
  { type: ParticleType.MAP, bytes: fromHex("8301") },
  { type: ParticleType.LIST, bytes: new Uint8Array(0) },
];

/** Whatever it compiles, its answers are all there are. */
const evaluator: PathEvaluator = {
  release: "8.1",
  compile(bytes) {
    const answers = [true, false, undefined];
    const values: readonly (Uint8Array | typeof REMOVE | undefined)[] = [
      REMOVE,
      undefined,
      bytes,
      packed(1),
      packed([WILDCARD, INFINITY]),
    ];
    let turn = bytes.length;
    return {
      matches: () => answers[turn++ % answers.length],
      replace: () => values[turn++ % values.length],
    };
  },
};

/** One value and nothing behind it. */
function isWhole(bytes: Uint8Array): boolean {
  return packedEnd(bytes, 0, bytes.length) === bytes.length;
}

describe("hostile bytes", () => {
  it("in an operation come to an outcome", { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(
        hostilePayload(payloads),
        fc.constantFrom(...bins),
        fc.boolean(),
        fc.boolean(),
        (payload, bin, modify, withPaths) => {
          const outcome = applyCdt(bin, payload, modify, withPaths ? evaluator : undefined);
          expect(outcome.code).toBeGreaterThanOrEqual(0);
          if (outcome.bin === undefined || outcome.bin === null) return;
          expect(outcome.code).toBe(0);
          expect(modify).toBe(true);
          expect(isWhole(outcome.bin.bytes)).toBe(true);
        },
      ),
      { numRuns: RUNS },
    );
  });

  it("in a list or map come to its storage form or a code", { timeout: 120_000 }, () => {
    const type = fc.constantFrom(ParticleType.LIST, ParticleType.MAP);
    fc.assert(
      fc.property(hostilePayload(payloads), type, (bytes, written) => {
        const stored = rewriteContainer(written, bytes);
        if (typeof stored === "number") expect(stored).toBeGreaterThan(0);
        else expect(isWhole(stored)).toBe(true);
      }),
      { numRuns: RUNS },
    );
  });

  it("that nest without end are read to their end", () => {
    for (const unit of ["91", "8101", "92c70001", "81a20361"]) {
      const deep = fromHex(unit.repeat(20_000));
      // What is read first decides; of bins one of each kind will do.
      for (const bin of [
        undefined,
        listBin([1, [2]]),
        mapBin(entries),
        { type: ParticleType.STRING, bytes: Uint8Array.of(0x61) },
      ]) {
        for (const modify of [true, false]) {
          for (const head of ["9201", "93cd00ff", "94cc4301", "931607", "92ccff", "93ccfe"]) {
            const payload = Uint8Array.from([...fromHex(head), ...deep, 0xc0]);
            expect(applyCdt(bin, payload, modify, evaluator).code).toBeGreaterThanOrEqual(0);
          }
        }
      }
    }
  });
});
