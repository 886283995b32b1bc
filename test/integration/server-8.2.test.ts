import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Emulator } from "../../emulator/index.js";
import { CTX, connect, type DataSet, Exp, type Hll, type Session } from "../../src/index.js";
import { connect82 } from "../support/connect-8.2.js";
import type { TestTarget } from "../support/connect-target.js";

// What servers from 8.2 on can do beside strings and texts.

interface Order {
  lines: { name: string; price: number }[];
  stock: { [name: string]: number };
  numbers: number[];
  sketch?: Hll;
}

const ORDER: Order = {
  lines: [
    { name: "nut", price: 3 },
    { name: "saw", price: 30 },
    { name: "axe", price: 40 },
  ],
  stock: { a: 10, b: 20, c: 30, d: 40 },
  numbers: [1, 2, 3],
};

let target: TestTarget;
let orders: DataSet<Order>;
let session: Session;

beforeAll(async () => {
  target = await connect82();
  session = target.session;
  orders = target.dataSet<Order>();
});

afterAll(async () => {
  await target[Symbol.asyncDispose]();
});

describe("paths through ranges", () => {
  const price = Exp.intLoopVar("value");

  it("read and write what ranges and lists lead to", async () => {
    const key = orders.id(1);
    await session.put(key, ORDER);
    const row = await session
      .query(key)
      .bin("lines")
      .onEachChild({ among: CTX.listIndexRange(0, 2) })
      .onMapKey("name")
      .collectValues()
      .bin("stock")
      .onEachChild({ among: CTX.mapKeyRange("b", "d") })
      .collectKeys()
      .bin("stock")
      .onEachChild({ among: CTX.mapValueRange(20, null), where: Exp.lt(price, Exp.intVal(40)) })
      .collectValues()
      .bin("stock")
      .onEachChild({ among: CTX.mapRankRange(-1).allOthers() })
      .collectEntries()
      .firstOrThrow();
    expect(row.orThrow().operationResults).toEqual([
      ["nut", "saw"],
      ["b", "c"],
      [20, 30],
      [
        ["a", 10],
        ["b", 20],
        ["c", 30],
      ],
    ]);
    await session
      .update(key)
      .bin("stock")
      .onEachChild({ among: CTX.mapIndexRange(0, 2) })
      .modifyBy(Exp.numAdd([price, Exp.intVal(1)]))
      .bin("lines")
      .onEachChild({ among: CTX.listIndexRange(1) })
      .removeMatches()
      .execute();
    const changed = await session.get(key);
    expect(changed?.bins).toMatchObject({ stock: { a: 11, b: 21, c: 30, d: 40 }, lines: [{ name: "nut", price: 3 }] });
  });

  it("refuse what leads to one place, and what is no step", () => {
    const bin = () => session.query(orders.id(1)).bin("lines");
    expect(() => bin().onEachChild({ among: CTX.listIndex(0) })).toThrow("expected among to be a step to several");
    // @ts-expect-error: a step, or nothing
    expect(() => bin().onEachChild({ among: undefined })).toThrow("expected among to be a step to several");
  });

  it("are not sent to older servers", async () => {
    await using emulator = await Emulator.start();
    await using client = await connect(emulator.hosts);
    const path = client
      .createSession()
      .query(orders.id(1))
      .bin("lines")
      .onEachChild({ among: CTX.listIndexRange(0, 2) })
      .collectValues();
    await expect(path.firstOrThrow()).rejects.toMatchObject({ code: "UNSUPPORTED_FEATURE" });
  });
});

describe("sub codes", () => {
  it("tell why an operation did not fit", async () => {
    const key = orders.id(2);
    await session.put(key, ORDER);
    const failure = (resultCode: number, subCode: number) => ({ resultCode, subCode });
    const numbers = () => session.update(key).bin("numbers");
    await expect(numbers().onListIndex(9).getValues().execute()).rejects.toMatchObject(failure(26, 1));
    await expect(numbers().onListRank(9).getValues().execute()).rejects.toMatchObject(failure(26, 2));
    await expect(numbers().listInsert(9, 1, { bounded: true }).execute()).rejects.toMatchObject(failure(26, 3));
    const sketch = () => session.update(key).bin("sketch");
    await expect(sketch().hllAdd(["a"]).execute()).rejects.toMatchObject(failure(26, 4));
    await sketch().hllInit({ indexBits: 8 }).execute();
    await expect(sketch().hllFold(14).execute()).rejects.toMatchObject(failure(26, 8));
  });
});
