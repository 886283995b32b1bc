import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DataSet } from "../../src/index.js";
import { askInfo } from "../support/ask-info.js";
import { connectTarget, type TestTarget } from "../support/connect-target.js";

interface Player {
  name: string;
  score?: number;
  team: string;
}

const PLAYERS: readonly Player[] = [
  { name: "Ada", score: 7, team: "b" },
  { name: "bob", score: 3, team: "a" },
  { name: "Cid", score: 3.5, team: "B" },
  { name: "dan", score: 7, team: "a" },
  { name: "Eve", score: -1, team: "A" },
  { name: "\u{1f600}", score: 2 ** 53 - 1, team: "c" },
  { name: "\uffe5", team: "c" },
];

let target: TestTarget;
let players: DataSet<Player>;

beforeAll(async () => {
  target = await connectTarget();
  players = target.dataSet<Player>();
  await Promise.all(PLAYERS.map((player, i) => target.session.put(players.id(i), player)));
});

afterAll(() => target[Symbol.asyncDispose]());

const query = () => target.session.query(players);
const names = (records: readonly { bins: { name: string } }[]): string[] => records.map(({ bins }) => bins.name);

describe("a query that is sorted", () => {
  it("has all records in the order of a bin, those without it first", async () => {
    const byScore = ["\uffe5", "Eve", "bob", "Cid"];
    const sorted = names(await query().sortBy("score").thenBy("name").collect());
    expect(sorted).toEqual([...byScore, "Ada", "dan", "\u{1f600}"]);
    const reversed = names(await query().sortBy("score", { descending: true }).thenBy("name").collect());
    expect(reversed).toEqual(["\u{1f600}", "Ada", "dan", ...byScore.toReversed()]);
  });

  it("compares strings by their code points, or without regard to case", async () => {
    const exact = ["Ada", "Cid", "Eve", "bob", "dan", "\uffe5", "\u{1f600}"];
    expect(names(await query().sortBy("name").collect())).toEqual(exact);
    const ignoring = names(await query().sortBy("name", { ignoreCase: true }).collect());
    expect(ignoring).toEqual(["Ada", "bob", "Cid", "dan", "Eve", "\uffe5", "\u{1f600}"]);
    const teams = query()
      .where('$.team != "c"')
      .sortBy("team", { ignoreCase: true })
      .thenBy("name", { descending: true });
    expect(names(await teams.collect())).toEqual(["dan", "bob", "Eve", "Cid", "Ada"]);
  });

  it("gives the first of all", async () => {
    for (const count of [1, 2, 5, 100]) {
      const first = await query().sortBy("score", { descending: true }).thenBy("name").topN(count);
      expect(names(first)).toEqual(["\u{1f600}", "Ada", "dan", "Cid", "bob", "Eve", "\uffe5"].slice(0, count));
    }
    expect(await query().where("$.score > 1000000000000000000").sortBy("name").topN(3)).toEqual([]);
  });

  it("is sorted by what operations return, too", async () => {
    const computed = query().bin("name").get().bin("team").selectFrom("$.name:STRING");
    const [last] = await computed.sortBy("team", { descending: true }).topN(1);
    expect(last?.operationResults).toEqual(["\u{1f600}", "\u{1f600}"]);
  });

  it("has records that are equal always in the same order", async () => {
    const once = names(await query().sortBy("team").collect());
    for (let i = 0; i < 3; i++) expect(names(await query().sortBy("team").collect())).toEqual(once);
  });

  it("holds no more than it may, and tells the servers to stop", async () => {
    await expect(query().sortBy("name").collect({ maxRecords: 6 })).rejects.toMatchObject({
      code: "RESULT_TOO_LARGE",
      message: expect.stringContaining("more records than maxRecords, 6"),
    });
    await expect(query().sortBy("name").collect({ maxRecords: 7 })).resolves.toHaveLength(7);
    const bytes = query().sortBy("name").collect({ maxBytes: 300 });
    await expect(bytes).rejects.toMatchObject({ message: expect.stringContaining("more than maxBytes, 300") });
    await expect(query().sortBy("name").topN(2, { maxBytes: 300 })).resolves.toHaveLength(2);
    await expect(query().sortBy("name").topN(5, { maxBytes: 300 })).rejects.toMatchObject({ code: "RESULT_TOO_LARGE" });
    const isRunning = async (): Promise<boolean> => {
      const lists = await Promise.all(target.client.nodes.map(({ address }) => askInfo(address, "query-show")));
      return lists.some((list) =>
        list.split(";").some((job) => job.includes(`:set=${players.setName}:`) && !job.includes(":status=done")),
      );
    };
    while (await isRunning()) await new Promise((resolve) => setTimeout(resolve, 20));
  });

  it("is given up by the signal", async () => {
    await expect(
      query()
        .sortBy("name")
        .collect({ signal: AbortSignal.abort("no") }),
    ).rejects.toMatchObject({
      name: "AbortError",
      cause: "no",
    });
  });
});
