import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type AnyBins,
  type BackgroundOperationBuilder,
  type BackgroundWriteBinBuilder,
  BitwiseOverflowActions,
  type DataSet,
  double,
  GeoJson,
  ListOrderType,
  ListSortFlags,
  MapOrder,
  type Value,
} from "../../src/index.js";
import { connectTarget, type TestTarget } from "../support/connect-target.js";

type Bin = BackgroundWriteBinBuilder<BackgroundOperationBuilder<AnyBins>, Value | undefined>;

/** One write operation: what the bin holds before (nothing when undefined), the call, what it holds after. */
type Row = [name: string, before: Value | undefined, write: (bin: Bin) => unknown, after: unknown];

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

const scalars: Row[] = [
  ["setTo integer", "old", (bin) => bin.setTo(5), 5],
  ["setTo bigint beyond 2^53", 1, (bin) => bin.setTo(2n ** 60n), 2n ** 60n],
  ["setTo double", 1, (bin) => bin.setTo(double(5)), 5],
  ["setTo string", 1, (bin) => bin.setTo("naïve 😀"), "naïve 😀"],
  ["setTo boolean", 1, (bin) => bin.setTo(true), true],
  ["setTo bytes", 1, (bin) => bin.setTo(bytes(1, 0, 255)), bytes(1, 0, 255)],
  ["setTo list", 1, (bin) => bin.setTo([1, "a", [true, null]]), [1, "a", [true, null]]],
  ["setTo map", 1, (bin) => bin.setTo({ b: 1, a: { c: [] } }), { a: { c: [] }, b: 1 }],
  [
    "setTo map with integer keys",
    1,
    (bin) =>
      bin.setTo(
        new Map([
          [2, "b"],
          [1, "a"],
        ]),
      ),
    new Map([
      [1, "a"],
      [2, "b"],
    ]),
  ],
  ["setTo null removes", 1, (bin) => bin.setTo(null), undefined],
  [
    "setTo geojson",
    1,
    (bin) => bin.setTo(new GeoJson('{"type":"Point","coordinates":[1.5,2.5]}')),
    new GeoJson('{"type":"Point","coordinates":[1.5,2.5]}'),
  ],
  [
    "setToGeoJson",
    1,
    (bin) => bin.setToGeoJson('{"type":"Point","coordinates":[1.5,2.5]}'),
    new GeoJson('{"type":"Point","coordinates":[1.5,2.5]}'),
  ],
  ["add", 5, (bin) => bin.add(3), 8],
  ["add a negative bigint", 5, (bin) => bin.add(-8n), -3],
  ["add to a missing bin", undefined, (bin) => bin.add(3), 3],
  ["add a double", 1.5, (bin) => bin.add(double(2)), 3.5],
  ["append", "ab", (bin) => bin.append("c"), "abc"],
  ["prepend", "ab", (bin) => bin.prepend("c"), "cab"],
  ["append bytes", bytes(1), (bin) => bin.append(bytes(2)), bytes(1, 2)],
  ["remove", 5, (bin) => bin.remove(), undefined],
];

const lists: Row[] = [
  ["listAppend", [1], (bin) => bin.listAppend(2), [1, 2]],
  ["listAppend to a missing bin", undefined, (bin) => bin.listAppend("x"), ["x"]],
  ["listAppend unique without fail", [1], (bin) => bin.listAppend(1, { unique: true, noFail: true }), [1]],
  ["listAdd keeps order", undefined, (bin) => bin.listAdd(2), [2]],
  ["listAppendItems", [1], (bin) => bin.listAppendItems([3, 2]), [1, 3, 2]],
  ["listAddItems", undefined, (bin) => bin.listAddItems([3, 1, 2]), [1, 2, 3]],
  ["listInsert", [1, 3], (bin) => bin.listInsert(1, 2), [1, 2, 3]],
  ["listInsertItems", [1, 4], (bin) => bin.listInsertItems(1, [2, 3]), [1, 2, 3, 4]],
  ["listSet", [1, 2], (bin) => bin.listSet(-1, 9), [1, 9]],
  ["listIncrement", [1, 2], (bin) => bin.listIncrement(0, 10), [11, 2]],
  ["listRemove", [1, 2, 3], (bin) => bin.listRemove(1), [1, 3]],
  ["listRemoveRange", [1, 2, 3], (bin) => bin.listRemoveRange(1), [1]],
  ["listPop", [1, 2, 3], (bin) => bin.listPop(0), [2, 3]],
  ["listPopRange", [1, 2, 3], (bin) => bin.listPopRange(0, 2), [3]],
  ["listTrim", [1, 2, 3, 4], (bin) => bin.listTrim(1, 2), [2, 3]],
  ["listClear", [1, 2], (bin) => bin.listClear(), []],
  ["listSort", [3, 1, 2], (bin) => bin.listSort(), [1, 2, 3]],
  ["listSort dropping duplicates", [2, 1, 2], (bin) => bin.listSort(ListSortFlags.DROP_DUPLICATES), [1, 2]],
  ["listCreate", undefined, (bin) => bin.listCreate(ListOrderType.ORDERED), []],
  ["listSetOrder", [2, 1], (bin) => bin.listSetOrder(ListOrderType.ORDERED), [1, 2]],
  ["onListIndex setTo", [1, 2], (bin) => bin.onListIndex(1).setTo("b"), [1, "b"]],
  ["onListIndex remove", [1, 2], (bin) => bin.onListIndex(0).remove(), [2]],
  ["onListRank remove", [5, 1, 3], (bin) => bin.onListRank(-1).remove(), [1, 3]],
  ["onListValue remove", [1, 2, 1], (bin) => bin.onListValue(1).remove(), [2]],
  ["onListValueList removeAllOthers", [1, 2, 3], (bin) => bin.onListValueList([1, 3]).removeAllOthers(), [1, 3]],
  ["onListIndexRange remove", [1, 2, 3], (bin) => bin.onListIndexRange(1, 1).remove(), [1, 3]],
  ["onListRankRange remove", [3, 1, 2], (bin) => bin.onListRankRange(0, 2).remove(), [3]],
  ["onListValueRange remove", [1, 2, 3, 4], (bin) => bin.onListValueRange(2, 4).remove(), [1, 4]],
];

const maps: Row[] = [
  ["mapPut", { a: 1 }, (bin) => bin.mapPut("b", 2), { a: 1, b: 2 }],
  ["mapInsert without fail", { a: 1 }, (bin) => bin.mapInsert("a", 2, { noFail: true }), { a: 1 }],
  ["mapUpdate", { a: 1 }, (bin) => bin.mapUpdate("a", 2), { a: 2 }],
  ["mapUpsertItems", { a: 1 }, (bin) => bin.mapUpsertItems({ a: 2, c: 3 }), { a: 2, c: 3 }],
  ["mapInsertItems", { a: 1 }, (bin) => bin.mapInsertItems({ b: 2 }), { a: 1, b: 2 }],
  ["mapUpdateItems", { a: 1 }, (bin) => bin.mapUpdateItems({ a: 3 }), { a: 3 }],
  ["mapIncrement", { a: 1 }, (bin) => bin.mapIncrement("a", 4), { a: 5 }],
  ["mapDecrement", { a: 1 }, (bin) => bin.mapDecrement("a", 4), { a: -3 }],
  ["mapClear", { a: 1 }, (bin) => bin.mapClear(), {}],
  ["mapCreate", undefined, (bin) => bin.mapCreate(MapOrder.KEY_ORDERED), {}],
  ["mapSetPolicy", { a: 1 }, (bin) => bin.mapSetPolicy(MapOrder.KEY_VALUE_ORDERED), { a: 1 }],
  ["onMapKey setTo", { a: 1 }, (bin) => bin.onMapKey("a").setTo([1]), { a: [1] }],
  ["onMapKey add", { a: 1 }, (bin) => bin.onMapKey("a").add(2), { a: 3 }],
  ["onMapKey remove", { a: 1, b: 2 }, (bin) => bin.onMapKey("a").remove(), { b: 2 }],
  ["onMapIndex remove", { a: 1, b: 2 }, (bin) => bin.onMapIndex(0).remove(), { b: 2 }],
  ["onMapRank remove", { a: 9, b: 2 }, (bin) => bin.onMapRank(-1).remove(), { b: 2 }],
  ["onMapValue remove", { a: 1, b: 2, c: 1 }, (bin) => bin.onMapValue(1).remove(), { b: 2 }],
  [
    "onMapKeyList removeAllOthers",
    { a: 1, b: 2, c: 3 },
    (bin) => bin.onMapKeyList(["a", "c"]).removeAllOthers(),
    { a: 1, c: 3 },
  ],
  ["onMapKeyRange remove", { a: 1, b: 2, c: 3 }, (bin) => bin.onMapKeyRange("a", "c").remove(), { c: 3 }],
  ["onMapValueRange remove", { a: 1, b: 2, c: 3 }, (bin) => bin.onMapValueRange(2, 4).remove(), { a: 1 }],
];

const nested: Row[] = [
  ["a list in a map", { l: [1] }, (bin) => bin.onMapKey("l").listAppend(2), { l: [1, 2] }],
  ["a map in a list", [{ a: 1 }], (bin) => bin.onListIndex(0).onMapKey("a").add(1), [{ a: 2 }]],
  [
    "three levels",
    { a: { b: [[1]] } },
    (bin) => bin.onMapKey("a").onMapKey("b").onListIndex(0).listAppend(2),
    { a: { b: [[1, 2]] } },
  ],
  [
    "a level that is made on the way",
    {},
    (bin) => bin.onMapKey("n", { createType: MapOrder.KEY_ORDERED }).mapPut("x", 1),
    { n: { x: 1 } },
  ],
  ["clearing a nested map", { a: { b: 1 }, c: 2 }, (bin) => bin.onMapKey("a").mapClear(), { a: {}, c: 2 }],
];

const bits: Row[] = [
  ["bitResize", bytes(1), (bin) => bin.bitResize(3), bytes(1, 0, 0)],
  ["bitInsert", bytes(1, 2), (bin) => bin.bitInsert(1, bytes(9)), bytes(1, 9, 2)],
  ["bitRemove", bytes(1, 2, 3), (bin) => bin.bitRemove(0, 1), bytes(2, 3)],
  ["bitSet", bytes(0), (bin) => bin.bitSet(0, 4, bytes(0xf0)), bytes(0xf0)],
  ["bitOr", bytes(0x0f), (bin) => bin.bitOr(0, 8, bytes(0xf0)), bytes(0xff)],
  ["bitXor", bytes(0xff), (bin) => bin.bitXor(0, 8, bytes(0x0f)), bytes(0xf0)],
  ["bitAnd", bytes(0xff), (bin) => bin.bitAnd(0, 8, bytes(0x3c)), bytes(0x3c)],
  ["bitNot", bytes(0x0f), (bin) => bin.bitNot(0, 8), bytes(0xf0)],
  ["bitLshift", bytes(0x01), (bin) => bin.bitLshift(0, 8, 3), bytes(0x08)],
  ["bitRshift", bytes(0x80), (bin) => bin.bitRshift(0, 8, 7), bytes(0x01)],
  ["bitAdd", bytes(250), (bin) => bin.bitAdd(0, 8, 10, { overflow: BitwiseOverflowActions.SATURATE }), bytes(255)],
  ["bitSubtract", bytes(5), (bin) => bin.bitSubtract(0, 8, 6, { overflow: BitwiseOverflowActions.WRAP }), bytes(255)],
  ["bitSetInt", bytes(0, 0), (bin) => bin.bitSetInt(0, 16, 258), bytes(1, 2)],
];

const expressions: Row[] = [
  ["upsertFrom", 5, (bin) => bin.upsertFrom("$.n + 1"), 8],
  ["insertFrom into a missing bin", undefined, (bin) => bin.insertFrom("$.n * 2"), 14],
  ["insertFrom leaves a bin alone without fail", 5, (bin) => bin.insertFrom("$.n:INT", { ignoreOpFailure: true }), 5],
  ["updateFrom", 5, (bin) => bin.updateFrom("$.n - 1"), 6],
  ["upsertFrom that can't be evaluated", 5, (bin) => bin.upsertFrom("$.missing + 1", { ignoreEvalFailure: true }), 5],
];

let target: TestTarget;
let set: DataSet;
let rows = 0;

beforeAll(async () => {
  target = await connectTarget();
  set = target.dataSet();
});

afterAll(async () => {
  await target[Symbol.asyncDispose]();
});

/** Runs one operation as a background job over one record of the shared set; it holds `n: 7` and, maybe, the bin `b`. */
async function apply(before: Value | undefined, write: (bin: Bin) => unknown): Promise<unknown> {
  const row = rows++;
  const key = set.id(row);
  await target.session.put(key, before === undefined ? { row, n: 7 } : { row, n: 7, b: before });
  const builder = target.session.backgroundTask().update(set).where("$.row == ?0", row);
  write(builder.bin("b"));
  const summary = await (await builder.execute()).waitTillComplete({ totalTimeout: 20_000 });
  expect(summary).toMatchObject({ state: "done", succeeded: 1, failed: 0 });
  return (await target.session.get(key)).bins["b"];
}

describe.concurrent.each([
  ["scalars", scalars],
  ["lists", lists],
  ["maps", maps],
  ["nested values", nested],
  ["bits", bits],
  ["expressions", expressions],
])("%s", (_, rows) => {
  it.each(rows)("%s", async (_name, before, write, after) => {
    expect(await apply(before, write)).toEqual(after);
  });
});

describe("HyperLogLog", () => {
  it("is made, filled, joined and folded", async () => {
    const row = rows++;
    await target.session.put(set.id(row), { row });
    const task = await target.session
      .backgroundTask()
      .update(set)
      .where("$.row == ?0", row)
      .bin("h")
      .hllInit({ indexBits: 8 })
      .bin("h")
      .hllAdd(["a", "b", "c"])
      .bin("h")
      .hllRefreshCount()
      .bin("h")
      .hllFold(6)
      .bin("g")
      .hllAdd(["c", "d"], { config: { indexBits: 8 } })
      .execute();
    await expect(task.waitTillComplete({ totalTimeout: 20_000 })).resolves.toMatchObject({ succeeded: 1, failed: 0 });
    await expect(target.session.backgroundTask().touch(set).where("$.h.hllCount() == 3").count()).resolves.toBe(1);
    await expect(target.session.backgroundTask().touch(set).where("$.g.hllCount() == 2").count()).resolves.toBe(1);
  });
});
