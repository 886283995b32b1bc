import { describe, expect, it } from "vitest";
import type { Value } from "../../../../../protocol/value/value.js";
import { HllConfig } from "../../../../../src/records/bins/index.js";
import { binOf } from "../../../../support/bin-writes.js";

const bin = binOf<Value>("tags");

describe("values that are of no Aerospike type", () => {
  it.each<[string, () => unknown]>([
    // @ts-expect-error
    ['bin "tags", value: a Date has no Aerospike type', () => bin.setTo(new Date(0))],
    // @ts-expect-error
    ['bin "tags", value: undefined has no Aerospike type', () => bin.setTo(undefined)],
    // @ts-expect-error
    ['bin "tags", value.a[1]: a function has no Aerospike type', () => bin.setTo({ a: [1, () => 1] })],
    ['bin "tags", value: 9223372036854775808n does not fit', () => bin.setTo(2n ** 63n)],
    ['bin "tags", value: the string holds half a surrogate pair', () => bin.setTo("\ud800")],
    // @ts-expect-error
    ['bin "tags", value: a symbol has no Aerospike type', () => bin.listAppend(Symbol("x"))],
    // @ts-expect-error
    ['bin "tags", values[1]: a Date has no Aerospike type', () => bin.listAppendItems([1, new Date(0)])],
    // @ts-expect-error
    ['bin "tags": expected values to be an array, got "abc"', () => bin.listAddItems("abc")],
    // @ts-expect-error
    ['bin "tags", items["a"]: a Date has no Aerospike type', () => bin.mapUpsertItems({ a: new Date(0) })],
    ['bin "tags", key: 1.5 can\'t be a map key', () => bin.mapUpsertItems([[1.5, 1]])],
    // @ts-expect-error
    ["or an array of pairs, got a Uint8Array", () => bin.mapUpsertItems(Uint8Array.of(1))],
    // @ts-expect-error
    ["or an array of pairs, got a Date", () => bin.mapUpsertItems(new Date(0))],
    // @ts-expect-error
    ["or an array of pairs, got a Set", () => bin.mapUpsertItems(new Set(["a"]))],
    // @ts-expect-error
    ["or an array of pairs, got an Array", () => bin.mapUpsertItems([["a", 1, 2]])],
    // @ts-expect-error
    ["or an array of pairs, got an Array", () => bin.mapUpsertItems(["ab"])],
    // @ts-expect-error
    ["expected items to be a Map, a plain object or an array of pairs, got null", () => bin.mapUpsertItems(null)],
    // @ts-expect-error
    ['bin "tags", value: a Date has no Aerospike type', () => bin.onMapKey("k").setTo(new Date(0))],
    // @ts-expect-error
    ['bin "tags", value: a Date has no Aerospike type', () => bin.onListValue(new Date(0)).remove()],
  ])("%s", (message, call) => {
    expect(call).toThrow(TypeError);
    expect(call).toThrow(message);
  });

  it("keys that are twice among the pairs", () => {
    expect(() =>
      bin.mapUpsertItems([
        ["a", 1],
        ["a", 2],
      ]),
    ).toThrow('bin "tags", items: the key "a" occurs twice');
    expect(() =>
      bin.mapUpsertItems([
        [1, 1],
        [1n, 2],
      ]),
    ).toThrow("the map has the key 1n twice");
  });
});

describe("numbers and text", () => {
  it.each<[string, () => unknown]>([
    // @ts-expect-error
    ['bin "tags", amount is "1"; expected a number, bigint or double()', () => bin.add("1")],
    // @ts-expect-error
    ['bin "tags", amount is null', () => bin.add(null)],
    ['bin "tags", amount: 9007199254740992 is beyond the integers', () => bin.add(2 ** 53)],
    ['bin "tags", amount: 9223372036854775808n does not fit', () => bin.add(2n ** 63n)],
    // @ts-expect-error
    ['bin "tags": expected value to be a string or a Uint8Array, got 1', () => bin.append(1)],
    // @ts-expect-error
    ['bin "tags": expected value to be a string or a Uint8Array, got null', () => bin.prepend(null)],
    ['bin "tags", value: the string holds half a surrogate pair', () => bin.append("\udfff")],
    // @ts-expect-error
    ["amount is true", () => bin.listIncrement(0, true)],
    ["amount: 9007199254740992 is", () => bin.onMapKey("k").add(2 ** 53)],
    // @ts-expect-error
    ['amount is "1"', () => bin.onListIndex(0).add("1")],
  ])("%s", (message, call) => {
    expect(call).toThrow(message);
  });
});

describe("expressions", () => {
  it("must be text or an expression", () => {
    // @ts-expect-error
    expect(() => bin.upsertFrom(5)).toThrow('bin "tags": expected AEL text or an Exp, got 5');
    // @ts-expect-error
    expect(() => bin.upsertFrom({ packed: "c0" })).toThrow(/expected AEL text or an Exp, got an Object/);
  });

  it("pass on the error of text that does not compile", () => {
    expect(() => bin.updateFrom("$.a +")).toThrow("line 1:6: Syntax error: expected a value");
  });
});

describe("sketches and bits", () => {
  it.each<[string, () => unknown]>([
    ["indexBits is 3; expected an integer from 4 to 16", () => HllConfig.of(3)],
    ["indexBits and minhashBits are 16 and 51", () => HllConfig.of(16, 51)],
    [
      "flags can't hold both CREATE_ONLY and UPDATE_ONLY",
      () => bin.hllInit({}, { createOnly: true, updateOnly: true }),
    ],
    ["values is empty", () => bin.hllAdd([])],
    ["values[0]: an Array can't be counted", () => bin.hllAdd([[1]])],
    ["sketches is empty", () => bin.hllSetUnion([])],
    ["can't hold both GROW_ONLY and SHRINK_ONLY", () => bin.bitResize(1, { growOnly: true, shrinkOnly: true })],
    ["flags can't hold both", () => bin.bitResize(1, { createOnly: true, updateOnly: true })],
    // @ts-expect-error only resize and insert create
    ['bitSet: there is no option "createOnly"', () => bin.bitSet(0, 1, Uint8Array.of(1), { createOnly: true })],
    ["bitSize is 65", () => bin.bitAdd(0, 65, 1)],
  ])("%s", (message, call) => {
    expect(call).toThrow(message);
  });
});

describe("options that do not exist", () => {
  const sketch = HllConfig.of(12);
  it.each<[string, (options: never) => unknown]>([
    ["listAppend", (o) => bin.listAppend("a", o)],
    ["listAdd", (o) => bin.listAdd("a", o)],
    ["listAppendItems", (o) => bin.listAppendItems(["a"], o)],
    ["listAddItems", (o) => bin.listAddItems(["a"], o)],
    ["listInsert", (o) => bin.listInsert(0, "a", o)],
    ["listInsertItems", (o) => bin.listInsertItems(0, ["a"], o)],
    ["listSet", (o) => bin.listSet(0, "a", o)],
    ["listCreate", (o) => bin.listCreate(0, o)],
    ["mapPut", (o) => bin.mapPut("k", 1, o)],
    ["mapInsert", (o) => bin.mapInsert("k", 1, o)],
    ["mapUpdate", (o) => bin.mapUpdate("k", 1, o)],
    ["mapUpsertItems", (o) => bin.mapUpsertItems({ k: 1 }, o)],
    ["mapInsertItems", (o) => bin.mapInsertItems({ k: 1 }, o)],
    ["mapUpdateItems", (o) => bin.mapUpdateItems({ k: 1 }, o)],
    ["mapIncrement", (o) => bin.mapIncrement("k", 1, o)],
    ["mapDecrement", (o) => bin.mapDecrement("k", 1, o)],
    ["mapCreate", (o) => bin.mapCreate(0, o)],
    ["hllInit", (o) => bin.hllInit(sketch, o)],
    ["hllInit", (o) => bin.hllInit(o)],
    ["hllAdd", (o) => bin.hllAdd(["a"], o)],
    ["hllAdd", (o) => bin.hllAdd(["a"], { config: o })],
    ["hllSetUnion", (o) => bin.hllSetUnion([], o)],
    ["bitResize", (o) => bin.bitResize(1, o)],
    ["bitInsert", (o) => bin.bitInsert(0, Uint8Array.of(1), o)],
    ["bitRemove", (o) => bin.bitRemove(0, 1, o)],
    ["bitSet", (o) => bin.bitSet(0, 8, Uint8Array.of(1), o)],
    ["bitNot", (o) => bin.bitNot(0, 8, o)],
    ["bitLshift", (o) => bin.bitLshift(0, 8, 1, o)],
    ["bitAdd", (o) => bin.bitAdd(0, 8, 1, o)],
    ["bitSetInt", (o) => bin.bitSetInt(0, 8, 1, o)],
    ["insertFrom", (o) => bin.insertFrom("$.a + 1", o)],
    ["updateFrom", (o) => bin.updateFrom("$.a + 1", o)],
    ["upsertFrom", (o) => bin.upsertFrom("$.a + 1", o)],
    ["onMapKey", (o) => bin.onMapKey("k", o)],
    ["onListIndex", (o) => bin.onListIndex(0, o)],
    ["remove", (o) => bin.onMapKey("k").remove(o)],
    ["removeAllOthers", (o) => bin.onListIndexRange(0).removeAllOthers(o)],
  ])("%s refuses them, and what is no object", (method, call) => {
    const options: unknown = { nofail: true };
    expect(() => call(options as never)).toThrow(TypeError);
    expect(() => call(options as never)).toThrow(`${method}: there is no option "nofail".`);
    const text: unknown = "noFail";
    expect(() => call(text as never)).toThrow(`${method}: expected an object of options, got "noFail"`);
  });
});
