import { describe, expectTypeOf, it } from "vitest";
import { ListReturnType, MapReturnType } from "../../protocol/cdt/flags.js";
import { double } from "../../protocol/value/double.js";
import type { GeoJson } from "../../protocol/value/geojson.js";
import type { Hll } from "../../protocol/value/hll.js";
import { INFINITY } from "../../protocol/value/special.js";
import type { Value } from "../../protocol/value/value.js";
import {
  type AnyBins,
  type BackgroundOperationBuilder,
  DataSet,
  Exp,
  type PackedExpression,
  type Session,
} from "../../src/index.js";

interface Address {
  street: string;
  number?: number;
  place?: { lat: number; lon: number };
}

interface User {
  name: string;
  age: number;
  score?: number;
  active: boolean;
  role: "admin" | "guest";
  tags: string[];
  marks?: readonly number[];
  photo: Uint8Array;
  home?: GeoJson;
  seen: Hll;
  address: Address;
  others?: Address[];
  counts: Map<string, number>;
  byId: Map<number, string[]>;
  days?: { [day: string]: number };
}

declare const session: Session;
const users = DataSet.of<User>("test", "users");
const key = users.id(1);
const anything = DataSet.of("test", "anything");
const writes = session.update(key);
const reads = session.query(key);
const tasks = session.backgroundTask().update(users);
const any = session.backgroundTask().update(anything).bin("a");

/** What the operations of a builder return. */
type ResultsOf<B> = B extends { firstOrThrow(): Promise<infer R> }
  ? R extends { readonly operationResults: infer O }
    ? O
    : never
  : never;
declare function results<B>(builder: B): ResultsOf<B>;

describe("what a bin takes", () => {
  it("anything, when its type is not known", () => {
    expectTypeOf(any.setTo({ a: [1, "b", null] })).toEqualTypeOf<BackgroundOperationBuilder<AnyBins>>();
    any.add(1).bin("b").append("x").bin("c").listAppend([1]).bin("d").mapPut(1n, { a: 1 }).bin("e").hllAdd(["x"]);
    expectTypeOf(any.setTo).parameter(0).toExtend<Value>();
    // @ts-expect-error a Date has no Aerospike type
    any.setTo(new Date());
  });

  it("numbers in any form, when it holds numbers", () => {
    writes.bin("age").setTo(1).bin("age").setTo(1n).bin("age").add(double(1)).bin("score").add(1n);
    writes.bin("score").setTo(null);
    // @ts-expect-error a bin that every record has can't be removed
    writes.bin("age").setTo(null);
    // @ts-expect-error age holds numbers
    writes.bin("age").setTo("1");
  });

  it("only operations that fit its type", () => {
    writes.bin("name").append("x").bin("photo").prepend(new Uint8Array(1)).bin("photo").bitNot(0, 8);
    writes.bin("home").setToGeoJson("{}").bin("seen").hllAdd(["a"]).bin("seen").hllGetCount();
    writes.bin("name").strUpper().bin("name").strAppend("x").bin("name").strLength();
    reads
      .bin("name")
      .strSubstring(0, 1)
      .bin("age")
      .readAsString()
      .bin("tags")
      .listJoin("-")
      .bin("photo")
      .bitB64Encode();
    // @ts-expect-error age holds numbers
    writes.bin("age").strUpper;
    // @ts-expect-error age holds numbers
    reads.bin("age").strLength;
    // @ts-expect-error tags are a list
    reads.bin("tags").strSubstring;
    // @ts-expect-error what is read is not written
    reads.bin("name").strAppend;
    // @ts-expect-error name holds text
    writes.bin("name").strAppend(1);
    // @ts-expect-error name holds text
    reads.bin("name").listJoin;
    // @ts-expect-error name holds text
    reads.bin("name").bitB64Encode;
    // @ts-expect-error age holds numbers
    writes.bin("age").append;
    // @ts-expect-error age holds numbers
    writes.bin("age").listAppend;
    // @ts-expect-error age holds numbers
    reads.bin("age").listSize;
    // @ts-expect-error age holds numbers
    reads.bin("age").onMapKey;
    // @ts-expect-error name holds text
    writes.bin("name").add;
    // @ts-expect-error name holds text
    writes.bin("name").append(new Uint8Array(1));
    // @ts-expect-error photo holds bytes
    writes.bin("photo").append("x");
    // @ts-expect-error active holds booleans
    writes.bin("active").add;
    // @ts-expect-error tags are a list
    reads.bin("tags").mapSize;
    // @ts-expect-error an address is a map
    reads.bin("address").listSize;
    // @ts-expect-error tags are no sketch
    reads.bin("tags").hllGetCount;
    // @ts-expect-error tags are no bytes
    reads.bin("tags").bitCount;
    // @ts-expect-error not one of the roles
    writes.bin("role").setTo("root");
    // @ts-expect-error tasks know the types as well
    tasks.bin("name").add;
  });

  it("elements of its lists", () => {
    writes.bin("tags").listAppend("x").bin("tags").listAddItems(["x", "y"]);
    writes.bin("marks").listInsert(0, 5n).bin("marks").listIncrement(0, double(1));
    tasks.bin("tags").listSet(0, "x").bin("tags").onListValue("x").removeAllOthers();
    // @ts-expect-error tags holds text
    writes.bin("tags").listAppend(1);
    // @ts-expect-error tags holds text
    writes.bin("tags").listIncrement(0, 1);
    // @ts-expect-error marks holds numbers
    writes.bin("marks").listAppendItems(["x"]);
    // @ts-expect-error no number is among the tags
    reads.bin("tags").onListValue(1);
    reads.bin("marks").onListValueRange(1, INFINITY).count().bin("marks").onListValueRange(null, 5n).count();
  });

  it("entries of its maps", () => {
    writes.bin("address").mapPut("number", 5).bin("address").mapUpsertItems({ street: "x" });
    writes.bin("address").mapIncrement("number").bin("counts").mapIncrement("a", 2);
    writes
      .bin("counts")
      .mapUpsertItems({ a: 1 })
      .bin("counts")
      .mapUpsertItems([["a", 1]]);
    writes
      .bin("byId")
      .mapPut(1, ["x"])
      .bin("byId")
      .mapInsertItems(new Map([[1, ["x"]]]));
    // @ts-expect-error an address has no such key
    writes.bin("address").mapPut("stret", "x");
    // @ts-expect-error a street is text
    writes.bin("address").mapPut("street", 1);
    // @ts-expect-error an address has no such key
    writes.bin("address").mapUpsertItems({ stret: "x" });
    // @ts-expect-error a street is no number
    writes.bin("address").mapIncrement("street");
    // @ts-expect-error ids are numbers
    writes.bin("byId").mapPut("1", ["x"]);
    // @ts-expect-error ids are numbers, there are no entries for an object
    writes.bin("byId").mapUpsertItems({ a: ["x"] });
    // @ts-expect-error counts are numbers
    reads.bin("counts").onMapValue("x");
  });
});

describe("nested places", () => {
  it("are those of the declared type", () => {
    reads.bin("address").onMapKey("place").onMapKey("lat").getValues();
    writes
      .bin("address")
      .onMapKey("place")
      .onMapKey("lat")
      .add(1)
      .bin("others")
      .onListIndex(-1)
      .onMapKey("street")
      .setTo("x");
    reads.bin("byId").onMapKey(1).onListIndex(0).getValues().bin("address").onMapKeyList(["street"]).getValues();
    reads.bin("address").onMapKeyRange("a", "p").getKeys().bin("byId").onMapKeyRelativeIndexRange(5, 0).count();
    // @ts-expect-error an address has no such key
    reads.bin("address").onMapKey("deeep");
    // @ts-expect-error nor a place
    reads.bin("address").onMapKey("place").onMapKey("lot");
    // @ts-expect-error nor in a list of keys
    reads.bin("address").onMapKeyList(["street", "zip"]);
    // @ts-expect-error nor in a task
    tasks.bin("address").onMapKey("deeep");
    // @ts-expect-error a street has nothing inside
    reads.bin("address").onMapKey("street").onMapKey;
    // @ts-expect-error a street is no list
    reads.bin("address").onMapKey("street").listSize;
    // @ts-expect-error a street is no number
    writes.bin("address").onMapKey("street").add;
    // @ts-expect-error a latitude is a number
    writes.bin("address").onMapKey("place").onMapKey("lat").setTo("x");
    // @ts-expect-error ids are numbers
    reads.bin("byId").onMapKey("1");
    // @ts-expect-error keys of an address are text
    reads.bin("address").onMapKeyRange(1, 2);
  });

  it("are set, written and removed where they have a key or an index", () => {
    any.onMapKey("k").setTo(1).bin("a").onListIndex(0).add(1).bin("a").onMapKey("k").insert([1]);
    any.onMapKey("k").onListIndex(0).onMapRank(1).mapClear().bin("a").onMapKey("k").update(null, { noFail: true });
    any.onMapRank(0).remove().bin("a").onListValue(1).listClear();
    // @ts-expect-error a rank can't be set
    any.onMapRank(0).setTo;
    // @ts-expect-error an index of a map can't be set
    any.onMapIndex(0).add;
    // @ts-expect-error a list has no entries to insert
    any.onListIndex(0).insert;
    // @ts-expect-error one place has no others
    any.onMapKey("k").removeAllOthers;
  });

  it("are only removed where they are several", () => {
    any.onListIndexRange(0, 2).removeAllOthers();
    // @ts-expect-error a range has no way further in
    any.onListIndexRange(0, 2).listClear;
    // @ts-expect-error a range has no way further in
    any.onMapValueRange(1, 2).mapClear;
    // @ts-expect-error a range has no way further in
    any.onMapKeyList(["a"]).onMapKey;
  });

  it("answer what their container can answer", () => {
    any.onMapKey("k").remove({ returnType: MapReturnType.KEY });
    // @ts-expect-error a list has no keys
    any.onListIndex(0).remove({ returnType: MapReturnType.KEY });
    // @ts-expect-error INVERTED has a method of its own
    any.onMapKeyRange("a", "b").remove({ returnType: MapReturnType.INVERTED });
  });

  it("are not read where nothing can be, nor written", () => {
    // @ts-expect-error a builder that only writes has no reads
    any.onMapKey("k").getValues;
    // @ts-expect-error a builder that only writes has no reads
    any.get;
    // @ts-expect-error a builder that only writes has no reads
    any.listSize;
    // @ts-expect-error a builder that only reads has no writes
    reads.bin("tags").listAppend;
    // @ts-expect-error a builder that only reads has no writes
    reads.bin("counts").onMapKey("a").setTo;
  });
});

describe("results", () => {
  it("follow the calls", () => {
    expectTypeOf(results(reads.bin("tags").listSize().bin("name").get().bin("tags").listGet(0))).toEqualTypeOf<
      readonly [number, string, string]
    >();
    expectTypeOf(results(writes.bin("age").add(1).put({ name: "x" }).bin("age").get())).toEqualTypeOf<
      readonly [null, null, number]
    >();
  });

  it("may be null where a bin may be missing", () => {
    expectTypeOf(results(reads.bin("marks").listSize().bin("score").get())).toEqualTypeOf<
      readonly [number | null, number | null]
    >();
    expectTypeOf(results(writes.bin("marks").listPop(0).bin("marks").listAppend(1))).toEqualTypeOf<
      readonly [number | null, number]
    >();
    expectTypeOf(results(session.query(anything.id(1)).bin("a").get().bin("b").mapSize())).toEqualTypeOf<
      readonly [Value | null, number | null]
    >();
  });

  it("of places", () => {
    const address = reads.bin("address");
    expectTypeOf(results(address.onMapKey("street").getValues())).toEqualTypeOf<readonly [string]>();
    expectTypeOf(results(address.onMapKey("number").getValues())).toEqualTypeOf<readonly [number | null]>();
    expectTypeOf(results(reads.bin("counts").onMapKey("a").getValues())).toEqualTypeOf<readonly [number | null]>();
    expectTypeOf(results(reads.bin("days").onMapKey("mon").getValues())).toEqualTypeOf<readonly [number | null]>();
    expectTypeOf(results(reads.bin("counts").onMapKey("a").exists())).toEqualTypeOf<readonly [boolean]>();
    expectTypeOf(results(reads.bin("counts").onMapKeyRange("a", "b").getKeysAndValues())).toEqualTypeOf<
      readonly [[string, number][]]
    >();
    expectTypeOf(results(reads.bin("byId").onMapIndexRange(0).getAsOrderedMap())).toEqualTypeOf<
      readonly [Map<number, string[]>]
    >();
    expectTypeOf(results(address.onMapIndexRange(0, 1).getAsMap())).toEqualTypeOf<
      readonly [{ street?: string; number?: number; place?: { lat: number; lon: number } }]
    >();
    expectTypeOf(results(reads.bin("tags").onListIndexRange(0).getValues())).toEqualTypeOf<readonly [string[]]>();
    expectTypeOf(results(reads.bin("tags").onListValue("a").getIndexes())).toEqualTypeOf<readonly [number[]]>();
    expectTypeOf(results(reads.bin("tags").onListRank(0).getIndexes())).toEqualTypeOf<readonly [number]>();
  });

  it("of removals by what they ask for", () => {
    const counts = writes.bin("counts").onMapKeyRange("a", "b");
    expectTypeOf(results(counts.remove())).toEqualTypeOf<readonly [null]>();
    expectTypeOf(results(counts.remove({ returnType: MapReturnType.VALUE }))).toEqualTypeOf<readonly [number[]]>();
    expectTypeOf(results(counts.remove({ returnType: MapReturnType.COUNT }))).toEqualTypeOf<readonly [number]>();
    expectTypeOf(results(counts.removeAllOthers({ returnType: MapReturnType.KEY }))).toEqualTypeOf<
      readonly [string[]]
    >();
    expectTypeOf(results(counts.remove({ returnType: MapReturnType.INDEX_RANGE }))).toEqualTypeOf<
      readonly [[start: number, count: number]]
    >();
    const tag = writes.bin("tags").onListIndex(0);
    expectTypeOf(results(tag.remove({ returnType: ListReturnType.VALUE }))).toEqualTypeOf<readonly [string]>();
  });

  it("of sketches, bits and expressions", () => {
    expectTypeOf(results(reads.bin("seen").hllGetCount().bin("photo").bitGet(0, 8))).toEqualTypeOf<
      readonly [number, Uint8Array]
    >();
    expectTypeOf(results(reads.bin("age").selectFrom<number>("$.age + 1"))).toEqualTypeOf<readonly [number]>();
    expectTypeOf(results(reads.bin("age").selectFrom("$.age + 1"))).toEqualTypeOf<readonly [Value]>();
    const older = Exp.intBin("age");
    expectTypeOf(results(reads.bin("age").selectFrom(older))).toEqualTypeOf<readonly [number]>();
    expectTypeOf(results(reads.bin("age").selectFrom(Exp.stringBin("name")))).toEqualTypeOf<readonly [string]>();
    expectTypeOf(results(reads.bin("age").selectFrom(older, { ignoreEvalFailure: true }))).toEqualTypeOf<
      readonly [number | null]
    >();
    const packed: PackedExpression = older;
    expectTypeOf(results(reads.bin("age").selectFrom(packed))).toEqualTypeOf<readonly [Value]>();
    expectTypeOf(results(reads.bin("age").selectFrom<number>("$.age + 1", { ignoreEvalFailure: true }))).toEqualTypeOf<
      readonly [number | null]
    >();
  });

  it("stand by bin in the record, too", async () => {
    const row = await reads.bin("tags").listSize().bin("marks").listSize().bin("name").get().firstOrThrow();
    expectTypeOf(row.recordOrThrow().bins).toEqualTypeOf<{
      readonly tags: number;
      readonly name: string;
      readonly marks?: number;
    }>();
    const written = await writes.bin("age").add(1).bin("tags").listAppend("x").firstOrThrow();
    expectTypeOf(written.recordOrThrow().bins).toEqualTypeOf<{ readonly tags: number }>();
  });

  it("are there for sure only in a row that is OK", async () => {
    const row = await reads.bin("tags").listSize().first();
    expectTypeOf(row?.operationResults).toEqualTypeOf<readonly [number] | readonly [] | undefined>();
    expectTypeOf(row?.orThrow().operationResults).toEqualTypeOf<readonly [number] | undefined>();
  });
});
