import { describe, expectTypeOf, test } from "vitest";
import {
  type AnyBins,
  connect,
  DataSet,
  double,
  GeoJson,
  type Hll,
  type Key,
  type KeyCommandBuilder,
  type Record,
  type RecordResult,
  type RecordStream,
  type Session,
  type Value,
  type WriteSegmentBuilder,
} from "../../src/index.js";

interface Address {
  street: string;
  number?: number;
}

interface User {
  name: string;
  age: number;
  active: boolean;
  score?: number;
  visits?: bigint;
  role: "admin" | "guest";
  tags?: string[];
  address?: Address;
  others?: Address[];
  counts?: Map<string, number>;
  home?: GeoJson;
  seen?: Hll;
  photo?: Uint8Array;
}

interface Post {
  title: string;
}

declare const session: Session;
const users = DataSet.of<User>("test", "users");
const anything = DataSet.of("test", "anything");

describe("data sets", () => {
  test("interfaces do without an index signature, type aliases and trees as well", () => {
    expectTypeOf(users).toEqualTypeOf<DataSet<User>>();
    expectTypeOf(users.id(1)).toEqualTypeOf<Key<User>>();
    expectTypeOf(users.ids(1, "a", 2n, new Uint8Array(1))).toEqualTypeOf<Key<User>[]>();
    expectTypeOf(users.ids([1, 2])).toEqualTypeOf<Key<User>[]>();
    expectTypeOf(anything).toEqualTypeOf<DataSet<AnyBins>>();
    interface Tree {
      children: Tree[];
    }
    expectTypeOf(DataSet.of<Tree>("test", "trees")).toEqualTypeOf<DataSet<Tree>>();
    expectTypeOf(DataSet.of<{ [day: string]: number }>("test", "days").id(1)).toExtend<
      Key<{ [day: string]: number }>
    >();
  });

  test("properties of no Aerospike type do not compile", () => {
    // @ts-expect-error a Date has no Aerospike type
    DataSet.of<{ when: Date }>("test", "s");
    // @ts-expect-error nor is a function
    DataSet.of<{ run: () => void }>("test", "s");
    // @ts-expect-error nor a symbol inside of a list
    DataSet.of<{ list: symbol[] }>("test", "s");
    // @ts-expect-error nor a Set deep inside
    DataSet.of<{ deep: { deeper: Set<string> } }>("test", "s");
  });

  test("user keys", () => {
    // @ts-expect-error a boolean is no key
    users.id(true);
    // @ts-expect-error nor is null
    users.id(null);
  });

  test("keys of different data sets do not mix", () => {
    expectTypeOf<Key<Post>>().not.toExtend<Key<User>>();
    // @ts-expect-error a post's key is no user's
    session.put<User>(DataSet.of<Post>("test", "posts").id(1), { name: "Ada" });
  });
});

describe("put", () => {
  test("names and values are those of the data set", () => {
    session.put(users.id(1), { name: "Ada", age: 36, role: "admin" });
    session.put(users.id(1), { age: 36n, score: double(1) });
    session.put(users.id(1), { tags: ["a"], address: { street: "x" }, counts: new Map([["a", 1]]) });
    // @ts-expect-error no such bin
    session.put(users.id(1), { agee: 36 });
    // @ts-expect-error a string for a number
    session.put(users.id(1), { age: "36" });
    // @ts-expect-error not one of the roles
    session.put(users.id(1), { role: "root" });
    // @ts-expect-error a number in a list of strings
    session.put(users.id(1), { tags: [1] });
    // @ts-expect-error a wrong property deep inside
    session.put(users.id(1), { address: { street: 5 } });
  });

  test("only bins that may be absent can be removed", () => {
    session.put(users.id(1), { score: null, tags: null });
    session.put(users.id(1), { score: undefined });
    // @ts-expect-error every user has a name
    session.put(users.id(1), { name: null });
  });

  test("free where the data set has no type parameter", () => {
    session.put(anything.id(1), { a: 1, b: "x", c: null, d: [1, { e: new GeoJson("{}") }], f: double(1) });
    // @ts-expect-error values must still be of an Aerospike type
    session.put(anything.id(1), { a: new Date() });
  });

  test("answers nothing", () => {
    expectTypeOf(session.put(users.id(1), { age: 1 })).toEqualTypeOf<Promise<void>>();
  });
});

describe("get", () => {
  test("all bins, some bins", () => {
    expectTypeOf(session.get(users.id(1))).toEqualTypeOf<Promise<Record<User>>>();
    expectTypeOf(session.get(users.id(1), ["name", "score"])).toEqualTypeOf<
      Promise<Record<User, Pick<User, "name" | "score">>>
    >();
    expectTypeOf<Record<User>["bins"]["score"]>().toEqualTypeOf<number | undefined>();
    expectTypeOf<Record<AnyBins>["bins"][string]>().toEqualTypeOf<Value | undefined>();
    // @ts-expect-error no such bin
    session.get(users.id(1), ["agee"]);
    expectTypeOf(session.get(anything.id(1), ["whatever"])).toExtend<
      Promise<Record<AnyBins, Pick<AnyBins, "whatever">>>
    >();
  });
});

describe("builders", () => {
  test("put and bin", () => {
    const builder = session.update(users.id(1));
    expectTypeOf(builder.put({ age: 1 })).toExtend<WriteSegmentBuilder<User>>();
    expectTypeOf(builder.bin("age").add(1)).toExtend<WriteSegmentBuilder<User>>();
    expectTypeOf(builder.bin("name").append("!").bin("tags").listAppend("x")).toExtend<KeyCommandBuilder<User>>();
    // @ts-expect-error no such bin
    builder.bin("agee");
    // @ts-expect-error no such bin
    builder.put({ agee: 1 });
    // @ts-expect-error a string for a number
    builder.bin("age").setTo("x");
    // @ts-expect-error adding to a name
    builder.bin("name").add(1);
    // @ts-expect-error a number in a list of strings
    builder.bin("tags").listAppend(5);
    session.update(anything.id(1)).bin("a").add(1).bin("b").append("x").bin("c").listAppend(1);
  });

  test("rows", async () => {
    const stream = await session.upsert(users.ids(1, 2)).put({ age: 1 }).execute();
    const [row] = await stream.collect();
    expectTypeOf(row?.key).toEqualTypeOf<Key<User> | undefined>();
    expectTypeOf<keyof NonNullable<NonNullable<typeof row>["record"]>["bins"]>().toBeNever();
    expectTypeOf(session.exists(users.id(1)).execute()).toEqualTypeOf<
      Promise<RecordStream<User, never, readonly []>>
    >();
    for await (const one of stream) expectTypeOf(one.isOk).toEqualTypeOf<boolean>();
    expectTypeOf<RecordResult<User>["record"]>().toEqualTypeOf<Record<User> | null>();
  });

  test("keys one by one or as a list", () => {
    session.delete(users.id(1), users.id(2));
    session.delete(users.ids(1, 2));
    // @ts-expect-error a user key is no Key
    session.delete(1);
    // @ts-expect-error at least one
    session.delete();
    // @ts-expect-error of one data set
    session.delete(users.id(1), DataSet.of<Post>("test", "posts").id(1));
  });

  test("methods that make no sense do not exist", () => {
    // @ts-expect-error a delete writes no bins
    session.delete(users.id(1)).put;
    // @ts-expect-error nor does it leave a record to expire
    session.delete(users.id(1)).neverExpire;
    // @ts-expect-error a touch deletes nothing
    session.touch(users.id(1)).withDurableDelete;
    // @ts-expect-error a question changes nothing
    session.exists(users.id(1)).ensureGenerationIs;
  });
});

describe("administration", () => {
  test("indexes are on bins of the data set", () => {
    session.index(users).onBin("age").named("i").integer();
    session.index(anything).onBin("whatever").named("i").string();
    // @ts-expect-error no such bin
    session.index(users).onBin("agee");
  });
});

test("connect", () => {
  connect("localhost:3000", { clusterName: "x", tls: { ca: "pem" } });
  // @ts-expect-error no such option
  connect("localhost:3000", { cluster: "x" });
});

describe("a forgotten execute()", () => {
  test("does not compile", () => {
    const key = users.id(1);
    const _builders = async (): Promise<void> => {
      // @ts-expect-error a builder is no promise
      await session.delete(key);
      // @ts-expect-error a builder is no promise
      await session.update(key).bin("age").add(1);
      // @ts-expect-error a builder is no promise
      await session.backgroundTask().update(users).bin("age").add(1);
      // @ts-expect-error a builder is no promise
      await session.backgroundTask().executeUdf(users).function("p", "f");
    };
    // @ts-expect-error nor can an async function return one
    const _returned = async () => session.delete(key);
  });
});
