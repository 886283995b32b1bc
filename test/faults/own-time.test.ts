import { describe, expect, it } from "vitest";
import type { Faults } from "../../emulator/index.js";
import {
  AbortError,
  AerospikeError,
  BatchError,
  type CallOptions,
  DataSet,
  type Session,
  TaskAbortedError,
  TimeoutError,
} from "../../src/index.js";
import { Lab, masterOf } from "../support/faults/lab.js";

const set = DataSet.of<{ n: number }>("test", "own_time");
const many = set.ids(Array.from({ length: 60 }, (_, i) => i));

async function open() {
  const lab = await Lab.open({ nodes: 3 });
  const { client, cluster } = await lab.connectCluster();
  const session = client.createSession();
  await lab.until(session.putMany(many.map((key) => [key, { n: 1 }] as const)));
  /** How long it takes on the clock of the lab, and what it ends with. */
  const timed = async (work: Promise<unknown>) => {
    const startedAt = lab.runtime.now();
    const ended = await lab.until(
      work.then(
        (value) => ({ value, error: undefined }),
        (error: unknown) => ({ value: undefined, error }),
      ),
    );
    return { ...ended, ms: lab.runtime.now() - startedAt };
  };
  return { lab, cluster, session, timed, faults: lab.emulator.faults };
}

describe("a node of three that stays silent, with the default behavior", () => {
  it("costs a read a third of its second: another replica replies", async () => {
    const { lab, cluster, session, timed, faults } = await open();
    await using _lab = lab;
    using _ = faults.add({ node: masterOf(lab.emulator, cluster, set.id(0)), command: "read", do: "silence" });
    const { value, ms } = await timed(session.get(set.id(0)));
    expect(value).toMatchObject({ bins: { n: 1 } });
    expect(ms).toBeGreaterThanOrEqual(334);
    expect(ms).toBeLessThan(400);
  });

  it("costs a batch of reads half of it, and no row", async () => {
    const { lab, session, timed, faults } = await open();
    await using _lab = lab;
    using _ = faults.add({ node: 0, command: ["batch", "read"], do: "silence" });
    const { value, ms } = await timed(session.getMany(many));
    expect(value).toEqual(many.map(() => expect.objectContaining({ bins: { n: 1 } })));
    expect(ms).toBeGreaterThanOrEqual(500);
    expect(ms).toBeLessThan(600);
  });

  it("has a write wait for its second, which is in doubt then and not sent again", async () => {
    const { lab, cluster, session, timed, faults } = await open();
    await using _lab = lab;
    using fault = faults.add({ node: masterOf(lab.emulator, cluster, set.id(0)), command: "write", do: "silence" });
    const { error, ms } = await timed(session.put(set.id(0), { n: 2 }));
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error).toMatchObject({ inDoubt: true, attempts: 1 });
    expect(ms).toBe(1_000);
    fault.lift();
  });

  it("ends a batch of writes within the second, with the rows of the others done", async () => {
    const { lab, session, timed, faults } = await open();
    await using _lab = lab;
    using _ = faults.add({ node: 0, command: ["batch", "write"], do: "silence" });
    const { error, ms } = await timed(session.putMany(many.map((key) => [key, { n: 2 }] as const)));
    expect(ms).toBe(1_000);
    expect(error).toBeInstanceOf(BatchError);
    const rows = (error as BatchError).rows;
    const failed = rows.filter((row) => !row.isOk);
    expect(failed.length).toBeGreaterThan(0);
    expect(failed.length).toBeLessThan(many.length);
    expect(failed.every((row) => row.inDoubt)).toBe(true);
  });
});

/** Every operation, with options of its own. */
const operations: readonly (readonly [string, (session: Session, options: CallOptions) => Promise<unknown>])[] = [
  ["get", (session, options) => session.get(set.id(0), options)],
  ["get with bins", (session, options) => session.get(set.id(0), ["n"], options)],
  ["put", (session, options) => session.put(set.id(0), { n: 1 }, options)],
  ["getMany", (session, options) => session.getMany(many, options)],
  ["putMany", (session, options) => session.putMany([[set.id(0), { n: 1 }]], options)],
  ["execute of one key", (session, options) => session.update(set.id(0)).bin("n").add(1).execute(options)],
  ["execute of a chain", (session, options) => session.query(many).touch(set.id(1)).execute(options)],
  ["first", (session, options) => session.query(set.id(0)).first(options)],
  ["firstOrThrow", (session, options) => session.exists(set.id(0)).firstOrThrow(options)],
  ["collect of a query", (session, options) => session.query(set).collect(options)],
  ["first of a query", (session, options) => session.query(set).first(options)],
  ["count", (session, options) => session.query(set).count(options)],
  ["count of a task", (session, options) => session.backgroundTask().touch(set).count(options)],
  ["start of a task", (session, options) => session.backgroundTask().touch(set).execute(options)],
  ["list of tasks", (session, options) => session.backgroundTask().list(options)],
  ["truncate", (session, options) => session.truncate(set, options)],
  ["registerUdf", (session, options) => session.registerUdf("x = 1", "own_time.lua", options)],
  ["listUdfs", (session, options) => session.listUdfs(options)],
  ["create", (session, options) => session.index(set).onBin("n").named("own_n").integer().create(options)],
  ["drop", (session, options) => session.index(set).named("own_n").drop(options)],
  ["listIndexes", (session, options) => session.listIndexes(undefined, options)],
  ["info", (session, options) => session.info().info("build", options)],
  ["infoOnAllNodes", (session, options) => session.info().infoOnAllNodes("build", options)],
];

/** No node replies to anything. */
function silence(faults: Faults): Disposable {
  return faults.add({ command: ["info", "read", "write", "delete", "batch", "query", "background"], do: "silence" });
}

describe.each(operations)("%s", (name, call) => {
  it("ends after its own totalTimeout, and with its own signal", async () => {
    const { lab, session, timed, faults } = await open();
    await using _lab = lab;
    {
      using _ = silence(faults);
      const late = await timed(call(session, { totalTimeout: 60, socketTimeout: 0 }));
      expect(late.error).toBeInstanceOf(AerospikeError);
      expect(String(late.error)).toContain("60 ms");
      expect(late.ms).toBeGreaterThanOrEqual(60);
      // What had begun of a task is stopped then, which has a time of its own.
      if (name !== "start of a task") expect(late.ms).toBeLessThan(70);
    }
    using _ = silence(faults);
    const controller = new AbortController();
    const aborted = lab.failure(call(session, { signal: controller.signal }));
    controller.abort();
    expect(await aborted).toBeInstanceOf(AbortError);
  });

  it("refuses options that there are not, and values outside their range", async () => {
    const { lab, session } = await open();
    await using _lab = lab;
    const unknown: object = { timeout: 5 };
    const run = async (options: object): Promise<unknown> => call(session, options);
    expect(await lab.failure(run(unknown))).toMatchObject({ message: expect.stringContaining('no option "timeout"') });
    expect(await lab.failure(run({ totalTimeout: -1 }))).toBeInstanceOf(RangeError);
    expect(await lab.failure(run({ maxRetries: 1.5 }))).toBeInstanceOf(RangeError);
    expect(await lab.failure(run({ socketTimeout: "long" }))).toBeInstanceOf(RangeError);
    expect(await lab.failure(run({ signal: {} }))).toBeInstanceOf(TypeError);
  });
});

it("maxRetries of a call is how often it is tried again, and socketTimeout how long each attempt has", async () => {
  const { lab, session, timed, faults } = await open();
  await using _lab = lab;
  using _ = faults.add({ command: "read", do: "silence" });
  const { error, ms } = await timed(session.get(set.id(0), { totalTimeout: 0, socketTimeout: 25, maxRetries: 3 }));
  expect(error).toMatchObject({ code: "TIMEOUT", attempts: 4 });
  expect(ms).toBeLessThan(110);
});

it("a background task that runs is asked with options of the call", async () => {
  const { lab, session, timed, faults } = await open();
  await using _lab = lab;
  using gate = faults.holdJobs({ afterRecords: 1 });
  const task = await lab.until(session.backgroundTask().touch(set).execute());
  expect((await timed(task.waitTillComplete({ totalTimeout: 80 }))).error).toBeInstanceOf(TimeoutError);
  {
    using _ = faults.add({ command: "info", do: "silence" });
    expect((await timed(task.progress({ socketTimeout: 15 }))).ms).toBeLessThan(25);
    expect((await timed(task.progress({ socketTimeout: 15, maxRetries: 2 }))).ms).toBeGreaterThanOrEqual(45);
    expect((await timed(task.abort({ totalTimeout: 15 }))).ms).toBeLessThan(25);
    expect((await timed(task.queryStatus({ totalTimeout: 15 }))).ms).toBeLessThan(25);
  }
  gate.release();
  // The order was carried out, only its reply was lost.
  expect(await lab.failure(task.waitTillComplete())).toBeInstanceOf(TaskAbortedError);
});
