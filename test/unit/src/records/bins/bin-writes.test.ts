import { describe, expect, it } from "vitest";
import { BitwiseOverflowActions, ListOrderType, ListSortFlags, MapOrder } from "../../../../../protocol/cdt/flags.js";
import type { Op } from "../../../../../protocol/message/op.js";
import { double } from "../../../../../protocol/value/double.js";
import { GeoJson } from "../../../../../protocol/value/geojson.js";
import { Hll } from "../../../../../protocol/value/hll.js";
import type { Value } from "../../../../../protocol/value/value.js";
import { HllConfig, type NextIs, type WriteBin } from "../../../../../src/records/bins/index.js";
import { binOf, shapeOf } from "../../../../support/bin-writes.js";

type Bin = WriteBin<NextIs<Op>, Value>;
type Row = readonly [call: string, add: (bin: Bin) => Op, code: string, payload: unknown];

const bytes = (...values: number[]) => Uint8Array.from(values);
const sketch = new Hll(bytes(0, 4, 0, ...new Array(20).fill(0)));
const sketchHex = `b8120004${"00".repeat(21)}`;

function rows(title: string, table: readonly Row[]): void {
  describe(title, () => {
    it.each(table)("%s", (_, add, code, payload) => {
      const op = add(binOf<Value>());
      expect(op.bin).toBe("b");
      expect(shapeOf(op)).toEqual([code, payload]);
    });
  });
}

rows("scalars", [
  ["setTo(5)", (b) => b.setTo(5), "WRITE", 5],
  ["setTo(list)", (b) => b.setTo([1, "a"]), "WRITE", [1, "a"]],
  ["setTo(null)", (b) => b.setTo(null), "WRITE", null],
  ["setToGeoJson(text)", (b) => b.setToGeoJson('{"type":"Point"}'), "WRITE", new GeoJson('{"type":"Point"}')],
  ["setToGeoJson(object)", (b) => b.setToGeoJson({ type: "Point" }), "WRITE", new GeoJson('{"type":"Point"}')],
  ["add(1)", (b) => b.add(1), "INCR", 1],
  ["add(-1n)", (b) => b.add(-1n), "INCR", -1n],
  ["add(double(1))", (b) => b.add(double(1)), "INCR", double(1)],
  ["append(text)", (b) => b.append("!"), "APPEND", "!"],
  ["prepend(bytes)", (b) => b.prepend(bytes(1)), "PREPEND", bytes(1)],
  ["remove()", (b) => b.remove(), "WRITE", null],
]);

rows("list writes", [
  ["listAppend(1)", (b) => b.listAppend(1), "CDT_MODIFY", "920101"],
  ["listAppend, unique", (b) => b.listAppend(1, { unique: true, noFail: true }), "CDT_MODIFY", "9401010005"],
  ["listAdd(1)", (b) => b.listAdd(1), "CDT_MODIFY", "9401010100"],
  ["listAdd, unique", (b) => b.listAdd(1, { unique: true }), "CDT_MODIFY", "9401010101"],
  ["listAppendItems", (b) => b.listAppendItems([1, "a"]), "CDT_MODIFY", "92029201a20361"],
  [
    "listAppendItems, partial",
    (b) => b.listAppendItems([1], { unique: true, noFail: true, partial: true }),
    "CDT_MODIFY",
    "94029101000d",
  ],
  ["listAddItems", (b) => b.listAddItems([2, 1]), "CDT_MODIFY", "94029202010100"],
  ["listInsert", (b) => b.listInsert(0, "a"), "CDT_MODIFY", "930300a20361"],
  ["listInsert, bounded", (b) => b.listInsert(9, "a", { bounded: true }), "CDT_MODIFY", "940309a2036102"],
  ["listInsertItems", (b) => b.listInsertItems(1, [1, 2]), "CDT_MODIFY", "930401920102"],
  ["listInsertItems, unique", (b) => b.listInsertItems(1, [1], { unique: true }), "CDT_MODIFY", "940401910101"],
  ["listSet", (b) => b.listSet(-1, null), "CDT_MODIFY", "9309ffc0"],
  ["listSet, bounded", (b) => b.listSet(1, true, { bounded: true }), "CDT_MODIFY", "940901c302"],
  ["listIncrement(0)", (b) => b.listIncrement(0), "CDT_MODIFY", "930c0001"],
  ["listIncrement(0, -5)", (b) => b.listIncrement(0, -5), "CDT_MODIFY", "930c00fb"],
  ["listRemove", (b) => b.listRemove(2), "CDT_MODIFY", "920702"],
  ["listRemoveRange", (b) => b.listRemoveRange(1, 2), "CDT_MODIFY", "93080102"],
  ["listRemoveRange, to the end", (b) => b.listRemoveRange(1), "CDT_MODIFY", "920801"],
  ["listPop", (b) => b.listPop(-1), "CDT_MODIFY", "9205ff"],
  ["listPopRange", (b) => b.listPopRange(0, 3), "CDT_MODIFY", "93060003"],
  ["listTrim", (b) => b.listTrim(1, 3), "CDT_MODIFY", "930a0103"],
  ["listClear", (b) => b.listClear(), "CDT_MODIFY", "910b"],
  ["listSort()", (b) => b.listSort(), "CDT_MODIFY", "920d00"],
  ["listSort, descending", (b) => b.listSort(ListSortFlags.DESCENDING), "CDT_MODIFY", "920d01"],
  ["listCreate", (b) => b.listCreate(ListOrderType.ORDERED), "CDT_MODIFY", "920001"],
  ["listCreate, indexed", (b) => b.listCreate(ListOrderType.ORDERED, { persistIndex: true }), "CDT_MODIFY", "920011"],
  ["listSetOrder", (b) => b.listSetOrder(ListOrderType.UNORDERED), "CDT_MODIFY", "920000"],
]);

rows("map writes", [
  ["mapPut", (b) => b.mapPut("k", 1), "CDT_MODIFY", "9443a2036b0100"],
  [
    "mapPut, ordered and indexed",
    (b) => b.mapPut("k", 1, { order: MapOrder.KEY_ORDERED, persistIndex: true }),
    "CDT_MODIFY",
    "9443a2036b0111",
  ],
  ["mapInsert", (b) => b.mapInsert(7, [1]), "CDT_MODIFY", "954307910100" + "01"],
  ["mapInsert, noFail", (b) => b.mapInsert(7n, 1, { noFail: true }), "CDT_MODIFY", "954307010005"],
  ["mapUpdate", (b) => b.mapUpdate(bytes(9), 1), "CDT_MODIFY", "9543a20409010002"],
  [
    "mapUpsertItems, object",
    (b) => b.mapUpsertItems({ b: 2, a: 1, c: undefined }),
    "CDT_MODIFY",
    "934483c70001c0a2036101a203620200",
  ],
  ["mapUpsertItems, Map", (b) => b.mapUpsertItems(new Map([[1, "x"]])), "CDT_MODIFY", "934482c70001c001a2037800"],
  [
    "mapUpsertItems, pairs",
    (b) =>
      b.mapUpsertItems(
        [
          [2, 2],
          [1, 1],
        ],
        { order: MapOrder.KEY_VALUE_ORDERED },
      ),
    "CDT_MODIFY",
    "934483c70001c00101020203",
  ],
  [
    "mapInsertItems, partial",
    (b) => b.mapInsertItems({ a: 1 }, { noFail: true, partial: true }),
    "CDT_MODIFY",
    "944482c70001c0a2036101000d",
  ],
  ["mapUpdateItems", (b) => b.mapUpdateItems({ a: 1 }), "CDT_MODIFY", "944482c70001c0a20361010002"],
  ["mapIncrement", (b) => b.mapIncrement("k"), "CDT_MODIFY", "9449a2036b0100"],
  ["mapIncrement by 2.5", (b) => b.mapIncrement("k", 2.5), "CDT_MODIFY", "9449a2036bcb400400000000000000"],
  ["mapDecrement", (b) => b.mapDecrement("k", 2, { order: MapOrder.KEY_ORDERED }), "CDT_MODIFY", "944aa2036b0201"],
  ["mapClear", (b) => b.mapClear(), "CDT_MODIFY", "914b"],
  ["mapCreate", (b) => b.mapCreate(MapOrder.KEY_ORDERED), "CDT_MODIFY", "924001"],
  ["mapCreate, indexed", (b) => b.mapCreate(MapOrder.KEY_ORDERED, { persistIndex: true }), "CDT_MODIFY", "924011"],
  ["mapSetPolicy", (b) => b.mapSetPolicy(MapOrder.KEY_VALUE_ORDERED), "CDT_MODIFY", "924003"],
]);

rows("sketch writes", [
  ["hllInit()", (b) => b.hllInit(), "HLL_MODIFY", "9400ffff00"],
  ["hllInit", (b) => b.hllInit({ indexBits: 12 }, { createOnly: true, noFail: true }), "HLL_MODIFY", "94000cff05"],
  ["hllInit, HllConfig", (b) => b.hllInit(HllConfig.of(12, 20), { updateOnly: true }), "HLL_MODIFY", "94000c1402"],
  ["hllAdd", (b) => b.hllAdd(["a", 1]), "HLL_MODIFY", "950192a2036101ffff00"],
  [
    "hllAdd, config",
    (b) => b.hllAdd(["a"], { config: HllConfig.of(8), createOnly: true }),
    "HLL_MODIFY",
    "950191a2036108ff01",
  ],
  ["hllSetUnion", (b) => b.hllSetUnion([sketch]), "HLL_MODIFY", `930291${sketchHex}00`],
  ["hllSetUnion, allowFold", (b) => b.hllSetUnion([sketch], { allowFold: true }), "HLL_MODIFY", `930291${sketchHex}08`],
  ["hllFold", (b) => b.hllFold(6), "HLL_MODIFY", "920406"],
  ["hllRefreshCount", (b) => b.hllRefreshCount(), "HLL_MODIFY", "9103"],
]);

rows("bit writes", [
  ["bitResize", (b) => b.bitResize(8), "BITS_MODIFY", "9400080000"],
  [
    "bitResize, from front",
    (b) => b.bitResize(8, { fromFront: true, growOnly: true, createOnly: true }),
    "BITS_MODIFY",
    "9400080103",
  ],
  ["bitResize, shrinkOnly", (b) => b.bitResize(8, { shrinkOnly: true, updateOnly: true }), "BITS_MODIFY", "9400080204"],
  ["bitInsert", (b) => b.bitInsert(1, bytes(0xff, 0xee)), "BITS_MODIFY", "940101a304ffee00"],
  ["bitRemove", (b) => b.bitRemove(-2, 1, { partial: true }), "BITS_MODIFY", "9402fe0108"],
  ["bitSet", (b) => b.bitSet(13, 3, bytes(0xe0)), "BITS_MODIFY", "95030d03a204e000"],
  ["bitOr", (b) => b.bitOr(0, 8, bytes(1), { noFail: true }), "BITS_MODIFY", "95040008a2040104"],
  ["bitXor", (b) => b.bitXor(0, 8, bytes(1)), "BITS_MODIFY", "95050008a2040100"],
  ["bitAnd", (b) => b.bitAnd(0, 8, bytes(1)), "BITS_MODIFY", "95060008a2040100"],
  ["bitNot", (b) => b.bitNot(0, 8, { updateOnly: true }), "BITS_MODIFY", "9407000802"],
  ["bitLshift", (b) => b.bitLshift(0, 8, 3), "BITS_MODIFY", "950800080300"],
  ["bitRshift", (b) => b.bitRshift(0, 8, 3), "BITS_MODIFY", "950900080300"],
  ["bitAdd", (b) => b.bitAdd(0, 8, 1), "BITS_MODIFY", "960a0008010000"],
  [
    "bitAdd, signed and wrapping",
    (b) => b.bitAdd(0, 8, 1, { signed: true, overflow: BitwiseOverflowActions.WRAP, noFail: true }),
    "BITS_MODIFY",
    "960a0008010405",
  ],
  [
    "bitSubtract, saturating",
    (b) => b.bitSubtract(0, 64, 2n ** 63n - 1n, { overflow: BitwiseOverflowActions.SATURATE }),
    "BITS_MODIFY",
    "960b0040cf7fffffffffffffff0002",
  ],
  ["bitSetInt", (b) => b.bitSetInt(8, 16, 4660), "BITS_MODIFY", "950c0810cd123400"],
]);

const sum = "9314935102a16101";

rows("expression writes", [
  ["insertFrom(ael)", (b) => b.insertFrom("$.a + 1"), "EXP_MODIFY", `92${sum}01`],
  ["updateFrom(ael)", (b) => b.updateFrom("$.a + 1"), "EXP_MODIFY", `92${sum}02`],
  ["upsertFrom(ael)", (b) => b.upsertFrom("$.a + 1"), "EXP_MODIFY", `92${sum}00`],
  [
    "upsertFrom(expression)",
    (b) => b.upsertFrom({ packed: bytes(0xc0) }, { deleteIfNull: true }),
    "EXP_MODIFY",
    "92c004",
  ],
  [
    "insertFrom, nothing fails",
    (b) => b.insertFrom({ packed: bytes(1) }, { ignoreOpFailure: true, ignoreEvalFailure: true }),
    "EXP_MODIFY",
    "920119",
  ],
]);
