import * as v from "valibot";
import { describe, expectTypeOf, test } from "vitest";
import * as z from "zod";
import {
  type BinCodec,
  type BinsInput,
  type BinsShape,
  DataSet,
  dateAsMilliseconds,
  dateAsText,
  type Key,
  type Record,
  type Session,
  type Value,
} from "../../src/index.js";

declare const session: Session;

class Money {
  readonly cents: number;
  constructor(cents: number) {
    this.cents = cents;
  }
  plus(other: Money): Money {
    return new Money(this.cents + other.cents);
  }
}

const money: BinCodec<Money, number> = { toBin: ({ cents }) => cents, fromBin: (cents) => new Money(cents) };

/** The own properties of a type, without what only the compiler knows. */
type Plain<T> = { [K in keyof T as K extends string ? K : never]: T[K] };

const users = DataSet.of("test", "users", {
  bins: {
    name: z.string().min(1),
    age: z.int().optional(),
    role: z.enum(["admin", "guest"]).default("guest"),
    tags: v.array(v.string()),
    born: { ...dateAsText, schema: z.date() },
    seen: dateAsMilliseconds,
    balance: money,
  },
  doubles: ["age"],
});
type User = NonNullable<(typeof users)["binTypes"]>;

describe("bins declared one by one", () => {
  test("are of the types that their schemas and codecs have", () => {
    expectTypeOf<Plain<User>>().toEqualTypeOf<{
      name: string;
      age?: number;
      role: "admin" | "guest";
      tags: string[];
      born: Date;
      seen?: Date;
      balance?: Money;
    }>();
    expectTypeOf(users.id(1)).toEqualTypeOf<Key<User>>();
  });

  test("are read as what schemas give", async () => {
    const { bins } = await session.get(users.id(1));
    expectTypeOf(bins.born).toEqualTypeOf<Date>();
    expectTypeOf(bins.role).toEqualTypeOf<"admin" | "guest">();
    expectTypeOf(bins.seen).toEqualTypeOf<Date | undefined>();
    const some = await session.get(users.id(1), ["born", "name"]);
    expectTypeOf(some.bins).toEqualTypeOf<Pick<User, "born" | "name">>();
    // @ts-expect-error not declared
    bins.score;
    // @ts-expect-error not declared
    session.get(users.id(1), ["score"]);
    for await (const record of await session.query(users).bins("balance").execute()) {
      expectTypeOf(record.bins.balance).toEqualTypeOf<Money | undefined>();
    }
  });

  test("are written as what schemas take", () => {
    session.put(users.id(1), { name: "Ada", age: undefined, role: undefined, born: new Date(), seen: null });
    session.put(users.id(1), { balance: new Money(5), tags: ["a"] });
    session.upsert(users.id(1)).put({ seen: new Date() }).bin("balance").setTo(new Money(3)).bin("seen").setTo(null);
    session.upsert(users).bins("name", "born").row(1, "Ada", new Date());
    session.upsertRows(users, [{ id: 1, name: "Ada", born: new Date() }], { id: "id" });
    session.backgroundTask().update(users).bin("born").setTo(new Date());
    // @ts-expect-error a number for a Date
    session.put(users.id(1), { born: 5 });
    // @ts-expect-error not declared
    session.put(users.id(1), { score: 5 });
    // @ts-expect-error not one of the roles
    session.put(users.id(1), { role: "root" });
    // @ts-expect-error a number for a Date
    session.upsert(users.id(1)).bin("born").setTo(5);
    // @ts-expect-error a number for a Date
    session.backgroundTask().update(users).bin("born").setTo(5);
    // @ts-expect-error a number for a Date
    session.upsert(users).bins("name", "born").row(1, "Ada", 5);
  });

  test("take and give other types where schemas do", async () => {
    const visits = DataSet.of("test", "visits", {
      bins: { at: { ...dateAsText, schema: z.coerce.date<string | Date>() }, count: z.string().transform(Number) },
    });
    session.put(visits.id(1), { at: "2026-11-30", count: "5" });
    session.put(visits.id(1), { at: new Date() });
    session.update(visits.id(1)).bin("count").setTo("7");
    const { bins } = await session.get(visits.id(1));
    expectTypeOf(bins.at).toEqualTypeOf<Date>();
    expectTypeOf(bins.count).toEqualTypeOf<number>();
    // @ts-expect-error neither a text nor a Date
    session.put(visits.id(1), { at: 5 });
    // What was read can be written again.
    session.put(visits.id(2), bins);
  });

  test("have operations where they are stored as they are", async () => {
    session.update(users.id(1)).bin("age").add(1).bin("tags").listAppend("x").bin("name").append("!");
    const row = await session.query(users.id(1)).bin("born").get().bin("tags").listSize().firstOrThrow();
    expectTypeOf(row.orThrow().operationResults).toEqualTypeOf<readonly [Date, number]>();
    session.update(users.id(1)).bin("seen").remove().bin("seen").upsertFrom("$.seen + 1");
    expectTypeOf(session.query(users.id(1)).bin("seen").selectFrom).toBeFunction();
    // @ts-expect-error what is inside of a mapped bin is nobody's business
    session.update(users.id(1)).bin("born").mapPut;
    // @ts-expect-error nor is a sum
    session.update(users.id(1)).bin("balance").add;
    // @ts-expect-error nor in a query
    session.query(users).bin("born").onMapKey;
    // @ts-expect-error nor in a task
    session.backgroundTask().update(users).bin("seen").mapClear;
  });

  test("that no schema can be do not compile", () => {
    // @ts-expect-error no schema
    DataSet.of("test", "s", { bins: { a: "string" } });
    // @ts-expect-error without fromBin
    DataSet.of("test", "s", { bins: { a: { toBin: (a: Date) => a.getTime() } } });
    // @ts-expect-error a Date has no Aerospike type
    DataSet.of("test", "s", { bins: { a: { toBin: (a: Date) => a, fromBin: (a: Date) => a } } });
    // @ts-expect-error no such option
    DataSet.of("test", "s", { bin: { a: z.string() } });
    // @ts-expect-error no such bin
    DataSet.of("test", "s", { bins: { a: z.number() }, doubles: ["b"] });
  });
});

describe("records with a schema", () => {
  const orders = DataSet.of("test", "orders", {
    schema: z.object({ id: z.string(), price: z.number(), at: z.date(), note: z.string().optional() }),
    bins: { at: dateAsMilliseconds },
    doubles: ["price"],
  });

  test("are of the schema's type", async () => {
    const { bins } = await session.get(orders.id(1));
    expectTypeOf<Plain<typeof bins>>().toEqualTypeOf<{
      id: string;
      price: number;
      at: Date;
      note?: string | undefined;
    }>();
    session.put(orders.id(1), { id: "a", price: 5, at: new Date() });
    session.update(orders.id(1)).bin("price").add(1);
    // @ts-expect-error a text for a number
    session.put(orders.id(1), { id: "a", price: "5", at: new Date() });
    // @ts-expect-error mapped
    session.update(orders.id(1)).bin("at").mapPut;
    // @ts-expect-error note holds text
    DataSet.of("test", "s", { schema: z.object({ note: z.string() }), doubles: ["note"] });
  });
});

describe("a type parameter", () => {
  interface Visit {
    page: string;
    at: Date;
    left?: Date;
    price: number;
  }

  test("may have what Aerospike can't store where a codec says how", async () => {
    const visits = DataSet.of<Visit>("test", "visits", { bins: { at: dateAsMilliseconds, left: dateAsText } });
    session.put(visits.id(1), { page: "/", at: new Date(), left: null });
    expectTypeOf((await session.get(visits.id(1))).bins.at).toEqualTypeOf<Date>();
    expectTypeOf(visits).toExtend<DataSet<Visit>>();
    // @ts-expect-error a Date is no map
    session.update(visits.id(1)).bin("at").mapPut;
    // @ts-expect-error left has no codec
    DataSet.of<Visit>("test", "visits", { bins: { at: dateAsMilliseconds } });
    // @ts-expect-error money is no Date
    DataSet.of<Visit>("test", "visits", { bins: { at: money, left: dateAsText } });
    // @ts-expect-error Dates have no codec
    DataSet.of<Visit>("test", "visits");
  });

  test("says which bins may be doubles", () => {
    const prices = DataSet.of<{ price: number; name: string }>("test", "prices", { doubles: ["price"] });
    expectTypeOf(prices).toEqualTypeOf<DataSet<{ price: number; name: string }>>();
    DataSet.of("test", "anything", { doubles: ["price"] });
    // @ts-expect-error a name is no number
    DataSet.of<{ price: number; name: string }>("test", "prices", { doubles: ["name"] });
    // @ts-expect-error no such bin
    DataSet.of<{ price: number; name: string }>("test", "prices", { doubles: ["prize"] });
  });
});

describe("objects", () => {
  class Point {
    readonly x: number;
    readonly y: number;
    constructor(x: number, y: number) {
      this.x = x;
      this.y = y;
    }
    get length(): number {
      return Math.hypot(this.x, this.y);
    }
  }
  const points = DataSet.of("test", "points", {
    object: {
      class: Point,
      toBins: ({ x, y }) => ({ x, y }),
      fromBins: ({ x, y }: { x: number; y: number }) => new Point(x, y),
    },
  });

  test("are written as bins are, and read by toObject", async () => {
    session.put(points.id(1), new Point(3, 4));
    session.put(points.id(1), { x: 3 });
    session.putMany([
      [points.id(1), new Point(3, 4)],
      [points.id(2), { x: 3, y: 4 }],
    ]);
    session.upsert(points.id(1)).put(new Point(1, 2));
    const record = await session.get(points.id(1));
    expectTypeOf(record.toObject()).toEqualTypeOf<Point>();
    expectTypeOf(record.bins.x).toEqualTypeOf<number>();
    for await (const each of await session.query(points).execute())
      expectTypeOf(each.toObject()).toEqualTypeOf<Point>();
    const some = await session.get(points.id(1), ["x"]);
    // @ts-expect-error not all bins were read
    some.toObject();
    // @ts-expect-error not an object of the class
    session.put(points.id(1), new Money(5));
  });

  test("come from declared bins as well", async () => {
    class Person {
      readonly name: string;
      readonly born: Date;
      constructor(name: string, born: Date) {
        this.name = name;
        this.born = born;
      }
    }
    const people = DataSet.of("test", "people", {
      bins: { name: z.string(), born: { ...dateAsText, schema: z.date() } },
      object: {
        class: Person,
        toBins: (person) => ({ name: person.name, born: person.born }),
        fromBins: (bins) => new Person(bins.name, bins.born),
      },
    });
    expectTypeOf((await session.get(people.id(1))).toObject()).toEqualTypeOf<Person>();
    session.upsertRows(people, [new Person("Ada", new Date())], { id: ({ name }) => name });
  });
});

describe("code over any T", () => {
  class Repo<T> {
    readonly #set: DataSet<T>;
    constructor(set: DataSet<T>) {
      this.#set = set;
    }
    async find(id: number): Promise<T> {
      return (await session.get(this.#set.id(id))).bins;
    }
    async all(): Promise<Record<T>[]> {
      return session.query(this.#set).collect();
    }
    async save(id: number, bins: BinsInput<T>): Promise<void> {
      await session.put(this.#set.id(id), bins);
      await session.upsert(this.#set.id(id)).put(bins).execute();
    }
    async set<N extends keyof T & string>(id: number, name: N, value: Exclude<T[N], undefined>): Promise<void> {
      await session.update(this.#set.id(id)).bin(name).setTo(value).execute();
    }
  }

  test("takes schemas and codecs along", async () => {
    const repo = new Repo(users);
    expectTypeOf((await repo.find(1)).born).toEqualTypeOf<Date>();
    repo.save(1, { name: "Ada", born: new Date() });
    repo.set(1, "born", new Date());
    // @ts-expect-error a number for a Date
    repo.save(1, { born: 5 });
    // @ts-expect-error a number for a Date
    repo.set(1, "born", 5);
  });

  test("and does without any", async () => {
    const repo = new Repo(DataSet.of<{ name: string }>("test", "s"));
    expectTypeOf(repo.find(1)).toEqualTypeOf<Promise<{ name: string }>>();
    // @ts-expect-error a number for a text
    repo.save(1, { name: 5 });
  });

  test("that wants storable bins takes mapped ones", () => {
    const keyOf = <T extends BinsShape<T>>(set: DataSet<T>): Key<T> => set.id(1);
    expectTypeOf(keyOf(users)).toEqualTypeOf<Key<User>>();
    expectTypeOf<Value>().not.toBeAny();
  });
});
