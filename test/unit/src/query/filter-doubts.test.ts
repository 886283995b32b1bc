import { describe, expect, test } from "vitest";
import type { AelParam } from "../../../../ael/params.js";
import { ParticleType } from "../../../../protocol/value/particle-type.js";
import { parseFilter } from "../../../../src/ael/compile.js";
import { filterDoubts } from "../../../../src/query/filter-doubts.js";
import type { BinSample } from "../../../../src/query/sample-bins.js";

const sample: BinSample = {
  records: 10,
  silentNodes: [],
  bins: new Map<string, ReadonlyMap<number, number>>([
    ["price", new Map([[ParticleType.INTEGER, 10]])],
    ["name", new Map([[ParticleType.STRING, 9]])],
    [
      "mixed",
      new Map<number, number>([
        [ParticleType.INTEGER, 4],
        [ParticleType.DOUBLE, 5],
      ]),
    ],
    ["tags", new Map([[ParticleType.LIST, 2]])],
  ]),
};

describe("filters that can't be true for any record of a sample", () => {
  test.each<[text: string, params: readonly AelParam[], reason: string]>([
    ["$.prise > 1", [], 'None of 10 records looked at has the bin "prise" of the where. Did you mean price?'],
    [
      "$.price > 1.5",
      [],
      'In none of 10 records looked at, the bin "price" is of the type that the where takes it for',
    ],
    ["not($.price > 1.5)", [], 'the bin "price" is of the type'],
    ["$.name == 'x' and $.price > 1.5", [], 'the bin "price" is of the type'],
    ["$.prise > 1 or $.nam == 'x'", [], 'has the bin "nam" of the where. Did you mean name?'],
    ["$.price:FLOAT > ?0 and $.prise:BOOL", [1.5], 'the bin "price" is'],
    ["$.mixed > ?0", [Number.NaN], "The where compares with NaN"],
    ["$.prise.exists()", [], 'has the bin "prise" of the where'],
    ["$.price.type() == STRING", [], 'the bin "price" is of the type'],
    ["$.price == null", [], "The where can't be true for any of 10 records looked at, whatever their bins hold"],
    ["$.price in ?0", [[]], "The where can't be true for any of 10 records"],
    ["$.price.[0]:INT > 1", [], 'the bin "price" is of the type'],
    [`let (p = $.prise:INT) then (\${p} > 1)`, [], 'has the bin "prise"'],
    ["$.name:NUMBER > 1", [], 'the bin "name" is of the type'],
    ["$.price > 60 and $.price < 20", [], 'No integer in the bin "price" fulfils the where'],
    ["$.price * 2 == 7", [], 'No integer in the bin "price" fulfils'],
    ["$.price in [1, 2] and $.name == 'x' and not($.price < 3)", [], 'No integer in the bin "price" fulfils'],
    ["$.prise > 3 and $.prise < 3", [], 'No integer in the bin "prise" fulfils'],
  ])("%s %j", (text, params, reason) => {
    const doubts = filterDoubts(parseFilter(text, params), sample);
    expect(doubts.join("\n")).toContain(reason);
  });

  test.each<[text: string, params: readonly AelParam[]]>([
    ["$.price > 1", []],
    ["$.price:NUMBER > 1.5", []],
    ["$.mixed:NUMBER > 1.5", []],
    ["$.prise > 1 or $.price > 1", []],
    ["$.name == null", []],
    ["not($.prise.exists())", []],
    ["$.mixed.type() == FLOAT", []],
    ["$.mixed != ?0", [Number.NaN]],
    ["'x' in $.tags", []],
    ["$.tags:LIST.*[?(@:INT > 1)].count() > 0", []],
    ["when ($.prise.exists() => $.prise > 1, default => $.price > 1)", []],
    ["$.prise.orElse(5) > 1", []],
    ["$.ttl() > 1", []],
    ["not($.price > 1 and $.mixed > 2.0)", []],
    ["exclusive($.price > 1, $.mixed > 2.0)", []],
    ["$.price > 60 and $.price < 20 or $.name == 'x'", []],
    ["$.price > 60 and $.price < 62", []],
    ["$.price:NUMBER > 60 and $.price:NUMBER < 60.5", []],
  ])("nothing is said of %s %j", (text, params) => {
    expect(filterDoubts(parseFilter(text, params), sample)).toEqual([]);
  });

  test("nor where no record was looked at", () => {
    expect(filterDoubts(parseFilter("$.prise > 1", []), { records: 0, bins: new Map(), silentNodes: [] })).toEqual([]);
    expect(filterDoubts(undefined, sample)).toEqual([]);
  });

  test("a node that gave no sample is named, beside what the others say", () => {
    const silent = { ...sample, silentNodes: ["BB9", "BB8"] };
    const text = "The bins of the where could not be checked on BB9, BB8: no sample of records came";
    expect(filterDoubts(parseFilter("$.price > 1", []), silent)).toEqual([text]);
    expect(filterDoubts(parseFilter("$.prise > 1", []), silent)).toEqual([expect.stringContaining("prise"), text]);
    const none = { records: 0, bins: new Map(), silentNodes: ["BB9"] };
    expect(filterDoubts(parseFilter("$.prise > 1", []), none)).toHaveLength(1);
  });
});
