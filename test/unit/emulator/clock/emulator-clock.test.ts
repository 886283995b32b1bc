import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Emulator } from "../../../../emulator/index.js";
import { VirtualRuntime } from "../../../../runtime/virtual-runtime.js";
import { type Cluster, connect, DataSet, type Key, type Session } from "../../../../src/index.js";
import { recordExists } from "../support/record-exists.js";

const users = DataSet.of<{ n: number }>("test", "users");

let emulator: Emulator;
let cluster: Cluster;
let session: Session;

beforeEach(async () => {
  emulator = await Emulator.start({
    nodes: 2,
    listen: "memory",
    udf: "none",
    namespaces: [{ name: "test", nsupPeriod: 120 }],
    migrationMs: 3_600_000,
    indexBuildMs: 3_600_000,
  });
  cluster = await connect(emulator.hosts, { transport: emulator.transport, runtime: emulator.clock.runtime });
  session = cluster.createSession();
});

afterEach(async () => {
  await cluster.close();
  await emulator.close();
});

function exists(key: Key<{ n: number }>): Promise<boolean> {
  return recordExists(session, key);
}

/** What the nodes have in memory, expired or not. */
async function objects(): Promise<number> {
  const answers = Object.values(await session.info().infoOnAllNodes("namespace/test"));
  return answers.reduce((sum, answer) => sum + Number(/(?:^|;)master_objects=(\d+)/.exec(answer)?.[1]), 0);
}

describe("the clock of an emulator", () => {
  test("put ahead, lets records expire, and those stay whose time has not come", async () => {
    await session.upsert(users.id(1)).bin("n").setTo(1).expireRecordAfterSeconds(60).execute();
    await session.upsert(users.id(2)).bin("n").setTo(2).expireRecordAfterSeconds(3600).execute();
    await session.put(users.id(3), { n: 3 });
    emulator.clock.advance(62_000);
    expect(await exists(users.id(1))).toBe(false);
    expect((await session.get(users.id(2))).bins.n).toBe(2);
    expect(await exists(users.id(3))).toBe(true);
  });

  test("lets the namespace supervisor remove what has expired when its period is over", async () => {
    await session.upsert(users.id(1)).bin("n").setTo(1).expireRecordAfterSeconds(60).execute();
    await session.put(users.id(2), { n: 2 });
    emulator.clock.advance(90_000);
    expect(await objects()).toBe(2);
    emulator.clock.advance(30_000);
    expect(await objects()).toBe(1);
    // Ten years are no more work than a minute.
    emulator.clock.advance(10 * 365 * 86_400_000);
    expect(await objects()).toBe(1);
  });

  test("is what last updates and void times are told by, and what a client that was given it counts by", async () => {
    emulator.clock.advance(1_000_000);
    await session.upsert(users.id(1)).bin("n").setTo(1).expireRecordAfterSeconds(100).execute();
    expect(emulator.clock.aheadMs).toBe(1_000_000);
    expect((await session.get(users.id(1))).ttl).toBeGreaterThan(98);
    emulator.clock.advance(50_000);
    const { ttl } = await session.get(users.id(1));
    expect(ttl).toBeGreaterThan(48);
    expect(ttl).toBeLessThanOrEqual(50);
    // A client of the machine's time finds as much more as the emulator is ahead.
    await using other = await connect(emulator.hosts, { transport: emulator.transport });
    const seen = (await other.createSession().get(users.id(1))).ttl;
    expect(seen).toBeGreaterThan(1_040);
  });

  test("ends what was under way: indexes are built, partitions have moved", async () => {
    const task = await session.createIndex(users, { name: "n_idx", bin: "n", type: "integer" });
    emulator.clock.advance(3_600_000);
    await task.waitTillComplete();
    await emulator.nodes[1]?.stop();
    // The loss is noticed, then the partitions begin to move.
    emulator.clock.advance(150);
    emulator.clock.advance(3_600_000);
    await emulator.whenStable();
  });

  test("does not make calls of clients run out of time", async () => {
    using fault = emulator.faults.add({ do: "delay", ms: 50_000, command: "read", times: 1 });
    await session.put(users.id(1), { n: 1 });
    const read = session.get(users.id(1));
    await expect.poll(() => fault.hits).toBe(1);
    emulator.clock.advance(3_600_000);
    expect((await read).bins.n).toBe(1);
  });

  test.each([[-1], [Number.NaN], [Number.POSITIVE_INFINITY], ["1" as unknown as number]])(
    "refuses to be moved by %s",
    (ms) => {
      expect(() => emulator.clock.advance(ms)).toThrow(RangeError);
      expect(() => emulator.clock.advance(ms)).toThrow(/^clock\.advance\(ms\): expected milliseconds from 0 to /);
    },
  );
});

test("timers that are due go off once, in their order, and the others keep what is left of their time", async () => {
  const { AheadRuntime } = await import("../../../../emulator/clock/ahead-runtime.js");
  const base = new VirtualRuntime();
  const ahead = new AheadRuntime(base);
  const fired: string[] = [];
  const again = (): void => {
    fired.push("period");
    ahead.setTimer(100, again, false);
  };
  ahead.setTimer(100, again, false);
  ahead.setTimer(50, () => fired.push("a"), true);
  const cancelled = ahead.setTimer(60, () => fired.push("never"), true);
  ahead.setTimer(50, () => cancelled.cancel(), true);
  ahead.setTimer(1500, () => fired.push("late"), true);
  ahead.advance(1000);
  expect(fired).toEqual(["a", "period"]);
  await base.advance(99);
  expect(fired).toEqual(["a", "period"]);
  await base.advance(1);
  expect(fired).toEqual(["a", "period", "period"]);
  await base.advance(400);
  expect(fired.at(-2)).toBe("late");
  expect(ahead.now()).toBe(1500);
  expect(ahead.wallClock()).toBe(base.wallClock() + 1000);
  ahead.setBack(0);
  expect([ahead.now(), ahead.wallClock()]).toEqual([1500, base.wallClock()]);
});
