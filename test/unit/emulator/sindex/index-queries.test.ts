import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { IndexFilter } from "../../../../protocol/command/index-range.js";
import { QueryCommand } from "../../../../protocol/command/query.js";
import type { QueryRow } from "../../../../protocol/command/query-row.js";
import type { BinsToWrite } from "../../../../protocol/command/record-operation.js";
import { sindexCreate, sindexDelete, sindexStat } from "../../../../protocol/info/index-commands.js";
import { parseIndexList, parseIndexStat } from "../../../../protocol/info/index-info.js";
import { ServerVersion } from "../../../../protocol/info/server-version.js";
import { ResultError } from "../../../../protocol/result-error.js";
import { NAMESPACE, SET, World } from "../support/world.js";

const VERSION = ServerVersion.parse("8.1.2.0");
const ALL_PARTITIONS = Array.from({ length: 4096 }, (_, partition) => partition);
const shared = { namespace: NAMESPACE, setName: SET };

let lastTask = 1n;

async function rows(world: World, index: IndexFilter): Promise<QueryRow[]> {
  const found: QueryRow[] = [];
  lastTask++;
  const request = { ...shared, taskId: lastTask, partitions: ALL_PARTITIONS, index };
  await world.stream(new QueryCommand(request, (row) => found.push(row)));
  return found;
}

async function names(world: World, index: IndexFilter): Promise<unknown[]> {
  return (await rows(world, index)).map((row) => row.bins["name"]).toSorted();
}

async function createIndex(world: World, definition: Partial<Parameters<typeof sindexCreate>[0]>): Promise<void> {
  const all = { ...shared, indexName: "idx", type: "integer", source: { bin: "n" }, ...definition } as const;
  expect(await world.info(sindexCreate(all, VERSION))).toBe("ok");
}

describe("a query on an index", () => {
  it("finds the integers in a range, its ends included", async () => {
    await using world = await World.start();
    await createIndex(world, {});
    for (const n of [-5, 0, 1, 2, 3]) await world.write(`n${n}`, { name: `n${n}`, n });
    await world.write("text", { name: "text", n: "2" });
    await world.write("none", { name: "none" });
    const range = (begin: number, end: number): IndexFilter => ({
      target: { bin: "n" },
      bounds: { type: "integer", begin, end },
    });
    expect(await names(world, range(0, 2))).toEqual(["n0", "n1", "n2"]);
    expect(await names(world, range(-100, -1))).toEqual(["n-5"]);
    expect(await names(world, range(7, 9))).toEqual([]);
    expect((await rows(world, range(3, 3))).map((row) => row.bval)).toEqual([3n]);
  });

  it("finds the same integers as a look at every record, whatever they are", async () => {
    await using world = await World.start();
    await createIndex(world, {});
    const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    const values = fc.sample(fc.oneof(fc.bigInt({ min: -9n, max: 9n }), int64), { numRuns: 60, seed: 3 });
    for (const [id, n] of values.entries()) await world.write(id, { name: id, n });
    const ranges = fc.sample(fc.tuple(int64, int64), { numRuns: 20, seed: 4 });
    for (const [a, b] of [...ranges, [-3n, 5n] as const]) {
      const [begin, end] = a < b ? [a, b] : [b, a];
      const expected = [...values.keys()].filter((id) => values[id]! >= begin && values[id]! <= end).map(BigInt);
      const found = await rows(world, { target: { bin: "n" }, bounds: { type: "integer", begin, end } });
      const ids = found.map((row) => BigInt(String(row.bins["name"])));
      expect(ids.toSorted((x, y) => (x < y ? -1 : 1))).toEqual(expected);
    }
  });

  it.each<[string, Partial<Parameters<typeof sindexCreate>[0]>, BinsToWrite, IndexFilter]>([
    [
      "a string",
      { type: "string" },
      { n: "grün" },
      { target: { bin: "n" }, bounds: { type: "string", value: "grün" } },
    ],
    [
      "a blob",
      { type: "blob" },
      { n: Uint8Array.of(1, 2) },
      { target: { bin: "n" }, bounds: { type: "blob", value: Uint8Array.of(1, 2) } },
    ],
    [
      "an element of a list",
      { collection: "list" },
      { n: [7, 8] },
      { target: { bin: "n" }, collection: "list", bounds: { type: "integer", begin: 8, end: 8 } },
    ],
    [
      "a key of a map",
      { collection: "mapKeys", type: "string" },
      { n: new Map([["k", 1]]) },
      { target: { bin: "n" }, collection: "mapKeys", bounds: { type: "string", value: "k" } },
    ],
    [
      "a value of a map",
      { collection: "mapValues" },
      { n: new Map([["k", 42]]) },
      { target: { bin: "n" }, collection: "mapValues", bounds: { type: "integer", begin: 40, end: 50 } },
    ],
    [
      "the index by its name",
      {},
      { n: 5 },
      { target: { indexName: "idx" }, bounds: { type: "integer", begin: 5, end: 5 } },
    ],
  ])("finds %s", async (_, definition, bins, index) => {
    await using world = await World.start();
    await createIndex(world, definition);
    await world.write("hit", { ...bins, name: "hit" });
    await world.write("miss", { n: 999_999, name: "miss" });
    expect(await names(world, index)).toEqual(["hit"]);
  });

  it("is refused with 201 without an index, and once it is dropped", async () => {
    await using world = await World.start();
    await world.write(1, { n: 1 });
    const index: IndexFilter = { target: { bin: "n" }, bounds: { type: "integer", begin: 0, end: 9 } };
    await expect(rows(world, index)).rejects.toEqual(new ResultError(201));
    await createIndex(world, {});
    expect(await rows(world, index)).toHaveLength(1);
    expect(await world.info(sindexDelete(NAMESPACE, "idx", VERSION))).toBe("ok");
    await expect(rows(world, index)).rejects.toEqual(new ResultError(201));
  });
});

describe("an index that takes time to build", () => {
  it("can't be read before it is built, and says how far it is", async () => {
    await using world = await World.start({ indexBuildMs: 1000 });
    await world.write(1, { n: 1 });
    await createIndex(world, {});
    await world.runtime.advance(500);
    const stat = async () => parseIndexStat(await world.info(sindexStat(NAMESPACE, "idx", VERSION)));
    const list = async () => parseIndexList(await world.info("sindex-list:namespace=test;b64=true"));
    const index: IndexFilter = { target: { bin: "n" }, bounds: { type: "integer", begin: 0, end: 9 } };
    expect((await stat()).loadPercent).toBeGreaterThanOrEqual(50);
    expect((await stat()).loadPercent).toBeLessThan(60);
    expect(await list()).toMatchObject([{ indexName: "idx", readable: false }]);
    await expect(rows(world, index)).rejects.toEqual(new ResultError(203));
    await world.runtime.advance(500);
    expect(await stat()).toMatchObject({ loadPercent: 100, entries: 1 });
    expect(await list()).toMatchObject([{ indexName: "idx", readable: true }]);
    expect(await rows(world, index)).toHaveLength(1);
  });

  it("is known to every node at once", async () => {
    await using world = await World.start({ nodes: 3 });
    await createIndex(world, {});
    for (const node of [0, 1, 2]) {
      expect(await world.info("sindex-exists:namespace=test;indexname=idx", node)).toBe("true");
    }
  });
});
