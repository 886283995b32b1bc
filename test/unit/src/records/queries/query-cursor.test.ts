import { describe, expect, it } from "vitest";
import { partitionId } from "../../../../../protocol/key/partition-id.js";
import { CTX, Filter } from "../../../../../src/index.js";
import type { PartitionState } from "../../../../../src/query/partition-tracker.js";
import { decodeCursor, encodeCursor, isSameMark, markOf } from "../../../../../src/records/queries/query-cursor.js";

const mark = markOf("test", "users", undefined);

function digestIn(partition: number): Uint8Array {
  const digest = new Uint8Array(20).fill(7);
  digest[0] = partition & 0xff;
  digest[1] = (partition >> 8) | 0x30;
  expect(partitionId(digest)).toBe(partition);
  return digest;
}

function allOf(stateAt: (partition: number) => Omit<PartitionState, "partition">): PartitionState[] {
  return Array.from({ length: 4096 }, (_, partition) => ({ partition, ...stateAt(partition) }));
}

/** The bytes of a cursor's text, changed. */
function changed(text: string, change: (bytes: Buffer) => Buffer | undefined): string {
  const bytes = Buffer.from(text, "base64url");
  return (change(bytes) ?? bytes).toString("base64url");
}

describe("a cursor as text", () => {
  it.each([
    ["nothing read", allOf(() => ({ isDone: false }))],
    ["all read in part", allOf((partition) => ({ digest: digestIn(partition), isDone: false }))],
    ["all done", allOf(() => ({ isDone: true }))],
    ["one partition", [{ partition: 4095, isDone: false }]],
    [
      "some of each",
      allOf((i) => (i % 3 === 0 ? { digest: digestIn(i), isDone: false } : { isDone: i % 3 === 1 })).slice(7, 99),
    ],
  ])("comes back as it was: %s", (_, states) => {
    const text = encodeCursor({ path: { type: "scan" }, mark, states });
    expect(text).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(decodeCursor(text)).toEqual({
      path: { type: "scan" },
      mark,
      states: states.map(({ partition, digest, isDone }) =>
        digest === undefined ? { partition, isDone } : { partition, digest, bval: undefined, isDone },
      ),
    });
  });

  it("is small where little was begun, and never larger than it says", () => {
    const path = { type: "chosenIndex", range: Filter.range("age", 1, 2).index } as const;
    const most = allOf((i) => ({ digest: digestIn(i), bval: -1n, isDone: false }));
    expect(encodeCursor({ path, mark, states: most }).length).toBeLessThanOrEqual(160_000);
    const few = allOf((i) => (i < 20 ? { digest: digestIn(i), isDone: false } : { isDone: false }));
    expect(encodeCursor({ path: { type: "scan" }, mark, states: few }).length).toBeLessThan(600);
  });

  it.each([
    { type: "givenRange" } as const,
    ...[
      Filter.range("age", -(2n ** 63n), 2n ** 63n - 1n),
      Filter.contains("tags", "ä", "mapKeys"),
      Filter.equal({ indexName: "users_photo" }, new Uint8Array([1, 2])),
      Filter.withinRadius("home", 1, 2, 3, "list"),
      Filter.range("a", 1, 2).context(CTX.mapKey("b")),
    ].map(({ index }) => ({ type: "chosenIndex", range: { collection: "default", ...index } }) as const),
  ])("keeps index entries and the path $type", (path) => {
    const states = [
      { partition: 3, digest: digestIn(3), bval: -(2n ** 63n), isDone: false },
      { partition: 4, digest: digestIn(4), bval: 2n ** 63n - 1n, isDone: false },
    ];
    expect(decodeCursor(encodeCursor({ path, mark, states }))).toEqual({ path, mark, states });
  });

  it("marks other sets and other ranges", () => {
    const marks = [
      mark,
      markOf("test", "others", undefined),
      markOf("bar", "users", undefined),
      markOf("test", "users", Filter.range("age", 1, 2).index),
      markOf("test", "users", Filter.range("age", 1, 3).index),
      markOf("test", "users", Filter.contains("age", 1, "list").index),
    ];
    for (const [i, a] of marks.entries()) {
      for (const [j, b] of marks.entries()) expect(isSameMark(a, b)).toBe(i === j);
    }
    expect(isSameMark(mark, markOf("test", "users", undefined))).toBe(true);
  });

  const good = encodeCursor({
    path: { type: "chosenIndex", range: Filter.range("age", 1, 2).index },
    mark,
    states: allOf((i) => (i < 3 ? { digest: digestIn(i), bval: 1n, isDone: false } : { isDone: false })),
  });

  it.each([
    ["nothing", undefined],
    ["a number", 7],
    ["no text at all", ""],
    ["a text with other letters", `${good.slice(0, -1)}!`],
    ["a text that is cut", good.slice(0, -1)],
    ["a text that goes on", `${good}AAAA`],
    ["a very long text", "A".repeat(1_000_000)],
    ["another version", changed(good, (bytes) => bytes.fill(9, 0, 1))],
    ["a path that there is not", changed(good, (bytes) => bytes.fill(9, 1, 2))],
    ["a target that there is not", changed(good, (bytes) => bytes.fill(9, 10, 11))],
    ["a bin name that is none", changed(good, (bytes) => bytes.fill(0, 15, 18))],
    ["a bin name that is longer than all", changed(good, (bytes) => bytes.fill(0xff, 11, 15))],
    ["a collection that there is not", changed(good, (bytes) => bytes.fill(9, 18, 19))],
    ["bounds that there are not", changed(good, (bytes) => bytes.fill(9, 19, 20))],
    ["a digest of another partition", changed(good, (bytes) => bytes.fill(0xff, bytes.length - 28, bytes.length - 8))],
    ["more partitions than there are", changed(good, (bytes) => bytes.fill(0x7f, 36, 38))],
    ["a stream of zeros", Buffer.alloc(1_000).toString("base64url")],
  ])("is refused with a TypeError when it is %s", (_, text) => {
    expect(() => decodeCursor(text)).toThrow(TypeError);
    expect(() => decodeCursor(text)).toThrow(/^resumeFrom\(cursor\): /);
  });

  it("is refused, or a cursor, whatever byte of it is changed", () => {
    const { length } = Buffer.from(good, "base64url");
    for (let at = 0; at < length; at++) {
      for (const value of [0, 1, 0x7f, 0x80, 0xff]) {
        const text = changed(good, (bytes) => bytes.fill(value, at, at + 1));
        try {
          expect(decodeCursor(text).states.length).toBeLessThanOrEqual(4096);
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError);
        }
      }
    }
  });
});
