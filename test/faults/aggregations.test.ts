import { describe, expect, it } from "vitest";
import {
  AbortError,
  AerospikeError,
  type BehaviorChanges,
  ConnectionError,
  DataSet,
  InvalidNodeError,
  type Session,
} from "../../src/index.js";
import { below, seededRandom, seeds, withSeed } from "../support/faults/chance.js";
import { Lab, type LabOptions } from "../support/faults/lab.js";
import { patiently } from "../support/faults/patiently.js";

interface Item {
  id: number;
}
const items = DataSet.of<Item>("test", "items");
const RECORDS = 200;
const SOURCE = `
function count(s) return s : map(function() return 1 end) : reduce(function(a, b) return a + b end) end
function ids(s) return s : map(function(r) return r.id end) end
`;

async function failureOf(lab: Lab, promise: Promise<unknown>): Promise<unknown> {
  return patiently(
    lab,
    promise.then(
      (value) => Promise.reject(new Error(`It did not fail: ${String(value)}`)),
      (error: unknown) => error,
    ),
  );
}

/** A cluster of three nodes with items, a function that counts them, and a session. */
async function open(
  options: LabOptions = {},
  behavior: BehaviorChanges = {},
): Promise<{ lab: Lab; session: Session } & AsyncDisposable> {
  const lab = await Lab.open({ nodes: 3, lua: true, ...options });
  const session = await lab.session(behavior);
  await lab.until(Promise.all(Array.from({ length: RECORDS }, (_, id) => session.put(items.id(id), { id }))));
  const task = await lab.until(session.registerUdf(SOURCE, "agg.lua"));
  await lab.until(task.waitTillComplete());
  return { lab, session, [Symbol.asyncDispose]: () => lab.close() };
}

function count(session: Session, recordsPerSecond?: number) {
  const query = session.query(items);
  return (recordsPerSecond === undefined ? query : query.recordsPerSecond(recordsPerSecond)).aggregate("agg", "count");
}

describe("an aggregation", () => {
  it("fails when a node is lost that has sent values: what it had yet to send is not known", async () => {
    await using world = await open();
    const { lab, session } = world;
    using _fault = lab.emulator.faults.add({ node: 1, command: "query", do: "cut", bytes: 500 });
    const error = await failureOf(lab, count(session).collect());
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error).toMatchObject({ isTransient: true, node: lab.emulator.nodes[1]?.id });
    expect(String(error)).toMatch(/was lost after it had sent a part of the values/);
  });

  it("asks a node again that was lost before it has sent any", async () => {
    await using world = await open();
    const { lab, session } = world;
    using fault = lab.emulator.faults.add({ node: 1, command: "query", do: "cut", times: 3 });
    expect(await patiently(lab, count(session).collect())).toEqual([RECORDS]);
    expect(fault.hits).toBe(3);
  });

  it("waits for nodes that have as many queries as they take, and not for ever", async () => {
    await using world = await open({}, { readsQuery: { maxRetries: 1 } });
    const { lab, session } = world;
    const busy = { command: "query", do: "answer", resultCode: 22 } as const;
    {
      using _fault = lab.emulator.faults.add({ ...busy, times: 30 });
      expect(await patiently(lab, count(session).collect())).toEqual([RECORDS]);
    }
    using _fault = lab.emulator.faults.add(busy);
    expect(await failureOf(lab, count(session).collect())).toMatchObject({ code: "FORBIDDEN" });
  });

  it("fails when partitions move while it runs, though every node has answered", async () => {
    await using world = await open();
    const { lab, session } = world;
    const [, , third] = lab.emulator.nodes;
    await lab.until(third?.stop() ?? Promise.resolve());
    await lab.until(lab.emulator.whenStable());
    await lab.runtime.advance(5_000);
    const rows = await patiently(lab, count(session, 100).execute());
    const failing = failureOf(lab, rows.collect());
    await lab.runtime.advance(200);
    await lab.until(third?.start() ?? Promise.resolve());
    const error = await failing;
    expect(error).toBeInstanceOf(InvalidNodeError);
    expect(String(error)).toMatch(/partitions of namespace test moved while it ran/);
  });

  it("ends with the signal, also on the nodes", async () => {
    await using world = await open();
    const { lab, session } = world;
    const stop = new AbortController();
    const rows = await patiently(lab, count(session, 100).execute({ signal: stop.signal }));
    const failing = failureOf(lab, rows.collect());
    await lab.runtime.advance(100);
    stop.abort("enough");
    expect(await failing).toBeInstanceOf(AbortError);
    await lab.runtime.advance(100);
    const jobs = await lab.until(session.info().infoOnAllNodes("query-show"));
    for (const text of Object.values(jobs)) expect(text).not.toContain("status=active");
  });

  it("ends on the nodes when the loop is left, and when the client is closed the loop throws", async () => {
    await using world = await open();
    const { lab, session } = world;
    const ids = () => session.query(items).recordsPerSecond(100).aggregate<number>("agg", "ids").execute();
    const rows = await patiently(lab, ids());
    const first = await patiently(lab, rows.next());
    expect(first.done).toBe(false);
    await patiently(lab, rows.return());
    await lab.runtime.advance(100);
    const jobs = await lab.until(session.info().infoOnAllNodes("query-show"));
    for (const text of Object.values(jobs)) expect(text).not.toContain("status=active");
    const client = await lab.connect();
    const others = client.createSession().query(items).recordsPerSecond(100).aggregate<number>("agg", "ids");
    const left = await patiently(lab, others.execute());
    await patiently(lab, left.next());
    const failing = failureOf(lab, left.collect());
    await lab.until(client.close());
    expect(await failing).toMatchObject({ code: "CLIENT_CLOSED" });
  });

  it.each(seeds(1, 2))("gives the whole or an error, whenever a node is lost and returns (seed %i)", async (seed) => {
    await withSeed(seed, async () => {
      const random = seededRandom(seed);
      await using world = await open({ seed }, { readsQuery: { maxRetries: 2 } });
      const { lab, session } = world;
      const node = lab.emulator.nodes[below(random, 3)];
      const stopAfter = below(random, 600);
      const startAfter = below(random, 8_000);
      const change = (async () => {
        await lab.runtime.advance(stopAfter);
        await node?.stop();
        await lab.runtime.advance(startAfter);
        await node?.start();
      })();
      const ended: unknown[] = [];
      const running = (async () => {
        for (let i = 0; i < 4; i++)
          ended.push(
            await count(session, 200)
              .collect()
              .catch((error: unknown) => error),
          );
      })();
      await change;
      await patiently(lab, running);
      for (const end of ended) {
        if (end instanceof AerospikeError) expect(end.isTransient).toBe(true);
        else expect(end).toEqual([RECORDS]);
      }
      await lab.until(lab.emulator.whenStable());
      await lab.runtime.advance(5_000);
      expect(await patiently(lab, count(session).collect())).toEqual([RECORDS]);
    });
  });
});
