import { describe, expectTypeOf, test } from "vitest";
import {
  type AnyBins,
  DataSet,
  type DataSetOperationsBuilder,
  type DataSetQueryBuilder,
  type DataSetReadBuilder,
  type Key,
  type QueryPlan,
  type QueryRows,
  type Record,
  type Session,
} from "../../src/index.js";

interface User {
  name: string;
  age: number;
  score?: number;
}

declare const session: Session;
const users = DataSet.of<User>("test", "users");
const anything = DataSet.of("test", "anything");

describe("a query of a set", () => {
  test("gives records of the set's bins", () => {
    expectTypeOf(session.query(users)).toEqualTypeOf<DataSetQueryBuilder<User>>();
    expectTypeOf(session.query(users).execute()).toEqualTypeOf<Promise<QueryRows<Record<User>>>>();
    expectTypeOf(session.query(users).collect()).toEqualTypeOf<Promise<Record<User>[]>>();
    expectTypeOf(session.query(users).first()).toEqualTypeOf<Promise<Record<User> | null>>();
    expectTypeOf(session.query(users).firstOrThrow()).toEqualTypeOf<Promise<Record<User>>>();
    expectTypeOf(session.query(users).count()).toEqualTypeOf<Promise<number>>();
    expectTypeOf(session.query(users).explain()).toEqualTypeOf<Promise<QueryPlan>>();
    expectTypeOf(session.query(anything)).toEqualTypeOf<DataSetQueryBuilder<AnyBins>>();
  });

  test("bins narrow the records, wherever they stand in the chain", () => {
    const builder = session.query(users).where("$.age > ?0", 1).bins("name", "score").limit(5);
    expectTypeOf(builder).toEqualTypeOf<DataSetReadBuilder<User, Record<User, Pick<User, "name" | "score">>>>();
    type Found = Awaited<ReturnType<typeof builder.firstOrThrow>>;
    expectTypeOf<Found["bins"]>().toEqualTypeOf<Pick<User, "name" | "score">>();
    expectTypeOf(session.query(users).bins(["age"])).toEqualTypeOf<
      DataSetReadBuilder<User, Record<User, Pick<User, "age">>>
    >();
    expectTypeOf(session.query(users).withNoBins()).toEqualTypeOf<
      DataSetReadBuilder<User, Record<User, Pick<User, never>>>
    >();
    expectTypeOf(session.query(anything).bins("a")).toEqualTypeOf<
      DataSetReadBuilder<AnyBins, Record<AnyBins, Pick<AnyBins, "a">>>
    >();
    // @ts-expect-error no such bin
    session.query(users).bins("agee");
    // @ts-expect-error nor in a list
    session.query(users).bins(["name", "agee"]);
    type Named = Awaited<ReturnType<DataSetReadBuilder<User, Record<User, Pick<User, "name">>>["firstOrThrow"]>>;
    expectTypeOf<Named["bins"]>().not.toHaveProperty("age");
    type Bare = Awaited<ReturnType<DataSetReadBuilder<User, Record<User, Pick<User, never>>>["firstOrThrow"]>>;
    expectTypeOf<keyof Bare["bins"]>().toBeNever();
  });

  test("rows come one by one, in pages, and as a stream of the web", async () => {
    const rows = await session.query(users).bins("age").execute();
    expectTypeOf(rows).toExtend<AsyncIterable<Record<User, Pick<User, "age">>>>();
    expectTypeOf(rows).toExtend<AsyncDisposable>();
    expectTypeOf(rows.pages(7)).toExtend<AsyncIterable<Record<User, Pick<User, "age">>[]>>();
    expectTypeOf(rows.cursor()).toEqualTypeOf<string | undefined>();
    expectTypeOf(rows.toReadableStream()).toEqualTypeOf<ReadableStream<Record<User, Pick<User, "age">>>>();
  });

  test("operations give records with results", async () => {
    const computed = session.query(users).bin("name").get().bin("total").selectFrom<number>("$.age * 2").limit(3);
    type Ops = [readonly ["name", string], readonly ["total", number]];
    expectTypeOf(computed).toEqualTypeOf<DataSetOperationsBuilder<User, Ops>>();
    const { key, bins, operationResults } = await computed.firstOrThrow();
    expectTypeOf(operationResults).toEqualTypeOf<readonly [string, number]>();
    expectTypeOf(bins).toEqualTypeOf<{ readonly name: string; readonly total: number }>();
    expectTypeOf(key).toEqualTypeOf<Key<User>>();
    const tagged = DataSet.of<{ tags?: string[] }>("test", "tagged");
    const sizes = await session.query(tagged).bin("tags").listSize().bin("tags").onListIndex(0).getValues().collect();
    expectTypeOf(sizes[0]!.operationResults[0]).toEqualTypeOf<number | null>();
    expectTypeOf(sizes[0]!.bins.tags).toEqualTypeOf<number | string | undefined>();
    for await (const record of await session.query(tagged).bin("tags").listSize().execute()) {
      expectTypeOf(record.operationResults).toEqualTypeOf<readonly [number | null]>();
    }
    // @ts-expect-error no record has such a bin: there is no list to measure
    session.query(users).bin("tgas").listSize();
    // @ts-expect-error queries write nothing
    session.query(users).bin("age").add(1);
    // @ts-expect-error it was said before what to read
    session.query(users).bins("age").bin("age");
  });

  test("sorting is by bins that are read", () => {
    const sorted = session.query(users).bins("name", "age").sortBy("age", { descending: true }).thenBy("name");
    expectTypeOf(sorted.topN(3)).toEqualTypeOf<Promise<Record<User, Pick<User, "name" | "age">>[]>>();
    expectTypeOf(session.query(users).sortBy("score").collect()).toEqualTypeOf<Promise<Record<User>[]>>();
    // @ts-expect-error no such bin
    session.query(users).sortBy("agee");
    // @ts-expect-error it is not read
    session.query(users).bins("name").sortBy("age");
    // @ts-expect-error none is read
    session.query(users).withNoBins().sortBy("age");
  });

  test("code over any record", () => {
    class Repository<T> {
      readonly #set: DataSet<T>;
      constructor(set: DataSet<T>) {
        this.#set = set;
      }
      all(): Promise<Record<T>[]> {
        return session.query(this.#set).collect();
      }
      some<N extends keyof T & string>(name: N): Promise<Record<T, Pick<T, N>>[]> {
        return session.query(this.#set).bins(name).collect();
      }
    }
    expectTypeOf(new Repository(users).all()).toEqualTypeOf<Promise<Record<User>[]>>();
    expectTypeOf(new Repository(users).some("age")).toEqualTypeOf<Promise<Record<User, Pick<User, "age">>[]>>();
  });

  test("a builder is no promise, and options are those that there are", () => {
    // @ts-expect-error without execute()
    const forgotten = async (): Promise<unknown> => await session.query(users);
    expectTypeOf(forgotten).toBeFunction();
    // @ts-expect-error no such option
    session.query(users).execute({ timeout: 5 });
    // @ts-expect-error no such duration
    session.query(users).queryDuration("brief");
    // @ts-expect-error no DataSet
    session.query("users");
  });
});
