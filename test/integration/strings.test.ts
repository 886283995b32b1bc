import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Emulator } from "../../emulator/index.js";
import {
  AerospikeError,
  Behavior,
  CTX,
  connect,
  type DataSet,
  Exp,
  PathSelectFlags,
  StringRegexFlags,
  serverAel,
  serverAelOf,
} from "../../src/index.js";
import { connect82 } from "../support/connect-8.2.js";
import type { TestTarget } from "../support/connect-target.js";

// Operations on strings: server 8.2 and later.

interface Person {
  name: string;
  zip?: number;
  tags?: string[];
  photo?: Uint8Array;
  home?: { city: string; streets: string[] };
  note?: string;
}

const ADA: Person = {
  name: " Ada Löveläce ",
  zip: 501,
  tags: ["x", "y"],
  photo: Uint8Array.of(0, 255, 16),
  home: { city: "London", streets: ["ada st", "babbage rd"] },
};

let target: TestTarget;
let people: DataSet<Person>;
let ids = 0;

beforeAll(async () => {
  target = await connect82();
  people = target.dataSet<Person>();
});

afterAll(async () => {
  await target[Symbol.asyncDispose]();
});

async function stored(person: Person = ADA) {
  const key = people.id(`person ${ids++}`);
  await target.session.put(key, person);
  return key;
}

describe("strings", () => {
  it("are read in bins and further in", async () => {
    const key = await stored();
    const { operationResults } = await target.session
      .query(key)
      .bin("name")
      .strLength()
      .bin("name")
      .strByteLength()
      .bin("name")
      .strSubstring(1, 4)
      .bin("name")
      .strFind("ä", { occurrence: -1 })
      .bin("name")
      .strSplit(" ")
      .bin("home")
      .onMapKey("city")
      .strStartsWith("Lon")
      .bin("home")
      .onMapKey("streets")
      .onListIndex(-1)
      .strMatches("BABBAGE", StringRegexFlags.CASE_INSENSITIVE)
      .bin("zip")
      .readAsString()
      .bin("tags")
      .listJoin("-")
      .bin("photo")
      .bitB64Encode()
      .bin("photo")
      .bitB64Encode(1, 1, true)
      .bin("note")
      .strLength()
      .firstOrThrow();
    expect(operationResults).toEqual([
      14,
      16,
      "Ada",
      10,
      ["", "Ada", "Löveläce", ""],
      true,
      true,
      "501",
      "x-y",
      "AP8Q",
      "/w==",
      null,
    ]);
  });

  it("are changed in bins and further in, in one command", async () => {
    const key = await stored();
    const { operationResults } = await target.session
      .update(key)
      .bin("name")
      .strTrim()
      .bin("name")
      .strUpper()
      .bin("name")
      .get()
      .bin("home")
      .onMapKey("streets")
      .onListIndex(0)
      .strRegexReplace("\\bst\\b", "street")
      .bin("home")
      .onMapKey("city")
      .strPadStart(8, "*")
      .bin("note")
      .strAppend("new", { createOnly: true })
      .bin("note")
      .strUpper({ updateOnly: true })
      .firstOrThrow();
    expect(operationResults).toEqual([null, null, "ADA LÖVELÄCE", null, null, null, null]);
    expect((await target.session.get(key))?.bins).toMatchObject({
      name: "ADA LÖVELÄCE",
      note: "NEW",
      home: { city: "**London", streets: ["ada street", "babbage rd"] },
    });
  });

  it("fail with the server's words", async () => {
    const key = await stored();
    await expect(target.session.query(key).bin("name").strToInteger().firstOrThrow()).rejects.toMatchObject({
      resultCode: 26,
      subCode: 10,
      serverMessage: expect.stringContaining("integer"),
    });
    await expect(target.session.update(key).bin("name").strOverwrite(99, "x").execute()).rejects.toMatchObject({
      resultCode: 4,
      subCode: 9,
    });
    await target.session.update(key).bin("name").strOverwrite(99, "x", { noFail: true }).execute();
    await expect(target.session.update(key).bin("name").strMatches("(").execute()).rejects.toMatchObject({
      resultCode: 4,
      subCode: 10,
    });
  });

  it("are worked on in batches, filters and background tasks", async () => {
    const own = target.dataSet<Person>();
    const keys = Array.from({ length: 20 }, (_, i) => own.id(i));
    for (const [i, key] of keys.entries()) await target.session.put(key, { name: `Name ${i}` });
    const where = Exp.strEndsWith("5", Exp.strTrim(undefined, Exp.stringBin("name")));
    const task = await target.session.backgroundTask().update(own).where(where).bin("name").strUpper().execute();
    await task.waitTillComplete();
    const rows = await target.session.query(keys).bin("name").strSubstring(0, 4).execute();
    let changed = 0;
    for await (const row of rows) if (row.isOk && row.operationResults[0] === "NAME") changed++;
    expect(changed).toBe(2);
  });

  it("are computed by expressions", async () => {
    const own = target.dataSet();
    const key = own.id(1);
    await target.session.put(key, { ...ADA });
    const city = CTX.mapKey("city");
    const { operationResults } = await target.session
      .query(key)
      .bin("a")
      .selectFrom(Exp.strUpper(undefined, Exp.strTrim(undefined, Exp.stringBin("name"))))
      .bin("b")
      .selectFrom(Exp.strLower(undefined, Exp.mapBin("home"), city))
      .bin("c")
      .selectFrom(Exp.strLength(Exp.mapBin("home"), city))
      .bin("d")
      .selectFrom(Exp.toString(Exp.intBin("zip")))
      .bin("e")
      .selectFrom(Exp.listJoin("+", Exp.listBin("tags")))
      .bin("f")
      .selectFrom(Exp.count(Exp.mapBin("home"), CTX.mapKey("streets")))
      .bin("g")
      .selectFrom(Exp.binExists("note", { opCode: true }))
      .bin("h")
      .selectFrom(Exp.bitB64Encode(null, null, false, Exp.blobBin("photo")))
      .bin("i")
      .selectFrom(Exp.selectByPath("int", PathSelectFlags.COUNT, Exp.listBin("tags"), CTX.listIndexRange(0)))
      .bin("j")
      .selectFrom(
        Exp.selectByPath("list", PathSelectFlags.VALUES, Exp.listBin("tags"), CTX.listValuesIn(["x"]).allOthers()),
      )
      .bin("k")
      .selectFrom(Exp.strToInteger(Exp.stringBin("name")), { ignoreEvalFailure: true })
      .firstOrThrow();
    expect(operationResults).toEqual([
      "ADA LÖVELÄCE",
      { city: "london", streets: ADA.home?.streets },
      6,
      "501",
      "x+y",
      2,
      false,
      "AP8Q",
      2,
      ["y"],
      null,
    ]);
  });
});

describe("texts that the server compiles", () => {
  it("filter records and compute values", async () => {
    const key = await stored();
    const other = await stored({ name: "Bob", zip: 7 });
    const where = serverAel("$.zip > ?0 and $.name =~ /ada/i", 500);
    const rows = await target.session.query([key, other]).where(where).execute();
    const found: string[] = [];
    for await (const row of rows) if (row.isOk && row.record !== null) found.push(row.record.bins.name);
    expect(found).toEqual([ADA.name]);
    const row = await target.session
      .query(key)
      .bin("zip")
      .selectFrom(serverAelOf("int", "$.zip + ?0", 1))
      .firstOrThrow();
    expect(row.operationResults).toEqual([502]);
  });

  it("are refused with the place of what is wrong", async () => {
    const key = await stored();
    const session = target.client.createSession(
      Behavior.DEFAULT.deriveWithChanges("traces", { all: { errorDetailVerbosity: "expressionTrace" } }),
    );
    await expect(session.query([key]).where(serverAel("$.zip >")).execute()).rejects.toMatchObject({ resultCode: 4 });
    await expect(session.update(key).where(serverAel("$.zip > > 1")).bin("zip").add(1).execute()).rejects.toMatchObject(
      {
        resultCode: 4,
        serverMessage: expect.stringContaining("line 1, column"),
        expressionTrace: { phase: "build", language: "text" },
      },
    );
  });
});

describe("an index that the server chooses", () => {
  it("narrows the query, is what a hard hint names, and is not asked for what can't be", async () => {
    await using emulator = await Emulator.start({ version: "8.2.0", nodes: 2 });
    await using client = await connect(emulator.hosts);
    const session = client.createSession();
    for (const zip of [1, 2, 3, 4]) await session.put(people.id(zip), { name: `n${zip}`, zip });
    const task = await session.createIndex(people, { name: "zips", bin: "zip", type: "integer" });
    await task.waitTillComplete();
    const query = (text: string) => session.query(people).where(serverAel(text)).planner("server");

    const plan = await query("$.zip > 1 and $.zip <= 3").explain();
    expect(plan).toMatchObject({ planner: "server", index: expect.stringContaining("chosen by the server") });
    expect(plan.index).toContain("zip");
    expect(await query("$.zip > 1 and $.zip <= 3").count()).toBe(2);
    expect(await query("$.name == 'n4'").count()).toBe(1);
    expect((await query("$.name == 'n4'").explain()).index).toBeUndefined();
    expect(await query("$.zip > 3 and $.zip < 2").count()).toBe(0);
    expect((await query("$.zip > 3 and $.zip < 2").explain()).index).toContain("no record can fulfil");

    const hard = { indexName: "zips", hard: true };
    expect(await query("$.zip == 2").withHint(hard).allowScansWithWhere(false).count()).toBe(1);
    const notFound = { code: "INDEX_NOT_FOUND", resultCode: 201 };
    await expect(query("$.name == 'n4'").withHint(hard).count()).rejects.toMatchObject(notFound);
    await expect(query("$.name == 'n4'").allowScansWithWhere(false).count()).rejects.toMatchObject(notFound);
    await expect(query("$.zip >").count()).rejects.toMatchObject({ resultCode: 4 });
  });
});

describe("a cluster with an older node", () => {
  it("is sent none of it", async () => {
    await using emulator = await Emulator.start({ version: ["8.2.0", "8.1.2"], nodes: 2 });
    await using client = await connect(emulator.hosts);
    expect(client.supports("stringOperations")).toBe(false);
    const session = client.createSession();
    const key = people.id("old");
    const tries: readonly (() => Promise<unknown>)[] = [
      () => session.query(key).bin("name").strLength().execute(),
      () => session.update(key).bin("home").onMapKey("city").strUpper().execute(),
      () =>
        session
          .query([key, people.id("other")])
          .bin("zip")
          .readAsString()
          .execute(),
      () =>
        session
          .update(key)
          .where(Exp.strIsUpper(Exp.stringBin("name")))
          .bin("zip")
          .add(1)
          .execute(),
      () => session.backgroundTask().update(people).bin("name").strUpper().execute(),
      () => session.query(people).where(serverAel("$.zip > 1")).count(),
      () => session.query(people).where(serverAel("$.zip > 1")).planner("server").collect(),
      () => session.query(people).where(serverAel("$.zip > 1")).planner("server").explain(),
    ];
    for (const attempt of tries) {
      const error = await attempt().catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(AerospikeError);
      expect(error).toMatchObject({ code: "UNSUPPORTED_FEATURE", message: expect.stringMatching(/8\.2.*8\.1\.2/s) });
    }
  });
});
