import { describe, expectTypeOf, it } from "vitest";
import { MapReturnType } from "../../protocol/cdt/flags.js";
import { double } from "../../protocol/value/double.js";
import type { Value } from "../../protocol/value/value.js";
import type { BinWrites, RangeWrites } from "../../src/records/bins/index.js";

interface Parent {
  readonly parent: true;
}

declare const any: BinWrites<Parent>;
declare const age: BinWrites<Parent, number>;
declare const score: BinWrites<Parent, number | undefined>;
declare const name: BinWrites<Parent, string>;
declare const active: BinWrites<Parent, boolean>;
declare const tags: BinWrites<Parent, string[]>;
declare const marks: BinWrites<Parent, readonly number[] | undefined>;
declare const photo: BinWrites<Parent, Uint8Array>;

describe("what a bin takes", () => {
  it("anything, when its type is not known", () => {
    expectTypeOf(any.setTo({ a: [1, "b", null] })).toEqualTypeOf<Parent>();
    expectTypeOf(any.add(1)).toEqualTypeOf<Parent>();
    expectTypeOf(any.append("x")).toEqualTypeOf<Parent>();
    expectTypeOf(any.listAppend([1])).toEqualTypeOf<Parent>();
    expectTypeOf(any.setTo).parameter(0).toExtend<Value>();
    // @ts-expect-error a Date has no Aerospike type
    any.setTo(new Date());
  });

  it("numbers in any form, when it holds numbers", () => {
    age.setTo(1);
    age.setTo(1n);
    age.add(double(1));
    score.add(1n);
    score.setTo(null);
    // @ts-expect-error a bin that every record has can't be removed
    age.setTo(null);
    // @ts-expect-error age holds numbers
    age.setTo("1");
    // @ts-expect-error age holds numbers
    age.append("1");
    // @ts-expect-error age holds numbers
    age.listAppend(1);
  });

  it("text where there is text, bytes where there are bytes", () => {
    name.append("x");
    photo.prepend(new Uint8Array(1));
    // @ts-expect-error name holds text
    name.add(1);
    // @ts-expect-error name holds text
    name.append(new Uint8Array(1));
    // @ts-expect-error photo holds bytes
    photo.append("x");
    // @ts-expect-error active holds booleans
    active.add(1);
    // @ts-expect-error active holds booleans
    active.append("x");
  });

  it("elements of its lists", () => {
    tags.listAppend("x");
    tags.listAddItems(["x", "y"]);
    marks.listInsert(0, 5n);
    marks.listIncrement(0, double(1));
    // @ts-expect-error tags holds text
    tags.listAppend(1);
    // @ts-expect-error tags holds text
    tags.listIncrement(0, 1);
    // @ts-expect-error marks holds numbers
    marks.listAppendItems(["x"]);
  });
});

describe("what a selection can do", () => {
  it("is set, written and removed where it has a key or an index", () => {
    expectTypeOf(any.onMapKey("k").setTo(1)).toEqualTypeOf<Parent>();
    expectTypeOf(any.onListIndex(0).add(1)).toEqualTypeOf<Parent>();
    expectTypeOf(any.onMapKey("k").onListIndex(0).onMapRank(1).mapClear()).toEqualTypeOf<Parent>();
  });

  it("is written and removed where it has none", () => {
    any.onMapRank(0).remove();
    any.onListValue(1).listClear();
    // @ts-expect-error a rank can't be set
    any.onMapRank(0).setTo(1);
    // @ts-expect-error an index of a map can't be set
    any.onMapIndex(0).add(1);
    // @ts-expect-error one place has no others
    any.onMapKey("k").removeAllOthers();
  });

  it("is only removed where it is several places", () => {
    expectTypeOf(any.onMapKeyList(["a"])).toExtend<RangeWrites<Parent, number>>();
    any.onListIndexRange(0, 2).removeAllOthers();
    // @ts-expect-error a range has no way further in
    any.onListIndexRange(0, 2).listClear();
    // @ts-expect-error a range has no way further in
    any.onMapValueRange(1, 2).mapClear();
    // @ts-expect-error a range has no way further in
    any.onMapKeyList(["a"]).onMapKey("a");
  });

  it("answers what its container can answer", () => {
    any.onMapKey("k").remove({ returnType: MapReturnType.KEY });
    // @ts-expect-error a list has no keys
    any.onListIndex(0).remove({ returnType: MapReturnType.KEY });
    // @ts-expect-error INVERTED has a method of its own
    any.onMapKeyRange("a", "b").remove({ returnType: MapReturnType.INVERTED });
  });

  it("does not read", () => {
    // @ts-expect-error a builder that only writes has no reads
    any.onMapKey("k").getValues();
    // @ts-expect-error a builder that only writes has no reads
    any.get();
    // @ts-expect-error a builder that only writes has no reads
    any.listSize();
  });
});
