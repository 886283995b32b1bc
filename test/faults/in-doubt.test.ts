import { describe, expect, it } from "vitest";
import type { FaultAction } from "../../emulator/index.js";
import { AbortError, AerospikeError, DataSet, type Key, type Session, type SettingsPatch } from "../../src/index.js";
import { behaviorOf, Lab, masterOf } from "../support/faults/lab.js";

interface Account {
  balance: number;
  log?: string[];
}

/** As eager to try again as a behavior can be. */
const EAGER: SettingsPatch = { maxRetries: 5, totalTimeout: 3_000, socketTimeout: 300, retryDelay: 10 };

/** Answers that are lost: the client can't know whether the write happened. */
const LOST: readonly FaultAction[] = [
  { do: "cut" },
  { do: "cut", bytes: 8 },
  { do: "cut", bytes: 29 },
  { do: "truncate", bytes: 12 },
  { do: "silence" },
  { do: "stall" },
  { do: "garbage" },
  { do: "delay", ms: 900 },
];
const LOST_BEFORE: readonly FaultAction[] = [
  { do: "cut", execute: false },
  { do: "truncate", bytes: 12, execute: false },
  { do: "silence", execute: false },
  { do: "garbage", execute: false },
];

async function open(settings: SettingsPatch = EAGER) {
  const lab = await Lab.open({ nodes: 3 });
  const { client, cluster } = await lab.connectCluster({ maxErrorRate: 0 });
  const accounts = DataSet.of<Account>("test", "accounts");
  const session = client.createSession(behaviorOf({ all: settings }));
  const calm = client.createSession();
  await lab.until(Promise.all(accounts.ids([0, 1, 2, 3, 4, 5, 6, 7]).map((key) => calm.put(key, { balance: 100 }))));
  const balance = async (key: Key<Account>): Promise<number> => (await lab.until(calm.get(key))).bins.balance;
  return { lab, cluster, session, calm, accounts, balance, faults: lab.emulator.faults };
}

function liftAll(faults: readonly { lift(): void }[]): void {
  for (const fault of faults) fault.lift();
}

function expectError(error: unknown): AerospikeError {
  expect(error).toBeInstanceOf(AerospikeError);
  if (!(error instanceof AerospikeError)) throw error;
  return error;
}

describe("a write whose reply is lost", () => {
  it.each(LOST)("is in doubt, happened, and is not repeated: %j", async (action) => {
    const { lab, session, accounts, balance, faults } = await open();
    await using _lab = lab;
    const key = accounts.id(1);
    using fault = faults.add({ command: "operate", ...action });
    const error = expectError(
      await lab.failure(session.update(key).bin("balance").add(1).bin("balance").get().execute()),
    );
    expect(error.inDoubt).toBe(true);
    expect(error.attempts).toBe(1);
    expect(error.node).toBeDefined();
    expect(fault.hits).toBe(1);
    fault.lift();
    expect(await balance(key)).toBe(101);
  });

  it.each(LOST_BEFORE)("is in doubt although it did not happen, and is not repeated: %j", async (action) => {
    const { lab, session, accounts, balance, faults } = await open();
    await using _lab = lab;
    const key = accounts.id(1);
    using fault = faults.add({ command: "operate", times: 1, ...action });
    const error = expectError(
      await lab.failure(session.update(key).bin("balance").add(1).bin("balance").get().execute()),
    );
    expect(error.inDoubt).toBe(true);
    expect(fault.hits).toBe(1);
    fault.lift();
    expect(await balance(key)).toBe(100);
  });

  it.each<[string, (session: Session, key: Key<Account>) => Promise<unknown>]>([
    ["put", (session, key) => session.put(key, { balance: 1 })],
    ["upsert", (session, key) => session.upsert(key).put({ balance: 1 }).execute()],
    ["update", (session, key) => session.update(key).bin("balance").add(1).execute()],
    ["replace", (session, key) => session.replace(key).put({ balance: 1 }).execute()],
    ["list append", (session, key) => session.upsert(key).bin("log").listAppend("entry").execute()],
    ["delete", (session, key) => session.delete(key).execute()],
    ["touch", (session, key) => session.touch(key).execute()],
  ])("says so, whatever kind it is: %s", async (_, write) => {
    const { lab, session, accounts, faults } = await open();
    await using _lab = lab;
    using fault = faults.add({ do: "cut" });
    const error = expectError(await lab.failure(write(session, accounts.id(2))));
    expect(error).toMatchObject({ inDoubt: true, code: "CONNECTION", attempts: 1 });
    expect(fault.hits).toBe(1);
  });

  it("says so for each of several keys, and only for those", async () => {
    const { lab, cluster, session, accounts, balance, faults } = await open();
    await using _lab = lab;
    const keys = accounts.ids([0, 1, 2, 3, 4, 5, 6, 7]);
    const troubled = masterOf(lab.emulator, cluster, keys[0]!);
    using fault = faults.add({ node: troubled, command: ["write", "operate", "batch"], do: "silence" });
    const stream = await lab.until(session.update(keys).bin("balance").add(1).execute({ onError: "inStream" }));
    fault.lift();
    let doubtful = 0;
    for await (const row of stream) {
      expect(row.inDoubt).toBe(masterOf(lab.emulator, cluster, row.key) === troubled);
      expect(row.isOk).toBe(!row.inDoubt);
      if (row.inDoubt) doubtful++;
      expect(await balance(row.key)).toBeLessThanOrEqual(101);
      if (row.isOk) expect(await balance(row.key)).toBe(101);
    }
    expect(doubtful).toBeGreaterThan(0);
  });

  it("takes those behind it on the same socket with it, and none of them twice", async () => {
    const { lab, session, accounts, balance, faults } = await open();
    await using _lab = lab;
    const key = accounts.id(3);
    using _ = faults.add({ command: "write", skip: 5, times: 1, do: "cut", bytes: 3 });
    const answers = await lab.until(
      Promise.allSettled(Array.from({ length: 20 }, () => session.update(key).bin("balance").add(1).execute())),
    );
    const confirmed = answers.filter(({ status }) => status === "fulfilled").length;
    const doubtful = answers.filter((answer) => answer.status === "rejected" && answer.reason.inDoubt).length;
    expect(confirmed + doubtful).toBe(20);
    expect(confirmed).toBe(5);
    expect(await balance(key)).toBe(106);
  });

  it("is in doubt when its time is up or its caller gives up, once it was sent", async () => {
    const { lab, session, accounts, balance, faults } = await open({ ...EAGER, socketTimeout: 0, totalTimeout: 200 });
    await using _lab = lab;
    using fault = faults.add({ command: "write", do: "stall" });
    const late = expectError(await lab.failure(session.put(accounts.id(1), { balance: 7 })));
    expect(late).toMatchObject({ name: "TimeoutError", inDoubt: true });
    const controller = new AbortController();
    lab.runtime.setTimer(50, () => controller.abort(), true);
    const aborted = await lab.failure(session.put(accounts.id(2), { balance: 7 }, { signal: controller.signal }));
    expect(aborted).toBeInstanceOf(AbortError);
    expect(aborted).toMatchObject({ inDoubt: true });
    fault.lift();
    await lab.runtime.advance(5_000);
    expect(await balance(accounts.id(1))).toBe(7);
  });

  it("counts as in doubt when the server's own time ran out", async () => {
    const { lab, session, accounts, faults } = await open();
    await using _lab = lab;
    using fault = faults.add({ command: "write", do: "answer", resultCode: 9 });
    const error = expectError(await lab.failure(session.put(accounts.id(1), { balance: 7 })));
    expect(error).toMatchObject({ name: "TimeoutError", resultCode: 9, inDoubt: true });
    expect(fault.hits).toBe(1);
  });
});

describe("a write that surely did not happen", () => {
  it.each([
    ["overload", 18],
    ["an unavailable partition", 11],
  ])("is tried again after %s, and happens once", async (_, resultCode) => {
    const { lab, session, accounts, balance, faults } = await open();
    await using _lab = lab;
    using fault = faults.add({ command: "write", times: 4, do: "answer", resultCode });
    await lab.until(session.update(accounts.id(1)).bin("balance").add(1).execute());
    expect(fault.hits).toBe(4);
    expect(await balance(accounts.id(1))).toBe(101);
  });

  it("is not in doubt when it was turned down every time", async () => {
    const { lab, session, accounts, balance, faults } = await open();
    await using _lab = lab;
    using fault = faults.add({ command: "write", do: "answer", resultCode: 18 });
    const error = expectError(await lab.failure(session.update(accounts.id(1)).bin("balance").add(1).execute()));
    expect(error).toMatchObject({ code: "DEVICE_OVERLOAD", inDoubt: false, attempts: 6 });
    expect(fault.hits).toBe(6);
    fault.lift();
    expect(await balance(accounts.id(1))).toBe(100);
  });

  it("is tried again when no socket could be opened, and happens once", async () => {
    const { lab, session, accounts, balance, faults } = await open({ ...EAGER, retryDelay: 100, maxRetries: 20 });
    await using _lab = lab;
    // No socket for commands is open yet to the nodes that nothing was written to; take all to be sure.
    const refusals = [0, 1, 2].map((node) => faults.refuseSockets(node));
    using cut = faults.add({ command: "read", do: "cut" });
    await lab.failure(session.get(accounts.id(1)));
    await lab.failure(session.get(accounts.id(1)));
    cut.lift();
    const startedAt = lab.runtime.now();
    lab.runtime.setTimer(400, () => liftAll(refusals), true);
    await lab.until(session.update(accounts.id(1)).bin("balance").add(1).execute());
    expect(lab.runtime.now() - startedAt).toBeGreaterThanOrEqual(400);
    expect(await balance(accounts.id(1))).toBe(101);
  });

  it("is not in doubt when the signal had fired before", async () => {
    const { lab, session, accounts, balance } = await open();
    await using _lab = lab;
    const error = await lab.failure(session.put(accounts.id(1), { balance: 7 }, { signal: AbortSignal.abort() }));
    expect(error).toMatchObject({ name: "AbortError", inDoubt: false, attempts: 0 });
    expect(await balance(accounts.id(1))).toBe(100);
  });

  it("is not in doubt when the server said no for a reason of its own", async () => {
    const { lab, session, accounts } = await open();
    await using _lab = lab;
    const insert = session.insert(accounts.id(1)).put({ balance: 1 }).execute();
    expect(await lab.failure(insert)).toMatchObject({ code: "RECORD_EXISTS", inDoubt: false });
    const untyped = DataSet.of("test", "accounts");
    const append = session.update(untyped.id(1)).bin("balance").listAppend(1).execute();
    expect(await lab.failure(append)).toMatchObject({ code: "BIN_TYPE", inDoubt: false });
  });
});

describe("a read", () => {
  it.each<FaultAction>([
    { do: "cut" },
    { do: "cut", bytes: 40 },
    { do: "silence" },
    { do: "truncate", bytes: 30 },
    { do: "stall" },
    { do: "garbage" },
    { do: "answer", resultCode: 9 },
    { do: "answer", resultCode: 18 },
    { do: "answer", resultCode: 11 },
  ])("goes on to another replica: %j", async (action) => {
    const { lab, cluster, session, accounts, faults } = await open();
    await using _lab = lab;
    const key = accounts.id(4);
    const master = masterOf(lab.emulator, cluster, key);
    using fault = faults.add({ node: master, command: "read", ...action });
    const { bins } = await lab.until(session.get(key));
    expect(bins).toEqual({ balance: 100 });
    expect(fault.hits).toBe(1);
  });

  it("is never in doubt, however it ends", async () => {
    const { lab, session, accounts, faults } = await open();
    await using _lab = lab;
    for (const action of [...LOST, ...LOST_BEFORE]) {
      using fault = faults.add({ command: "read", ...action });
      const error = expectError(await lab.failure(session.get(accounts.id(4))));
      expect(error.inDoubt).toBe(false);
      expect(fault.hits).toBeGreaterThan(1);
    }
  });

  it("is tried as often as the behavior says, and within its time", async () => {
    const { lab, session, accounts, faults } = await open({ maxRetries: 3, socketTimeout: 100, totalTimeout: 250 });
    await using _lab = lab;
    using fault = faults.add({ command: "read", do: "silence" });
    const startedAt = lab.runtime.now();
    const error = expectError(await lab.failure(session.get(accounts.id(4))));
    expect(error).toMatchObject({ name: "TimeoutError", attempts: 3 });
    expect(lab.runtime.now() - startedAt).toBeCloseTo(250, -1);
    expect(fault.hits).toBe(3);
  });

  it("finds the record while its master is away, and writes go on once another has taken over", async () => {
    const { lab, cluster, session, accounts, balance } = await open();
    await using _lab = lab;
    const key = accounts.id(5);
    const node = lab.emulator.nodes[masterOf(lab.emulator, cluster, key)];
    await node?.stop();
    expect((await lab.until(session.get(key))).bins.balance).toBe(100);
    await lab.until(lab.emulator.whenStable());
    await lab.runtime.advance(3_000);
    await lab.until(session.update(key).bin("balance").add(1).execute());
    expect(await balance(key)).toBe(101);
    expect(cluster.nodes.length).toBe(2);
  });
});
