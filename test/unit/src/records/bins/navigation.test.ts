import { describe, expect, it } from "vitest";
import { INVERTED, ListOrderType, ListReturnType, MapOrder, MapReturnType } from "../../../../../protocol/cdt/flags.js";
import type { Op } from "../../../../../protocol/message/op.js";
import { INFINITY, WILDCARD } from "../../../../../protocol/value/special.js";
import type { Value } from "../../../../../protocol/value/value.js";
import type { NextIs, WriteBin } from "../../../../../src/records/bins/index.js";
import { binOf, shapeOf } from "../../../../support/bin-writes.js";

type Bin = WriteBin<NextIs<Op>, Value>;
type Row = readonly [call: string, add: (bin: Bin) => Op, payload: string];

function rows(title: string, table: readonly Row[]): void {
  describe(title, () => {
    it.each(table)("%s", (_, add, payload) => {
      expect(shapeOf(add(binOf<Value>()))).toEqual(["CDT_MODIFY", payload]);
    });
  });
}

const KEY = MapReturnType.KEY;
const VALUE = ListReturnType.VALUE;

rows("removing one place", [
  ["onMapKey", (b) => b.onMapKey("k").remove(), "934c00a2036b"],
  ["onMapKey, return type", (b) => b.onMapKey("k").remove({ returnType: MapReturnType.VALUE }), "934c07a2036b"],
  ["onMapIndex", (b) => b.onMapIndex(-1).remove(), "934d00ff"],
  ["onMapRank", (b) => b.onMapRank(0).remove({ returnType: KEY }), "934f0600"],
  ["onListIndex", (b) => b.onListIndex(2).remove(), "93200002"],
  ["onListRank", (b) => b.onListRank(-1).remove({ returnType: VALUE }), "932207ff"],
]);

rows("removing all places with a value, or all others", [
  ["onMapValue", (b) => b.onMapValue(1).remove(), "93520001"],
  ["onMapValue, others", (b) => b.onMapValue(1).removeAllOthers(), "9352ce0001000001"],
  ["onListValue", (b) => b.onListValue([1, WILDCARD]).remove(), "9323009201d4ff00"],
  ["onListValue, others", (b) => b.onListValue("v").removeAllOthers({ returnType: VALUE }), "9323ce00010007a20376"],
]);

rows("removing ranges", [
  ["onMapIndexRange", (b) => b.onMapIndexRange(1, 2).remove(), "9455000102"],
  ["onMapIndexRange, open", (b) => b.onMapIndexRange(1).remove({ returnType: KEY }), "93550601"],
  ["onMapRankRange", (b) => b.onMapRankRange(-2).removeAllOthers(), "9357ce00010000fe"],
  ["onMapKeyRange", (b) => b.onMapKeyRange("a", "c").remove(), "945400a20361a20363"],
  ["onMapKeyRange, from the start", (b) => b.onMapKeyRange(null, "c").remove(), "945400c0a20363"],
  ["onMapKeyRange, to the end", (b) => b.onMapKeyRange("a", null).remove(), "935400a20361"],
  ["onMapValueRange", (b) => b.onMapValueRange(1, INFINITY).remove(), "94560001d4ff01"],
  ["onMapKeyRelativeIndexRange", (b) => b.onMapKeyRelativeIndexRange("k", -1, 2).remove(), "955800a2036bff02"],
  ["onMapValueRelativeRankRange", (b) => b.onMapValueRelativeRankRange(5, 1).remove(), "9459000501"],
  ["onMapKeyList", (b) => b.onMapKeyList(["a", 1]).removeAllOthers(), "9351ce0001000092a2036101"],
  ["onMapValueList", (b) => b.onMapValueList([1]).remove(), "9353009101"],
  ["onListIndexRange", (b) => b.onListIndexRange(0, 2).removeAllOthers(), "9425ce000100000002"],
  ["onListRankRange", (b) => b.onListRankRange(0).remove(), "93270000"],
  ["onListValueRange", (b) => b.onListValueRange(1, 5).remove({ returnType: VALUE }), "9426070105"],
  ["onListValueRelativeRankRange", (b) => b.onListValueRelativeRankRange(5, 0, 1).remove(), "952800050001"],
  ["onListValueList", (b) => b.onListValueList([]).removeAllOthers(), "9324ce0001000090"],
]);

rows("setting one place", [
  ["map entry", (b) => b.onMapKey("k").setTo("v"), "9443a2036ba2037600"],
  ["map entry, nil", (b) => b.onMapKey("k").setTo(null), "9443a2036bc000"],
  ["map entry of a new map", (b) => b.onMapKey("k", { createType: MapOrder.KEY_ORDERED }).setTo(1), "9443a2036b0101"],
  ["number in a map", (b) => b.onMapKey("k").add(-2), "9449a2036bfe00"],
  ["number in a new map", (b) => b.onMapKey(1, { createType: MapOrder.KEY_ORDERED }).add(1n), "9449010101"],
  ["list element", (b) => b.onListIndex(1).setTo("v"), "940901a2037602"],
  ["list element, padded", (b) => b.onListIndex(9, { pad: true }).setTo("v"), "940909a2037600"],
  ["number in a list", (b) => b.onListIndex(0).add(5), "950c00050002"],
  ["number in a new list", (b) => b.onListIndex(0, { order: ListOrderType.ORDERED }).add(5), "950c00050102"],
]);

rows("going further in", [
  ["two keys", (b) => b.onMapKey("a").onMapKey("b").setTo(1), "93ccff9222a203619443a203620100"],
  [
    "every kind of step",
    (b) =>
      b
        .onMapKey("a")
        .onMapIndex(0)
        .onMapRank(1)
        .onMapValue("v")
        .onListIndex(2)
        .onListRank(3)
        .onListValue("w")
        .listClear(),
    "93ccff9e22a2036120002101" + "23a20376" + "10021103" + "13a20377" + "910b",
  ],
  ["a removal", (b) => b.onMapKey("a").onListIndex(-1).remove({ returnType: VALUE }), "93ccff9222a20361932007ff"],
  ["a range", (b) => b.onListIndex(0).onMapKeyRange("a", null).removeAllOthers(), "93ccff9210009354ce00010000a20361"],
  ["listAppend", (b) => b.onMapKey("tags").listAppend("x"), "93ccff9222a5037461677392" + "01a20378"],
  ["listAdd", (b) => b.onMapKey("k").listAdd(1), "93ccff9222a2036b9401010100"],
  ["mapPut", (b) => b.onListIndex(0).mapPut("k", 1), "93ccff9210009443a2036b0100"],
  ["mapClear after a value", (b) => b.onMapValue("v").mapClear(), "93ccff9223a20376914b"],
  [
    "creating a map on the way",
    (b) => b.onMapKey("a", { createType: MapOrder.KEY_ORDERED }).listAppend(1),
    "93ccff92cca2a20361920101",
  ],
  ["creating a list on the way", (b) => b.onListIndex(2, { pad: true }).mapClear(), "93ccff92cc9002914b"],
  [
    "creating an ordered list on the way",
    (b) => b.onListIndex(0, { order: ListOrderType.ORDERED }).mapClear(),
    "93ccff92ccd000914b",
  ],
]);

rows("creating inside of a bin", [
  ["a list under a key", (b) => b.onMapKey("k").listCreate(ListOrderType.ORDERED), "93ccff9262a2036b920001"],
  ["a list at an index", (b) => b.onListIndex(3).listCreate(ListOrderType.UNORDERED), "93ccff925003920000"],
  [
    "a list beyond the end",
    (b) => b.onListIndex(3).listCreate(ListOrderType.ORDERED, { pad: true }),
    "93ccff92cc9003920001",
  ],
  [
    "a map in a map of a given order",
    (b) => b.onMapKey("k", { createType: MapOrder.KEY_ORDERED }).mapCreate(MapOrder.KEY_VALUE_ORDERED),
    "93ccff92cca2a2036b924003",
  ],
  [
    "only the last step",
    (b) => b.onMapKey("a").onMapKey("b").mapCreate(MapOrder.UNORDERED),
    "93ccff9422a2036162a20362924000",
  ],
]);

describe("what navigation refuses", () => {
  const bin = binOf<Value>();

  it("an empty list of keys or values whose others are to be removed from a map", () => {
    expect(() => bin.onMapKeyList([]).removeAllOthers()).toThrow(/can bring the server down/);
    expect(() => bin.onMapValueList([]).removeAllOthers({ returnType: KEY })).toThrow(/can bring the server down/);
  });

  it("INVERTED as a return type, which would remove the opposite", () => {
    // @ts-expect-error INVERTED is no return type of its own
    expect(() => bin.onListValue(1).remove({ returnType: INVERTED })).toThrow(
      /which is inverted: use removeAllOthers\(\)/,
    );
    // @ts-expect-error INVERTED is no return type of its own
    expect(() => bin.onMapKeyRange("a", "b").removeAllOthers({ returnType: INVERTED })).toThrow(TypeError);
  });

  it("return types of maps for lists", () => {
    // @ts-expect-error lists have no keys
    expect(() => bin.onListIndex(0).remove({ returnType: KEY })).toThrow(
      "returnType is 6; expected one of NONE, INDEX",
    );
  });

  it("keys that no map can hold", () => {
    expect(() => bin.onMapKey(1.5)).toThrow('bin "b", key: 1.5 can\'t be a map key');
    // @ts-expect-error no map key
    expect(() => bin.onMapKeyList([true])).toThrow('bin "b", keys[0]: true can\'t be a map key');
  });

  it("positions that are none, at the call", () => {
    expect(() => bin.onListIndex(2 ** 31)).toThrow(RangeError);
    expect(() => bin.onMapRankRange(0, -1)).toThrow(RangeError);
    expect(() => bin.onListIndex(-1, { pad: true })).toThrow(
      "index of a padded list is -1; expected an integer from 0",
    );
    expect(() => bin.onListIndex(-2, { order: ListOrderType.ORDERED })).toThrow(RangeError);
    expect(() => bin.onListIndex(-2).listCreate(ListOrderType.ORDERED)).toThrow(RangeError);
    expect(() => bin.onListIndex(0, { pad: true, order: ListOrderType.ORDERED })).toThrow(/pad is for unordered lists/);
  });

  it("setting an element of an ordered list", () => {
    const element = bin.onListIndex(0, { order: ListOrderType.ORDERED });
    expect(() => element.setTo(1)).toThrow(/use listAdd\(\)/);
  });

  it("creating where there is neither index nor key, or what only whole bins can have", () => {
    expect(() => bin.onMapRank(0).mapCreate(MapOrder.UNORDERED)).toThrow(/at an index of a list or under a key/);
    expect(() => bin.listCreate(ListOrderType.UNORDERED, { pad: true })).toThrow(/inside of another one/);
    const nested = bin.onMapKey("k");
    expect(() => nested.listCreate(ListOrderType.UNORDERED, { persistIndex: true })).toThrow(/for whole bins/);
    expect(() => nested.mapCreate(MapOrder.UNORDERED, { persistIndex: true })).toThrow(/for whole bins/);
    expect(() => nested.mapPut("a", 1, { persistIndex: true })).toThrow(/for whole bins/);
    expect(() => nested.mapUpsertItems({}, { persistIndex: true })).toThrow(/for whole bins/);
    expect(() => nested.mapIncrement("a", 1, { persistIndex: true })).toThrow(/for whole bins/);
  });

  it("anything further after a selector of several places", () => {
    const range = bin.onMapKeyRange("a", "b");
    // @ts-expect-error a range has no way further in
    expect(() => range.mapClear()).toThrow("mapClear() has no one place to work on after a selector of several");
    // @ts-expect-error a range has no way further in
    expect(() => range.listClear()).toThrow(TypeError);
    // @ts-expect-error a range has no way further in
    expect(() => range.onMapKey("a")).toThrow(TypeError);
    // @ts-expect-error a range can't be set
    expect(() => range.setTo(1)).toThrow(TypeError);
    // @ts-expect-error a range has no way further in
    expect(() => bin.onListIndexRange(0).listSort()).toThrow(TypeError);
    expect(shapeOf(range.remove())).toEqual(["CDT_MODIFY", "945400a20361a20362"]);
  });

  it("setting a place without index or key", () => {
    // @ts-expect-error a rank can't be set
    expect(() => bin.onListRank(0).setTo(1)).toThrow(TypeError);
    // @ts-expect-error a value can't be set
    expect(() => bin.onMapValue(1).add(1)).toThrow(TypeError);
  });
});
