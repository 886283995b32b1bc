import { afterEach, describe, expect, test, vi } from "vitest";
import { read, write } from "../../../../protocol/command/record-operation.js";
import type { RecordReply } from "../../../../protocol/command/record-reply.js";
import { makeKey } from "../../../../protocol/key/make-key.js";
import type { RecordKey } from "../../../../protocol/key/record-key.js";
import { ResultCode } from "../../../../protocol/result-code.js";
import { runBatch } from "../../../../src/batch/batch-run.js";
import type { ClusterCore } from "../../../../src/cluster/cluster-core.js";
import { AbortError, AerospikeError } from "../../../../src/errors/errors.js";
import type { BatchItem } from "../../../../src/policy/command-carrier.js";
import type { CommandPolicy } from "../../../../src/policy/command-policy.js";
import type { Mischief } from "../../../support/fake/fake-node.js";
import type { WireRequest } from "../../../support/fake/request.js";
import { PLAIN, World } from "../../../support/fake/world.js";

const POLICY: CommandPolicy = {
  ...PLAIN,
  maxRetries: 2,
  commitLevel: "all",
  sendKey: false,
  durableDeletes: false,
  batch: { inline: true, inlineSsd: false },
  errorDetails: "none",
};
const READ = read();
const WRITE = write({ n: 1 });

let world: World;
let cluster: ClusterCore;

async function open(nodes = 2): Promise<void> {
  world = new World({ nodes });
  cluster = await world.connect({ maxErrorRate: 0 });
}

afterEach(() => world.close(cluster));

function keys(count: number, first = 0): RecordKey[] {
  return Array.from({ length: count }, (_, i) => makeKey("test", "s", first + i));
}

function items(all: readonly RecordKey[], operation = READ, policy = POLICY): BatchItem[] {
  return all.map((key) => ({ key, operation, policy }));
}

type Answer = RecordReply | AerospikeError;

async function run(
  all: readonly BatchItem[],
  { totalMs = 1_000, signal }: { totalMs?: number; signal?: AbortSignal } = {},
) {
  const answers: Answer[] = new Array(all.length);
  const calls: number[] = [];
  const running = runBatch(cluster, all, cluster.deadline(totalMs, signal), (index, answer) => {
    answers[index] = answer;
    calls.push(index);
  });
  await world.runtime.until(running, 60_000);
  expect(
    calls.toSorted((a, b) => a - b),
    "one answer for each",
  ).toEqual(all.map((_, i) => i));
  return answers;
}

function codes(answers: readonly Answer[]): (string | number)[] {
  return answers.map((answer) => (answer instanceof AerospikeError ? answer.code : answer.resultCode));
}

/** Lets every node treat its first rows in a way of their own. */
function befall(mischief: (request: WireRequest, node: number) => Mischief | undefined): void {
  for (const [i, node] of world.fake.nodes.entries()) node.onRequest = (request) => mischief(request, i);
}

function batches(): number {
  return world.fake.nodes.reduce((sum, node) => sum + node.batches.length, 0);
}

describe("a batch", () => {
  test("is one message for each node", async () => {
    await open();
    expect(codes(await run(items(keys(100), WRITE)))).toEqual(keys(100).map(() => 0));
    expect(batches()).toBe(2);
    const answers = await run(items(keys(101)));
    expect(codes(answers)).toEqual([...keys(100).map(() => 0), "RECORD_NOT_FOUND"]);
    expect(batches()).toBe(4);
  });

  test("is none where a node has few rows: each is a command of its own", async () => {
    await open(1);
    await run(items(keys(7), WRITE));
    expect(batches()).toBe(0);
    expect(world.fake.nodes[0]!.requests.length).toBe(7);
    await run(items(keys(8), WRITE));
    expect(batches()).toBe(1);
  });

  test("is worked on by the thread that reads it where all rows allow that", async () => {
    await open(1);
    const queued = { ...POLICY, batch: { inline: false, inlineSsd: true } };
    const all = keys(20);
    await run(items(all));
    await run(items(all, READ, queued));
    await run([...items(all.slice(10)), ...items(all.slice(0, 10), READ, queued)]);
    expect(world.fake.nodes[0]?.batches.map(({ batchFlags = 0 }) => batchFlags & 0x03)).toEqual([0x01, 0x02, 0]);
  });

  test("is split where it is large, and gives the rest of the program its turns meanwhile", async () => {
    await open(1);
    using turns = vi.spyOn(world.runtime, "nextTurn");
    await run(items(keys(10)));
    expect(turns).not.toHaveBeenCalled();
    const answers = await run(items(keys(20_000)), { totalMs: 30_000 });
    expect(answers.length).toBe(20_000);
    const sizes = world.fake.nodes[0]!.batches.map(({ rows = [] }) => rows.length);
    expect(sizes).toEqual([10, ...new Array(10).fill(2_000)]);
    // Once for the runs, four times for the rows, three times more to choose nodes, and between messages.
    expect(turns.mock.calls.length).toBeGreaterThanOrEqual(8);
  });

  test("keeps the answers of other rows when one is refused", async () => {
    await open(1);
    const all = keys(9);
    const refused = hex(all[1]!);
    befall(({ digest }) => (digest === refused ? { kind: "code", code: 12 } : undefined));
    const answers = await run(items(all, WRITE));
    expect(codes(answers)).toEqual([0, "BIN_TYPE", 0, 0, 0, 0, 0, 0, 0]);
    expect(answers[1]).toMatchObject({ inDoubt: false, key: all[1], attempts: 1, node: world.fake.nodes[0]!.id });
  });

  test("says of a namespace that does not exist so for its rows alone", async () => {
    await open();
    const unknown = makeKey("nowhere", "s", 1);
    const answers = await run(items([...keys(3), unknown], WRITE));
    expect(codes(answers)).toEqual([0, 0, 0, "INVALID_NAMESPACE"]);
    expect(answers[3]).toMatchObject({ key: unknown, inDoubt: false });
  });

  test("says of rows that no node serves what was tried", async () => {
    world = new World({ nodes: 2 });
    const [, second] = world.fake.nodes;
    world.network.unlisten(second!.host, second!.port);
    cluster = await world.connect({ failIfNotConnected: false, readyTimeoutMs: 1_000 });
    const answers = await run(items(keys(20), READ, { ...POLICY, replica: "master" }));
    expect(new Set(codes(answers))).toEqual(new Set(["RECORD_NOT_FOUND", "INVALID_NODE"]));
    const failed = answers.find((answer) => answer instanceof AerospikeError && answer.code === "INVALID_NODE");
    expect(failed).toMatchObject({
      message: expect.stringContaining("; could not be reached: node A2: No connection to 10.0.0.2:3000"),
    });
  });
});

describe("rows that need it are sent again", () => {
  test("reads to the other replica, when a node says nothing", async () => {
    await open();
    await run(items(keys(20), WRITE));
    befall((_, node) => (node === 0 ? { kind: "silence" } : undefined));
    const answers = await run(items(keys(20), READ, { ...POLICY, socketTimeoutMs: 100 }));
    expect(codes(answers)).toEqual(keys(20).map(() => 0));
  });

  test("reads to the other replica, when a connection breaks after some rows", async () => {
    await open();
    await run(items(keys(20), WRITE));
    befall((_, node) => (node === 0 ? { kind: "cut", after: 100 } : undefined));
    expect(codes(await run(items(keys(20))))).toEqual(keys(20).map(() => 0));
  });

  test("only those that a node can't do just now, reads and writes", async () => {
    await open();
    const all = keys(10);
    const busy = new Set([hex(all[2]!), hex(all[7]!)]);
    befall(({ digest = "" }) => (busy.delete(digest) ? { kind: "code", code: 11 } : undefined));
    const before = sent();
    expect(codes(await run(items(all, WRITE)))).toEqual(all.map(() => 0));
    expect(sent() - before).toBe(10);
  });

  test("as often as the settings say", async () => {
    await open(1);
    befall(() => ({ kind: "code", code: 18 }));
    const answers = await run(items(keys(9), WRITE));
    expect(codes(answers)).toEqual(keys(9).map(() => "DEVICE_OVERLOAD"));
    expect(answers.map((answer) => answer instanceof AerospikeError && answer.attempts)).toEqual(keys(9).map(() => 3));
  });
});

describe("rows that are too many at once for a node are sent again, at no cost of their attempts", () => {
  const once: CommandPolicy = { ...POLICY, maxRetries: 0 };
  /** How many rows each message had, the refused ones included. */
  let messages: number[];

  /** What becomes of each message, by how many rows it has and how many came before it. */
  function refuse(codeFor: (rows: number, before: number) => number | undefined): void {
    messages = [];
    world.fake.nodes[0]!.onBatch = ({ rows = [] }) => codeFor(rows.length, messages.push(rows.length) - 1);
  }

  test("after a pause, when its buffers are in use", async () => {
    await open(1);
    refuse((_, before) => (before < 5 ? ResultCode.BATCH_QUEUES_FULL : undefined));
    const startedAt = world.runtime.now();
    const answers = await run(items(keys(10), WRITE, once));
    expect(codes(answers)).toEqual(keys(10).map(() => 0));
    expect(world.runtime.now() - startedAt).toBeGreaterThanOrEqual(250);
  });

  test("until the time is over", async () => {
    await open(1);
    refuse(() => ResultCode.BATCH_QUEUES_FULL);
    const answers = await run(items(keys(9), WRITE, once), { totalMs: 300 });
    expect(codes(answers)).toEqual(keys(9).map(() => "BATCH_QUEUES_FULL"));
    expect(answers[0]).toMatchObject({ inDoubt: false, attempts: 1, isTransient: true, key: keys(1)[0] });
    expect(messages.length).toBeGreaterThan(3);
  });

  test("in smaller messages, when what they write is too large for one", async () => {
    await open(1);
    refuse(() => undefined);
    const all = keys(40).map((key, i) => ({ key, operation: write({ n: "x".repeat(500_000 + i) }), policy: once }));
    expect(new Set(codes(await run(all, { totalMs: 30_000 })))).toEqual(new Set([0]));
    expect(messages).toEqual([5, 5, 5, 5, 5, 5, 5, 5]);
  });

  test("in smaller messages, when there are more rows than it takes", async () => {
    await open(1);
    refuse((rows) => (rows > 300 ? ResultCode.BATCH_MAX_REQUESTS_EXCEEDED : undefined));
    const answers = await run(items(keys(3_000), READ, once), { totalMs: 30_000 });
    expect(new Set(codes(answers))).toEqual(new Set(["RECORD_NOT_FOUND"]));
    expect(Math.min(...messages)).toBeGreaterThan(100);
  });
});

describe("writes that may have happened", () => {
  test("are in doubt and not sent again; reads beside them are", async () => {
    await open();
    await run(items(keys(10), WRITE));
    befall((_, node) => (node === 0 ? { kind: "silence" } : undefined));
    const before = sent();
    const policy = { ...POLICY, socketTimeoutMs: 100 };
    const all = [...items(keys(10), READ, policy), ...items(keys(10, 100), WRITE, policy)];
    const answers = await run(all);
    const [reads, writes] = [answers.slice(0, 10), answers.slice(10)];
    expect(codes(reads)).toEqual(keys(10).map(() => 0));
    const failed = writes.filter((answer) => answer instanceof AerospikeError);
    expect(failed.length).toBeGreaterThan(0);
    expect(failed.length).toBeLessThan(10);
    expect(failed.every((error) => error.inDoubt && error.code === "TIMEOUT" && error.attempts === 1)).toBe(true);
    expect(new Set(failed.map((error) => error.key)).size).toBe(failed.length);
    expect(sent() - before).toBeGreaterThan(10);
  });

  test("are not in doubt where their answers came before the connection broke", async () => {
    await open(1);
    befall(() => ({ kind: "cut", after: 8 + 10 * 22 + 5 }));
    const answers = await run(items(keys(25), WRITE));
    expect(codes(answers.slice(0, 10))).toEqual(keys(10).map(() => 0));
    expect(codes(answers.slice(10))).toEqual(keys(15).map(() => "CONNECTION"));
    expect(answers.slice(10).every((answer) => answer instanceof AerospikeError && answer.inDoubt)).toBe(true);
  });

  test("count against their node when it can't do them just now, and not when it will not", async () => {
    await open(1);
    const [node] = cluster.nodes;
    for (const [code, errors] of [
      [ResultCode.RECORD_TOO_BIG, 0],
      [ResultCode.DEVICE_OVERLOAD, 9],
    ] as const) {
      befall(() => ({ kind: "code", code }));
      const answers = await run(items(keys(9), WRITE, { ...POLICY, maxRetries: 0 }));
      expect(answers.every((answer) => answer instanceof AerospikeError && answer.resultCode === code)).toBe(true);
      expect(node!.breaker.errors).toBe(errors);
    }
  });

  test("are not in doubt when nothing was sent", async () => {
    await open(1);
    world.fake.nodes[0]!.stop();
    await world.runtime.advance(50);
    const answers = await run(items(keys(9), WRITE, { ...POLICY, maxRetries: 0 }));
    expect(answers.every((answer) => answer instanceof AerospikeError && !answer.inDoubt)).toBe(true);
    world.fake.nodes[0]!.start();
  });
});

describe("metrics of rows", () => {
  test("tell how many there were, how often they were sent again, and how they failed", async () => {
    await open(1);
    let asked = 0;
    befall(() => (asked++ < 9 ? { kind: "code", code: ResultCode.DEVICE_OVERLOAD } : undefined));
    await run(items(keys(9), WRITE, { ...POLICY, maxRetries: 1 }));
    expect(cluster.metrics().batchRows).toEqual({ count: 9, errors: {}, retries: 9, inDoubt: 0 });
    befall(() => ({ kind: "cut", after: 8 + 2 * 22 + 5 }));
    await run(items(keys(10), WRITE, { ...POLICY, maxRetries: 1 }));
    expect(cluster.metrics().batchRows).toEqual({ count: 19, errors: { CONNECTION: 8 }, retries: 9, inDoubt: 8 });
  });

  test("count those that travel alone, whose further attempts are those of their operation", async () => {
    await open(1);
    let asked = 0;
    befall(() => (asked++ === 0 ? { kind: "code", code: ResultCode.DEVICE_OVERLOAD } : undefined));
    await run(items(keys(2), WRITE, { ...POLICY, maxRetries: 1 }));
    const { batchRows, operations } = cluster.metrics();
    expect(batchRows).toEqual({ count: 2, errors: {}, retries: 0, inDoubt: 0 });
    expect(Object.values(operations).map(({ retries }) => retries)).toEqual([1]);
  });
});

describe("what ends the whole", () => {
  test("the caller's signal", async () => {
    await open(1);
    befall(() => ({ kind: "delay", ms: 1_000 }));
    const stop = new AbortController();
    const running = run(items(keys(9)), { signal: stop.signal });
    const settled = expect(running).rejects.toBeInstanceOf(AbortError);
    await world.runtime.settle();
    stop.abort();
    await settled;
  });

  describe("is in doubt when a write may have happened until then", () => {
    const both = [...items(keys(9), WRITE), ...items(keys(9), WRITE)];
    let requests: number;

    /** Lets the first so many requests pass, and delays the others. */
    async function stallAfter(passing: number): Promise<void> {
      await open(1);
      requests = 0;
      befall(() => (requests++ < passing ? undefined : { kind: "delay", ms: 1_000 }));
    }

    test.each([
      ["writes that are under way", items(keys(9), WRITE), 0, true],
      ["writes that are done, before others were sent", both, 9, true],
      ["writes that are done, while they are read", [...items(keys(9), WRITE), ...items(keys(9))], 9, true],
      ["reads that are done, and others", [...items(keys(9)), ...items(keys(9, 9))], 9, false],
      ["reads", items(keys(9)), 0, false],
    ])("the caller's signal: %s", async (_what, all, passing, inDoubt) => {
      await stallAfter(passing);
      const stop = new AbortController();
      const running = run(all, { signal: stop.signal });
      const settled = expect(running).rejects.toMatchObject({ code: "ABORTED", inDoubt });
      await world.runtime.advance(20);
      stop.abort();
      await settled;
    });

    test.each([
      ["writes", WRITE, true],
      ["reads", READ, false],
    ])("the end of the client: %s", async (_what, operation, inDoubt) => {
      await stallAfter(0);
      const running = run(items(keys(9), operation));
      const settled = expect(running).rejects.toMatchObject({ code: "CLIENT_CLOSED", inDoubt });
      await world.runtime.advance(20);
      await world.close(cluster);
      await settled;
    });
  });

  test("the time limit, for the rows that have no answer yet", async () => {
    await open();
    await run(items(keys(20), WRITE));
    befall((_, node) => (node === 0 ? { kind: "silence" } : undefined));
    const answers = await run(items(keys(20)), { totalMs: 200 });
    expect(new Set(codes(answers))).toEqual(new Set([0, "TIMEOUT"]));
  });
});

function hex({ digest }: RecordKey): string {
  return Buffer.from(digest).toString("hex");
}

/** Commands and rows that were carried out. */
function sent(): number {
  return world.fake.nodes.reduce((sum, node) => sum + node.requests.length, 0);
}
