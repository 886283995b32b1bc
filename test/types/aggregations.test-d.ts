import { describe, expectTypeOf, test } from "vitest";
import { type AggregateRows, type DataSet, type Session, UdfError, type Value } from "../../src/index.js";

interface User {
  name: string;
  age: number;
}

declare const session: Session;
declare const users: DataSet<User>;

describe("an aggregation", () => {
  test("gives values, or what the caller says that the function makes", () => {
    const some = session.query(users).where("$.age > 30").aggregate("stats", "ages", "age", 7n, [true]);
    expectTypeOf(some.execute()).toEqualTypeOf<Promise<AggregateRows<Value>>>();
    const total = session.query(users).recordsPerSecond(5).aggregate<number>("stats", "sum");
    expectTypeOf(total.first()).toEqualTypeOf<Promise<number | null>>();
    expectTypeOf(total.collect({ maxMemory: 1e7, sources: { stats: "" } })).toEqualTypeOf<Promise<number[]>>();
    expectTypeOf<AggregateRows<number>>().toExtend<AsyncIterable<number>>();
  });

  test("goes with nothing that it can't do", () => {
    // @ts-expect-error bins were chosen
    session.query(users).bins("age").aggregate("stats", "sum");
    // @ts-expect-error records by their keys
    session.query(users.id(1)).aggregate("stats", "sum");
    // @ts-expect-error no value
    session.query(users).aggregate("stats", "sum", () => 1);
    // @ts-expect-error too late
    session.query(users).aggregate("stats", "sum").where("$.age > 30");
    // @ts-expect-error without execute()
    const forgotten = async (): Promise<unknown> => await session.query(users).aggregate("stats", "sum");
    expectTypeOf(forgotten).toBeFunction();
    // @ts-expect-error no such option
    session.query(users).aggregate("stats", "sum").execute({ timeout: 5 });
  });

  test("fails with a place", () => {
    const error = new UdfError("no");
    expectTypeOf(error.line).toEqualTypeOf<number | undefined>();
    expectTypeOf(error.fileName).toEqualTypeOf<string | undefined>();
    expectTypeOf(error.luaMessage).toEqualTypeOf<string | undefined>();
  });
});
