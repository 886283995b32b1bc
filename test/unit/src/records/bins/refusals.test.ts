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
    ['bin "tags", values is "abc"; an array is due', () => bin.listAddItems("abc")],
    // @ts-expect-error
    ['bin "tags", items["a"]: a Date has no Aerospike type', () => bin.mapUpsertItems({ a: new Date(0) })],
    ['bin "tags", key: 1.5 can\'t be a map key', () => bin.mapUpsertItems([[1.5, 1]])],
    // @ts-expect-error
    ["items is a Uint8Array; a Map", () => bin.mapUpsertItems(Uint8Array.of(1))],
    // @ts-expect-error
    ["items is a Date; a Map", () => bin.mapUpsertItems(new Date(0))],
    // @ts-expect-error
    ["items is a Set; a Map", () => bin.mapUpsertItems(new Set(["a"]))],
    // @ts-expect-error
    ["items is an Array; a Map", () => bin.mapUpsertItems([["a", 1, 2]])],
    // @ts-expect-error
    ["items is an Array; a Map", () => bin.mapUpsertItems(["ab"])],
    // @ts-expect-error
    ["items is null; a Map, a plain object or an array of pairs is due", () => bin.mapUpsertItems(null)],
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
    ).toThrow('bin "tags", items hold the key "a" twice');
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
    ['bin "tags", amount is "1"; a number, bigint or double() is due', () => bin.add("1")],
    // @ts-expect-error
    ['bin "tags", amount is null', () => bin.incrementBy(null)],
    ['bin "tags", amount: 9007199254740992 is beyond the integers', () => bin.add(2 ** 53)],
    ['bin "tags", amount: 9223372036854775808n does not fit', () => bin.add(2n ** 63n)],
    // @ts-expect-error
    ['bin "tags", value is 1; a string or a Uint8Array is due', () => bin.append(1)],
    // @ts-expect-error
    ['bin "tags", value is null', () => bin.prepend(null)],
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
    expect(() => bin.upsertFrom(5)).toThrow('bin "tags": 5 is no expression; AEL text or an Exp is due');
    // @ts-expect-error
    expect(() => bin.upsertFrom({ packed: "c0" })).toThrow(/is no expression/);
  });

  it("pass on the error of text that does not compile", () => {
    expect(() => bin.updateFrom("$.a +")).toThrow("no expression: $.a +");
  });
});

describe("sketches and bits", () => {
  it.each<[string, () => unknown]>([
    ["indexBits is 3; an integer from 4 to 16 is due", () => HllConfig.of(3)],
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
    ["flags is 1", () => bin.bitSet(0, 1, Uint8Array.of(1), { createOnly: true })],
    ["bitSize is 65", () => bin.bitAdd(0, 65, 1)],
  ])("%s", (message, call) => {
    expect(call).toThrow(message);
  });
});
