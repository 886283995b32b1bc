import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SingleCommand } from "../../../../protocol/command/record-command.js";
import { type RecordOperation, read, write } from "../../../../protocol/command/record-operation.js";
import type { RecordReply } from "../../../../protocol/command/record-reply.js";
import type { TxnPart } from "../../../../protocol/command/txn-part.js";
import {
  AddTxnKeys,
  closeMonitor,
  markForward,
  monitorKey,
  roll,
  verifyRead,
} from "../../../../protocol/command/txn-steps.js";
import { makeKey } from "../../../../protocol/key/make-key.js";
import type { RecordKey } from "../../../../protocol/key/record-key.js";
import { Info4 } from "../../../../protocol/message/flags.js";
import type { ClusterCore } from "../../../../src/cluster/cluster-core.js";
import type { CommandSettings } from "../../../../src/cluster/options.js";
import { AerospikeError } from "../../../../src/index.js";
import { Lab } from "../../../support/faults/lab.js";

// What the nodes reply to the steps of a transaction, sent one by one.

const ID = 5n;
const a = makeKey("test", "s", "a");
const monitor = monitorKey("test", ID);
const SETTINGS: CommandSettings = { socketTimeoutMs: 0, maxRetries: 0, retryDelayMs: 0, replica: "master" };

let lab: Lab;
let cluster: ClusterCore;

beforeEach(async () => {
  lab = await Lab.open({ namespaces: [{ name: "test", strongConsistency: true, mrtDuration: 20 }, { name: "ap" }] });
  ({ cluster } = await lab.connectCluster());
});

afterEach(() => lab.close());

/** The result code, and the reply where there is one. */
async function send(key: RecordKey, operation: RecordOperation): Promise<[number, RecordReply | undefined]> {
  const command = new SingleCommand(key, operation, (reply) => reply);
  try {
    const reply = await lab.until(cluster.execute(command, SETTINGS, cluster.deadline(1_000)));
    return [reply.resultCode, reply];
  } catch (error) {
    if (error instanceof AerospikeError) return [error.resultCode, undefined];
    throw error;
  }
}

const codeOf = async (key: RecordKey, operation: RecordOperation): Promise<number> => (await send(key, operation))[0];

/** The deadline that the reply has, or the result code, below zero. */
async function addKeys(digests: readonly Uint8Array[], create?: bigint, seconds = 0): Promise<number | undefined> {
  const command = new AddTxnKeys(monitor, digests, create, seconds);
  const adding = cluster.execute(command, SETTINGS, cluster.deadline(1_000));
  return lab.until(adding.catch((error: AerospikeError) => -error.resultCode));
}

function within(operation: RecordOperation, txn: Partial<TxnPart>): RecordOperation {
  return { ...operation, txn: { id: ID, version: undefined, deadline: 0, onReply: () => undefined, ...txn } };
}

function secondsFromNow(seconds: number): number {
  return Math.floor(lab.runtime.wallClock() / 1_000) - 1_262_304_000 + seconds;
}

describe("a monitor", () => {
  test("is created once, and says when its transaction ends", async () => {
    expect(await addKeys([a.digest], ID)).toBe(secondsFromNow(20));
    expect(await addKeys([a.digest], ID)).toBe(-127);
    expect(await addKeys([a.digest])).toBeUndefined();
  });

  test("takes the time of the client, within bounds", async () => {
    expect(await addKeys([a.digest], ID, 121)).toBe(-4);
    expect(await addKeys([a.digest], ID, 7)).toBe(secondsFromNow(7));
  });

  test("takes nothing more once it is marked", async () => {
    await addKeys([a.digest], ID);
    expect(await codeOf(monitor, markForward())).toBe(0);
    expect(await codeOf(monitor, markForward())).toBe(124);
    expect(await addKeys([a.digest])).toBe(-124);
  });

  test("that is gone says what became of its transaction", async () => {
    expect(await addKeys([a.digest])).toBe(-122);
    await addKeys([a.digest], ID);
    expect(await codeOf(monitor, closeMonitor())).toBe(0);
    expect(await codeOf(monitor, closeMonitor())).toBe(2);
    expect(await codeOf(monitor, markForward())).toBe(125);
    expect(await addKeys([a.digest])).toBe(-125);
    expect(await addKeys([a.digest], ID)).toBe(-125);
  });

  test("whose time is over refuses writes as expired and the mark as aborted", async () => {
    await addKeys([a.digest], ID, 3);
    await lab.runtime.advance(3_000);
    expect(await addKeys([a.digest])).toBe(-122);
    expect(await codeOf(monitor, markForward())).toBe(125);
  });

  test("takes 4,096 records and no more", async () => {
    const digests = Array.from({ length: 4_097 }, (_, i) => makeKey("test", "s", i).digest);
    expect(await addKeys(digests, ID)).toBe(-123);
    expect(await addKeys(digests.slice(1), ID)).toBe(secondsFromNow(20));
    expect(await addKeys(digests.slice(0, 1))).toBe(-123);
    expect(await addKeys(digests.slice(1))).toBeUndefined();
  });
});

describe("a record in a transaction", () => {
  const put = (n: number, txn: Partial<TxnPart> = {}) => within(write({ n }), { deadline: secondsFromNow(20), ...txn });

  test("has a version in replies to reads, and to writes that were refused", async () => {
    expect((await send(a, within(read(), {})))[0]).toBe(2);
    await send(a, write({ n: 1 }));
    const [, seen] = await send(a, within(read(), {}));
    expect(seen?.version).toBeGreaterThan(0n);
    expect((await send(a, read()))[1]?.version).toBeUndefined();
    expect((await send(a, put(2)))[1]?.version).toBeUndefined();
    expect(await codeOf(a, roll("back", ID))).toBe(0);
    const version = seen?.version;
    if (version === undefined) throw new Error("there is no version");
    expect(await codeOf(a, verifyRead(version))).toBe(0);
    expect(await codeOf(a, verifyRead(version + 1n))).toBe(121);
    expect(await codeOf(a, within(read(), { version: version + 1n }))).toBe(121);
    expect(await codeOf(a, put(2, { version: version + 1n }))).toBe(121);
  });

  test("is locked by its write until it is rolled", async () => {
    expect(await codeOf(a, put(1))).toBe(0);
    expect(await codeOf(a, read())).toBe(2);
    expect((await send(a, within(read(), {})))[1]?.bins).toEqual({ n: 1 });
    expect(await codeOf(a, within(read(), { id: 6n }))).toBe(120);
    expect(await codeOf(a, verifyRead(0n))).toBe(120);
    expect(await codeOf(a, { ...put(2), info4: Info4.MRT_ON_LOCKING_ONLY })).toBe(126);
    expect(await codeOf(a, roll("forward", 6n))).toBe(0);
    expect(await codeOf(a, read())).toBe(2);
    expect(await codeOf(a, roll("forward", ID))).toBe(0);
    expect((await send(a, read()))[1]?.bins).toEqual({ n: 1 });
    expect(await codeOf(a, roll("forward", ID))).toBe(0);
  });

  test("is not written without a deadline, or behind it", async () => {
    expect(await codeOf(a, put(1, { deadline: 0 }))).toBe(4);
    expect(await codeOf(a, put(1, { deadline: secondsFromNow(0) }))).toBe(122);
  });

  test("of an available namespace is refused", async () => {
    const other = makeKey("ap", "s", "a");
    expect(await codeOf(other, put(1))).toBe(25);
    expect(await codeOf(other, within(read(), {}))).toBe(25);
    expect(await codeOf(other, verifyRead(0n))).toBe(25);
    expect(await codeOf(other, roll("back", ID))).toBe(25);
  });
});
