import { describe, expect, it } from "vitest";
import * as bit from "../../../../protocol/cdt/bit.js";
import { encodePayload } from "../../../../protocol/cdt/call.js";
import {
  BitWriteFlags,
  HLLWriteFlags,
  INVERTED,
  ListReturnType,
  MapReturnType,
} from "../../../../protocol/cdt/flags.js";
import * as hll from "../../../../protocol/cdt/hll.js";
import * as list from "../../../../protocol/cdt/list.js";
import * as listBy from "../../../../protocol/cdt/list-selectors.js";
import * as map from "../../../../protocol/cdt/map.js";
import * as mapBy from "../../../../protocol/cdt/map-selectors.js";
import { selectorOperations } from "../../../../protocol/cdt/operations.js";
import { Computed } from "../../../../protocol/cdt/param.js";
import { getBy, removeBy } from "../../../../protocol/cdt/selector.js";
import { Hll } from "../../../../protocol/value/hll.js";
import { INFINITY, WILDCARD } from "../../../../protocol/value/special.js";

const computed = () => new Computed();
/** A literal list that has elements. */
const filled = () => new Computed(true);

describe("positions and counts", () => {
  it.each<[string, () => unknown]>([
    ["index is 2147483648", () => list.listGet(2 ** 31)],
    ["index is -2147483649", () => list.listPop(-(2 ** 31) - 1)],
    ["rank is 2147483648", () => listBy.listByRank(2n ** 31n)],
    ["count is -1", () => list.listGetRange(0, -1)],
    ["count is -1", () => list.listTrim(0, -1)],
    ["count is 2147483648", () => mapBy.mapByIndexRange(0, 2 ** 31)],
    ["index is 8388608", () => list.listInsert(8 * 1024 * 1024, "far")],
    ["index is 8388608", () => list.listSet(8 * 1024 * 1024, "far")],
    ["index is 8388608", () => list.listIncrement(8 * 1024 * 1024)],
  ])("RangeError: %s", (message, make) => {
    expect(make).toThrow(RangeError);
    expect(make).toThrow(message);
  });

  it.each([0.5, Number.NaN, Number.POSITIVE_INFINITY, "1", null, {}, [1]])("TypeError: %j is no index", (index) => {
    // @ts-expect-error no index
    expect(() => list.listGet(index)).toThrow(TypeError);
    // @ts-expect-error no index
    expect(() => mapBy.mapByRankRange(index)).toThrow(TypeError);
  });

  it("passes computed ones, which the server checks", () => {
    expect(list.listGet(computed()).params).toHaveLength(1);
  });
});

describe("flags and orders", () => {
  it.each<[string, () => unknown]>([
    // @ts-expect-error descending and drop duplicates don't go together
    ["flags is 3; expected one of DEFAULT (0), DESCENDING (1), DROP_DUPLICATES (2)", () => list.listSort(3)],
    ["flags is 16", () => list.listAppend(1, { flags: 16 })],
    ["flags is -1", () => list.listSet(0, 1, -1)],
    // @ts-expect-error no order
    ["order is 2", () => list.listSetOrder(2)],
    // @ts-expect-error no order
    ["order is 2", () => map.mapSetOrder(2)],
    ["flags is 16", () => map.mapPut("k", 1, { flags: 16 })],
    ["flags can't hold both CREATE_ONLY and UPDATE_ONLY", () => map.mapPutItems({ k: 1 }, { flags: 3 })],
    [
      "flags is 8; expected a sum of DEFAULT (0), CREATE_ONLY (1)",
      () => bit.bitResize(1, { flags: BitWriteFlags.PARTIAL }),
    ],
    ["flags is 1", () => bit.bitSet(0, 1, Uint8Array.of(1), BitWriteFlags.CREATE_ONLY)],
    ["flags is 8", () => bit.bitAdd(0, 8, 1, { flags: BitWriteFlags.PARTIAL })],
    ["flags can't hold both", () => bit.bitInsert(0, Uint8Array.of(1), 3)],
    ["resizeFlags can't hold both GROW_ONLY and SHRINK_ONLY", () => bit.bitResize(1, { resizeFlags: 6 })],
    ["flags is 2", () => hll.hllAdd([1], {}, HLLWriteFlags.UPDATE_ONLY)],
    ["flags is 8", () => hll.hllInit({ indexBits: 8 }, HLLWriteFlags.ALLOW_FOLD)],
    ["flags can't hold both", () => hll.hllInit({ indexBits: 8 }, 3)],
    // @ts-expect-error saturate and wrap don't go together
    ["overflow is 6; expected one of FAIL (0), SATURATE (2), WRAP (4)", () => bit.bitAdd(0, 8, 1, { overflow: 6 })],
  ])("%s", (message, make) => {
    expect(make).toThrow(message);
  });
});

describe("return types", () => {
  const list10 = listBy.listByIndexRange(0);

  it.each<[string, () => unknown]>([
    ["returnType is 6", () => getBy(list10, MapReturnType.KEY)],
    ["returnType is 8", () => getBy(list10, MapReturnType.KEY_VALUE)],
    ["returnType is 16", () => getBy(list10, MapReturnType.UNORDERED_MAP)],
    ["returnType is 14; expected one of NONE, INDEX", () => getBy(mapBy.mapByIndex(0), 14)],
    ["returnType is -1", () => getBy(mapBy.mapByIndex(0), -1)],
    ["returnType is 131072", () => getBy(mapBy.mapByIndex(0), 0x20000)],
    ["INDEX_RANGE does not apply", () => getBy(mapBy.mapByRankRange(0), MapReturnType.INDEX_RANGE)],
    ["RANK_RANGE does not apply", () => getBy(mapBy.mapByKeyRange("a"), MapReturnType.RANK_RANGE)],
    ["INDEX_RANGE does not apply", () => getBy(listBy.listByValueList([1]), ListReturnType.INDEX_RANGE)],
    ["RANK does not apply to a list of keys", () => getBy(mapBy.mapByKeyList(["a"]), MapReturnType.RANK)],
    ["can't be inverted", () => getBy(listBy.listByIndex(0), ListReturnType.VALUE | INVERTED)],
    ["can't be inverted", () => removeBy(mapBy.mapByKey("a"), INVERTED)],
    ["INDEX_RANGE can't be inverted", () => getBy(list10, ListReturnType.INDEX_RANGE | INVERTED)],
    ["EXISTS can't be inverted; use COUNT", () => getBy(list10, ListReturnType.EXISTS | INVERTED)],
  ])("%s", (message, make) => {
    expect(make).toThrow(message);
  });

  it("takes all four ranges of neighbours for a list, whose order is not known", () => {
    for (const returnType of [9, 10, 11, 12]) {
      expect(getBy(list10, returnType).params[0]).toEqual({ kind: "stored", name: "returnType", value: returnType });
    }
  });
});

describe("empty lists of keys and values on maps", () => {
  const inverted = [
    MapReturnType.NONE,
    MapReturnType.COUNT,
    MapReturnType.KEY,
    MapReturnType.VALUE,
    MapReturnType.KEY_VALUE,
  ];
  const selectors = [
    mapBy.mapByKeyList([]),
    mapBy.mapByValueList([]),
    mapBy.mapByKeyList(computed()),
    mapBy.mapByValueList(computed()),
  ];

  it.each(inverted)("can't be inverted, return type %i", (returnType) => {
    for (const selector of selectors.filter((_, i) => i !== 4)) {
      expect(() => getBy(selector, returnType | INVERTED)).toThrow(/can bring the server down/);
      expect(() => removeBy(selector, returnType | INVERTED)).toThrow(RangeError);
    }
  });

  it("are fine as they are", () => {
    for (const selector of selectors)
      expect(getBy(selector, MapReturnType.KEY).operation.code).toBe(
        selectorOperations(selector.on, selector.kind).read.code,
      );
  });

  it("can be inverted when they hold something, and on lists", () => {
    const keys = MapReturnType.KEY | INVERTED;
    expect(getBy(mapBy.mapByKeyList(["a"]), keys).operation.code).toBe(107);
    expect(getBy(mapBy.mapByKeyList(filled()), keys).operation.code).toBe(107);
    expect(getBy(mapBy.mapByValueList(filled()), keys).operation.code).toBe(108);
    expect(removeBy(listBy.listByValueList([]), INVERTED).operation.code).toBe(36);
  });
});

describe("map keys", () => {
  it.each([1.5, Number.NaN, 2 ** 53, 2n ** 63n, null, undefined, true, [1], {}, WILDCARD, () => 1])(
    "%s is none",
    (key) => {
      // @ts-expect-error no map key
      expect(() => map.mapPut(key, 1)).toThrow(TypeError);
      // @ts-expect-error no map key
      expect(() => map.mapIncrement(key)).toThrow(TypeError);
      // @ts-expect-error no map key
      expect(() => mapBy.mapByKey(key)).toThrow(TypeError);
      // @ts-expect-error no map key
      expect(() => mapBy.mapByKeyList(["a", key])).toThrow("keys[1]: ");
      // @ts-expect-error no map key
      expect(() => mapBy.mapByKeyRelIndexRange(key, 0)).toThrow(TypeError);
      // @ts-expect-error no map key
      expect(() => encodePayload(map.mapPutItems(new Map([[key, 1]])))).toThrow(TypeError);
    },
  );

  it("can't be there twice once both are Aerospike keys", () => {
    const items = new Map<number | bigint, number>([
      [1, 1],
      [1n, 2],
    ]);
    expect(() => encodePayload(map.mapPutItems(items))).toThrow("items: the map has the key 1n twice");
  });

  it("travel sorted, whatever order they were put in", () => {
    const items = new Map<string | number | Uint8Array, number>([
      [Uint8Array.of(1), 1],
      ["b", 2],
      ["a", 3],
      [-1, 4],
      [5, 5],
    ]);
    const payload = Buffer.from(encodePayload(map.mapPutItems(items))).toString("hex");
    expect(payload).toBe("934486c70001c0ff040505a2036103a2036202a204010100");
  });

  it("bound ranges, open ends and infinity included", () => {
    // @ts-expect-error true is no map key
    expect(() => mapBy.mapByKeyRange("a", true)).toThrow("end: ");
    const range = getBy(mapBy.mapByKeyRange(null, INFINITY), MapReturnType.COUNT);
    expect(Buffer.from(encodePayload(range)).toString("hex")).toBe("946705c0d4ff01");
  });
});

describe("values", () => {
  it.each<[string, () => unknown]>([
    // @ts-expect-error of the wrong type
    ['values is "abc"; expected an array', () => list.listAppendItems("abc")],
    // @ts-expect-error of the wrong type
    ["keys is a Set; expected an array", () => mapBy.mapByKeyList(new Set(["a"]))],
    // @ts-expect-error of the wrong type
    ["items is an Array; expected a Map or a plain object", () => map.mapPutItems([["a", 1]])],
    // @ts-expect-error of the wrong type
    ["items is null", () => map.mapPutItems(null)],
    // @ts-expect-error of the wrong type
    ['delta is "1"; expected a number, bigint or double()', () => list.listIncrement(0, "1")],
    ["delta: 9007199254740992 is beyond the integers", () => map.mapIncrement("k", 2 ** 53)],
    // @ts-expect-error of the wrong type
    ["value is a String", () => bit.bitInsert(0, new String("x"))],
    ["value is empty; expected at least one byte", () => bit.bitInsert(0, new Uint8Array(0))],
    // @ts-expect-error of the wrong type
    ["value is 1; expected a boolean", () => bit.bitLscan(0, 1, 1)],
    ["value is 0.5; expected a safe integer or a bigint", () => bit.bitSetInt(0, 8, 0.5)],
    ["value is 9223372036854775808n; expected a 64-bit signed integer", () => bit.bitSetInt(0, 64, 2n ** 63n)],
  ])("%s", (message, make) => {
    expect(make).toThrow(message);
  });
});

describe("bits", () => {
  it.each<[string, () => unknown]>([
    ["bitSize is 0; expected an integer from 1 to 1073741824", () => bit.bitGet(0, 0)],
    ["bitSize is -8", () => bit.bitNot(0, -8)],
    ["bitSize is 65; expected an integer from 1 to 64", () => bit.bitGetInt(0, 65)],
    ["bitSize is 0; expected an integer from 1 to 64", () => bit.bitAdd(0, 0, 1)],
    ["bitSize is 65", () => bit.bitSetInt(0, 65, 1)],
    ["bitOffset is 1073741825", () => bit.bitCount(2 ** 30 + 1, 1)],
    ["byteSize is -1", () => bit.bitResize(-1)],
    ["byteSize is 0", () => bit.bitRemove(0, 0)],
    ["byteOffset is 134217729", () => bit.bitInsert(2 ** 27 + 1, Uint8Array.of(1))],
    ["shift is -1", () => bit.bitLshift(0, 8, -1)],
    ["value has 8 bits; expected at least bitSize, 9", () => bit.bitOr(0, 9, Uint8Array.of(1))],
  ])("RangeError: %s", (message, make) => {
    expect(make).toThrow(RangeError);
    expect(make).toThrow(message);
  });
});

describe("sketches", () => {
  it.each<[string, () => unknown]>([
    ["indexBits is 3; expected an integer from 4 to 16", () => hll.hllInit({ indexBits: 3 })],
    ["indexBits is 17", () => hll.hllFold(17)],
    [
      "minhashBits (when not 0) is 3; expected an integer from 4 to 51",
      () => hll.hllInit({ indexBits: 8, minhashBits: 3 }),
    ],
    ["minhashBits (when not 0) is 52", () => hll.hllAdd([1], { indexBits: 8, minhashBits: 52 })],
    [
      "indexBits and minhashBits are 14 and 51; expected at most 64 together",
      () => hll.hllInit({ indexBits: 14, minhashBits: 51 }),
    ],
    ["values is empty; expected at least one", () => hll.hllAdd([])],
    ["values is empty", () => hll.hllMayContain([])],
    ["sketches is empty", () => hll.hllSetUnion([])],
    ["values[1]: an Array can't be counted", () => hll.hllAdd([1, [2]])],
    ["values[0]: an Object can't be counted", () => hll.hllMayContain([{ a: 1 }])],
    // @ts-expect-error of the wrong type
    ["sketches[0]: expected an Hll, got a Uint8Array", () => hll.hllGetUnion([new Uint8Array(59)])],
    ["sketches[0]: these 3 bytes are no sketch", () => hll.hllGetUnion([new Hll(Uint8Array.of(0, 6, 0))])],
    ["sketches[0]: these 20 bytes are no sketch", () => hll.hllGetUnion([new Hll(new Uint8Array(20))])],
  ])("%s", (message, make) => {
    expect(make).toThrow(message);
  });

  it("pass when they have the size that their bits need", () => {
    const bytes = new Uint8Array(11 + (16 * 6) / 8);
    bytes[1] = 4;
    expect(hll.hllGetUnion([new Hll(bytes)]).operation.code).toBe(51);
  });
});
