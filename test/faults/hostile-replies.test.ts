import { describe, expect, it } from "vitest";
import { AerospikeError, connect } from "../../src/index.js";
import { ASKS, type Ask, BINS, MANY, set } from "../support/asks.js";
import { type Random, seededRandom, seeds, withSeed } from "../support/faults/chance.js";
import { behaviorOf, Lab } from "../support/faults/lab.js";
import { patiently } from "../support/faults/patiently.js";
import { tamper } from "../support/faults/tamper.js";
import { asTheyCame } from "../support/faults/watched-transport.js";

const REPLIES = 12;
const SOURCE = `
function value(rec) return map {list = rec.list, text = rec.text} end
function texts(s) return s : map(function(rec) return rec.text end) end
function count(s) return s : map(function() return 1 end) : reduce(function(a, b) return a + b end) end
`;

/** What Lua does. It takes time to load, which a virtual clock does not know of. */
const LUA_COMMANDS: readonly (readonly [string, Ask])[] = [
  ["source of a module", (session) => session.getUdf("hostile.lua")],
  ["function", (session) => session.executeUdf(set.id(1)).function("hostile", "value").execute()],
  ["functions of a batch", async (session) => session.executeUdf(MANY).function("hostile", "value").execute()],
  ["aggregation", (session) => session.query(set).aggregate("hostile", "count").collect()],
  ["aggregation without a reduce", (session) => session.query(set).aggregate("hostile", "texts").collect()],
];
const LUA_REPLIES = 8;

const HASTY = behaviorOf({
  all: { totalTimeout: 200, maxRetries: 0 },
  readsQuery: { totalTimeout: 200 },
  writesQuery: { totalTimeout: 200 },
});

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
  it.each(ASKS)("do no harm: %s", async (name, command) => {
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
    for (const seed of seeds(1, 8)) {
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
    for (const seed of seeds(1, 1)) {
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
