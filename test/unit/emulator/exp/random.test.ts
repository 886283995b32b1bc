import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyExpModify, applyExpRead, buildFilter, compile, Refused } from "../../../../emulator/exp/index.js";
import { ResultType } from "../../../../emulator/exp/result-type.js";
import { integerValue } from "../../../../emulator/record/bin-value.js";
import { int, list } from "../../../support/random/packing.js";
import { Random } from "../../../support/random/random.js";
import { damaged, RandomExpression } from "../../../support/random/random-expression.js";
import { randomList, randomMap } from "../../../support/random/random-value.js";
import { runs } from "../../../support/runs.js";
import { viewWith } from "./tiny-view.js";

const SKETCH = new Uint8Array(11 + 12);
SKETCH[1] = 4;

function recordFrom(random: Random) {
  return viewWith({
    i: integerValue(random.between(-9, 9)),
    l: { type: 20, bytes: randomList(random) },
    m: { type: 19, bytes: randomMap(random) },
    t: { type: 17, bytes: Uint8Array.of(random.below(2)) },
  });
}

describe("random expressions", () => {
  it("compile, are of the type that they were asked for, and never throw", () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const random = new Random(seed);
        const maker = new RandomExpression(random, [SKETCH]);
        const type = maker.anyType();
        const expression = compile(maker.expression(type, 4));
        expect(expression?.type).toBe(type);
        expression?.evaluate(recordFrom(random));
      }),
      { numRuns: runs(200) },
    );
  });

  it("never have a verdict on metadata that the bins would change", () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const random = new Random(seed);
        const filter = buildFilter(new RandomExpression(random, [SKETCH]).expression(ResultType.BOOL, 3));
        const record = recordFrom(random);
        if (filter instanceof Refused) return;
        const early = filter.test({ ...record, hasBins: false });
        if (early !== undefined) expect(filter.test(record)).toBe(early);
      }),
      { numRuns: runs(160) },
    );
  });
});

describe("hostile bytes", () => {
  const record = recordFrom(new Random(1));

  it("in the place of an expression are refused or have a value", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        compile(bytes)?.evaluate(record);
        const { code } = applyExpRead(record, bytes);
        expect([0, 4, 26]).toContain(code);
      }),
      { numRuns: runs(300) },
    );
  });

  it("that were an expression once are refused or have a value", () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const random = new Random(seed);
        const maker = new RandomExpression(random, [SKETCH]);
        const bytes = damaged(random, maker.expression(maker.anyType(), 3));
        compile(bytes)?.evaluate(record);
        const { code } = applyExpModify(record, undefined, list(bytes, int(random.below(40))));
        expect([0, 4, 17, 26]).toContain(code);
      }),
      { numRuns: runs(300) },
    );
  });

  it("that announce more than they hold are refused at once", () => {
    for (const hex of ["ddffffffff10", "dfffffffff", "dbffffffff", "9305ddffffffff00", "93dbffffffff01"]) {
      const bytes = Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
      expect(compile(bytes)).toBeUndefined();
    }
  });
});
