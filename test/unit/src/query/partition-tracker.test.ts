import { describe, expect, it } from "vitest";
import type { RowPosition } from "../../../../protocol/command/query-row.js";
import { PARTITIONS } from "../../../../protocol/limits.js";
import { ProtocolError } from "../../../../protocol/protocol-error.js";
import { type NodeShare, PartitionTracker, type ReplicaRoute } from "../../../../src/query/partition-tracker.js";

type Node = "a" | "b";

/** The `n`-th record of a partition, in the order that nodes go through it. */
function record(partition: number, n: number, bval?: bigint): RowPosition {
  const digest = new Uint8Array(20);
  digest[0] = partition & 0xff;
  digest[1] = partition >> 8;
  digest[19] = 255 - n;
  return { digest, bval };
}

const some = (...partitions: number[]) => partitions.map((partition) => ({ partition, isDone: false }));

/** Masters of even partitions are on a, of odd ones on b; the other node has the replica. */
function byParity(partition: number, { sequence }: ReplicaRoute<Node>): Node {
  return (partition + sequence) % 2 === 0 ? "a" : "b";
}

function plan(tracker: PartitionTracker<Node>): Map<Node, NodeShare<Node>> {
  return new Map(tracker.planRound(byParity).map((share) => [share.node, share]));
}

describe("PartitionTracker", () => {
  it("asks each partition of one node, all of them by default", () => {
    const tracker = new PartitionTracker<Node>({ isIndexQuery: false });
    const shares = plan(tracker);
    expect([...shares.keys()]).toEqual(["a", "b"]);
    expect(shares.get("a")?.partitions).toHaveLength(PARTITIONS / 2);
    expect(shares.get("b")?.partitions.every((partition) => partition % 2 === 1)).toBe(true);
    expect(shares.get("a")).toMatchObject({ resume: [], limit: undefined, size: PARTITIONS / 2 });
    for (const share of shares.values()) share.finish([]);
    expect(tracker).toMatchObject({ missing: 0, isComplete: true, isOver: true, taken: 0 });
    expect(tracker.planRound(byParity)).toEqual([]);
  });

  it("goes on behind the last record, on the next replica, where a node broke off", () => {
    const tracker = new PartitionTracker<Node>({ states: some(0, 1, 2, 4), isIndexQuery: false });
    const first = plan(tracker);
    const a = first.get("a");
    expect(a?.take(record(4, 0))).toBe(true);
    expect(a?.take(record(4, 1))).toBe(true);
    expect(a?.take(record(0, 0))).toBe(true);
    a?.fail();
    first.get("b")?.finish([]);
    expect(tracker).toMatchObject({ missing: 3, taken: 3, isComplete: false });
    const second = plan(tracker);
    expect([...second.keys()]).toEqual(["b"]);
    expect(second.get("b")?.partitions).toEqual([2]);
    expect(second.get("b")?.resume).toEqual([record(0, 0), record(4, 1)]);
    second.get("b")?.finish([]);
    expect(tracker.isComplete).toBe(true);
  });

  it("goes on behind the last index entry", () => {
    const tracker = new PartitionTracker<Node>({ states: some(6), isIndexQuery: true });
    const share = plan(tracker).get("a");
    share?.take(record(6, 3, -5n));
    share?.take(record(6, 1, 7n));
    share?.fail();
    expect(plan(tracker).get("b")?.resume).toEqual([record(6, 1, 7n)]);
  });

  it("asks for partitions again that a node could not read, from where they are", () => {
    const tracker = new PartitionTracker<Node>({ states: some(0, 2, 4), isIndexQuery: false });
    const share = plan(tracker).get("a");
    share?.take(record(2, 0));
    share?.finish([2, 4]);
    expect(tracker.missing).toBe(2);
    const next = plan(tracker).get("b");
    expect(next?.partitions).toEqual([4]);
    expect(next?.resume).toEqual([record(2, 0)]);
  });

  it("keeps partitions that no node has for a later round", () => {
    const tracker = new PartitionTracker<Node>({ states: some(0, 1), isIndexQuery: false });
    const [share, ...others] = tracker.planRound((partition) => (partition === 1 ? undefined : "a"));
    expect(others).toEqual([]);
    expect(share?.partitions).toEqual([0]);
    share?.finish([]);
    expect(plan(tracker).get("b")?.partitions).toEqual([1]);
  });

  it.each([
    ["a partition that nobody wants", record(8, 0)],
    ["a partition that another node was asked for", record(1, 0)],
  ])("refuses a row of %s", (_, row) => {
    const tracker = new PartitionTracker<Node>({ states: some(0, 1), isIndexQuery: false });
    const share = plan(tracker).get("a");
    expect(() => share?.take(row)).toThrow(ProtocolError);
    expect(tracker.taken).toBe(0);
  });

  it.each([1, 8, PARTITIONS, 2 ** 32 - 1])("refuses word of partition %i, which the node was not asked for", (id) => {
    const share = plan(new PartitionTracker<Node>({ states: some(0, 1), isIndexQuery: false })).get("a");
    expect(() => share?.finish([id])).toThrow(`the node was not asked for partition ${id}`);
  });

  it("takes no late row of a node that was given up", () => {
    const tracker = new PartitionTracker<Node>({ states: some(0), isIndexQuery: false });
    const share = plan(tracker).get("a");
    share?.fail();
    expect(() => share?.take(record(0, 0))).toThrow(ProtocolError);
    share?.fail();
    expect(plan(tracker).get("b")?.partitions).toEqual([0]);
  });

  it("refuses rows of an index query without an index entry: nothing could be resumed behind them", () => {
    const share = plan(new PartitionTracker<Node>({ states: some(0), isIndexQuery: true })).get("a");
    expect(() => share?.take(record(0, 0))).toThrow("a row of an index query has no index entry");
  });

  it("takes a record once that may come again, and moves on behind it all the same", () => {
    const tracker = new PartitionTracker<Node>({ states: some(0), isIndexQuery: true, mayRepeat: true });
    const share = plan(tracker).get("a");
    expect(share?.take(record(0, 0, 1n))).toBe(true);
    expect(share?.take(record(0, 1, 2n))).toBe(true);
    expect(share?.take(record(0, 0, 3n))).toBe(false);
    expect(tracker.taken).toBe(2);
    share?.fail();
    const next = plan(tracker).get("b");
    expect(next?.resume).toEqual([record(0, 0, 3n)]);
    expect(next?.take(record(0, 1, 4n))).toBe(false);
    expect(tracker.taken).toBe(2);
  });

  it.each([
    [4, [2, 2]],
    [5, [3, 2]],
    [1, [1, 1]],
  ])("asks for %i records in even parts, at least one a node", (maxRecords, limits) => {
    const tracker = new PartitionTracker<Node>({ isIndexQuery: false, maxRecords });
    expect([...plan(tracker).values()].map((share) => share.limit)).toEqual(limits);
  });

  it("is over with as many records as are wanted, and drops the surplus without moving on", () => {
    const tracker = new PartitionTracker<Node>({ states: some(0, 1, 2), isIndexQuery: false, maxRecords: 1 });
    const [a, b] = [...plan(tracker).values()];
    expect(a?.take(record(2, 0))).toBe(true);
    expect(b?.take(record(1, 0))).toBe(false);
    a?.finish([]);
    b?.finish([]);
    expect(tracker).toMatchObject({ taken: 1, isOver: true, isComplete: false, missing: 3 });
    expect(tracker.states()).toEqual([
      { partition: 0, isDone: false },
      { partition: 1, isDone: false },
      { partition: 2, isDone: false, digest: record(2, 0).digest },
    ]);
  });

  it("asks those again that had more, for what is still wanted", () => {
    const tracker = new PartitionTracker<Node>({ states: some(0, 1), isIndexQuery: false, maxRecords: 4 });
    const [a, b] = [...plan(tracker).values()];
    a?.take(record(0, 0));
    a?.take(record(0, 1));
    a?.finish([]);
    b?.take(record(1, 0));
    b?.finish([]);
    expect(tracker).toMatchObject({ taken: 3, missing: 1, isOver: false });
    const next = plan(tracker);
    expect([...next.keys()]).toEqual(["a"]);
    expect(next.get("a")).toMatchObject({ limit: 1, partitions: [], resume: [record(0, 1)] });
  });

  it("says that there is no more once nodes send fewer than they may", () => {
    const tracker = new PartitionTracker<Node>({ states: some(0), isIndexQuery: false, maxRecords: 2 });
    const share = plan(tracker).get("a");
    share?.take(record(0, 0));
    share?.finish([]);
    expect(tracker).toMatchObject({ isComplete: true, isOver: true, taken: 1 });
  });

  it("can be put away and taken up again", () => {
    const tracker = new PartitionTracker<Node>({ states: some(0, 1, 2), isIndexQuery: true });
    const shares = plan(tracker);
    shares.get("a")?.take(record(2, 0, 5n));
    shares.get("a")?.fail();
    shares.get("b")?.finish([]);
    const states = tracker.states();
    expect(states).toEqual([
      { partition: 0, isDone: false },
      { partition: 1, isDone: true },
      { partition: 2, isDone: false, digest: record(2, 0).digest, bval: 5n },
    ]);
    const later = new PartitionTracker<Node>({ states, isIndexQuery: true });
    states[2]?.digest?.fill(0);
    expect(later.missing).toBe(2);
    const share = plan(later).get("a");
    expect(share?.partitions).toEqual([0]);
    expect(share?.resume).toEqual([record(2, 0, 5n)]);
  });

  it.each([
    ["twice", some(5, 5)],
    ["that there is not", some(PARTITIONS)],
    ["below 0", some(-1)],
    ["that is no whole number", some(0.5)],
    ["with the digest of another's record", [{ partition: 3, digest: record(4, 0).digest, isDone: false }]],
    ["with half a digest", [{ partition: 0, digest: new Uint8Array(10), isDone: false }]],
  ])("refuses a partition %s", (_, states) => {
    expect(() => new PartitionTracker<Node>({ states, isIndexQuery: false })).toThrow(RangeError);
  });

  it("asks for more than is wanted where a node counts records that it does not send", () => {
    const tracker = new PartitionTracker<Node>({ states: some(0, 2), isIndexQuery: false, maxRecords: 3 });
    const first = plan(tracker).get("a");
    expect(first?.limit).toBe(3);
    expect(first?.take(record(2, 0))).toBe(true);
    first?.finish([], 2);
    expect(tracker).toMatchObject({ taken: 1, missing: 2, isOver: false });
    const second = plan(tracker).get("a");
    expect(second?.limit).toBe(6);
    expect(second?.take(record(2, 1))).toBe(true);
    expect(second?.take(record(2, 2))).toBe(true);
    expect(second?.take(record(0, 0))).toBe(false);
    second?.finish([]);
    expect(tracker).toMatchObject({ taken: 3, isOver: true });
  });

  it("lifts the limit once a node does not say how many it did not send, and is over when that one has ended", () => {
    const tracker = new PartitionTracker<Node>({ states: some(0, 2), isIndexQuery: false, maxRecords: 3 });
    const first = plan(tracker).get("a");
    expect(first?.take(record(2, 0))).toBe(true);
    expect(first).toMatchObject({ limit: 3, isFilled: false, isSurplus: false });
    first?.finish([], Number.POSITIVE_INFINITY);
    expect(tracker).toMatchObject({ taken: 1, missing: 2, isOver: false });
    const second = plan(tracker).get("a");
    expect(second).toMatchObject({ limit: undefined, partitions: [0], resume: [record(2, 0)] });
    expect(second?.take(record(2, 1))).toBe(true);
    second?.finish([], Number.POSITIVE_INFINITY);
    expect(tracker).toMatchObject({ taken: 2, missing: 0, isOver: true });
  });

  it("knows what comes without a limit and is not wanted", () => {
    const tracker = new PartitionTracker<Node>({ states: some(0, 2), isIndexQuery: false, maxRecords: 1 });
    plan(tracker).get("a")?.finish([], Number.POSITIVE_INFINITY);
    const share = plan(tracker).get("a");
    expect(share?.take(record(2, 0))).toBe(true);
    expect(share?.isSurplus).toBe(false);
    expect(share?.take(record(2, 1))).toBe(false);
    expect(share?.isSurplus).toBe(true);
    share?.finish([]);
    expect(tracker).toMatchObject({ taken: 1, missing: 2, isOver: true });
  });
});
