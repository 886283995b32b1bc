import { afterEach, beforeEach, expect, test } from "vitest";
import { type AnyBins, Behavior, DataSet, Filter, type Session } from "../../../../src/index.js";
import { type FakeSession, openFakeSession } from "../../../support/fake/session.js";

// What programs without types, or with values of `any`, hand over by mistake.

const users: DataSet<AnyBins> = DataSet.of("test", "users");
const key = users.id(1);

const WRONG: readonly (readonly [name: string, value: unknown])[] = [
  ["undefined", undefined],
  ["null", null],
  ["NaN", Number.NaN],
  ["-1", -1],
  ["0", 0],
  ["1.5", 1.5],
  ["2^53", 2 ** 53],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["no text", ""],
  ["text", "zz"],
  ["long text", "x".repeat(200)],
  ["half a surrogate pair", "\ud800"],
  ["separators", "a;b:c=d\n"],
  ["no elements", []],
  ["[null]", [null]],
  ["{}", {}],
  ["a function", () => 1],
  ["a symbol", Symbol("s")],
  ["a Date", new Date(Number.NaN)],
  ["true", true],
  ["5n", 5n],
  ["2^70", 2n ** 70n],
  ["bytes", new Uint8Array(3)],
  ["a Key", key],
];

/** The method with the wrong value, and the names of those that it takes. */
type Call = (session: Session, value: never) => unknown;

const TEXTS = ["no text", "text", "separators"] as const;
const NO_OPTIONS = ["undefined", "{}", "a Date"] as const;

const CASES: readonly (readonly [method: string, call: Call, ...takes: string[]])[] = [
  ["query", (s, v) => s.query(v), "a Key"],
  ["upsert", (s, v) => s.upsert(v), "a Key"],
  ["delete", (s, v) => s.delete(v), "a Key"],
  ["touch", (s, v) => s.touch(v), "a Key"],
  ["exists", (s, v) => s.exists(v), "a Key"],
  ["executeUdf", (s, v) => s.executeUdf(v), "a Key"],
  ["getMany", (s, v) => s.getMany(v), "no elements"],
  ["getMany: options", (s, v) => s.getMany([], v), ...NO_OPTIONS],
  ["putMany", (s, v) => s.putMany(v), "no elements"],
  ["putMany: entry", (s, v) => s.putMany([v])],
  ["upsertRows: data set", (s, v) => s.upsertRows(v, [], { id: "id" })],
  ["upsertRows", (s, v) => s.upsertRows(users, v, { id: "id" }), "no elements"],
  ["upsertRows: object", (s, v) => s.upsertRows(users, [v], { id: "id" })],
  ["rows: bins", (s, v) => s.upsert(users).bins(v), ...TEXTS],
  ["rows: rows", (s, v) => s.upsert(users).bins("a").rows(v)],
  ["rows: row", (s, v) => s.upsert(users).bins("a").rows([v])],
  ["bins", (s, v) => s.query(key).bins(v), ...TEXTS],
  ["bin", (s, v) => s.query(key).bin(v), ...TEXTS],
  ["where", (s, v) => s.query(key).where(v)],
  ["defaultWhere", (s, v) => s.query(key).defaultWhere(v)],
  ["execute: options", (s, v) => s.query(key).execute(v), ...NO_OPTIONS],
  ["stream: options", (s, v) => s.query(key).stream(v), ...NO_OPTIONS],
  ["onError", (s, v) => s.query(key).execute({ onError: v }), "undefined", "a function"],
  ["expireRecordAfterSeconds", (s, v) => s.touch(key).expireRecordAfterSeconds(v)],
  ["expireRecordAt", (s, v) => s.touch(key).expireRecordAt(v)],
  ["ensureGenerationIs", (s, v) => s.touch(key).ensureGenerationIs(v)],
  ["withTxn", (s, v) => s.touch(key).withTxn(v), "null"],
  ["selectFrom", (s, v) => s.query(key).bin("a").selectFrom(v)],
  ["function: package", (s, v) => s.executeUdf(key).function(v, "f"), "text"],
  ["function: name", (s, v) => s.executeUdf(key).function("p", v), "text"],
  ["filter", (s, v) => s.query(users).filter(v)],
  ["limit", (s, v) => s.query(users).limit(v)],
  ["recordsPerSecond", (s, v) => s.query(users).recordsPerSecond(v)],
  ["onPartition", (s, v) => s.query(users).onPartition(v), "0"],
  ["onPartitionRange", (s, v) => s.query(users).onPartitionRange(0, v)],
  ["queryDuration", (s, v) => s.query(users).queryDuration(v)],
  ["withHint", (s, v) => s.query(users).withHint(v)],
  ["resumeFrom", (s, v) => s.query(users).resumeFrom(v)],
  ["bins of a set", (s, v) => s.query(users).bins(v), ...TEXTS],
  ["sortBy", (s, v) => s.query(users).sortBy(v), ...TEXTS],
  ["topN", (s, v) => s.query(users).sortBy("a").topN(v)],
  ["collect: options", (s, v) => s.query(users).collect(v), ...NO_OPTIONS],
  ["aggregate: package", (s, v) => s.query(users).aggregate(v, "f"), "text"],
  ["Filter.range", (_, v) => Filter.range("a", v, 5), "-1", "0", "5n"],
  ["registerUdf: file", (s, v) => s.registerUdf("function f() end", v)],
  ["getUdf", (s, v) => s.getUdf(v)],
  ["removeUdf", (s, v) => s.removeUdf(v)],
  ["index", (s, v) => s.index(v)],
  ["createIndex", (s, v) => s.createIndex(users, v)],
  ["createIndex: type", (s, v) => s.createIndex(users, { name: "n", bin: "a", type: v })],
  ["dropIndex", (s, v) => s.dropIndex(users, v), "text"],
  ["dropIndex: data set", (s, v) => s.dropIndex(v, "n")],
  ["listIndexes", (s, v) => s.listIndexes(v), "undefined"],
  ["truncate", (s, v) => s.truncate(v)],
  ["truncate: before", (s, v) => s.truncate(users, { before: v }), "undefined"],
  ["setXdrFilter", (s, v) => s.setXdrFilter(v)],
  ["setXdrFilter: filter", (s, v) => s.setXdrFilter({ datacenter: "d", namespace: "test", filter: v }), "null"],
  ["createUser: name", (s, v) => s.security().createUser(v, "password", ["read"]), "text", "separators"],
  ["createUser: roles", (s, v) => s.security().createUser("u", "password", v)],
  ["createRole: privilege", (s, v) => s.security().createRole("r", { privileges: [v] })],
  ["secondaryIndexes", (s, v) => s.info().secondaryIndexes(v), "undefined", "text"],
  ["namespaceDetails", (s, v) => s.info().namespaceDetails(v), "text"],
  ["isNamespaceSc", (s, v) => s.isNamespaceSc(v), "text"],
  ["transaction", (s, v) => s.transaction(v), ...NO_OPTIONS],
  ["doInTransaction", (s, v) => s.doInTransaction(v), "a function"],
  ["doInTransaction: maxAttempts", (s, v) => s.doInTransaction(async () => undefined, { maxAttempts: v }), "undefined"],
  ["sessionFor", (s, v) => s.sessionFor(v)],
  ["backgroundTask().update", (s, v) => s.backgroundTask().update(v)],
  ["backgroundTask().attach", (s, v) => s.backgroundTask().attach(v), "5n"],
  ["DataSet.of", (_, v) => DataSet.of(v, "s"), "text"],
  ["id", (_, v) => users.id(v), "-1", "0", ...TEXTS, "long text", "5n", "bytes"],
  ["idFromDigest", (_, v) => users.idFromDigest(v)],
  ["deriveWithChanges", (_, v) => Behavior.DEFAULT.deriveWithChanges("b", v), "{}", "no elements", "a Date"],
];

/** What the engine says where nobody has looked at a value. */
const UNSEEN = /^Cannot |is not a function|is not iterable|undefined \(|not a valid|is not a constructor/;

let fake: FakeSession;

beforeEach(async () => {
  fake = await openFakeSession({ nodes: 1 });
});

afterEach(() => fake.until(fake.client.close()));

test.each(CASES.map(([method, call, ...takes]) => [method, call, takes] as const))(
  "%s is refused with what is allowed, before anything is sent",
  async (_method, call, takes) => {
    const [node] = fake.world.fake.nodes;
    const asked = node!.asked.length;
    for (const [name, value] of WRONG) {
      if (takes.includes(name)) continue;
      let error: unknown;
      try {
        await fake.until(Promise.resolve(call(fake.session, value as never)));
      } catch (reason) {
        error = reason;
      }
      expect(error, name).toBeInstanceOf(Error);
      expect(["TypeError", "RangeError", "InvalidValue", "AelParseError"], name).toContain(
        (error as Error).constructor.name,
      );
      expect((error as Error).message, name).not.toMatch(UNSEEN);
    }
    expect(node!.requests).toEqual([]);
    expect(node!.batches).toEqual([]);
    expect(
      node!.asked.slice(asked).filter((commands) => commands.some((one) => /create|delete|put|remove/.test(one))),
    ).toEqual([]);
  },
);
