import { describe, expect, it } from "vitest";
import {
  AerospikeError,
  connect,
  DataSet,
  Exp,
  Filter,
  GeoJson,
  type RecordStream,
  ResultCode,
  type Session,
} from "../../src/index.js";
import { type Random, seededRandom, seeds, withSeed } from "../support/faults/chance.js";
import { behaviorOf, Lab } from "../support/faults/lab.js";
import { patiently } from "../support/faults/patiently.js";
import { tamper } from "../support/faults/tamper.js";
import { asTheyCame } from "../support/faults/watched-transport.js";

const REPLIES = 100;
const set = DataSet.of("test", "hostile");

/** A record with a value of every type, some of them deep. */
const BINS = {
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
const MANY = Array.from({ length: 20 }, (_, id) => set.id(id));

const SOURCE = `
function value(rec) return map {list = rec.list, text = rec.text} end
function texts(s) return s : map(function(rec) return rec.text end) end
function count(s) return s : map(function() return 1 end) : reduce(function(a, b) return a + b end) end
`;

type Command = (session: Session) => Promise<unknown>;

const COMMANDS: readonly (readonly [string, Command])[] = [
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
      for await (const page of (await session.query(set).execute()).pages(1)) expect(page).toHaveLength(1);
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

/** What Lua does. It takes time to load, which a virtual clock does not know of. */
const LUA_COMMANDS: readonly (readonly [string, Command])[] = [
  ["source of a module", (session) => session.getUdf("hostile.lua")],
  ["function", (session) => session.executeUdf(set.id(1)).function("hostile", "value").execute()],
  ["functions of a batch", async (session) => session.executeUdf(MANY).function("hostile", "value").execute()],
  ["aggregation", (session) => session.query(set).aggregate("hostile", "count").collect()],
  ["aggregation without a reduce", (session) => session.query(set).aggregate("hostile", "texts").collect()],
];
const LUA_REPLIES = 30;

const HASTY = behaviorOf({
  all: { totalTimeout: 200, maxRetries: 0 },
  readsQuery: { totalTimeout: 200 },
  writesQuery: { totalTimeout: 200 },
});

/** What a row of several says is thrown, as for one. */
async function throwFailure(rows: RecordStream): Promise<void> {
  for await (const row of rows) if (row.resultCode !== ResultCode.KEY_NOT_FOUND) row.orThrow();
}

/** Any error but ours is a defect. */
async function expectOurs(what: string, work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (error instanceof AerospikeError) return;
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    throw new Error(`${what} ended with ${text}`, { cause: error });
  }
}

describe("replies that are damaged", () => {
  it.each(COMMANDS)("do no harm: %s", async (name, command) => {
    for (const seed of seeds(1, 1)) {
      await withSeed(seed, async () => {
        await using lab = await Lab.open({ seed, nodes: 1 });
        const random = seededRandom(seed);
        const client = await lab.connect({ maxErrorRate: 0, connectTimeoutMs: 100 });
        const calm = client.createSession(behaviorOf({ all: { maxRetries: 3 } }));
        await lab.until(calm.put(set.id(1), BINS));
        const session = client.createSession(HASTY);
        const openedBefore = lab.transport.opened;
        for (let i = 0; i < REPLIES; i++) {
          damageNext(lab, random);
          await expectOurs(`${name}, reply ${i}`, lab.until(command(session)));
          lab.transport.onReply = asTheyCame;
          // Nothing of it is left in the way of the next command.
          const { bins } = await lab.until(calm.get(set.id(1), ["text"]));
          expect(bins, `after reply ${i}`).toEqual({ text: BINS.text });
        }
        // What could not be trusted was dropped, and replaced.
        expect(lab.transport.opened - openedBefore).toBeGreaterThan(REPLIES / 4);
      });
    }
  });

  it.each(LUA_COMMANDS)("do no harm: %s", async (name, command) => {
    for (const seed of seeds(1, 1)) {
      await withSeed(seed, async () => {
        await using lab = await Lab.open({ seed, nodes: 1, lua: true });
        const random = seededRandom(seed);
        const client = await lab.connect({ maxErrorRate: 0, connectTimeoutMs: 100 });
        const calm = client.createSession(behaviorOf({ all: { maxRetries: 3 } }));
        await lab.until(calm.put(set.id(1), BINS));
        const task = await patiently(lab, calm.registerUdf(SOURCE, "hostile.lua"));
        await patiently(lab, task.waitTillComplete());
        const session = client.createSession(HASTY);
        for (let i = 0; i < LUA_REPLIES; i++) {
          damageNext(lab, random);
          await expectOurs(`${name}, reply ${i}`, patiently(lab, command(session)));
          lab.transport.onReply = asTheyCame;
          const { bins } = await patiently(lab, calm.get(set.id(1), ["text"]));
          expect(bins, `after reply ${i}`).toEqual({ text: BINS.text });
        }
        await patiently(lab, command(calm));
      });
    }
  });

  it("do no harm while a client connects", async () => {
    for (const seed of seeds(1, 20)) {
      await withSeed(seed, async () => {
        await using lab = await Lab.open({ seed, nodes: 2 });
        const random = seededRandom(seed);
        lab.transport.onReply = (bytes) => [random() < 0.3 ? tamper(bytes, random) : bytes];
        const { transport, runtime } = lab;
        const connecting = connect(lab.emulator.hosts, {
          transport,
          runtime,
          connectTimeoutMs: 50,
          readyTimeoutMs: 500,
        });
        const client = await lab.until(
          connecting.catch((error: unknown) => {
            if (error instanceof AerospikeError) return undefined;
            throw error;
          }),
        );
        lab.transport.onReply = asTheyCame;
        if (client === undefined) return;
        await runtime.advance(3_000);
        await lab.until(client.createSession(behaviorOf({ all: { maxRetries: 3 } })).put(set.id(1), BINS));
        await lab.until(client.close());
      });
    }
  });

  it("to the tend are forgotten once the true ones come", async () => {
    for (const seed of seeds(1, 3)) {
      await withSeed(seed, async () => {
        await using lab = await Lab.open({ seed, nodes: 3 });
        const random = seededRandom(seed);
        const { client, cluster } = await lab.connectCluster({ connectTimeoutMs: 100 });
        const session = client.createSession(behaviorOf({ all: { maxRetries: 3 } }));
        await lab.until(session.put(set.id(1), BINS));
        lab.transport.onReply = (bytes) => [random() < 0.5 ? tamper(bytes, random) : bytes];
        await lab.emulator.nodes[1]?.stop();
        await lab.runtime.advance(10_000);
        await lab.emulator.nodes[1]?.start();
        await lab.runtime.advance(10_000);
        lab.transport.onReply = asTheyCame;
        await lab.runtime.advance(15_000);
        expect(cluster.nodes.map(({ id }) => id).sort()).toEqual(lab.emulator.nodes.map(({ id }) => id).sort());
        expect(cluster.namespaces).toContain("test");
        expect((await lab.until(session.get(set.id(1)))).bins).toMatchObject({ integer: 7, text: BINS.text });
      });
    }
  });
});

/** Damages the reply that comes next. */
function damageNext(lab: Lab, random: Random): void {
  lab.transport.onReply = (bytes) => {
    lab.transport.onReply = asTheyCame;
    return [tamper(bytes, random)];
  };
}
