import { DataSet, Exp, Filter, GeoJson, type RecordStream, ResultCode, type Session } from "../../src/index.js";

export const set = DataSet.of("test", "hostile");

/** A record with a value of every type, some of them deep. */
export const BINS = {
  integer: 7,
  big: 2n ** 62n,
  double: 1.5,
  text: "text äöü 🚀",
  yes: true,
  bytes: Uint8Array.of(1, 2, 3),
  list: [1, "two", [3, [4, [5]]], { six: 7 }, null, 1.25, true],
  map: { a: 1, b: { c: [1, 2, 3], d: "e" }, f: null },
  place: new GeoJson({ type: "Point", coordinates: [1, 2] }),
};

/** Enough for messages of a batch. */
export const MANY = Array.from({ length: 20 }, (_, id) => set.id(id));

/** Something that is asked of a cluster. */
export type Ask = (session: Session) => Promise<unknown>;

/** One of every kind, for replies of every kind. */
export const ASKS: readonly (readonly [string, Ask])[] = [
  ["get", (session) => session.get(set.id(1))],
  ["get of some bins", (session) => session.get(set.id(1), ["list", "map"])],
  ["put", (session) => session.put(set.id(2), { a: 1 })],
  ["exists", (session) => session.exists(set.id(1)).execute()],
  ["exists of several", async (session) => throwFailure(await session.exists(set.ids(1, 2, 3, 4)).execute())],
  ["insert of what exists", (session) => session.insert(set.id(1)).put({ a: 1 }).execute()],
  ["delete", (session) => session.delete(set.id(3)).execute()],
  ["touch", (session) => session.touch(set.id(1)).execute()],
  [
    "operate",
    (session) =>
      session
        .update(set.id(1))
        .bin("integer")
        .add(1)
        .bin("integer")
        .get()
        .bin("list")
        .listSize()
        .bin("map")
        .get()
        .execute(),
  ],
  ["count", (session) => session.backgroundTask().update(set).where("$.integer > 0").bin("a").setTo(1).count()],
  ["start of a task", (session) => session.backgroundTask().touch(set).where(Exp.boolVal(false)).execute()],
  ["explain", (session) => session.backgroundTask().touch(set).explain()],
  [
    "a task through an index",
    (session) =>
      session
        .backgroundTask()
        .touch(set)
        .filter(Filter.range("integer", 1, 2))
        .execute(),
  ],
  ["progress of a task", (session) => session.backgroundTask().attach(4_711n).progress()],
  ["abort of a task", (session) => session.backgroundTask().attach(4_711n).abort()],
  ["list of tasks", (session) => session.backgroundTask().list()],
  ["list of modules", (session) => session.listUdfs()],
  ["namespaces", (session) => session.info().namespaces()],
  ["index", (session) => session.index(set).onBin("integer").named("hostile_integer").integer().create()],
  ["indexes", (session) => session.info().secondaryIndexes()],
  ["sets", (session) => session.info().sets("test")],
  ["truncate", (session) => session.truncate(DataSet.of("test", "nothing"))],
  ["a batch of reads", (session) => session.getMany(MANY)],
  ["a batch of writes", (session) => session.upsert(MANY).bin("integer").add(1).bin("integer").get().execute()],
  ["rows as they come", async (session) => (await session.query(MANY).bins("list", "map").stream()).collect()],
  ["query", (session) => session.query(set).collect()],
  ["query of computed bins", (session) => session.query(set).bin("list").listSize().bin("map").mapSize().collect()],
  [
    "pages",
    async (session) => {
      for await (const page of (await session.query(set).execute()).pages(1)) {
        if (page.length !== 1) throw new Error(`A page of 1 has ${page.length} records`);
      }
    },
  ],
  ["sorted query", (session) => session.query(set).sortBy("text").topN(3)],
  [
    "query through an index",
    (session) =>
      session
        .query(set)
        .filter(Filter.range("integer", 1, 9))
        .collect(),
  ],
  ["plan of a query", (session) => session.query(set).where("$.integer > 3").explain()],
  ["details of a namespace", (session) => session.info().namespaceDetails("test")],
  ["details of an index", (session) => session.info().secondaryIndexDetails("test", "hostile_integer")],
  ["commit", async (session) => session.doInTransaction((tx) => tx.put(set.id(2), { a: 1 }))],
  ["users", (session) => session.security().users()],
];

/** What a row of several says is thrown, as for one. */
async function throwFailure(rows: RecordStream): Promise<void> {
  for await (const row of rows) if (row.resultCode !== ResultCode.KEY_NOT_FOUND) row.orThrow();
}
