import { describe, expectTypeOf, test } from "vitest";
import {
  type AnyBins,
  type BinsInput,
  type BinsShape,
  DataSet,
  type Key,
  type KeyCommandBuilder,
  type KeyQueryBuilder,
  type OkResult,
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
    expectTypeOf(query.execute()).toEqualTypeOf<Promise<RecordStream<User, User, readonly []>>>();
    expectTypeOf(query.bins("name", "tags").execute()).toEqualTypeOf<
      Promise<RecordStream<User, Pick<User, "name" | "tags">, readonly []>>
    >();
    expectTypeOf(query.withNoBins().execute()).toEqualTypeOf<
      Promise<RecordStream<User, Pick<User, never>, readonly []>>
    >();
    expectTypeOf(query.bin("tags").listSize().execute()).toEqualTypeOf<
      Promise<RecordStream<User, { readonly tags?: number }, readonly [number | null]>>
    >();
    expectTypeOf(query.where("$.age > 1").bins("name").first()).toEqualTypeOf<
      Promise<RecordResult<User, Pick<User, "name">, readonly []> | null>
    >();
    expectTypeOf(query.bins("age").includeMissingKeys().firstOrThrow()).toEqualTypeOf<
      Promise<OkResult<User, Pick<User, "age">, readonly []>>
    >();
    expectTypeOf(session.query(anything.id(1)).execute()).toEqualTypeOf<
      Promise<RecordStream<AnyBins, AnyBins, readonly []>>
    >();
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
    // biome-ignore lint/complexity/noBannedTypes: a put returns no bins
    type Nothing = {};
    expectTypeOf(chain.execute()).toEqualTypeOf<
      Promise<RecordStream<User | Post, Pick<User, "name"> | Nothing, readonly [] | readonly [null]>>
    >();
    const reads = session.query(users.id(1)).query(posts.id(1));
    expectTypeOf(reads.execute()).toEqualTypeOf<Promise<RecordStream<User | Post, User | Post, readonly []>>>();
    const asked = session.exists(users.id(1)).touch(users.id(2)).executeUdf(users.id(3)).function("p", "f").passing(1);
    expectTypeOf(asked.execute()).toEqualTypeOf<Promise<RecordStream<User, never, readonly [] | readonly [unknown]>>>();
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
    let chain: KeyCommandBuilder<User> = session.upsert(users.id(0)).put({ age: 0 });
    for (const key of users.ids(1, 2, 3)) chain = chain.upsert(key).put({ age: 1 });
    expectTypeOf(chain.execute()).toEqualTypeOf<Promise<RecordStream<User, unknown>>>();
    let builder: WriteSegmentBuilder<User> = session.update(users.id(0));
    for (const age of [1, 2, 3]) builder = builder.bin("age").add(age);
    expectTypeOf(builder.execute()).toEqualTypeOf<Promise<RecordStream<User, { readonly [bin: string]: unknown }>>>();
  });

  test("handlers get keys of all of them", () => {
    session
      .query(users.id(1))
      .delete(posts.id(1))
      .execute({ onError: (_error, key) => expectTypeOf(key).toEqualTypeOf<Key<User | Post>>() });
  });

  test("generic code over T", () => {
    class Repo<T extends BinsShape<T>> {
      readonly #set: DataSet<T>;
      constructor(namespace: string, setName: string) {
        this.#set = DataSet.of<T>(namespace, setName);
      }
      async find(id: number): Promise<T | undefined> {
        return (await session.query(this.#set.id(id)).first())?.record?.bins;
      }
      async some<N extends keyof T & string>(id: number, ...names: readonly [N, ...N[]]): Promise<Pick<T, N>> {
        return (
          await session
            .query(this.#set.id(id))
            .bins(...names)
            .firstOrThrow()
        ).recordOrThrow().bins;
      }
      async one<N extends keyof T & string>(id: number, name: N): Promise<unknown> {
        const row = await session.query(this.#set.id(id)).bin(name).get().firstOrThrow();
        return row.operationResults[0];
      }
      async save(id: number, bins: BinsInput<T>): Promise<void> {
        await session.put(this.#set.id(id), bins);
        await session.upsert(this.#set.id(id)).put(bins).execute();
      }
      async remove<N extends keyof T & string>(id: number, name: N): Promise<void> {
        await session.update(this.#set.id(id)).bin(name).remove().execute();
      }
      async all(): Promise<T[]> {
        return (await session.query(this.#set).collect()).map(({ bins }) => bins);
      }
    }
    const repo = new Repo<User>("test", "users");
    expectTypeOf(repo.find(1)).toEqualTypeOf<Promise<User | undefined>>();
    expectTypeOf(repo.some(1, "name")).toEqualTypeOf<Promise<Pick<User, "name">>>();
    // @ts-expect-error no such bin
    repo.some(1, "nmae");
    // @ts-expect-error a string for a number
    repo.save(1, { age: "36" });
    // @ts-expect-error a Date can't be stored
    new Repo<{ at: Date }>("test", "users");
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

test("rows of a table have the bins' types, in their order", () => {
  const table = session.insert(users).bins("name", "tags");
  table.row(1, "Ada", ["x"]).row(2, "Bob", undefined);
  // @ts-expect-error the values are in another order
  table.row(1, ["x"], "Ada");
  // @ts-expect-error a value is missing
  table.row(1, "Ada");
  // @ts-expect-error no such bin
  session.insert(users).bins("nome");
  // @ts-expect-error a bin that every record has can't be removed
  table.row(1, null, ["x"]);
  // @ts-expect-error no row was given
  table.execute();
  session.upsertRows(users, [{ id: 1, name: "Ada" }], { id: "id" });
  session.upsertRows(users, [{ name: "Ada", age: 3 }], { id: (user) => user.name });
  // @ts-expect-error a value of another type
  session.upsertRows(users, [{ id: 1, name: 5 }], { id: "id" });
  // @ts-expect-error the property is missing
  session.upsertRows(users, [{ name: "Ada" }], { id: "id" });
});
