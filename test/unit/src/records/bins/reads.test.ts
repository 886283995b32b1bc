import { describe, expect, it } from "vitest";
import { MapOrder } from "../../../../../protocol/cdt/flags.js";
import type { Op } from "../../../../../protocol/message/op.js";
import { Hll } from "../../../../../protocol/value/hll.js";
import type { Value } from "../../../../../protocol/value/value.js";
import type { NextIs, ReadBin } from "../../../../../src/records/bins/index.js";
import { operateBin } from "../../../../../src/records/bins/operate-bin.js";
import { readBin } from "../../../../../src/records/bins/read-bin.js";
import { shapeOf } from "../../../../support/bin-writes.js";

const packed = { packed: Uint8Array.of(0x91, 0x46) };
const reading = readBin<NextIs<Op>, Value>("b", { addOp: (op) => op });
const operating = operateBin<NextIs<Op>, Value>("b", { addOp: (op) => op });

const sketch = new Hll(Uint8Array.of(0, 4, 0, ...new Array(20).fill(0)));
const sketches = `91b8120004${"00".repeat(21)}`;

type Row = readonly [call: string, add: (bin: ReadBin<NextIs<Op>, Value>) => Op, code: string, payload: unknown];

const table: readonly Row[] = [
  ["get", (b) => b.get(), "READ", undefined],
  ["selectFrom(ael)", (b) => b.selectFrom("$.ttl()"), "EXP_READ", "92914500"],
  ["selectFrom(expression)", (b) => b.selectFrom(packed, { ignoreEvalFailure: true }), "EXP_READ", "92914610"],
  ["listSize", (b) => b.listSize(), "CDT_READ", "9110"],
  ["listGet", (b) => b.listGet(-1), "CDT_READ", "9211ff"],
  ["listGetRange", (b) => b.listGetRange(1, 2), "CDT_READ", "93120102"],
  ["listGetRange, open", (b) => b.listGetRange(1), "CDT_READ", "921201"],
  ["mapSize", (b) => b.mapSize(), "CDT_READ", "9160"],
  ["hllGetCount", (b) => b.hllGetCount(), "HLL_READ", "9132"],
  ["hllDescribe", (b) => b.hllDescribe(), "HLL_READ", "9137"],
  ["hllGetUnion", (b) => b.hllGetUnion([sketch]), "HLL_READ", `9233${sketches}`],
  ["hllGetUnionCount", (b) => b.hllGetUnionCount([sketch]), "HLL_READ", `9234${sketches}`],
  ["hllGetIntersectCount", (b) => b.hllGetIntersectCount([sketch]), "HLL_READ", `9235${sketches}`],
  ["hllGetSimilarity", (b) => b.hllGetSimilarity([sketch]), "HLL_READ", `9236${sketches}`],
  ["hllMayContain", (b) => b.hllMayContain(["a"]), "HLL_READ", "923891a20361"],
  ["bitGet", (b) => b.bitGet(4, 8), "BITS_READ", "93320408"],
  ["bitCount", (b) => b.bitCount(0, 40), "BITS_READ", "93330028"],
  ["bitLscan", (b) => b.bitLscan(0, 8, true), "BITS_READ", "94340008c3"],
  ["bitRscan", (b) => b.bitRscan(0, 8, false), "BITS_READ", "94350008c2"],
  ["bitGetInt", (b) => b.bitGetInt(8, 16), "BITS_READ", "93360810"],
  ["bitGetInt, signed", (b) => b.bitGetInt(0, 16, true), "BITS_READ", "9436001001"],

  ["onMapKey.getValues", (b) => b.onMapKey("k").getValues(), "CDT_READ", "936107a2036b"],
  ["onMapKey.getKeys", (b) => b.onMapKey("k").getKeys(), "CDT_READ", "936106a2036b"],
  ["onMapKey.exists", (b) => b.onMapKey("k").exists(), "CDT_READ", "93610da2036b"],
  ["onMapIndex.getKeysAndValues", (b) => b.onMapIndex(0).getKeysAndValues(), "CDT_READ", "93620800"],
  ["onMapRank.getIndexes", (b) => b.onMapRank(-1).getIndexes(), "CDT_READ", "936401ff"],
  ["onMapValue.count", (b) => b.onMapValue(1).count(), "CDT_READ", "93660501"],
  ["onMapValue.getAllOtherKeys", (b) => b.onMapValue(1).getAllOtherKeys(), "CDT_READ", "9366ce0001000601"],
  [
    "onMapKeyRange.getReverseIndexes",
    (b) => b.onMapKeyRange("a", null).getReverseIndexes(),
    "CDT_READ",
    "936702a20361",
  ],
  [
    "onMapKeyList.getAllOtherKeysAndValues",
    (b) => b.onMapKeyList(["a"]).getAllOtherKeysAndValues(),
    "CDT_READ",
    "936bce0001000891a20361",
  ],
  ["onMapValueRange.countAllOthers", (b) => b.onMapValueRange(1, 5).countAllOthers(), "CDT_READ", "9469ce000100050105"],
  ["onListIndex.getValues", (b) => b.onListIndex(0).getValues(), "CDT_READ", "93130700"],
  ["onListRank.getIndexes", (b) => b.onListRank(0).getIndexes(), "CDT_READ", "93150100"],
  ["onListValue.getRanks", (b) => b.onListValue(1).getRanks(), "CDT_READ", "93160301"],
  ["onListValue.getAllOtherRanks", (b) => b.onListValue(1).getAllOtherRanks(), "CDT_READ", "9316ce0001000301"],
  ["onListIndexRange.getReverseRanks", (b) => b.onListIndexRange(1).getReverseRanks(), "CDT_READ", "93180401"],
  [
    "onListRankRange.getAllOtherValues",
    (b) => b.onListRankRange(0, 2).getAllOtherValues(),
    "CDT_READ",
    "941ace000100070002",
  ],
  [
    "onListValueList.getAllOtherIndexes",
    (b) => b.onListValueList([1]).getAllOtherIndexes(),
    "CDT_READ",
    "9317ce000100019101",
  ],
  [
    "onListValueRange.getAllOtherReverseIndexes",
    (b) => b.onListValueRange(1, 2).getAllOtherReverseIndexes(),
    "CDT_READ",
    "9419ce000100020102",
  ],
  [
    "onListValueRelativeRankRange.getAllOtherReverseRanks",
    (b) => b.onListValueRelativeRankRange(1, 0).getAllOtherReverseRanks(),
    "CDT_READ",
    "941bce000100040100",
  ],
  ["a read further in", (b) => b.onMapKey("a").onListIndex(0).getValues(), "CDT_READ", "93ccff9222a2036193130700"],
  ["listSize further in", (b) => b.onMapKey("a").listSize(), "CDT_READ", "93ccff9222a203619110"],
  ["listGet further in", (b) => b.onListValue([1]).listGet(0), "CDT_READ", "93ccff92139101921100"],
  ["mapSize further in", (b) => b.onMapRank(0).onMapValue(1).mapSize(), "CDT_READ", "93ccff94210023019160"],
];

describe.each([
  ["a bin that is only read", reading],
  ["a bin that is written and read", operating],
] as const)("%s", (_, bin) => {
  it.each(table)("%s", (_call, add, code, payload) => {
    const op = add(bin);
    expect(op.bin).toBe("b");
    expect(shapeOf(op)).toEqual([code, payload]);
  });

  it("refuses what does not apply to a selector", () => {
    expect(() => bin.onMapKeyList(["a"]).getRanks()).toThrow("Return type RANK does not apply to a list of keys");
    expect(() => bin.onMapKeyList([]).getAllOtherValues()).toThrow(/can bring the server down/);
  });

  it("creates nothing on the way to a read", () => {
    const nested = bin.onMapKey("a", { createType: MapOrder.KEY_ORDERED });
    expect(() => nested.listSize()).toThrow(/A read creates nothing/);
    expect(() => nested.onListIndex(0).getValues()).toThrow(/A read creates nothing/);
  });
});

describe("a bin that is written and read", () => {
  it("writes too, at any depth", () => {
    expect(shapeOf(operating.add(1))).toEqual(["INCR", 1]);
    expect(shapeOf(operating.onMapKey("a").onListIndex(0).remove())).toEqual([
      "CDT_MODIFY",
      "93ccff9222a2036193200000",
    ]);
    expect(shapeOf(operating.onListIndexRange(1).removeAllOthers())).toEqual(["CDT_MODIFY", "9325ce0001000001"]);
    expect(shapeOf(operating.onMapValue(1).removeAllOthers())).toEqual(["CDT_MODIFY", "9352ce0001000001"]);
    expect(shapeOf(operating.onMapRank(0).mapClear())).toEqual(["CDT_MODIFY", "93ccff922100914b"]);
    expect(shapeOf(operating.onListRank(0).remove())).toEqual(["CDT_MODIFY", "93220000"]);
    expect(shapeOf(operating.onListValue(1).remove())).toEqual(["CDT_MODIFY", "93230001"]);
    expect(shapeOf(operating.onMapKeyRange("a", null).remove())).toEqual(["CDT_MODIFY", "935400a20361"]);
  });
});

describe("a bin that is only read", () => {
  it("has no writes", () => {
    // @ts-expect-error a read bin has no writes
    expect(() => reading.add(1)).toThrow(TypeError);
    // @ts-expect-error a read bin has no writes
    expect(() => reading.onMapKey("a").setTo(1)).toThrow(TypeError);
    // @ts-expect-error a read bin has no writes
    expect(() => reading.onListIndexRange(0).remove()).toThrow(TypeError);
    // @ts-expect-error lists have no keys
    expect(() => reading.onListIndex(0).getKeys()).toThrow("expected one of NONE, INDEX");
  });
});
