import { describe, expectTypeOf, test } from "vitest";
import type { Emulator, FixtureRecords, FixtureSet } from "../../emulator/index.js";
import { DataSet, Double } from "../../src/index.js";

declare const emulator: Emulator;

interface User {
  name: string;
  age?: number;
}

const users = DataSet.of<User>("test", "users");
const anything = DataSet.of("test", "anything");
const events = DataSet.of<{ at: Date }>("test", "events", {
  bins: { at: { toBin: (date: Date) => date.getTime(), fromBin: (ms: number) => new Date(ms) } },
});

describe("records to load", () => {
  test("are those of the data set", () => {
    expectTypeOf(users).toExtend<FixtureSet<User>>();
    expectTypeOf(emulator.load(users, [[1, { name: "Ada", age: 36 }]])).toBeNumber();
    emulator.load(users, { ada: { name: "Ada", age: new Double(1) } });
    emulator.load(users, new Map([[1, { name: "Ada", age: undefined }]]));
    emulator.load(users, [["ada", { name: "Ada", age: 36n }]]);
    emulator.load(anything, [[1, { whatever: [1, { a: true }] }]]);
    emulator.load(events, [[1, { at: new Date() }]]);
    emulator.load({ namespace: "test", setName: "users" }, { ada: { name: "Ada" } });
    // @ts-expect-error: no such bin
    emulator.load(users, [[1, { nam: "Ada" }]]);
    // @ts-expect-error: of another type
    emulator.load(users, [[1, { name: 1 }]]);
    // @ts-expect-error: no key
    emulator.load(users, [[true, { name: "Ada" }]]);
    // @ts-expect-error: what is stored is the codec's business
    emulator.load(events, [[1, { at: 5 }]]);
    // @ts-expect-error: a Date has no Aerospike type
    emulator.load(anything, [[1, { at: new Date() }]]);
    // @ts-expect-error: seconds are a number
    emulator.load(users, {}, { ttl: "1" });
    expectTypeOf<FixtureRecords<User>>().not.toBeAny();
  });

  test("of several sets are by namespace and set", () => {
    emulator.loadAll({ test: { users: { ada: { name: "Ada" } }, orders: [[1, { total: 5 }]] } });
    // @ts-expect-error: not by set
    emulator.loadAll({ test: [] });
  });
});
