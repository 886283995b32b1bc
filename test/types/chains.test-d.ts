import { describe, expectTypeOf, test } from "vitest";
import {
  type AnyBins,
  DataSet,
  type Key,
  type KeyQueryBuilder,
  type OperationBins,
  type Record,
  type RecordResult,
  type RecordStream,
  type Session,
  type WriteSegmentBuilder,
} from "../../src/index.js";

interface User {
  name: string;
  age: number;
  tags?: string[];
}

interface Post {
  title: string;
}

declare const session: Session;
const users = DataSet.of<User>("test", "users");
const posts = DataSet.of<Post>("test", "posts");
const anything = DataSet.of("test", "anything");

describe("query", () => {
  test("rows have the bins that are read", () => {
    const query = session.query(users.ids(1, 2));
    expectTypeOf(query).toEqualTypeOf<KeyQueryBuilder<User>>();
    expectTypeOf(query.execute()).toEqualTypeOf<Promise<RecordStream<User>>>();
    expectTypeOf(query.bins("name", "tags").execute()).toEqualTypeOf<
      Promise<RecordStream<User, Pick<User, "name" | "tags">>>
    >();
    expectTypeOf(query.withNoBins().execute()).toEqualTypeOf<Promise<RecordStream<User, Pick<User, never>>>>();
    expectTypeOf(query.bin("tags").listSize().execute()).toEqualTypeOf<Promise<RecordStream<User, OperationBins>>>();
    expectTypeOf(query.where("$.age > 1").bins("name").first()).toEqualTypeOf<
      Promise<RecordResult<User, Pick<User, "name">> | null>
    >();
    expectTypeOf(query.bins("age").includeMissingKeys().firstOrThrow()).toEqualTypeOf<
      Promise<RecordResult<User, Pick<User, "age">>>
    >();
    expectTypeOf(session.query(anything.id(1)).execute()).toEqualTypeOf<Promise<RecordStream<AnyBins>>>();
  });

  test("wrong names and impossible chains do not compile", async () => {
    const row = await session.query(users.id(1)).bins("name").firstOrThrow();
    expectTypeOf(row.recordOrThrow().bins.name).toEqualTypeOf<string>();
    // @ts-expect-error this bin was not read
    row.recordOrThrow().bins.age;
    // @ts-expect-error no such bin
    session.query(users.id(1)).bins("nmae");
    // @ts-expect-error a bin at least
    session.query(users.id(1)).bins();
    // @ts-expect-error no such bin
    session.query(users.id(1)).bin("nmae");
    // @ts-expect-error a read writes nothing
    session.query(users.id(1)).bin("age").add;
    // @ts-expect-error nor into lists
    session.query(users.id(1)).bin("tags").listAppend;
    // @ts-expect-error what is read is said once
    session.query(users.id(1)).bins("name").withNoBins;
    // @ts-expect-error by names or by operations
    session.query(users.id(1)).bins("name").bin;
    // @ts-expect-error by operations or by names
    session.query(users.id(1)).bin("tags").listSize().bins;
    // @ts-expect-error a read leaves no record to expire
    session.query(users.id(1)).neverExpire;
    // @ts-expect-error nor does it compare generations
    session.query(users.id(1)).ensureGenerationIs;
    // @ts-expect-error writes have a row for every key
    session.delete(users.id(1)).includeMissingKeys;
    // @ts-expect-error at least one key
    session.query();
    // @ts-expect-error a user key is no Key
    session.query(1);
    // @ts-expect-error the function must be named
    session.executeUdf(users.id(1)).execute;
    const _forgotten = async (): Promise<void> => {
      // @ts-expect-error a builder is no promise
      await session.query(users.id(1));
      // @ts-expect-error a builder is no promise
      await session.query(users.id(1)).bins("name").delete(users.id(2));
    };
  });
});

describe("chains", () => {
  test("rows are of the types of all segments", () => {
    const chain = session.query(users.id(1)).bins("name").upsert(posts.id(1)).put({ title: "x" }).delete(users.id(2));
    expectTypeOf(chain.execute()).toEqualTypeOf<
      Promise<RecordStream<User | Post, Pick<User, "name"> | OperationBins>>
    >();
    const reads = session.query(users.id(1)).query(posts.id(1));
    expectTypeOf(reads.execute()).toEqualTypeOf<Promise<RecordStream<User | Post, User | Post>>>();
    const asked = session.exists(users.id(1)).touch(users.id(2)).executeUdf(users.id(3)).function("p", "f").passing(1);
    expectTypeOf(asked.execute()).toEqualTypeOf<Promise<RecordStream<User, never>>>();
  });

  test("each segment knows the bins of its own keys", () => {
    session.upsert(users.id(1)).put({ age: 1 }).upsert(posts.id(1)).put({ title: "x" });
    // @ts-expect-error a bin of the other data set
    session.upsert(users.id(1)).put({ age: 1 }).upsert(posts.id(1)).put({ age: 1 });
    // @ts-expect-error a bin of the other data set
    session.query(users.id(1)).query(posts.id(1)).bins("name");
    // @ts-expect-error one verb's keys are of one data set
    session.query(users.id(1), posts.id(1));
  });

  test("grow in a loop", () => {
    let chain = session.upsert(users.id(0)).put({ age: 0 });
    for (const key of users.ids(1, 2, 3)) chain = chain.upsert(key).put({ age: 1 });
    expectTypeOf(chain).toEqualTypeOf<WriteSegmentBuilder<User>>();
  });

  test("handlers get keys of all of them", () => {
    session
      .query(users.id(1))
      .delete(posts.id(1))
      .execute({ onError: (_error, key) => expectTypeOf(key).toEqualTypeOf<Key<User | Post>>() });
  });

  test("generic code over T", () => {
    class Repo<T> {
      readonly #set: DataSet<T>;
      constructor(set: DataSet<T>) {
        this.#set = set;
      }
      find(id: number): Promise<RecordResult<T> | null> {
        return session.query(this.#set.id(id)).first();
      }
    }
    expectTypeOf(new Repo(users).find(1)).toEqualTypeOf<Promise<RecordResult<User> | null>>();
  });
});

describe("getMany and putMany", () => {
  test("by position", () => {
    expectTypeOf(session.getMany(users.ids(1))).toEqualTypeOf<Promise<(Record<User> | null)[]>>();
    expectTypeOf(session.getMany(users.ids(1), { bins: ["name"] })).toEqualTypeOf<
      Promise<(Record<User, Pick<User, "name">> | null)[]>
    >();
    // @ts-expect-error no such bin
    session.getMany(users.ids(1), { bins: ["nmae"] });
    // @ts-expect-error no such option
    session.getMany(users.ids(1), { bin: ["name"] });
  });

  test("entries are of the data set", () => {
    session.putMany([
      [users.id(1), { name: "Ada", age: 36 }],
      [users.id(2), { age: 41 }],
    ]);
    session.putMany(users.ids(1, 2).map((key) => [key, { tags: ["a"] }]));
    // @ts-expect-error no such bin
    session.putMany([[users.id(1), { agee: 36 }]]);
    // @ts-expect-error a string for a number
    session.putMany([[users.id(1), { age: "36" }]]);
    // @ts-expect-error every user has a name
    session.putMany([[users.id(1), { name: null }]]);
  });
});
